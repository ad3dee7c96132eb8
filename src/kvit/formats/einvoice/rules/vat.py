"""What each VAT category asks for: the rules BR-S, BR-Z, BR-E, BR-AE, BR-IC, BR-G, BR-O, BR-AF, BR-AG and BR-B."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from decimal import Decimal
from typing import Final

from kvit.formats.einvoice.calculation import percentage, taxed
from kvit.formats.einvoice.model import Adjustment, Invoice, VatBreakdown, VatCategory
from kvit.formats.einvoice.rules.rule import Breach, RuleSet, at, lines, money, one_unit, placed

VAT: Final = RuleSet("vat")


@dataclass(frozen=True, slots=True)
class _Of:
    """A category: the prefix of its rules, what it is called, and which numbers of seller and buyer it asks for."""

    code: VatCategory
    prefix: str
    name: str
    seller: str
    """any: VAT number, tax registration or representative; vat: without the registration; none: nobody's VAT number"""
    buyer: str = ""
    """any: VAT number or registration; vat: VAT number"""
    rate: str = "zero"
    """zero, above (zero), any (from zero on), none"""
    has_reason: bool = True

    @property
    def is_by_rate(self) -> bool:
        """Whether each rate has a breakdown of its own."""
        return self.rate in ("above", "any")


_CATEGORIES: Final = (
    _Of(VatCategory.STANDARD, "BR-S", "standard rated", "any", rate="above", has_reason=False),
    _Of(VatCategory.ZERO, "BR-Z", "zero rated", "any", has_reason=False),
    _Of(VatCategory.EXEMPT, "BR-E", "exempt", "any"),
    _Of(VatCategory.REVERSE_CHARGE, "BR-AE", "reverse charge", "any", buyer="any"),
    _Of(VatCategory.INTRA_COMMUNITY, "BR-IC", "intra-community", "vat", buyer="vat"),
    _Of(VatCategory.EXPORT, "BR-G", "export", "vat"),
    _Of(VatCategory.OUTSIDE_SCOPE, "BR-O", "not subject to VAT", "none", rate="none"),
    _Of(VatCategory.CANARY_ISLANDS, "BR-AF", "IGIC", "any", rate="any", has_reason=False),
    _Of(VatCategory.CEUTA_AND_MELILLA, "BR-AG", "IPSI", "any", rate="any", has_reason=False),
)


def _breakdowns(invoice: Invoice, code: str) -> list[tuple[str, VatBreakdown]]:
    return [(f"VAT {n}", one) for n, one in enumerate(invoice.vat, 1) if one.category == code]


def _uses(invoice: Invoice, code: str) -> bool:
    return any(category == code for category, _rate, _minor in taxed(invoice))


def _once(of: _Of) -> None:
    wanted = "at least one VAT breakdown" if of.is_by_rate else "exactly one VAT breakdown"

    def check(invoice: Invoice) -> Iterable[Breach]:
        count = len(_breakdowns(invoice, of.code))
        is_used = _uses(invoice, of.code)
        is_fine = (count > 0) == is_used if of.is_by_rate else count == (1 if is_used or count else 0)
        return () if is_fine else (at("VAT", count=str(count)),)

    VAT.add(f"{of.prefix}-01", f"what is {of.name} ({of.code}) has {wanted}; there are {{count}}", check)


def _parties(of: _Of) -> None:
    def check(of_place: str) -> Callable[[Invoice], Iterable[Breach]]:
        return lambda invoice: (
            (at(of_place, problem=problem),)
            if _uses_in(invoice, of.code, of_place) and (problem := _missing(invoice, of))
            else ()
        )

    for number, place in (("02", "lines"), ("03", "allowances"), ("04", "charges")):
        VAT.add(f"{of.prefix}-{number}", f"what is {of.name} ({of.code}) {{problem}}", check(place))


def _uses_in(invoice: Invoice, code: str, place: str) -> bool:
    if place == "lines":
        return any(line.vat_category == code for line in invoice.lines)
    kept = invoice.allowances if place == "allowances" else invoice.charges
    return any(one.vat_category == code for one in kept)


def _missing(invoice: Invoice, of: _Of) -> str:
    seller, buyer = invoice.seller, invoice.buyer
    representative = invoice.tax_representative.vat_number if invoice.tax_representative else ""
    if of.seller == "none":
        has_number = seller.vat_number or representative or buyer.vat_number
        return "goes without a VAT number of seller, representative and buyer" if has_number else ""
    if not (seller.vat_number or representative or (of.seller == "any" and seller.tax_registration)):
        return "needs the seller's VAT number (BT-31)"
    if of.buyer and not (buyer.vat_number or (of.buyer == "any" and buyer.registration)):
        return "needs the buyer's VAT number (BT-48)"
    return ""


def _rates(of: _Of) -> None:
    wanted = {"zero": "0", "above": "above 0", "any": "0 or more", "none": "none"}[of.rate]

    def is_fine(rate: Decimal | None) -> bool:
        if of.rate == "none":
            return rate is None
        if rate is None:
            return False
        return {"zero": rate == 0, "above": rate > 0, "any": rate >= 0}[of.rate]

    def on_lines(invoice: Invoice) -> Iterable[Breach]:
        return (
            at(place, rate=str(line.vat_rate))
            for place, line in lines(invoice)
            if line.vat_category == of.code and not is_fine(line.vat_rate)
        )

    def adjusted(name: str, kept: Callable[[Invoice], tuple[Adjustment, ...]]) -> Callable[[Invoice], Iterable[Breach]]:
        return lambda invoice: (
            at(place, rate=str(one.vat_rate))
            for place, one in placed(name, kept(invoice))
            if one.vat_category == of.code and not is_fine(one.vat_rate)
        )

    words = f"the VAT rate of what is {of.name} ({of.code}) is {wanted}, not {{rate}}"
    VAT.add(f"{of.prefix}-05", words, on_lines)
    VAT.add(f"{of.prefix}-06", words, adjusted("allowance", lambda invoice: invoice.allowances))
    VAT.add(f"{of.prefix}-07", words, adjusted("charge", lambda invoice: invoice.charges))


def _bases(of: _Of) -> None:
    def check(invoice: Invoice) -> Iterable[Breach]:
        slack = one_unit(invoice) - 1 if of.is_by_rate else 0
        for place, one in _breakdowns(invoice, of.code):
            found = sum(
                minor
                for category, rate, minor in taxed(invoice)
                if category == of.code and (not of.is_by_rate or rate == one.rate)
            )
            if one.base_minor is not None and abs(one.base_minor - found) > slack:
                yield at(place, given=money(one.base_minor, invoice), found=money(found, invoice))

    words = (
        f"the taxable amount (BT-116) of what is {of.name} ({of.code}) is given as {{given}}; it adds up to {{found}}"
    )
    VAT.add(f"{of.prefix}-08", words, check)


def _taxes(of: _Of) -> None:
    def check(invoice: Invoice) -> Iterable[Breach]:
        slack = one_unit(invoice) - 1 if of.is_by_rate else 0
        for place, one in _breakdowns(invoice, of.code):
            if one.vat_minor is None:
                continue
            rate = (one.rate or Decimal(0)) if of.is_by_rate else Decimal(0)
            found = percentage(abs(one.base_minor or 0), rate)
            if abs(abs(one.vat_minor) - found) > slack:
                yield at(place, given=money(one.vat_minor, invoice), found=money(found, invoice))

    words = f"the VAT (BT-117) of what is {of.name} ({of.code}) is given as {{given}}; it is {{found}}"
    VAT.add(f"{of.prefix}-09", words, check)


def _reasons(of: _Of) -> None:
    def check(invoice: Invoice) -> Iterable[Breach]:
        for place, one in _breakdowns(invoice, of.code):
            if bool(one.exemption_code or one.exemption_reason) != of.has_reason:
                yield at(place)

    words = "needs a reason (BT-120, BT-121)" if of.has_reason else "has no reason for an exemption (BT-120, BT-121)"
    VAT.add(f"{of.prefix}-10", f"what is {of.name} ({of.code}) {words}", check)


for _one in _CATEGORIES:
    for _make in (_once, _parties, _rates, _bases, _taxes, _reasons):
        _make(_one)


@VAT.rule("BR-IC-11", "an intra-community supply (K) says when it was delivered (BT-72) or in which period (BG-14)")
def _delivered(invoice: Invoice) -> Iterable[Breach]:
    period = invoice.period
    when = (invoice.delivery and invoice.delivery.date) or (period and (period.start or period.end))
    return (at("delivery"),) if _breakdowns(invoice, VatCategory.INTRA_COMMUNITY) and not when else ()


@VAT.rule("BR-IC-12", "an intra-community supply (K) says to which country it was delivered (BT-80)")
def _destination(invoice: Invoice) -> Iterable[Breach]:
    address = invoice.delivery.address if invoice.delivery else None
    is_told = address is not None and address.country
    return (at("delivery"),) if _breakdowns(invoice, VatCategory.INTRA_COMMUNITY) and not is_told else ()


def _alone(number: str, words: str, others: Callable[[Invoice], Iterable[str]]) -> None:
    """What is not subject to VAT (O) stands alone on its invoice."""

    def check(invoice: Invoice) -> Iterable[Breach]:
        return (at(place) for place in others(invoice)) if _breakdowns(invoice, VatCategory.OUTSIDE_SCOPE) else ()

    VAT.add(number, f"on an invoice that is not subject to VAT (O) {words}", check)


_O: Final = VatCategory.OUTSIDE_SCOPE
_alone(
    "BR-O-11",
    "there is no other VAT breakdown",
    lambda i: (f"VAT {n}" for n, v in enumerate(i.vat, 1) if v.category != _O),
)
_alone("BR-O-12", "no line has another VAT category", lambda i: (p for p, one in lines(i) if one.vat_category != _O))
_alone(
    "BR-O-13",
    "no allowance has another VAT category",
    lambda i: (p for p, one in placed("allowance", i.allowances) if one.vat_category != _O),
)
_alone(
    "BR-O-14",
    "no charge has another VAT category",
    lambda i: (p for p, one in placed("charge", i.charges) if one.vat_category != _O),
)


def _has_split(invoice: Invoice) -> bool:
    split = VatCategory.SPLIT_PAYMENT
    return _uses(invoice, split) or bool(_breakdowns(invoice, split))


@VAT.rule("BR-B-01", "split payment (B) is for invoices inside Italy only; in Poland it is no VAT category")
def _italian(invoice: Invoice) -> Iterable[Breach]:
    countries = {party.address.country if party.address else "" for party in (invoice.seller, invoice.buyer)}
    return (at("VAT"),) if _has_split(invoice) and countries != {"IT"} else ()


@VAT.rule("BR-B-02", "split payment (B) and standard rated (S) do not stand on one invoice")
def _unsplit(invoice: Invoice) -> Iterable[Breach]:
    standard = VatCategory.STANDARD
    is_mixed = _uses(invoice, standard) or _breakdowns(invoice, standard)
    return (at("VAT"),) if _has_split(invoice) and is_mixed else ()
