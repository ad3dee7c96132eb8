"""Romanian addresses as CIUS-RO wants them: the county by its code, in Bucharest the sector as the city.

The first two digits of a Romanian postal code are those of the county, in Bucharest of the sector (Poșta Română, the
codes of six digits that hold since 2003).
"""

from dataclasses import replace
from typing import Final

from kvit.formats.einvoice.model import Address, Invoice

_DIGITS: Final = 6
_LISTED: Final = """
    01 B 02 B 03 B 04 B 05 B 06 B 07 IF 08 GR 10 PH 11 AG 12 BZ 13 DB 14 TR 20 DJ 21 GJ 22 MH 23 OT 24 VL 30 TM 31 AR
    32 CS 33 HD 40 CJ 41 BH 42 BN 43 MM 44 SM 45 SJ 50 BV 51 AB 52 CV 53 HR 54 MS 55 SB 60 BC 61 NT 62 VN 70 IS 71 BT
    72 SV 73 VS 80 GL 81 BR 82 TL 90 CT 91 CL 92 IL
"""
_PAIRS: Final = _LISTED.split()
_COUNTIES: Final = dict(zip(_PAIRS[::2], _PAIRS[1::2], strict=True))


def placed(invoice: Invoice) -> Invoice:
    """The invoice with the county of each Romanian address that does not name it, where its postal code says so."""
    fiscal, delivery = invoice.tax_representative, invoice.delivery
    return replace(
        invoice,
        seller=replace(invoice.seller, address=_placed(invoice.seller.address)),
        buyer=replace(invoice.buyer, address=_placed(invoice.buyer.address)),
        tax_representative=replace(fiscal, address=_placed(fiscal.address)) if fiscal else None,
        delivery=replace(delivery, address=_placed(delivery.address)) if delivery else None,
    )


def _placed(address: Address | None) -> Address | None:
    if address is None or address.country != "RO" or address.subdivision:
        return address
    code = address.postcode.strip()
    county = _COUNTIES.get(code[:2]) if len(code) == _DIGITS and code.isdigit() else None
    if county is None:
        return address
    city = f"SECTOR{code[1]}" if county == "B" else address.city
    return replace(address, subdivision=f"RO-{county}", city=city)
