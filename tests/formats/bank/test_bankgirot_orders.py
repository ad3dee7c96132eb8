"""Autogiro and supplier payments to Bankgirot: written as the clearing house's examples are, and read back equal."""

import dataclasses
import datetime
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from kvit.formats.bank.autogiro import read as autogiro_reader
from kvit.formats.bank.autogiro import write as autogiro
from kvit.formats.bank.autogiro.records import AutogiroFile, Change, Direction, Kind, Mandate, MandateAction, Transfer
from kvit.formats.bank.bankgirot import seal
from kvit.formats.bank.bankgirot.columns import record
from kvit.formats.bank.lb import read as lb_reader
from kvit.formats.bank.lb import records as lb_records
from kvit.formats.bank.lb import write as lb
from kvit.formats.bank.lb.records import LbFile, Payment, PaymentKind
from kvit.formats.writing import BANKGIROT, Unwritable
from kvit.kernel.identifiers import checksums
from kvit.kernel.money import Money
from payment_orders import BANKGIRO, BANKGIROS, DIGITS, words
from shared_folder import SHARED, needs_shared

FILES = SHARED / "conformance/bankgirot/autogiro" if SHARED is not None else Path()
TO_BANKGIROT = [
    "ny_layout/autogiro_exempelfil_medgivandeunderlag_sv.txt",
    "ny_layout/autogiro_exempelfilermakulerings-andringsunderlag_sv.txt",
    "gammal_layout/autogiro-gl_makulerings-andringsunderlag_till-bankgirot_exempelfil_sv.txt",
    "gammal_layout/autogiro_gl_betalningsunderlag_till-bankgirot-medgivanden-bankgironummer_exempelfil_sv.txt",
    "gammal_layout/autogiro_gl_makulering-datumandring_till-bankgirot-medgivanden-kontonummer_exempelfil_sv.txt",
    "gammal_layout/autogiro_gl_medgivandeunderlag_till-bankgirot-medgivanden-bankgironummer_exempelfil_sv.txt",
    "gammal_layout/autogiro_gl_medgivandeunderlag_till-bankgirot-medgivanden-kontonummer_exempelfiler_sv.txt",
]
MANY = settings(max_examples=80, deadline=None, suppress_health_check=list(HealthCheck))
DAY = datetime.date(2026, 12, 2)
# The reader guesses the code page from the letters; é alone in a file might as well be Ú of CP850.
LETTERS = BANKGIROT.allowed - {"é"}

numbers = st.integers(1, 10**16 - 1).map(str)
days = st.dates(datetime.date(2001, 1, 1), datetime.date(2099, 12, 31))
ore = st.integers(1, 10**12 - 1)
references = words(LETTERS, most=16)


def digits(count: int) -> st.SearchStrategy[str]:
    return st.text(DIGITS, min_size=count, max_size=count)


@st.composite
def companies(draw: st.DrawFn) -> str:
    body = f"{draw(st.integers(10, 99))}{draw(st.integers(2, 9))}{draw(digits(6))}"
    return f"00{body}{checksums.luhn_digit(body)}"


@st.composite
def mandates(draw: st.DrawFn, bankgiro: str) -> Mandate:
    action = draw(
        st.sampled_from([MandateAction.REGISTER, MandateAction.CANCEL, MandateAction.REJECT, MandateAction.RENUMBER])
    )
    new, has_account = action is MandateAction.RENUMBER, draw(st.booleans())
    is_register = action in (MandateAction.REGISTER, MandateAction.REJECT) and has_account
    return Mandate(
        place="",
        action=action,
        payee_bankgiro=bankgiro,
        payer_number=draw(numbers),
        account=f"{draw(st.integers(1000, 9999))}{draw(digits(12))}" if is_register else "",
        person_id=draw(companies()) if is_register else "",
        new_payee_bankgiro=bankgiro if new else "",
        new_payer_number=draw(numbers) if new else "",
    )


@st.composite
def debits(draw: st.DrawFn, bankgiro: str) -> Transfer:
    at_once = draw(st.booleans())
    period = "0" if at_once else draw(st.sampled_from("012345678"))
    return Transfer(
        place="",
        direction=draw(st.sampled_from([Direction.DEBIT, Direction.CREDIT])),
        date=None if at_once else draw(days),
        at_once=at_once,
        payer_number=draw(numbers),
        amount_minor=draw(ore),
        period=period,
        repetitions=draw(st.none() | st.integers(1, 999)) if period != "0" else None,
        payee_bankgiro=bankgiro,
        reference=draw(references),
    )


@st.composite
def changes(draw: st.DrawFn, bankgiro: str) -> Change:
    code = draw(st.sampled_from(sorted(autogiro._CHANGES)))
    by_payer, by_day, is_one = autogiro._CHANGES[code]
    return Change(
        place="",
        code=code,
        payee_bankgiro=bankgiro,
        payer_number=draw(numbers) if by_payer else "",
        date=draw(days) if by_day else None,
        amount_minor=draw(ore) if is_one else None,
        direction=draw(st.sampled_from([Direction.DEBIT, Direction.CREDIT])) if is_one else None,
        new_date=draw(days) if code in autogiro._MOVES else None,
        reference=draw(references) if is_one else "",
    )


@st.composite
def sections(draw: st.DrawFn) -> AutogiroFile:
    bankgiro = draw(BANKGIROS)
    kind = draw(st.sampled_from([mandates, debits, changes]))
    return AutogiroFile(
        place="",
        kind=Kind.ORDERS,
        date=draw(days),
        customer_number=str(draw(st.integers(1, 999_999))),
        payee_bankgiro=bankgiro,
        entries=tuple(draw(st.lists(kind(bankgiro), min_size=1, max_size=4))),  # type: ignore[operator]
    )


def without_places(section: AutogiroFile) -> AutogiroFile:
    entries = tuple(dataclasses.replace(entry, place="") for entry in section.entries)
    return dataclasses.replace(section, place="", entries=entries)


def section(*entries: Mandate | Transfer | Change) -> AutogiroFile:
    return AutogiroFile(
        place="", kind=Kind.ORDERS, date=DAY, customer_number="471117", payee_bankgiro=BANKGIRO, entries=entries
    )


MANDATE = Mandate(
    place="",
    action=MandateAction.REGISTER,
    payee_bankgiro=BANKGIRO,
    payer_number="101",
    account="8901003232323232",
    person_id="005560160680",
)
DEBIT = Transfer(
    place="", direction=Direction.DEBIT, date=DAY, payer_number="101", amount_minor=75000, payee_bankgiro=BANKGIRO
)
CANCEL = Change(place="", code="25", payee_bankgiro=BANKGIRO, payer_number="101", date=DAY, amount_minor=5,
                direction=Direction.DEBIT)  # fmt: skip


class TestAnAutogiroFile:
    @MANY
    @given(given_sections=st.lists(sections(), min_size=1, max_size=3))
    def test_reads_back_as_it_was_given(self, given_sections: list[AutogiroFile]) -> None:
        written = autogiro.write(given_sections)
        assert written.notes == ()
        assert {len(line) for line in written.content.decode("iso-8859-1").splitlines()} == {80}
        read = autogiro_reader.read(written.content)
        assert read.problems == ()
        assert [without_places(one) for one in read.records] == given_sections

    @MANY
    @given(given_section=sections())
    def test_reads_back_under_its_seal_too(self, given_section: AutogiroFile) -> None:
        key = bytes(range(16))
        sealed = seal.seal(autogiro.write([given_section]).content, key=key, day=DAY)
        assert seal.verify(sealed, key=key) == ()
        assert [without_places(one) for one in autogiro_reader.read(sealed).records] == [given_section]

    @needs_shared
    @pytest.mark.parametrize("name", TO_BANKGIROT)
    def test_stands_as_the_clearing_house_writes_it(self, name: str, monkeypatch: pytest.MonkeyPatch) -> None:
        """The examples' civic numbers are invented; whether they could be real is not looked at here."""
        monkeypatch.setattr("kvit.kernel.identifiers.se_personnummer.is_valid", lambda number: True)
        data = (FILES / name).read_bytes()
        found = autogiro_reader.read(data).records
        lines = [line.rstrip() for line in data.decode("iso-8859-1").splitlines() if line[:2].isdecimal()]
        written = autogiro.write(found).content.decode("iso-8859-1").splitlines()
        assert [line.rstrip() for line in written] == lines

    def test_counts_and_adds_its_transfers(self) -> None:
        written = autogiro.write([section(MANDATE), section(DEBIT, DEBIT)])
        assert (written.count, written.totals) == (2, (Money(150000, "SEK"),))

    def test_with_a_wrong_amount_stops_the_writer(self, monkeypatch: pytest.MonkeyPatch) -> None:
        """Planted fault: ten times the amount stands in the file."""
        monkeypatch.setattr("kvit.formats.bank.bankgirot.columns.Columns.amount", lambda *_, **__: "000000750000")
        with pytest.raises(ArithmeticError):
            autogiro.write([section(DEBIT)])

    @pytest.mark.parametrize(
        ("wrong", "place"),
        [
            (section(), ""),
            (section(MANDATE, DEBIT), ""),
            (dataclasses.replace(section(DEBIT), kind=Kind.MANDATE_ADVICE), ""),
            (dataclasses.replace(section(DEBIT), date=None), "/date"),
            (dataclasses.replace(section(DEBIT), customer_number="1234567"), "/customer_number"),
            (section(dataclasses.replace(MANDATE, payee_bankgiro="9912347")), "/entries[0]/payee_bankgiro"),
            (section(dataclasses.replace(MANDATE, account="89013232323232")), "/entries[0]/account"),
            (section(dataclasses.replace(MANDATE, person_id="005560160681")), "/entries[0]/person_id"),
            (section(dataclasses.replace(MANDATE, action=MandateAction.ADVISED)), "/entries[0]/action"),
            (section(dataclasses.replace(MANDATE, payer_number="x")), "/entries[0]/payer_number"),
            (section(dataclasses.replace(DEBIT, payer_number="1" * 17)), "/entries[0]/payer_number"),
            (section(dataclasses.replace(DEBIT, amount_minor=0)), "/entries[0]/amount_minor"),
            (section(dataclasses.replace(DEBIT, amount_minor=10**12)), "/entries[0]/amount_minor"),
            (section(dataclasses.replace(DEBIT, date=None)), "/entries[0]/date"),
            (section(dataclasses.replace(DEBIT, period="9")), "/entries[0]/period"),
            (section(dataclasses.replace(DEBIT, repetitions=3)), "/entries[0]/repetitions"),
            (section(dataclasses.replace(DEBIT, period="1", repetitions=0)), "/entries[0]/repetitions"),
            (section(dataclasses.replace(DEBIT, reference="x" * 17)), "/entries[0]/reference"),
            (section(dataclasses.replace(DEBIT, reference="ł")), "/entries[0]/reference"),
            (section(dataclasses.replace(DEBIT, direction=Direction.REFUND)), "/entries[0]/direction"),
            (section(dataclasses.replace(CANCEL, code="11")), "/entries[0]/code"),
            (section(dataclasses.replace(CANCEL, amount_minor=None)), "/entries[0]/amount_minor"),
            (section(dataclasses.replace(CANCEL, new_date=DAY)), "/entries[0]/new_date"),
            (section(dataclasses.replace(CANCEL, code="24")), "/entries[0]/amount_minor"),
        ],
    )
    def test_is_refused_with_the_place(self, wrong: AutogiroFile, place: str) -> None:
        with pytest.raises(Unwritable) as refused:
            autogiro.write([wrong])
        assert f"sections[0]{place}" in [one.place for one in refused.value.problems]


class TestARecord:
    def test_never_runs_over_its_80_columns(self) -> None:
        assert len(record("01", "x")) == 80
        with pytest.raises(ArithmeticError):
            record("x" * 81)


texts = words(LETTERS, least=1, most=30)
capitals = texts.map(str.upper).filter(lambda text: LETTERS.issuperset(text))


@st.composite
def supplier_payments(draw: st.DrawFn, position: int) -> Payment:
    shape = draw(st.sampled_from(["bankgiro", "plusgiro", "account", "cash"]))
    kind = PaymentKind.PAYMENT if shape == "plusgiro" else draw(st.sampled_from(list(PaymentKind)))
    watched = kind in (PaymentKind.CREDIT_WATCHED, PaymentKind.CREDIT_REST)
    body = str(draw(st.integers(1, 9_999_999)))
    payee = {
        "bankgiro": draw(BANKGIROS),
        "plusgiro": f"{body}{checksums.luhn_digit(body)}",
    }.get(shape, str(90_000 + position))
    has_name = shape == "cash" or (shape == "account" and draw(st.booleans()))
    return Payment(
        place="",
        kind=kind,
        payee=payee,
        is_plusgiro=shape == "plusgiro",
        amount_minor=draw(st.integers(1, 10**11)),
        date=draw(days) if watched else draw(st.none() | days),
        reference=draw(words(LETTERS, most=25)),
        own_note=draw(words(LETTERS, most=20)),
        texts=tuple(draw(st.lists(texts, max_size=2))),
        name=draw(capitals) if has_name else "",
        extra_name=draw(capitals) if has_name else "",
        address=draw(capitals) if shape == "cash" else "",
        postcode=draw(digits(5)) if shape == "cash" else "",
        town=draw(capitals.map(lambda text: text[:20].strip())) if shape == "cash" else "",
        clearing=str(draw(st.integers(1000, 9999))) if shape == "account" else "",
        account=str(draw(st.integers(1, 10**12 - 1))) if shape == "account" else "",
        statement_code=draw(words(LETTERS, most=12)) if shape == "account" else "",
        is_salary=draw(st.booleans()) if shape == "account" else False,
    )


@st.composite
def supplier_files(draw: st.DrawFn) -> LbFile:
    count = draw(st.integers(1, 4))
    return LbFile(
        place="",
        kind=lb_records.Kind.ORDERS,
        payer_bankgiro=draw(BANKGIROS),
        date=draw(days),
        payments=tuple(draw(supplier_payments(position)) for position in range(count)),
    )


def bare(found: LbFile) -> LbFile:
    payments = tuple(dataclasses.replace(payment, place="") for payment in found.payments)
    return dataclasses.replace(found, place="", payments=payments, declared_count=None, declared_minor=None)


def supplier_file(*payments: Payment, pay_date: datetime.date | None = None) -> LbFile:
    return LbFile(
        place="",
        kind=lb_records.Kind.ORDERS,
        payer_bankgiro=BANKGIRO,
        date=DAY,
        pay_date=pay_date,
        payments=payments,
    )


BILL = Payment(place="", kind=PaymentKind.PAYMENT, payee="1520407", amount_minor=98000, reference="123456")


def bill(**given_fields: object) -> Payment:
    return dataclasses.replace(BILL, payee=f"152040{checksums.luhn_digit('152040')}", **given_fields)  # type: ignore[arg-type]


class TestASupplierPaymentFile:
    @MANY
    @given(given_files=st.lists(supplier_files(), min_size=1, max_size=2))
    def test_reads_back_as_it_was_given(self, given_files: list[LbFile]) -> None:
        written = lb.write(given_files)
        assert written.notes == ()
        read = lb_reader.read(written.content)
        assert read.problems == ()
        assert [bare(one) for one in read.records] == given_files

    def test_takes_credit_notes_off_its_sum(self) -> None:
        credit = bill(kind=PaymentKind.CREDIT_WATCHED, amount_minor=100_000, date=DAY)
        written = lb.write([supplier_file(bill(), credit)])
        assert (written.count, written.totals) == (2, (Money(-2000, "SEK"),))
        assert written.content.decode("iso-8859-1").splitlines()[-1] == "2900099123460000000200000000" + (
            "2000-".ljust(52)
        )

    @pytest.mark.parametrize(
        ("own", "of_all", "stands"), [(None, None, "GENAST"), (None, DAY, "261202"), (DAY, None, "261202")]
    )
    def test_says_the_day_in_each_payment(
        self, own: datetime.date | None, of_all: datetime.date | None, stands: str
    ) -> None:
        content = lb.write([supplier_file(bill(date=own), pay_date=of_all)]).content.decode("iso-8859-1")
        assert content.splitlines()[1][49:55] == stands

    def test_is_written_line_by_line_as_the_example(self) -> None:
        """The clearing house's example 1, with numbers for its X's."""
        account = Payment(
            place="",
            kind=PaymentKind.PAYMENT,
            payee="990010",
            amount_minor=230000,
            date=datetime.date(2006, 3, 30),
            reference="15204076",
            own_note="VERIF 25",
            clearing="6000",
            account="123456789",
            statement_code="RESEERS",
        )
        content = lb.write([supplier_file(account)]).content.decode("iso-8859-1")
        assert [line.rstrip() for line in content.splitlines()] == [
            "110009912346261202LEVERANTÖRSBETALNINGAR",
            "4000009900106000000123456789RESEERS",
            "14000099001015204076                 000000230000060330     VERIF 25",
            "29000991234600000001000000230000",
        ]

    @pytest.mark.parametrize(
        ("wrong", "place"),
        [
            (supplier_file(), "/payments"),
            (dataclasses.replace(supplier_file(bill()), date=None), "/date"),
            (dataclasses.replace(supplier_file(bill()), currency="EUR"), "/currency"),
            (dataclasses.replace(supplier_file(bill()), payer_bankgiro="1"), "/payer_bankgiro"),
            (dataclasses.replace(supplier_file(bill()), kind=lb_records.Kind.WATCHED), ""),
            (supplier_file(dataclasses.replace(bill(), payee="9912347")), "/payments[0]/payee"),
            (supplier_file(bill(amount_minor=0)), "/payments[0]/amount_minor"),
            (supplier_file(bill(reference="x" * 26)), "/payments[0]/reference"),
            (supplier_file(bill(kind=PaymentKind.CREDIT_WATCHED)), "/payments[0]/date"),
            (supplier_file(bill(is_plusgiro=True, kind=PaymentKind.DEDUCTION)), "/payments[0]/kind"),
            (supplier_file(bill(clearing="60", account="1")), "/payments[0]/clearing"),
            (supplier_file(dataclasses.replace(BILL, payee="990011", name="BO")), "/payments[0]/payee"),
            (supplier_file(dataclasses.replace(BILL, payee="99001", name="BO")), "/payments[0]/town"),
            (supplier_file(bill(texts=("",))), "/payments[0]/texts[0]"),
            (supplier_file(bill(texts=("x",) * 91)), "/payments[0]/texts"),
        ],
    )
    def test_is_refused_with_the_place(self, wrong: LbFile, place: str) -> None:
        with pytest.raises(Unwritable) as refused:
            lb.write([wrong])
        assert f"sections[0]{place}" in [one.place for one in refused.value.problems]

    def test_cuts_a_name_with_a_note(self) -> None:
        payment = dataclasses.replace(BILL, payee="99001", name="x" * 40, town="Łódź", postcode="123 45")
        written = lb.write([supplier_file(payment)])
        assert [note.place for note in written.notes] == [
            "sections[0]/payments[0]/name",
            "sections[0]/payments[0]/town",
        ]

    def test_with_a_wrong_sum_stops_the_writer(self, monkeypatch: pytest.MonkeyPatch) -> None:
        """Planted fault: credit notes are added, in the closing record and in what is given."""
        credit = bill(kind=PaymentKind.CREDIT_WATCHED, amount_minor=100_000, date=DAY)
        monkeypatch.setattr(lb, "_signed", lambda payment: Money(payment.amount_minor, "SEK"))
        with pytest.raises(ArithmeticError):
            lb.write([supplier_file(bill(), credit)])
