"""What an invoice must have: the rules BR-01 to BR-65 of EN 16931-1."""

from collections.abc import Callable, Iterable
from typing import Final

from kvit.formats.einvoice.model import TRANSFERS, Adjustment, Invoice, Line, Party, Payee, Period
from kvit.formats.einvoice.problem import Severity
from kvit.formats.einvoice.rules.rule import Breach, RuleSet, at, lines, placed

PRESENCE: Final = RuleSet("presence")
_LONGEST_CARD: Final = 10

PRESENCE.lacks("BR-01", "the specification identifier (BT-24) is missing", lambda i: i.specification)
PRESENCE.lacks("BR-02", "the invoice has no number (BT-1)", lambda i: i.number)
PRESENCE.lacks("BR-03", "the issue date (BT-2) is missing", lambda i: i.issue_date)
PRESENCE.lacks("BR-04", "the kind of document (BT-3) is missing", lambda i: i.kind)
PRESENCE.lacks("BR-05", "the currency (BT-5) is missing", lambda i: i.currency)
PRESENCE.lacks("BR-06", "the seller's name (BT-27) is missing", lambda i: i.seller.name, "seller")
PRESENCE.lacks("BR-07", "the buyer's name (BT-44) is missing", lambda i: i.buyer.name, "buyer")
PRESENCE.lacks("BR-08", "the seller's address (BG-5) is missing", lambda i: i.seller.address, "seller")
PRESENCE.lacks(
    "BR-09",
    "the country of the seller's address (BT-40) is missing",
    lambda i: i.seller.address is None or i.seller.address.country,
    "seller",
)
PRESENCE.lacks("BR-10", "the buyer's address (BG-8) is missing", lambda i: i.buyer.address, "buyer")
PRESENCE.lacks(
    "BR-11",
    "the country of the buyer's address (BT-55) is missing",
    lambda i: i.buyer.address is None or i.buyer.address.country,
    "buyer",
)
PRESENCE.lacks(
    "BR-12", "the sum of the lines (BT-106) is missing", lambda i: i.totals.lines_minor is not None, "totals"
)
PRESENCE.lacks("BR-13", "the total without VAT (BT-109) is missing", lambda i: i.totals.net_minor is not None, "totals")
PRESENCE.lacks("BR-14", "the total with VAT (BT-112) is missing", lambda i: i.totals.gross_minor is not None, "totals")
PRESENCE.lacks("BR-15", "the amount due (BT-115) is missing", lambda i: i.totals.due_minor is not None, "totals")
PRESENCE.lacks("BR-16", "the invoice has no line (BG-25)", lambda i: i.lines)
PRESENCE.lacks(
    "BR-17",
    "the payee (BG-10) has no name (BT-59) or is the seller, who is not named twice",
    lambda i: i.payee is None or (i.payee.name and not _is_seller(i.payee, i.seller)),
    "payee",
)


def _is_seller(payee: Payee, seller: Party) -> bool:
    numbers = {one.value for one in seller.identifiers}
    return payee.name == seller.trading_name or (payee.identifier is not None and payee.identifier.value in numbers)


PRESENCE.lacks(
    "BR-18",
    "the tax representative's name (BT-62) is missing",
    lambda i: i.tax_representative is None or i.tax_representative.name,
    "tax representative",
)
PRESENCE.lacks(
    "BR-19",
    "the tax representative's address (BG-12) is missing",
    lambda i: i.tax_representative is None or i.tax_representative.address,
    "tax representative",
)
PRESENCE.lacks(
    "BR-20",
    "the country of the tax representative's address (BT-69) is missing",
    lambda i: i.tax_representative is None or i.tax_representative.address is None or _representatives_country(i),
    "tax representative",
)


def _representatives_country(invoice: Invoice) -> str:
    representative = invoice.tax_representative
    return representative.address.country if representative and representative.address else ""


def _of_lines(number: str, words: str, value: Callable[[Line], object]) -> None:
    PRESENCE.add(number, words, lambda invoice: (at(place) for place, line in lines(invoice) if not value(line)))


_of_lines("BR-21", "the line has no identifier (BT-126)", lambda line: line.id)
_of_lines("BR-22", "the quantity (BT-129) is missing", lambda line: line.quantity is not None)
_of_lines("BR-23", "the unit of the quantity (BT-130) is missing", lambda line: line.unit)
_of_lines("BR-24", "the line's net amount (BT-131) is missing", lambda line: line.net_minor is not None)
_of_lines("BR-25", "the item has no name (BT-153)", lambda line: line.name)
_of_lines("BR-26", "the net price (BT-146) is missing", lambda line: line.price is not None)
_of_lines("BR-27", "the net price (BT-146) is below zero", lambda line: line.price is None or line.price >= 0)
_of_lines(
    "BR-28", "the gross price (BT-148) is below zero", lambda line: line.gross_price is None or line.gross_price >= 0
)


def _is_backwards(period: Period | None) -> bool:
    return bool(period and period.start and period.end and period.end < period.start)


@PRESENCE.rule("BR-29", "the invoicing period ends (BT-74) before it begins (BT-73)")
def _period(invoice: Invoice) -> Iterable[Breach]:
    return (at("period"),) if _is_backwards(invoice.period) else ()


_of_lines(
    "BR-30", "the line's period ends (BT-135) before it begins (BT-134)", lambda line: not _is_backwards(line.period)
)


def _of_adjustments(name: str, numbers: tuple[str, str, str], terms: tuple[str, str, str]) -> None:
    """Amount, VAT category and reason of the document's allowances or of its charges."""
    amount, category, reason = numbers

    def kept(invoice: Invoice) -> tuple[Adjustment, ...]:
        return invoice.allowances if name == "allowance" else invoice.charges

    PRESENCE.add(
        amount,
        f"the {name} has no amount ({terms[0]})",
        lambda invoice: (at(place) for place, one in placed(name, kept(invoice)) if one.amount_minor is None),
    )
    PRESENCE.add(
        category,
        f"the {name} has no VAT category ({terms[1]})",
        lambda invoice: (at(place) for place, one in placed(name, kept(invoice)) if not one.vat_category),
    )
    PRESENCE.add(
        reason,
        f"the {name} has neither a reason nor its code ({terms[2]})",
        lambda invoice: (
            at(place) for place, one in placed(name, kept(invoice)) if not (one.reason or one.reason_code)
        ),
        also=("BR-CO-21",) if name == "allowance" else ("BR-CO-22",),
    )


_of_adjustments("allowance", ("BR-31", "BR-32", "BR-33"), ("BT-92", "BT-95", "BT-97, BT-98"))
_of_adjustments("charge", ("BR-36", "BR-37", "BR-38"), ("BT-99", "BT-102", "BT-104, BT-105"))


def _of_line_adjustments(name: str, numbers: tuple[str, str], also: str, terms: tuple[str, str]) -> None:
    def found(invoice: Invoice) -> Iterable[tuple[str, bool, bool]]:
        for line_place, line in lines(invoice):
            kept = line.allowances if name == "allowance" else line.charges
            for place, one in placed(name, kept, of=f"{line_place}, "):
                yield place, one.amount_minor is not None, bool(one.reason or one.reason_code)

    PRESENCE.add(
        numbers[0],
        f"the line's {name} has no amount ({terms[0]})",
        lambda invoice: (at(place) for place, has_amount, _ in found(invoice) if not has_amount),
    )
    PRESENCE.add(
        numbers[1],
        f"the line's {name} has neither a reason nor its code ({terms[1]})",
        lambda invoice: (at(place) for place, _, has_reason in found(invoice) if not has_reason),
        also=(also,),
    )


_of_line_adjustments("allowance", ("BR-41", "BR-42"), "BR-CO-23", ("BT-136", "BT-139, BT-140"))
_of_line_adjustments("charge", ("BR-43", "BR-44"), "BR-CO-24", ("BT-141", "BT-144, BT-145"))


@PRESENCE.rule("BR-45", "the taxable amount (BT-116) is missing")
def _base(invoice: Invoice) -> Iterable[Breach]:
    return (at(f"VAT {n}") for n, one in enumerate(invoice.vat, 1) if one.base_minor is None)


@PRESENCE.rule("BR-46", "the VAT amount (BT-117) is missing")
def _vat(invoice: Invoice) -> Iterable[Breach]:
    return (at(f"VAT {n}") for n, one in enumerate(invoice.vat, 1) if one.vat_minor is None)


@PRESENCE.rule("BR-47", "the VAT category (BT-118) is missing")
def _category(invoice: Invoice) -> Iterable[Breach]:
    return (at(f"VAT {n}") for n, one in enumerate(invoice.vat, 1) if not one.category)


@PRESENCE.rule("BR-48", "the VAT rate (BT-119) is missing")
def _rate(invoice: Invoice) -> Iterable[Breach]:
    return (at(f"VAT {n}") for n, one in enumerate(invoice.vat, 1) if one.rate is None and one.category != "O")


@PRESENCE.rule("BR-49", "the means of payment (BT-81) is missing")
def _means(invoice: Invoice) -> Iterable[Breach]:
    return (at(f"payment {n}") for n, one in enumerate(invoice.payment_means, 1) if not one.code)


@PRESENCE.rule("BR-50", "the account to pay to has no number (BT-84)")
def _account(invoice: Invoice) -> Iterable[Breach]:
    return (
        at(f"payment {n}") for n, one in enumerate(invoice.payment_means, 1) if one.account and not one.account.number
    )


@PRESENCE.rule("BR-51", "a card's number (BT-87) may show ten digits at most, not {length}", severity=Severity.WARNING)
def _card(invoice: Invoice) -> Iterable[Breach]:
    for n, one in enumerate(invoice.payment_means, 1):
        length = sum(sign.isdigit() for sign in one.card.number) if one.card else 0
        if length > _LONGEST_CARD:
            yield at(f"payment {n}", length=str(length))


@PRESENCE.rule("BR-52", "the supporting document has no reference (BT-122)")
def _supporting(invoice: Invoice) -> Iterable[Breach]:
    return (at(f"document {n}") for n, one in enumerate(invoice.supporting, 1) if not one.reference)


@PRESENCE.rule("BR-53", "the VAT in the accounting currency {currency} (BT-111) is missing")
def _accounting(invoice: Invoice) -> Iterable[Breach]:
    is_other = invoice.accounting_currency not in ("", invoice.currency)
    if is_other and invoice.totals.vat_accounting_minor is None:
        yield at("totals", currency=invoice.accounting_currency)


@PRESENCE.rule("BR-54", "an item attribute (BG-32) has both a name and a value")
def _attribute(invoice: Invoice) -> Iterable[Breach]:
    for place, line in lines(invoice):
        for n, one in enumerate(line.attributes, 1):
            if not (one.name and one.value):
                yield at(f"{place}, attribute {n}")


@PRESENCE.rule("BR-55", "the preceding invoice has no number (BT-25)")
def _preceding(invoice: Invoice) -> Iterable[Breach]:
    return (at(f"preceding invoice {n}") for n, one in enumerate(invoice.preceding, 1) if not one.number)


PRESENCE.lacks(
    "BR-56",
    "the tax representative's VAT number (BT-63) is missing",
    lambda i: i.tax_representative is None or i.tax_representative.vat_number,
    "tax representative",
)
PRESENCE.lacks(
    "BR-57",
    "the country of the place of delivery (BT-80) is missing",
    lambda i: i.delivery is None or i.delivery.address is None or i.delivery.address.country,
    "delivery",
)


@PRESENCE.rule("BR-61", "a credit transfer ({code}) needs the account to pay to (BT-84)")
def _transfer(invoice: Invoice) -> Iterable[Breach]:
    for n, one in enumerate(invoice.payment_means, 1):
        if one.code in TRANSFERS and not (one.account and one.account.number):
            yield at(f"payment {n}", code=one.code)


PRESENCE.lacks(
    "BR-62",
    "the seller's electronic address (BT-34) does not say of which scheme it is",
    lambda i: i.seller.electronic_address is None or i.seller.electronic_address.scheme,
    "seller",
)
PRESENCE.lacks(
    "BR-63",
    "the buyer's electronic address (BT-49) does not say of which scheme it is",
    lambda i: i.buyer.electronic_address is None or i.buyer.electronic_address.scheme,
    "buyer",
)
_of_lines(
    "BR-64",
    "the item's standard number (BT-157) does not say of which scheme it is",
    lambda line: line.standard_item is None or line.standard_item.scheme,
)
_of_lines(
    "BR-65",
    "the item's classification (BT-158) does not say of which list it is",
    lambda line: all(one.list_id for one in line.classifications),
)


@PRESENCE.rule("BR-CO-04", "the VAT category of the line (BT-151) is missing")
def _line_category(invoice: Invoice) -> Iterable[Breach]:
    return (at(place) for place, line in lines(invoice) if not line.vat_category)
