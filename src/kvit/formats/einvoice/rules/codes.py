"""Whether codes are on their lists: the rules BR-CL of EN 16931-1, and what UBL adds about their combination."""

from collections.abc import Callable, Iterable, Iterator
from typing import Final

from kvit.formats.einvoice.codelists import documents, items, parties, sums, units
from kvit.formats.einvoice.model import CREDIT_NOTES, Identifier, Invoice, VatCategory
from kvit.formats.einvoice.rules.rule import Breach, RuleSet, at, lines, on_document, placed
from kvit.kernel import currencies

CODES: Final = RuleSet("codes")
Coded = Callable[[Invoice], Iterable[tuple[str, str]]]
_TAX_POINTS: Final = frozenset({"3", "35", "432"})


def _listed(number: str, what: str, known: frozenset[str], coded: Coded, *, also: tuple[str, ...] = ()) -> None:
    """Codes that are given must be on the list."""

    def check(invoice: Invoice) -> Iterable[Breach]:
        return (at(place, code=code[:40]) for place, code in coded(invoice) if code and code not in known)

    CODES.add(number, f"{{code}} is not a known {what}", check, also=also)


def _identifiers(invoice: Invoice) -> Iterator[tuple[str, str]]:
    for place, party in (("seller", invoice.seller), ("buyer", invoice.buyer)):
        yield from ((place, one.scheme) for one in party.identifiers)
    if invoice.payee and invoice.payee.identifier:
        yield "payee", invoice.payee.identifier.scheme


def _registrations(invoice: Invoice) -> Iterator[tuple[str, str]]:
    for place, party in (("seller", invoice.seller), ("buyer", invoice.buyer)):
        yield place, _scheme(party.registration)
    if invoice.payee:
        yield "payee", _scheme(invoice.payee.registration)


def _scheme(one: Identifier | None) -> str:
    return one.scheme if one else ""


def _countries(invoice: Invoice) -> Iterator[tuple[str, str]]:
    addresses = {
        "seller": invoice.seller.address,
        "buyer": invoice.buyer.address,
        "tax representative": invoice.tax_representative.address if invoice.tax_representative else None,
        "delivery": invoice.delivery.address if invoice.delivery else None,
    }
    yield from ((place, address.country) for place, address in addresses.items() if address)


def _objects(invoice: Invoice) -> Iterator[tuple[str, str]]:
    yield "invoice", _scheme(invoice.object)
    yield from ((place, _scheme(line.object)) for place, line in lines(invoice))


def _addresses(invoice: Invoice) -> Iterator[tuple[str, str]]:
    yield "seller", _scheme(invoice.seller.electronic_address)
    yield "buyer", _scheme(invoice.buyer.electronic_address)


def _reasons(invoice: Invoice, name: str) -> Iterator[tuple[str, str]]:
    kept = invoice.allowances if name == "allowance" else invoice.charges
    yield from ((place, one.reason_code) for place, one in placed(name, kept))
    for line_place, line in lines(invoice):
        of_line = line.allowances if name == "allowance" else line.charges
        yield from ((place, one.reason_code) for place, one in placed(name, of_line, of=f"{line_place}, "))


def _categories(invoice: Invoice) -> Iterator[tuple[str, str]]:
    yield from ((f"VAT {n}", one.category) for n, one in enumerate(invoice.vat, 1))
    yield from ((place, one.vat_category) for place, one in on_document(invoice))


def _units(invoice: Invoice) -> Iterator[tuple[str, str]]:
    for place, line in lines(invoice):
        yield place, line.unit
        yield place, line.price_unit


_KINDS: Final = documents.INVOICE_KINDS | CREDIT_NOTES
_VAT: Final = frozenset(str(category) for category in VatCategory)

_listed("BR-CL-01", "kind of document (BT-3, UNTDID 1001)", _KINDS, lambda i: (("invoice", i.kind),))
_listed("BR-CL-04", "currency (BT-5, ISO 4217)", currencies.known(), lambda i: (("invoice", i.currency),))
_listed("BR-CL-05", "currency (BT-6, ISO 4217)", currencies.known(), lambda i: (("invoice", i.accounting_currency),))
_listed(
    "BR-CL-06",
    "event for VAT to fall due (BT-8, UNTDID 2005)",
    _TAX_POINTS,
    lambda i: (("invoice", i.tax_point_code),),
    also=("PEPPOL-EN16931-CL006", "BR-RO-040"),
)
_listed("BR-CL-07", "scheme of an invoiced object (UNTDID 1153)", documents.OBJECT_SCHEMES, _objects)
_listed(
    "BR-CL-08",
    "subject of a note (BT-21, UNTDID 4451)",
    documents.NOTE_SUBJECTS,
    lambda i: ((f"note {n}", one.subject) for n, one in enumerate(i.notes, 1)),
)
_listed("BR-CL-10", "scheme of an identifier (ISO 6523)", parties.ICD | {"SEPA"}, _identifiers)
_listed("BR-CL-11", "scheme of a registration (ISO 6523)", parties.ICD, _registrations)
_listed(
    "BR-CL-13",
    "list of classifications (BT-158-1, UNTDID 7143)",
    items.CLASSIFICATIONS,
    lambda i: ((place, one.list_id) for place, line in lines(i) for one in line.classifications),
)
_listed("BR-CL-14", "country (ISO 3166-1)", parties.COUNTRIES, _countries)
_listed(
    "BR-CL-15",
    "country of origin (BT-159, ISO 3166-1)",
    parties.COUNTRIES,
    lambda i: ((place, line.origin) for place, line in lines(i)),
)
_listed(
    "BR-CL-16",
    "means of payment (BT-81, UNTDID 4461)",
    sums.MEANS,
    lambda i: ((f"payment {n}", one.code) for n, one in enumerate(i.payment_means, 1)),
)
_listed("BR-CL-17", "VAT category (UNTDID 5305)", _VAT, _categories)
_listed(
    "BR-CL-18",
    "VAT category (BT-151, UNTDID 5305)",
    _VAT,
    lambda i: ((place, line.vat_category) for place, line in lines(i)),
)
_listed(
    "BR-CL-19",
    "reason of an allowance (UNTDID 5189)",
    sums.ALLOWANCES,
    lambda i: _reasons(i, "allowance"),
    also=("PEPPOL-EN16931-CL002",),
)
_listed(
    "BR-CL-20",
    "reason of a charge (UNTDID 7161)",
    sums.CHARGES,
    lambda i: _reasons(i, "charge"),
    also=("PEPPOL-EN16931-CL003",),
)
_listed(
    "BR-CL-21",
    "scheme of an item's number (ISO 6523)",
    parties.ICD,
    lambda i: ((place, _scheme(line.standard_item)) for place, line in lines(i)),
)
_listed(
    "BR-CL-22",
    "reason of an exemption (BT-121, VATEX)",
    sums.EXEMPTIONS,
    lambda i: ((f"VAT {n}", one.exemption_code.upper()) for n, one in enumerate(i.vat, 1)),
)
_listed("BR-CL-23", "unit of measure (UN/ECE Recommendation 20)", units.UNITS, _units)
_listed(
    "BR-CL-24",
    "kind of attachment (BT-125-1)",
    items.MEDIA_TYPES,
    lambda i: ((f"document {n}", one.media_type) for n, one in enumerate(i.supporting, 1)),
    also=("PEPPOL-EN16931-CL001",),
)
_listed("BR-CL-25", "scheme of an electronic address (EAS)", parties.EAS, _addresses, also=("PEPPOL-EN16931-CL008",))
_listed(
    "BR-CL-26",
    "scheme of a place of delivery (ISO 6523)",
    parties.ICD,
    lambda i: (("delivery", _scheme(i.delivery.location) if i.delivery else ""),),
)

UBL: Final = RuleSet("ubl")
UBL.lacks("BR-CO-15", "the VAT (BT-110) is missing, be it zero", lambda i: i.totals.vat_minor is not None, "totals")


@UBL.rule("UBL-DT-06", "the attachment does not say what kind of file it is (BT-125-1)")
def _typed(invoice: Invoice) -> Iterable[Breach]:
    documents_ = enumerate(invoice.supporting, 1)
    return (at(f"document {n}") for n, one in documents_ if one.content is not None and not one.media_type)


@UBL.rule("UBL-DT-07", "the attachment has no file name (BT-125-2)")
def _named(invoice: Invoice) -> Iterable[Breach]:
    documents_ = enumerate(invoice.supporting, 1)
    return (at(f"document {n}") for n, one in documents_ if one.content is not None and not one.file_name)


@UBL.rule("UBL-SR-44", "all payments quote the same reference (BT-83)")
def _references(invoice: Invoice) -> Iterable[Breach]:
    return (at("payment"),) if len({one.reference for one in invoice.payment_means if one.reference}) > 1 else ()


@UBL.rule("UBL-SR-46", "the text of the means of payment (BT-82) stands once")
def _texts(invoice: Invoice) -> Iterable[Breach]:
    return (at("payment"),) if sum(bool(one.text) for one in invoice.payment_means) > 1 else ()


@UBL.rule("UBL-SR-47", "all means of payment have the same code (BT-81)")
def _means(invoice: Invoice) -> Iterable[Breach]:
    return (at("payment"),) if len({one.code for one in invoice.payment_means}) > 1 else ()


@UBL.rule("UBL-SR-54", "an invoice names one card at most (BG-18)")
def _cards(invoice: Invoice) -> Iterable[Breach]:
    return (at("payment"),) if sum(one.card is not None for one in invoice.payment_means) > 1 else ()


@UBL.rule("UBL-SR-55", "an invoice names one mandate at most (BG-19)")
def _mandates(invoice: Invoice) -> Iterable[Breach]:
    return (at("payment"),) if sum(one.direct_debit is not None for one in invoice.payment_means) > 1 else ()


@UBL.rule("UBL-SR-16", "the buyer has one identifier at most (BT-46)")
def _buyers(invoice: Invoice) -> Iterable[Breach]:
    return (at("buyer"),) if len(invoice.buyer.identifiers) > 1 else ()
