"""Elixir-0: written, read back, refused."""

import dataclasses
import datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kvit.formats.bank.elixir import read, write
from kvit.formats.bank.elixir.transfer import CodePage, ElixirTransfer, Kind
from kvit.formats.writing import ELIXIR, Unwritable
from kvit.kernel.identifiers import iban
from kvit.kernel.money import Money
from payment_orders import DIGITS, words

ACCOUNT = "61109010140000071219812874"
OTHER = "60102010260000042270201111"
RENT = ElixirTransfer(
    execution_date=datetime.date(2026, 12, 2),
    amount=Money(12345, "PLN"),
    payer_account=ACCOUNT,
    payee_account=OTHER,
    payer=("Łódź Sp. z o.o.", "ul. Żółta 1"),
    payee=("Jan Kowalski",),
    title=("czynsz 12/2026",),
)
SPLIT = dataclasses.replace(
    RENT, title=("/VAT/23,00/IDC/5265877635/INV/FV 1/2026/TXT/za usługi",), kind=Kind.SPLIT_PAYMENT
)

_lines = words(ELIXIR.allowed, most=35, least=1)
_blocks = st.lists(_lines, min_size=1, max_size=4).map(tuple)
_accounts = st.text(DIGITS, min_size=24, max_size=24).map(lambda bban: iban.make("PL", bban)[2:])
_split_titles = words(ELIXIR.allowed, most=60).map(lambda text: (f"/VAT/1,00/IDC/5265877635/INV/1/TXT/x{text}",))
_kinds = st.tuples(_blocks, st.just(Kind.ORDINARY)) | st.tuples(_split_titles, st.just(Kind.SPLIT_PAYMENT))
TRANSFERS = st.builds(
    lambda kind, **given: ElixirTransfer(title=kind[0], kind=kind[1], **given),
    kind=_kinds,
    execution_date=st.dates(datetime.date(2000, 1, 1), datetime.date(2099, 12, 31)),
    amount=st.builds(Money, st.integers(1, 10**15 - 1), st.just("PLN")),
    payer_account=_accounts,
    payee_account=_accounts,
    payer=_blocks,
    payee=_blocks,
)


class TestAnElixirFile:
    def test_has_fifteen_fields_to_a_line(self) -> None:
        written = write.write([RENT], code_page=CodePage.CP1250)
        assert written.content.decode("cp1250") == (
            f'110,20261202,12345,10901014,0,"{ACCOUNT}","{OTHER}","Łódź Sp. z o.o.|ul. Żółta 1||",'
            '"Jan Kowalski|||",0,10201026,"czynsz 12/2026|||","","","51"\r\n'
        )
        assert (written.count, written.totals, written.notes) == (1, (Money(12345, "PLN"),), ())

    @pytest.mark.parametrize("code_page", CodePage)
    @given(transfers=st.lists(TRANSFERS, min_size=1, max_size=5))
    def test_reads_back_as_it_was_given(self, code_page: CodePage, transfers: list[ElixirTransfer]) -> None:
        written = write.write(transfers, code_page=code_page)
        assert written.notes == ()
        found = read.read(written.content, code_page=code_page)
        assert (found.records, found.problems) == (tuple(transfers), ())

    def test_cuts_the_title_of_a_split_payment_every_35_characters(self) -> None:
        content = write.write([SPLIT], code_page=CodePage.CP852).content.decode("cp852")
        assert '"/VAT/23,00/IDC/5265877635/INV/FV 1/|2026/TXT/za usługi||","","","53"' in content

    def test_writes_no_quote_or_bar_inside_a_text(self) -> None:
        written = write.write([dataclasses.replace(RENT, payee=('A "B" | C',))], code_page=CodePage.CP852)
        assert "\"A 'B' / C|||\"" in written.content.decode("cp852")
        assert len(written.notes) == 1

    @pytest.mark.parametrize(
        ("wrong", "place"),
        [
            ({"payee_account": "1"}, "payee_account"),
            ({"payer_account": ACCOUNT[:-1] + "0"}, "payer_account"),
            ({"amount": Money(0, "PLN")}, "amount"),
            ({"amount": Money(1, "EUR")}, "amount"),
            ({"payee": ()}, "payee"),
            ({"payee": ("a",) * 5}, "payee"),
            ({"title": ("czynsz",), "kind": Kind.SPLIT_PAYMENT}, "title"),
            ({"title": ("/VAT/1/IDC/1/INV/" + "x" * 140,), "kind": Kind.SPLIT_PAYMENT}, "title"),
        ],
    )
    def test_is_refused_with_the_place(self, wrong: dict[str, object], place: str) -> None:
        with pytest.raises(Unwritable) as refused:
            write.write([RENT, dataclasses.replace(RENT, **wrong)], code_page=CodePage.CP852)  # type: ignore[arg-type]
        assert [one.place for one in refused.value.problems] == [f"transfers[1]/{place}"]

    def test_of_nothing_is_refused(self) -> None:
        with pytest.raises(Unwritable, match="nothing to pay"):
            write.write([], code_page=CodePage.CP852)

    def test_with_a_wrong_amount_stops_the_writer(self, monkeypatch: pytest.MonkeyPatch) -> None:
        """Planted fault: a line says another amount than the transfer."""
        whole = write._line
        monkeypatch.setattr(write, "_line", lambda *given: whole(*given).replace(",12345,", ",123450,"))
        with pytest.raises(ArithmeticError):
            write.write([RENT], code_page=CodePage.CP852)


class TestAForeignLine:
    @pytest.mark.parametrize(
        ("old", "new", "reason"),
        [
            ("110,", "210,", "is no credit transfer"),
            ("20261202", "20261302", "is not a day"),
            ("12345,", "-1,", "is not an amount"),
            (ACCOUNT, "6" * 26, "check digit"),
            ('"51"', '"99"', "is no kind of transfer"),
            (',"","","51"', "", "has 12 fields"),
            ('"Jan', "Jan", "quotes or commas"),
        ],
    )
    def test_is_a_problem_with_its_line(self, old: str, new: str, reason: str) -> None:
        content = write.write([RENT, SPLIT], code_page=CodePage.CP852).content.decode("cp852")
        first, second = content.splitlines(keepends=True)
        found = read.read((first.replace(old, new, 1) + second).encode("cp852"), code_page=CodePage.CP852)
        assert found.records == (SPLIT,)
        (problem,) = found.problems
        assert problem.place == "line 1"
        assert reason in problem.reason

    @given(data=st.binary(max_size=200))
    def test_never_raises(self, data: bytes) -> None:
        found = read.read(data, code_page=CodePage.CP1250)
        filled = [line for line in data.decode("cp1250", errors="replace").split("\n") if line.strip()]
        assert len(found.records) + len(found.problems) == len(filled)
