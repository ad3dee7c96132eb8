"""pain.001 and pain.008: what is written is valid, adds up, and reads back as it was given."""

import dataclasses
import re
from decimal import Decimal
from functools import cache
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from lxml import etree

from kvit.formats.bank.pain import credit, debit, order, order_reader, totals
from kvit.formats.bank.pain.order import Scheme, Transfer, TransferOrder, Version
from kvit.formats.writing import Note, Unwritable
from kvit.kernel.money import Money
from kvit.kernel.results import Problem
from payment_orders import (
    DE_IBAN,
    KSEF,
    NIP,
    NORDVIK,
    PL_IBAN,
    RO_IBAN,
    batch,
    debit_orders,
    message,
    polish,
    swedish,
    transfer,
    transfer_orders,
)
from shared_folder import SHARED, needs_shared

CREDIT = credit.VERSIONS
DEBIT = debit.VERSIONS
PROPERTY = settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))
EVERY_SCHEME = message(
    batch(transfer()),
    batch(
        swedish(remittance=order.Ocr("12344"), end_to_end_id="E2"),
        swedish(account=order.SwedishAccount("5000", "1234567"), end_to_end_id="E3"),
        scheme=Scheme.SWEDEN,
    ),
    batch(
        polish(
            remittance=order.SplitPayment(Money(2300, "PLN"), NIP, "FV/1/2027", "za usługi"),
            ksef=order.KsefNumber(KSEF),
            end_to_end_id="E4",
        ),
        scheme=Scheme.POLAND,
    ),
    batch(transfer(amount=Money(5, "RON"), account=order.Iban(RO_IBAN), end_to_end_id="E5"), scheme=Scheme.ROMANIA),
)


@cache
def schema(version: str) -> etree.XMLSchema:
    assert SHARED is not None
    return etree.XMLSchema(etree.parse(str(SHARED / f"conformance/iso20022/schema/{version}.xsd")))


def faults(content: bytes, version: str) -> list[str]:
    """What the official schema says against a document."""
    found = schema(version)
    found.validate(etree.fromstring(content))
    return [str(error.message) for error in found.error_log]  # type: ignore[attr-defined]


def expected(given_order: TransferOrder) -> TransferOrder:
    """The order as it stands in the file: a collective identifier and a reason are words, or nothing."""
    return dataclasses.replace(
        given_order,
        batches=tuple(
            dataclasses.replace(one, transfers=tuple(map(_expected, one.transfers))) for one in given_order.batches
        ),
    )


def _expected(given_transfer: Transfer) -> Transfer:
    remittance, ksef = given_transfer.remittance, given_transfer.ksef
    known = ksef.identifier if isinstance(ksef, order.KsefCollective) else ""
    if isinstance(remittance, order.SplitPayment) and not isinstance(ksef, order.KsefExemption):
        text = f"{remittance.invoice_number} {remittance.text}".strip()
        remittance = dataclasses.replace(remittance, invoice_number=known, text=text)
    elif isinstance(remittance, order.Message) and known:
        remittance = order.Message(f"{known} {remittance.text}".strip())
    return dataclasses.replace(
        given_transfer, remittance=remittance, ksef=ksef if isinstance(ksef, order.KsefNumber) else None
    )


def problems(given_order: TransferOrder) -> tuple[Problem, ...]:
    with pytest.raises(Unwritable) as refused:
        credit.write(given_order)
    return refused.value.problems


@needs_shared
class TestACreditTransferFile:
    @pytest.mark.parametrize("version", CREDIT)
    def test_is_valid_by_the_official_schema(self, version: Version) -> None:
        assert faults(credit.write(EVERY_SCHEME, version).content, version) == []

    @PROPERTY
    @given(given_order=transfer_orders())
    def test_is_valid_and_reads_back_as_it_was_given(self, given_order: TransferOrder) -> None:
        for version in CREDIT:
            written = credit.write(given_order, version)
            assert written.notes == ()
            assert faults(written.content, version) == []
            read = order_reader.read_transfers(written.content)
            assert read.problems == ()
            assert read.records == (expected(given_order),)

    def test_would_be_found_invalid_otherwise(self) -> None:
        """Planted fault: an element that the schema does not know."""
        content = credit.write(EVERY_SCHEME).content.replace(b"ChrgBr>", b"ChrgBrr>")
        assert len(faults(content, Version.PAIN_001_09)) == 4


@needs_shared
class TestADirectDebitFile:
    @PROPERTY
    @given(given_order=debit_orders())
    def test_is_valid_and_reads_back_as_it_was_given(self, given_order: order.DebitOrder) -> None:
        for version in DEBIT:
            written = debit.write(given_order, version)
            assert written.notes == ()
            assert faults(written.content, version) == []
            read = order_reader.read_debits(written.content)
            assert (read.records, read.problems) == ((given_order,), ())


class TestTotals:
    def test_are_given_per_currency(self) -> None:
        written = credit.write(EVERY_SCHEME)
        assert written.count == 5
        assert written.totals == (Money(100, "EUR"), Money(12300, "PLN"), Money(5, "RON"), Money(200, "SEK"))

    def test_stand_in_the_header_and_in_each_batch(self) -> None:
        content = credit.write(EVERY_SCHEME).content.decode()
        assert re.findall("<NbOfTxs>(.*?)<", content) == ["5", "1", "2", "1", "1"]
        assert [Decimal(found) for found in re.findall("<CtrlSum>(.*?)<", content)] == [
            Decimal("126.05"),
            Decimal("1.00"),
            Decimal("2.00"),
            Decimal("123.00"),
            Decimal("0.05"),
        ]

    def test_that_are_wrong_stop_the_writer(self, monkeypatch: pytest.MonkeyPatch) -> None:
        """Planted fault: an amount is written as another one."""

        def doubled(element: Any, amount: Money) -> None:
            totals_put(element, amount * 2)

        totals_put = credit.put_amount
        monkeypatch.setattr(credit, "put_amount", doubled)
        with pytest.raises(ArithmeticError):
            credit.write(EVERY_SCHEME)

    def test_would_be_wrong_unnoticed_without_the_check(self, monkeypatch: pytest.MonkeyPatch) -> None:
        """Planted fault: the same, and nobody adds."""
        put_amount = credit.put_amount
        monkeypatch.setattr(credit, "put_amount", lambda element, amount: put_amount(element, amount * 2))
        monkeypatch.setattr(credit, "check_totals", lambda root, amounts: None)
        assert b">246.00<" in credit.write(EVERY_SCHEME).content

    def test_are_checked_for_the_header_too(self) -> None:
        root = etree.fromstring(credit.write(EVERY_SCHEME).content.replace(b"CtrlSum>126.05", b"CtrlSum>126.06"))
        for element in root.iter():
            element.tag = etree.QName(element).localname
        amounts = [one.amount for found in EVERY_SCHEME.batches for one in found.transfers]
        with pytest.raises(ArithmeticError, match=r"126\.06"):
            totals.check_totals(root, amounts)  # type: ignore[arg-type]


class TestWhatIsWrongWithAnOrder:
    def test_is_said_all_at_once_with_its_places(self) -> None:
        wrong = transfer(
            account=order.Iban("DE89370400440532013001"), amount=Money(0, "EUR"), creditor=order.Party(name=" ")
        )
        assert [(one.place, one.reason) for one in problems(message(batch(wrong)))] == [
            ("batches[0]/transfers[0]/amount", "must be more than zero"),
            ("batches[0]/transfers[0]/creditor/name", "is missing"),
            (
                "batches[0]/transfers[0]/account",
                "the check digit of an IBAN does not fit; one of the characters is probably wrong",
            ),
        ]

    @pytest.mark.parametrize(
        ("wrong", "place"),
        [
            (transfer(amount=Money(100, "SEK")), "amount"),
            (transfer(amount=Money(99_999_999_999 + 1, "EUR")), "amount"),
            (transfer(amount=Money(-1, "EUR")), "amount"),
            (transfer(account=order.Bankgiro("9912346")), "account"),
            (transfer(account=order.Iban("")), "account"),
            (transfer(account=order.Iban(DE_IBAN, "NOBANK")), "account/bic"),
            (transfer(end_to_end_id=""), "end_to_end_id"),
            (transfer(end_to_end_id="x" * 36), "end_to_end_id"),
            (transfer(end_to_end_id="/x"), "end_to_end_id"),
            (transfer(end_to_end_id="łódź"), "end_to_end_id"),
            (transfer(remittance=order.CreditorReference("RF00123")), "remittance"),
            (transfer(remittance=order.Ocr("12344")), "remittance"),
            (transfer(remittance=order.SplitPayment(Money(1, "PLN"), NIP, "1")), "remittance"),
            (transfer(ksef=order.KsefNumber(KSEF)), "ksef"),
            (transfer(creditor=order.Party(name="Bo", town="Lund")), "creditor"),
            (transfer(creditor=order.Party(name="Bo", town="Lund", country="Sverige")), "creditor/country"),
        ],
    )
    def test_names_the_field(self, wrong: Transfer, place: str) -> None:
        assert f"batches[0]/transfers[0]/{place}" in [one.place for one in problems(message(batch(wrong)))]

    def test_is_also_a_reference_given_twice(self) -> None:
        (found,) = problems(message(batch(transfer(), transfer())))
        assert found == Problem("batches[0]/transfers[1]/end_to_end_id", "'E1' stands in this file twice")

    def test_is_also_that_there_is_nothing_to_pay(self) -> None:
        assert Problem("batches", "there is nothing to pay") in problems(message())

    def test_counts_what_is_beyond_the_fifth(self) -> None:
        wrong = [transfer(end_to_end_id=f"E{number}", amount=Money(0, "EUR")) for number in range(7)]
        with pytest.raises(Unwritable, match=r"and 2 more$"):
            credit.write(message(batch(*wrong)))


class TestATextThatTheBankCannotCarry:
    def test_is_transliterated_with_a_note(self) -> None:
        written = credit.write(message(batch(transfer(creditor=order.Party(name="Łódź & Søn")))))
        assert b"<Nm>Lodz + Son</Nm>" in written.content
        assert written.notes == (
            Note(
                "batches[0]/transfers[0]/creditor/name",
                "'Łódź & Søn' is written 'Lodz + Son': the bank lacks some characters",
            ),
        )

    def test_is_cut_with_a_note(self) -> None:
        written = credit.write(message(batch(transfer(remittance=order.Message("x" * 150)))))
        assert b"<Ustrd>" + b"x" * 140 + b"</Ustrd>" in written.content
        (note,) = written.notes
        assert note.place == "batches[0]/transfers[0]/remittance"
        assert "is cut to 140 characters" in note.text

    def test_keeps_national_letters_where_the_scheme_has_them(self) -> None:
        swede = swedish(creditor=order.Party(name="Åsa Öberg"), remittance=order.Message("hyra för ärtor"))
        written = credit.write(message(batch(swede, scheme=Scheme.SWEDEN)))
        assert written.notes == ()
        assert "Åsa Öberg".encode() in written.content


class TestAnAccount:
    def test_of_bankgiro_is_named_as_such_at_its_clearing_number(self) -> None:
        content = credit.write(message(batch(swedish(), scheme=Scheme.SWEDEN))).content.decode()
        assert "<Id>9912346</Id><SchmeNm><Prtry>BGNR</Prtry></SchmeNm>" in content
        assert "<ClrSysId><Cd>SESBA</Cd></ClrSysId><MmbId>9900</MmbId>" in content

    def test_of_a_polish_bank_says_the_bank(self) -> None:
        given_order = message(batch(polish(), scheme=Scheme.POLAND))
        assert "<Cd>PLKNR</Cd></ClrSysId><MmbId>10901014</MmbId>" in credit.write(given_order).content.decode()

    def test_of_the_romanian_treasury_needs_the_fiscal_code_of_its_owner(self) -> None:
        treasury = order.Iban("RO26TREZ0000000000000000")
        from kvit.kernel.identifiers import iban

        treasury = order.Iban(iban.make("RO", "TREZ0000000000000000"))
        tax = transfer(amount=Money(100, "RON"), account=treasury)
        (found,) = problems(message(batch(tax, scheme=Scheme.ROMANIA)))
        assert found.place == "batches[0]/transfers[0]/creditor/identifier"
        office = dataclasses.replace(NORDVIK, identifier="4221306")
        credit.write(message(batch(dataclasses.replace(tax, creditor=office), scheme=Scheme.ROMANIA)))

    def test_abroad_is_paid_by_no_domestic_scheme(self) -> None:
        (found,) = problems(message(batch(polish(account=order.Iban(DE_IBAN)), scheme=Scheme.POLAND)))
        assert found.reason == "a domestic payment goes between IBANs that begin with PL"


class TestAVersion:
    def test_of_the_other_message_is_a_bug(self) -> None:
        with pytest.raises(ValueError, match="no credit transfers"):
            credit.write(EVERY_SCHEME, Version.PAIN_008_02)

    def test_decides_how_a_bic_and_a_day_are_written(self) -> None:
        given_order = message(batch(transfer(account=order.Iban(PL_IBAN, "BREXPLPW"))))
        old = credit.write(given_order, Version.PAIN_001_03).content
        new = credit.write(given_order, Version.PAIN_001_09).content
        assert b"<BIC>BREXPLPW</BIC>" in old
        assert b"<BICFI>BREXPLPW</BICFI>" in new
        assert b"<ReqdExctnDt>2026-12-02</ReqdExctnDt>" in old
        assert b"<ReqdExctnDt><Dt>2026-12-02</Dt></ReqdExctnDt>" in new


class TestReadingAPaymentFileBack:
    @pytest.mark.parametrize(
        ("data", "reason"),
        [
            (b"", "not well-formed XML"),
            (b"<Document>", "not well-formed XML"),
            (b"<Document/>", "CstmrCdtTrfInitn is missing"),
            (b'<!DOCTYPE a [<!ENTITY b "c">]><Document>&b;</Document>', "the file has a DTD"),
        ],
    )
    def test_says_what_is_wrong_with_a_file(self, data: bytes, reason: str) -> None:
        read = order_reader.read_transfers(data)
        assert read.records == ()
        assert reason in read.problems[0].reason

    def test_names_a_payment_that_cannot_be_read_and_the_sums_that_then_differ(self) -> None:
        content = credit.write(EVERY_SCHEME).content.replace(b">123.00</InstdAmt>", b">12x.00</InstdAmt>")
        read = order_reader.read_transfers(content)
        assert [one.place for one in read.problems] == [
            "CstmrCdtTrfInitn[1]/PmtInf[3]/CdtTrfTxInf[1]",
            "CstmrCdtTrfInitn[1]/PmtInf[3]",
            "CstmrCdtTrfInitn[1]/PmtInf[3]",
            "CstmrCdtTrfInitn[1]/GrpHdr[1]",
            "CstmrCdtTrfInitn[1]/GrpHdr[1]",
        ]

    @needs_shared
    @pytest.mark.parametrize("name", ["pain.001.001.03.xml", "pain.001.001.09.xml"])
    def test_never_raises_on_foreign_files(self, name: str) -> None:
        assert SHARED is not None
        data = (SHARED / "conformance/iso20022/samples/pain001" / name).read_bytes()
        read = order_reader.read_transfers(data)
        assert read.records or read.problems
