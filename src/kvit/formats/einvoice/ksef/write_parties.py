"""Seller, buyer and third parties in FA(3)."""

from kvit.formats.einvoice.ksef.boxes import Part, as_written, box, either, kept_in, marked, said
from kvit.formats.einvoice.ksef.names import EU
from kvit.formats.einvoice.model import Address, Contact, Element, Invoice, Party, PolishTerms
from kvit.kernel.identifiers import pl_nip

_FACTOR = "1"


def parties(invoice: Invoice) -> list[Part]:
    """`Podmiot1`, `Podmiot2` and every `Podmiot3`."""
    polish = invoice.polish or PolishTerms()
    third = "".join(as_written(one) for one in polish.third_parties)
    if invoice.payee and not any(_role(one) == _FACTOR for one in polish.third_parties):
        third += _factor(invoice)
    return [_seller(invoice), _buyer(invoice, polish), ("Podmiot3", third)]


def _role(party: Element) -> str:
    return next((child.text for child in party.children if child.name == "Rola"), "")


def _seller(invoice: Invoice) -> Part:
    seller = invoice.seller
    return box(
        "Podmiot1",
        box("DaneIdentyfikacyjne", said("NIP", pl_nip.compact(seller.vat_number)), said("Nazwa", seller.name)),
        _address(seller.address, kept_in(invoice, "Podmiot1/Adres")),
        _contact(seller.contact),
        kept=kept_in(invoice, "Podmiot1"),
    )


def _buyer(invoice: Invoice, polish: PolishTerms) -> Part:
    buyer = invoice.buyer
    kept = kept_in(invoice, "Podmiot2/DaneIdentyfikacyjne")
    return box(
        "Podmiot2",
        box("DaneIdentyfikacyjne", *_number(buyer, kept), said("Nazwa", buyer.name), kept=kept),
        _address(buyer.address, kept_in(invoice, "Podmiot2/Adres")),
        _contact(buyer.contact),
        said("NrKlienta", buyer.identifiers[0].value if buyer.identifiers else ""),
        either("JST", polish.is_local_government_unit),
        either("GV", polish.is_vat_group_member),
        kept=kept_in(invoice, "Podmiot2"),
    )


def _number(party: Party, kept: tuple[Element, ...]) -> list[Part]:
    """The one number that a buyer is known by: NIP, EU VAT number, a number of elsewhere, or none."""
    vat = "".join(party.vat_number.split())
    country = party.address.country if party.address else ""
    if vat.startswith("PL") or (vat.isdigit() and country in ("", "PL")):
        return [said("NIP", pl_nip.compact(vat))]
    if vat[:2] in EU:
        return [said("KodUE", vat[:2]), said("NrVatUE", vat[2:])]
    foreign = vat or (party.registration.value if party.registration and country != "PL" else "")
    if not foreign:
        return [marked("BrakID", is_so=True)]
    has_country = any(one.name == "KodKraju" for one in kept)
    return [said("KodKraju", "" if has_country else country), said("NrID", foreign)]


def _address(address: Address | None, kept: tuple[Element, ...] = ()) -> Part:
    if address is None:
        return "Adres", ""
    town = " ".join(part for part in (address.postcode, address.city) if part)
    street = [part for part in (address.line1, address.line2, address.line3) if part]
    if town:
        first, second = ", ".join(street) or town, town if street else ""
    else:
        first, second = (street[0] if street else ""), ", ".join(street[1:])
    return box(
        "Adres",
        said("KodKraju", address.country or "PL"),
        said("AdresL1", first or "-"),
        said("AdresL2", second),
        kept=kept,
    )


def _contact(contact: Contact | None) -> Part:
    if contact is None:
        return "DaneKontaktowe", ""
    return box("DaneKontaktowe", said("Email", contact.email), said("Telefon", contact.phone))


def _factor(invoice: Invoice) -> str:
    payee = invoice.payee
    if payee is None:
        return ""
    told = payee.registration.value if payee.registration else ""
    number = said("NIP", pl_nip.compact(told)) if pl_nip.is_valid(told) else marked("BrakID", is_so=True)
    identity = box("DaneIdentyfikacyjne", number, said("Nazwa", payee.name))[1]
    return f"<Podmiot3>{identity}<Rola>{_FACTOR}</Rola></Podmiot3>"
