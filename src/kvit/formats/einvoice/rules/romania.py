"""What Romania's RO e-Factura asks beyond EN 16931: the rules BR-RO of CIUS-RO (Order 1366/2021, rules 1.0.9)."""

from collections.abc import Callable, Iterable
from typing import Final

from kvit.formats.einvoice.codelists.listing import codes
from kvit.formats.einvoice.model import Address, Invoice, VatCategory
from kvit.formats.einvoice.profile import CIUS_RO
from kvit.formats.einvoice.rules.rule import Breach, RuleSet, at
from kvit.formats.einvoice.rules.sums import terms

ROMANIA: Final = RuleSet("cius-ro")
COUNTIES: Final = codes(
    """
    RO-AB RO-AG RO-AR RO-B RO-BC RO-BH RO-BN RO-BR RO-BT RO-BV RO-BZ RO-CJ RO-CL RO-CS RO-CT RO-CV RO-DB RO-DJ
    RO-GJ RO-GL RO-GR RO-HD RO-HR RO-IF RO-IL RO-IS RO-MH RO-MM RO-MS RO-NT RO-OT RO-PH RO-SB RO-SJ RO-SM RO-SV
    RO-TL RO-TM RO-TR RO-VL RO-VN RO-VS
    """
)
"""ISO 3166-2:RO: the counties, and RO-B for Bucharest."""
BUCHAREST: Final = "RO-B"
SECTORS: Final = frozenset(f"SECTOR{number}" for number in range(1, 7))
"""What the city of an address in Bucharest is called."""
_KINDS: Final = frozenset({"380", "381", "384", "389", "751"})
_TAXED: Final = frozenset(str(category) for category in VatCategory) - {VatCategory.OUTSIDE_SCOPE, "B"}

ROMANIA.add("BR-CO-25", "there is something to pay, but neither a due date (BT-9) nor terms of payment (BT-20)", terms)


@ROMANIA.rule("BR-RO-001", "the specification (BT-24) is not that of CIUS-RO 1.0.1")
def _specification(invoice: Invoice) -> Iterable[Breach]:
    return () if invoice.specification == CIUS_RO.specification else (at("invoice"),)


@ROMANIA.rule("BR-RO-010", "the invoice number (BT-1) has at least one digit")
def _number(invoice: Invoice) -> Iterable[Breach]:
    return () if any(sign in "0123456789" for sign in invoice.number) else (at("invoice"),)


@ROMANIA.rule(
    "BR-RO-020",
    "the kind of document (BT-3) is 380, 381, 384, 389 or 751, not {kind}",
    also=("BR-RO-020_1", "BR-RO-020_2"),
)
def _kind(invoice: Invoice) -> Iterable[Breach]:
    return () if invoice.kind in _KINDS else (at("invoice", kind=invoice.kind),)


@ROMANIA.rule("BR-RO-030", "an invoice in {currency} states its VAT in RON (BT-6) too")
def _accounting(invoice: Invoice) -> Iterable[Breach]:
    if invoice.currency != "RON" and invoice.accounting_currency != "RON":
        yield at("invoice", currency=invoice.currency)


def _is_taxed(invoice: Invoice) -> bool:
    kept = [line.vat_category for line in invoice.lines]
    kept += [one.vat_category for one in (*invoice.allowances, *invoice.charges)]
    return not _TAXED.isdisjoint(kept)


@ROMANIA.rule("BR-RO-065", "a VAT number (BT-31, BT-63) or tax registration (BT-32) of the seller is missing")
def _sellers_number(invoice: Invoice) -> Iterable[Breach]:
    representative = invoice.tax_representative.vat_number if invoice.tax_representative else ""
    has_number = invoice.seller.vat_number or invoice.seller.tax_registration or representative
    return (at("seller"),) if _is_taxed(invoice) and not has_number else ()


@ROMANIA.rule("BR-RO-120", "the buyer's registration (BT-47) or VAT number (BT-48) is missing")
def _buyers_number(invoice: Invoice) -> Iterable[Breach]:
    buyer = invoice.buyer
    has_number = buyer.registration or buyer.vat_number or buyer.tax_registration
    return (at("buyer"),) if _is_taxed(invoice) and not has_number else ()


Of = Callable[[Invoice], Address | None]


def _address(place: str, of: Of, numbers: tuple[str, str, str, str], *, is_needed: bool) -> None:
    """Street and city are told; in Romania the county by its code, in Bucharest the sector as city."""
    street, city, sector, county = numbers

    def kept(invoice: Invoice) -> Address | None:
        return of(invoice) or (Address() if is_needed else None)

    def told(invoice: Invoice, value: Callable[[Address], str]) -> Iterable[Breach]:
        address = kept(invoice)
        return (at(place),) if address is not None and not value(address) else ()

    def bucharest(invoice: Invoice) -> Iterable[Breach]:
        address = kept(invoice)
        if address and (address.country, address.subdivision) == ("RO", BUCHAREST) and address.city not in SECTORS:
            yield at(place, city=address.city)

    def counties(invoice: Invoice) -> Iterable[Breach]:
        address = kept(invoice)
        if address and address.country == "RO" and address.subdivision not in COUNTIES:
            yield at(place, county=address.subdivision or "nothing")

    ROMANIA.add(
        street, f"the first line of the address of the {place} is missing", lambda i: told(i, lambda a: a.line1)
    )
    ROMANIA.add(city, f"the city of the address of the {place} is missing", lambda i: told(i, lambda a: a.city))
    ROMANIA.add(sector, "an address in Bucharest (RO-B) has SECTOR1 to SECTOR6 as its city, not {city}", bucharest)
    ROMANIA.add(county, "an address in Romania names its county by ISO 3166-2 (RO-AB …), not {county}", counties)


def representatives(invoice: Invoice) -> Address | None:
    """The tax representative's address."""
    return invoice.tax_representative.address if invoice.tax_representative else None


def deliverys(invoice: Invoice) -> Address | None:
    """The address of delivery."""
    return invoice.delivery.address if invoice.delivery else None


_address("seller", lambda i: i.seller.address, ("BR-RO-081", "BR-RO-091", "BR-RO-100", "BR-RO-110"), is_needed=True)
_address("buyer", lambda i: i.buyer.address, ("BR-RO-082", "BR-RO-092", "BR-RO-101", "BR-RO-111"), is_needed=True)
_address(
    "tax representative",
    representatives,
    ("BR-RO-140", "BR-RO-150", "BR-RO-160", "BR-RO-170"),
    is_needed=False,
)
_address("delivery", deliverys, ("BR-RO-180", "BR-RO-201", "BR-RO-202", "BR-RO-212"), is_needed=False)


@ROMANIA.rule("BR-RO-211", "the region of the place of delivery (BT-79) is missing")
def _region(invoice: Invoice) -> Iterable[Breach]:
    address = deliverys(invoice)
    return (at("delivery"),) if address and not address.subdivision else ()
