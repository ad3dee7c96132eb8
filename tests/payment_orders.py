"""Payment orders for tests: one of each kind, and strategies that draw any valid one."""

import datetime
from datetime import date

from hypothesis import strategies as st

from kvit.formats.bank.pain import order
from kvit.formats.bank.pain.order import Party, Scheme, Transfer, TransferBatch, TransferOrder
from kvit.formats.writing import POLAND, SEPA, SWEDEN
from kvit.kernel.identifiers import checksums, iban, rf, se_ocr
from kvit.kernel.money import Money

CREATED = datetime.datetime(2026, 12, 1, 8, 30, tzinfo=datetime.UTC)
KSEF = "5265877635-20250826-0100001AF629-AF"
NIP = "5265877635"
SE_IBAN = "SE4550000000058398257466"
DE_IBAN = "DE89370400440532013000"
PL_IBAN = "PL61109010140000071219812874"
RO_IBAN = "RO49AAAA1B31007593840000"
BANKGIRO = "9912346"
BO_IBAN = iban.make("SE", "12000000012345678901")

NORDVIK = Party(name="Nordvik AB", street="Storgatan", building="5 B", postcode="11122", town="Lund", country="SE")
BO = Party(name="Bo Ek", town="Malmo", country="SE")

_CHARSETS = {Scheme.SEPA: SEPA, Scheme.SWEDEN: SWEDEN, Scheme.POLAND: POLAND, Scheme.ROMANIA: SEPA}
_CURRENCIES = {Scheme.SEPA: "EUR", Scheme.SWEDEN: "SEK", Scheme.POLAND: "PLN", Scheme.ROMANIA: "RON"}
DIGITS = "0123456789"


def transfer(**given: object) -> Transfer:
    """A SEPA transfer of 1 euro, changed as given."""
    usual: dict[str, object] = {
        "end_to_end_id": "E1",
        "amount": Money(100, "EUR"),
        "creditor": BO,
        "account": order.Iban(DE_IBAN),
        "remittance": order.Message("invoice 1"),
    }
    return Transfer(**{**usual, **given})  # type: ignore[arg-type]


def polish(**given: object) -> Transfer:
    """A Polish transfer of 123 zloty, changed as given."""
    return transfer(**{"amount": Money(12300, "PLN"), "account": order.Iban(PL_IBAN), **given})


def swedish(**given: object) -> Transfer:
    """A bankgiro payment of 1 krona, changed as given."""
    return transfer(**{"amount": Money(100, "SEK"), "account": order.Bankgiro(BANKGIRO), **given})


_PAYERS: dict[Scheme, order.Account] = {
    Scheme.SEPA: order.Iban(SE_IBAN),
    Scheme.SWEDEN: order.Bankgiro(BANKGIRO),
    Scheme.POLAND: order.Iban(PL_IBAN),
    Scheme.ROMANIA: order.Iban(RO_IBAN),
}


def batch(*transfers: Transfer, scheme: Scheme = Scheme.SEPA, day: date = date(2026, 12, 2)) -> TransferBatch:
    """These transfers from Nordvik's account of the scheme."""
    return TransferBatch(
        batch_id=f"B-{scheme}",
        scheme=scheme,
        execution_date=day,
        debtor=NORDVIK,
        account=_PAYERS[scheme],
        transfers=transfers,
    )


def message(*batches: TransferBatch) -> TransferOrder:
    """An order of these batches."""
    return TransferOrder(message_id="M1", created_at=CREATED, initiator=Party(name="Nordvik AB"), batches=batches)


def _digits(count: int) -> st.SearchStrategy[str]:
    return st.text(DIGITS, min_size=count, max_size=count)


def words(alphabet: str | frozenset[str], *, most: int, least: int = 0) -> st.SearchStrategy[str]:
    """Texts that stand in a file as they are."""
    return st.text(sorted(alphabet), min_size=least, max_size=most).filter(lambda text: text == text.strip())


CODES = words(SEPA.allowed, least=1, most=35).filter(
    lambda text: not text.startswith("/") and not text.endswith("/") and "//" not in text
)
BANKGIROS = st.integers(10**5, 10**7 - 1).map(lambda body: f"{body}{checksums.luhn_digit(str(body))}")
BICS = st.sampled_from(["", "DEUTDEFF", "SWEDSESS", "BREXPLPWXXX"])
_BBANS = {
    Scheme.SEPA: _digits(18).map(lambda bban: iban.make("DE", bban)),
    Scheme.SWEDEN: _digits(20).map(lambda bban: iban.make("SE", bban)),
    Scheme.POLAND: _digits(24).map(lambda bban: iban.make("PL", bban)),
    Scheme.ROMANIA: _digits(16).map(lambda bban: iban.make("RO", f"AAAA{bban}")),
}


def ibans(scheme: Scheme) -> st.SearchStrategy[order.Iban]:
    return st.builds(order.Iban, _BBANS[scheme], BICS)


def accounts(scheme: Scheme) -> st.SearchStrategy[order.Account]:
    if scheme is not Scheme.SWEDEN:
        return ibans(scheme)
    national = st.builds(order.SwedishAccount, _digits(4), st.text(DIGITS, min_size=1, max_size=12))
    return ibans(scheme) | st.builds(order.Bankgiro, BANKGIROS) | national


@st.composite
def parties(draw: st.DrawFn, scheme: Scheme, *, has_address: bool = True) -> Party:
    allowed = _CHARSETS[scheme].allowed
    name = draw(words(allowed, least=1, most=70))
    identifier = draw(st.just("") | CODES)
    if not has_address or not draw(st.booleans()):
        return Party(name=name, identifier=identifier)
    return Party(
        name=name,
        street=draw(words(allowed, most=70)),
        building=draw(words(allowed, most=16)),
        postcode=draw(words(allowed, most=16)),
        town=draw(words(allowed, least=1, most=35)),
        country=draw(st.sampled_from(["SE", "PL", "RO", "DE"])),
        identifier=identifier,
    )


@st.composite
def splits(draw: st.DrawFn, most: int) -> order.SplitPayment:
    invoice = draw(words(POLAND.allowed, least=1, most=14).filter(lambda text: "/TXT/" not in f"{text}/"))
    vat = draw(st.integers(1, min(most, 10**9 - 1)))
    return order.SplitPayment(Money(vat, "PLN"), NIP, invoice, draw(words(POLAND.allowed, most=18)))


def remittances(scheme: Scheme, amount: Money) -> st.SearchStrategy[order.Remittance]:
    messages = words(_CHARSETS[scheme].allowed, most=100).filter(lambda text: "/VAT/" not in text)
    found: st.SearchStrategy[order.Remittance] = st.builds(order.Message, messages)
    if scheme is Scheme.SWEDEN:
        found |= st.text(DIGITS, min_size=1, max_size=20).map(lambda body: order.Ocr(se_ocr.make(body)))
    if scheme is Scheme.POLAND:
        return found | splits(amount.minor)
    return found | st.text(DIGITS, min_size=1, max_size=21).map(lambda body: order.CreditorReference(rf.make(body)))


KSEFS: st.SearchStrategy[order.Ksef] = (
    st.just(order.KsefNumber(KSEF))
    | st.builds(order.KsefCollective, st.just("ZB-2027-000017"))
    | st.sampled_from(list(order.KsefExemption))
)


@st.composite
def transfers(draw: st.DrawFn, scheme: Scheme, number: str) -> Transfer:
    amount = Money(draw(st.integers(1, 99_999_999_999)), _CURRENCIES[scheme])
    return Transfer(
        end_to_end_id=f"{draw(CODES)[:20].rstrip('/ ')}{number}",
        amount=amount,
        creditor=draw(parties(scheme)),
        account=draw(accounts(scheme)),
        remittance=draw(remittances(scheme, amount)),
        ksef=draw(KSEFS) if scheme is Scheme.POLAND else None,
    )


@st.composite
def transfer_orders(draw: st.DrawFn) -> TransferOrder:
    schemes = draw(st.lists(st.sampled_from(list(Scheme)), min_size=1, max_size=3))
    batches = []
    for position, scheme in enumerate(schemes):
        count = draw(st.integers(1, 3))
        batches.append(
            TransferBatch(
                batch_id=f"B{position}",
                scheme=scheme,
                execution_date=draw(st.dates(date(2026, 1, 1), date(2030, 1, 1))),
                debtor=draw(parties(scheme)),
                account=draw(accounts(scheme)),
                transfers=tuple(draw(transfers(scheme, f"x{position}x{one}")) for one in range(count)),
            )
        )
    return TransferOrder(
        message_id=draw(CODES),
        created_at=CREATED + datetime.timedelta(seconds=draw(st.integers(0, 10**8))),
        initiator=draw(parties(Scheme.SEPA, has_address=False)),
        batches=tuple(batches),
    )


@st.composite
def debit_orders(draw: st.DrawFn) -> order.DebitOrder:
    batches = []
    for position in range(draw(st.integers(1, 2))):
        debits = tuple(
            order.Debit(
                end_to_end_id=f"x{position}x{one}",
                amount=Money(draw(st.integers(1, 99_999_999_999)), "EUR"),
                debtor=draw(parties(Scheme.SEPA)),
                account=draw(ibans(Scheme.SEPA)),
                mandate_id=draw(CODES),
                mandate_date=draw(st.dates(date(2010, 1, 1), date(2030, 1, 1))),
                remittance=draw(st.builds(order.Message, words(SEPA.allowed, most=140))),
            )
            for one in range(draw(st.integers(1, 3)))
        )
        batches.append(
            order.DebitBatch(
                batch_id=f"B{position}",
                scheme=draw(st.sampled_from(list(order.DebitScheme))),
                sequence=draw(st.sampled_from(list(order.Sequence))),
                collection_date=draw(st.dates(date(2026, 1, 1), date(2030, 1, 1))),
                creditor=draw(parties(Scheme.SEPA)),
                creditor_id="DE98ZZZ09999999999",
                account=draw(ibans(Scheme.SEPA)),
                debits=debits,
            )
        )
    return order.DebitOrder(
        message_id=draw(CODES), created_at=CREATED, initiator=Party(name="Nordvik AB"), batches=tuple(batches)
    )
