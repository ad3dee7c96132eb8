"""What Peppol asks of Swedish sellers: the rules SE-R."""

from collections.abc import Iterable, Iterator
from decimal import Decimal
from typing import Final

from kvit.formats.einvoice.model import Invoice, Party, VatCategory
from kvit.formats.einvoice.problem import Severity
from kvit.formats.einvoice.rules.peppol import PEPPOL_RULES
from kvit.formats.einvoice.rules.rule import Breach, at, lines, on_document
from kvit.kernel.identifiers import checksums

_RATES: Final = frozenset({Decimal(25), Decimal(12), Decimal(6)})
_F_TAX: Final = "GODKÄND FÖR F-SKATT"
_DOMESTIC: Final = "30"


def _is_swedish(party: Party) -> bool:
    return party.address is not None and party.address.country == "SE"


def _has_vat(invoice: Invoice) -> bool:
    return _is_swedish(invoice.seller) and invoice.seller.vat_number.startswith("SE")


def _number(invoice: Invoice) -> str | None:
    """The registration of a Swedish seller, None where there is none to judge."""
    registration = invoice.seller.registration
    return registration.value if _is_swedish(invoice.seller) and registration else None


@PEPPOL_RULES.rule("SE-R-001", "a Swedish VAT number has 14 characters: SE, ten digits, 01; this one is {number}")
def _vat_length(invoice: Invoice) -> Iterable[Breach]:
    if _has_vat(invoice) and len(invoice.seller.vat_number) != 14:
        yield at("seller", number=invoice.seller.vat_number)


@PEPPOL_RULES.rule("SE-R-002", "a Swedish VAT number has digits behind SE; this one is {number}")
def _vat_digits(invoice: Invoice) -> Iterable[Breach]:
    if _has_vat(invoice) and not invoice.seller.vat_number[2:14].isdecimal():
        yield at("seller", number=invoice.seller.vat_number)


@PEPPOL_RULES.rule("SE-R-003", "a Swedish organisation number has digits only; this one is {number}")
def _digits(invoice: Invoice) -> Iterable[Breach]:
    number = _number(invoice)
    return (at("seller", number=number),) if number is not None and not number.isdecimal() else ()


@PEPPOL_RULES.rule("SE-R-004", "a Swedish organisation number has ten digits; this one is {number}")
def _length(invoice: Invoice) -> Iterable[Breach]:
    number = _number(invoice)
    return (at("seller", number=number),) if number is not None and len(number) != 10 else ()


@PEPPOL_RULES.rule(
    "SE-R-005", "a Swedish seller's tax registration (BT-32) says 'Godkänd för F-skatt' and nothing else"
)
def _f_tax(invoice: Invoice) -> Iterable[Breach]:
    told = " ".join(invoice.seller.tax_registration.split()).upper()
    return (at("seller"),) if _number(invoice) is not None and told not in ("", _F_TAX) else ()


@PEPPOL_RULES.rule("SE-R-006", "Swedish VAT rates are 25, 12 and 6, not {rate}")
def _rates(invoice: Invoice) -> Iterable[Breach]:
    if not _has_vat(invoice):
        return
    kept: list[tuple[str, str, Decimal | None]] = [(p, one.vat_category, one.vat_rate) for p, one in lines(invoice)]
    kept += [(p, one.vat_category, one.vat_rate) for p, one in on_document(invoice)]
    kept += [(f"VAT {n}", one.category, one.rate) for n, one in enumerate(invoice.vat, 1)]
    for place, category, rate in kept:
        if category == VatCategory.STANDARD and rate not in _RATES:
            yield at(place, rate=str(rate))


def _accounts(invoice: Invoice, bank: str) -> Iterator[tuple[str, str]]:
    if not _is_swedish(invoice.seller):
        return
    for n, one in enumerate(invoice.payment_means, 1):
        if one.code == _DOMESTIC and one.account and one.account.bank == bank:
            yield f"payment {n}", one.account.number


@PEPPOL_RULES.rule("SE-R-007", "a plusgiro number has digits only; this one is {number}", severity=Severity.WARNING)
def _plusgiro(invoice: Invoice) -> Iterable[Breach]:
    return (at(p, number=told) for p, told in _accounts(invoice, "SE:PLUSGIRO") if not told.isdecimal())


@PEPPOL_RULES.rule("SE-R-008", "a bankgiro number has digits only; this one is {number}", severity=Severity.WARNING)
def _bankgiro(invoice: Invoice) -> Iterable[Breach]:
    return (at(p, number=told) for p, told in _accounts(invoice, "SE:BANKGIRO") if not told.isdecimal())


@PEPPOL_RULES.rule("SE-R-009", "a bankgiro number has 7 or 8 digits; this one is {number}", severity=Severity.WARNING)
def _bankgiro_length(invoice: Invoice) -> Iterable[Breach]:
    return (at(p, number=told) for p, told in _accounts(invoice, "SE:BANKGIRO") if len(told) not in (7, 8))


@PEPPOL_RULES.rule("SE-R-010", "a plusgiro number has 2 to 8 digits; this one is {number}", severity=Severity.WARNING)
def _plusgiro_length(invoice: Invoice) -> Iterable[Breach]:
    return (at(p, number=told) for p, told in _accounts(invoice, "SE:PLUSGIRO") if not 2 <= len(told) <= 8)


@PEPPOL_RULES.rule(
    "SE-R-011",
    "bankgiro and plusgiro are a transfer (30) to SE:BANKGIRO or SE:PLUSGIRO, not the code {code}",
    severity=Severity.WARNING,
)
def _giro_codes(invoice: Invoice) -> Iterable[Breach]:
    for n, one in enumerate(invoice.payment_means, 1):
        if _is_swedish(invoice.seller) and one.code in ("50", "56"):
            yield at(f"payment {n}", code=one.code)


@PEPPOL_RULES.rule("SE-R-012", "a transfer inside Sweden has the code 30, not 31", severity=Severity.WARNING)
def _domestic(invoice: Invoice) -> Iterable[Breach]:
    are_swedish = _is_swedish(invoice.seller) and _is_swedish(invoice.buyer)
    return (at(f"payment {n}") for n, one in enumerate(invoice.payment_means, 1) if are_swedish and one.code == "31")


@PEPPOL_RULES.rule("SE-R-013", "the check digit of the Swedish organisation number {number} is wrong")
def _checked(invoice: Invoice) -> Iterable[Breach]:
    number = _number(invoice)
    if number is not None and number.isdecimal() and not checksums.luhn_fits(number):
        yield at("seller", number=number)
