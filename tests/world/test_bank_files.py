"""The files the simulated banks write: whole, valid, and saying what moved."""

import io
from pathlib import Path

import pytest
from lxml import etree

from kvit.formats import bank
from kvit.world import bank_files
from kvit.world.bank_files import Page, mt940
from kvit.world.companies import Dialect
from kvit.world.names import without_marks
from shared_folder import SHARED, needs_shared
from simulated import page

CAMT = (Dialect.CAMT_SE, Dialect.CAMT_PL, Dialect.CAMT_RO)
MT940 = (Dialect.MT940_PL, Dialect.MT940_RO)


@pytest.mark.parametrize("dialect", Dialect)
class TestAFile:
    def test_is_the_same_for_the_same_page(self, dialect: Dialect) -> None:
        assert bank_files.write(page(dialect)) == bank_files.write(page(dialect))

    def test_is_there_for_days_without_movements_too(self, dialect: Dialect) -> None:
        full = page(dialect)
        empty = Page(full.company, full.account, full.first, full.last, full.opening_minor, ())
        assert empty.closing_minor == empty.opening_minor
        assert bank_files.write(empty)


@pytest.mark.parametrize("dialect", Dialect)
class TestAFileThatIsReadBack:
    def test_says_every_movement_and_no_other(self, dialect: Dialect) -> None:
        of = page(dialect)
        assert len(of.movements) > 10
        read = bank.read_file(io.BytesIO(bank_files.write(of))).read
        assert read.problems == ()
        lines = {line.bank_id[-12:]: line for statement in read.records for line in statement.lines}
        assert lines.keys() == {movement.bank_id for movement in of.movements}
        for movement in of.movements:
            line = lines[movement.bank_id]
            assert (line.booking_date, line.amount_minor) == (movement.day, movement.amount_minor)
            said = f"{line.reference} {line.text}"
            assert movement.reference in said
            assert (without_marks(movement.text) if dialect is Dialect.MT940_RO else movement.text) in said
            account = movement.other.giro if dialect is Dialect.BGMAX else movement.other.account
            assert line.counterparty_account == (account[2:] if dialect is Dialect.MT940_PL else account)
            if dialect not in MT940 and movement.parts:
                assert [(part.reference, part.amount_minor) for part in line.parts] == list(movement.parts)

    def test_adds_up(self, dialect: Dialect) -> None:
        of = page(dialect)
        statements = bank.read_file(io.BytesIO(bank_files.write(of))).read.records
        assert {s.account for s in statements} == {of.account.number}
        if dialect is not Dialect.BGMAX:
            ((statement),) = statements
            assert (statement.opening_minor, statement.closing_minor) == (of.opening_minor, of.closing_minor)
            assert (statement.from_date or statement.opening_date) == of.first
            assert (statement.to_date or statement.closing_date) == of.last


@needs_shared
@pytest.mark.parametrize("dialect", CAMT)
class TestACamtFile:
    def schema(self, dialect: Dialect) -> etree.XMLSchema:
        assert SHARED is not None
        version = "08" if dialect is Dialect.CAMT_RO else "02"
        path: Path = SHARED / "conformance" / "iso20022" / "schema" / f"camt.053.001.{version}.xsd"
        return etree.XMLSchema(etree.parse(path))

    def test_is_valid_by_the_schema(self, dialect: Dialect) -> None:
        self.schema(dialect).assertValid(etree.fromstring(bank_files.write(page(dialect))))

    def test_would_be_told_from_one_that_is_not(self, dialect: Dialect) -> None:
        """Planted fault: a file without its balances."""
        document = etree.fromstring(bank_files.write(page(dialect)))
        for balance in document.findall(".//{*}Bal"):
            parent = balance.getparent()
            assert parent is not None
            parent.remove(balance)
        assert not self.schema(dialect).validate(document)


class TestAPolishDay:
    def test_has_its_payments_to_virtual_accounts_in_one_entry(self) -> None:
        written = etree.fromstring(bank_files.write(page(Dialect.CAMT_PL)))
        batches = written.findall(".//{*}Ntry[{*}AddtlNtryInf='PRZELEWY MASOWE']")
        assert batches
        for batch in batches:
            assert len(batch.findall(".//{*}TxDtls")) == int(batch.findtext(".//{*}NbOfTxs") or 0) > 1


class TestABgMaxFile:
    def test_has_80_columns_and_counts_what_it_holds(self) -> None:
        of = page(Dialect.BGMAX, last_days=40)
        lines = bank_files.write(of).decode("iso-8859-1").split("\r\n")
        assert lines.pop() == ""
        assert {len(line) for line in lines} == {80}
        codes = [line[:2] for line in lines]
        assert codes[0] == "01"
        assert lines[-1][:34] == (f"70{codes.count('20'):08d}{0:08d}{codes.count('22'):08d}{codes.count('15'):08d}")
        assert codes.count("22") == sum(len(m.parts) for m in of.movements) > 0


@pytest.mark.parametrize("dialect", MT940)
class TestAnMt940File:
    def lines(self, of: Page) -> list[str]:
        return bank_files.write(of).decode("cp852" if of.account.dialect is Dialect.MT940_PL else "ascii").split("\r\n")

    def test_adds_up(self, dialect: Dialect) -> None:
        of = page(dialect)
        lines = self.lines(of)
        assert lines[1] == f":25:{of.account.number}"
        opening, closing = (
            next(line for line in lines if line.startswith(tag)).removeprefix(tag) for tag in (":60F:", ":62F:")
        )
        amounts = [line[14:].split("N")[0] for line in lines if line.startswith(":61:")]
        total = sum((1 if a[0] == "C" else -1) * int(a[1:].replace(",", "")) for a in amounts)
        assert len(amounts) == len(of.movements) > 10
        assert self.balance(opening) + total == self.balance(closing) == of.closing_minor

    @staticmethod
    def balance(text: str) -> int:
        return (1 if text[0] == "C" else -1) * int(text[10:].replace(",", ""))

    def test_says_who_and_what_for_in_lines_that_no_reader_takes_for_fields(self, dialect: Dialect) -> None:
        of = page(dialect)
        lines = self.lines(of)
        assert max(map(len, lines)) <= 65
        told = "".join(lines)
        for movement in of.movements:
            assert f"EL{movement.bank_id}" in told
            assert movement.other.account.removeprefix("PL") in told
            quoted = movement.reference or movement.text
            assert quoted in told.replace("^21", "").replace("^22", "")
        inside = [line for line in lines if line[:1] in (":", "-") and not line.startswith((":6", ":2", ":8"))]
        assert inside == ["-"]

    def test_cuts_so_that_no_line_begins_like_a_field(self, dialect: Dialect) -> None:
        for wrap in (mt940._cut, mt940._wrapped):
            pieces = list(wrap("x" * 58 + " -: " + "y" * 58 + ":" * 3 + "z" * 70))
            assert "".join(pieces) == "x" * 58 + " -: " + "y" * 58 + ":" * 3 + "z" * 70
        assert not any(piece.startswith((":", "-")) for piece in list(mt940._cut("x" * 59 + ":-" + "y" * 80))[1:])
