"""How long the texts of an invoice may be in Romania, and how many of a kind: the rules BR-RO-L and BR-RO-A."""

from collections.abc import Callable, Iterable, Iterator
from typing import Final

from kvit.formats.einvoice.model import Address, Invoice
from kvit.formats.einvoice.rules.romania import ROMANIA, Of, deliverys, representatives
from kvit.formats.einvoice.rules.rule import Breach, at, lines, placed


def _longest(number: str, limit: int, what: str, texts: Callable[[Invoice], Iterable[tuple[str, str]]]) -> None:
    def check(invoice: Invoice) -> Iterable[Breach]:
        for place, told in texts(invoice):
            length = len(" ".join(told.split()))
            if length > limit:
                yield at(place, length=str(length))

    ROMANIA.add(number, f"{what} has {limit} characters at most, not {{length}}", check)


def _whole(number: str, limit: int, what: str, text: Callable[[Invoice], str]) -> None:
    _longest(number, limit, what, lambda invoice: (("invoice", text(invoice)),))


_whole("BR-RO-L155", 200, "the invoice number (BT-1)", lambda i: i.number)
_whole("BR-RO-L0302", 200, "the contract (BT-12)", lambda i: i.contract)
_whole("BR-RO-L0303", 200, "the order (BT-13)", lambda i: i.order)
_whole("BR-RO-L0304", 200, "the sales order (BT-14)", lambda i: i.sales_order)
_whole("BR-RO-L0305", 200, "the receiving advice (BT-15)", lambda i: i.receiving_advice)
_whole("BR-RO-L0306", 200, "the despatch advice (BT-16)", lambda i: i.despatch_advice)
_whole("BR-RO-L0307", 200, "the tender (BT-17)", lambda i: i.tender)
_whole("BR-RO-L1001", 100, "the buyer's accounting reference (BT-19)", lambda i: i.accounting_reference)
_whole("BR-RO-L301", 300, "the terms of payment (BT-20)", lambda i: i.payment_terms)
_whole("BR-RO-L1000", 1000, "the seller's legal facts (BT-33)", lambda i: i.seller.legal_form)
_whole("BR-RO-L201", 200, "the seller's name (BT-27)", lambda i: i.seller.name)
_whole("BR-RO-L202", 200, "the seller's trading name (BT-28)", lambda i: i.seller.trading_name)
_whole("BR-RO-L203", 200, "the buyer's name (BT-44)", lambda i: i.buyer.name)
_whole("BR-RO-L204", 200, "the buyer's trading name (BT-45)", lambda i: i.buyer.trading_name)
_whole("BR-RO-L205", 200, "the payee's name (BT-59)", lambda i: i.payee.name if i.payee else "")
_whole(
    "BR-RO-L206",
    200,
    "the tax representative's name (BT-62)",
    lambda i: i.tax_representative.name if i.tax_representative else "",
)
_whole("BR-RO-L207", 200, "the recipient's name (BT-70)", lambda i: i.delivery.name if i.delivery else "")
_longest("BR-RO-L302", 300, "a note (BT-22)", lambda i: ((f"note {n}", one.text) for n, one in enumerate(i.notes, 1)))
_ADDRESS_LIMITS: Final[tuple[tuple[str, Of, dict[str, tuple[int, Callable[[Address], str]]]], ...]] = tuple(
    (
        place,
        of,
        {
            numbers[0]: (150, lambda a: a.line1),
            numbers[1]: (100, lambda a: a.line2),
            numbers[2]: (100, lambda a: a.line3),
            numbers[3]: (50, lambda a: a.city),
            numbers[4]: (20, lambda a: a.postcode),
        },
    )
    for place, of, numbers in (
        ("seller", lambda i: i.seller.address, ("L151", "L1002", "L1003", "L0501", "L0201")),
        ("buyer", lambda i: i.buyer.address, ("L152", "L1007", "L1008", "L0502", "L0202")),
        ("tax representative", representatives, ("L153", "L1012", "L1013", "L0503", "L0203")),
        ("delivery", deliverys, ("L154", "L1014", "L1015", "L0504", "L0204")),
    )
)


def _of_address(of: Of, text: Callable[[Address], str], place: str) -> Callable[[Invoice], Iterable[tuple[str, str]]]:
    return lambda invoice: ((place, text(address)),) if (address := of(invoice)) else ()


for _place, _of, _limits in _ADDRESS_LIMITS:
    for _id, (_limit, _text) in _limits.items():
        _longest(f"BR-RO-{_id}", _limit, f"a part of the address of the {_place}", _of_address(_of, _text, _place))


def _contacts(number: str, place: str, value: Callable[[Invoice], str], what: str) -> None:
    _longest(number, 100, what, lambda invoice: ((place, value(invoice)),))


_contacts("BR-RO-L1004", "seller", lambda i: i.seller.contact.name if i.seller.contact else "", "a contact's name")
_contacts("BR-RO-L1005", "seller", lambda i: i.seller.contact.phone if i.seller.contact else "", "a telephone number")
_contacts("BR-RO-L1006", "seller", lambda i: i.seller.contact.email if i.seller.contact else "", "an e-mail address")
_contacts("BR-RO-L1009", "buyer", lambda i: i.buyer.contact.name if i.buyer.contact else "", "a contact's name")
_contacts("BR-RO-L1010", "buyer", lambda i: i.buyer.contact.phone if i.buyer.contact else "", "a telephone number")
_contacts("BR-RO-L1011", "buyer", lambda i: i.buyer.contact.email if i.buyer.contact else "", "an e-mail address")


def _payments(invoice: Invoice, which: str) -> Iterator[tuple[str, str]]:
    for n, one in enumerate(invoice.payment_means, 1):
        texts = {
            "text": one.text,
            "reference": one.reference,
            "account": one.account.name if one.account else "",
            "holder": one.card.holder if one.card else "",
        }
        yield f"payment {n}", texts[which]


_longest("BR-RO-L1016", 100, "the text of a means of payment (BT-82)", lambda i: _payments(i, "text"))
_longest("BR-RO-L140", 140, "the reference of a payment (BT-83)", lambda i: _payments(i, "reference"))
_longest("BR-RO-L208", 200, "an account's name (BT-85)", lambda i: _payments(i, "account"))
_longest("BR-RO-L209", 200, "a card holder's name (BT-88)", lambda i: _payments(i, "holder"))
_longest("BR-RO-L1024", 100, "an item's name (BT-153)", lambda i: ((p, one.name) for p, one in lines(i)))
_longest("BR-RO-L212", 200, "an item's description (BT-154)", lambda i: ((p, one.description) for p, one in lines(i)))
_longest("BR-RO-L303", 300, "a line's note (BT-127)", lambda i: ((p, one.note) for p, one in lines(i)))
_longest(
    "BR-RO-L1021",
    100,
    "the buyer's accounting reference of a line (BT-133)",
    lambda i: ((p, one.accounting_reference) for p, one in lines(i)),
)
_longest(
    "BR-RO-L0505",
    50,
    "an attribute's name (BT-160)",
    lambda i: ((p, own.name) for p, one in lines(i) for own in one.attributes),
)
_longest(
    "BR-RO-L1025",
    100,
    "an attribute's value (BT-161)",
    lambda i: ((p, own.value) for p, one in lines(i) for own in one.attributes),
)
_longest(
    "BR-RO-L1022",
    100,
    "the reason of a line's allowance (BT-139)",
    lambda i: ((p, a.reason) for p, one in lines(i) for _, a in placed("allowance", one.allowances)),
)
_longest(
    "BR-RO-L1023",
    100,
    "the reason of a line's charge (BT-144)",
    lambda i: ((p, a.reason) for p, one in lines(i) for _, a in placed("charge", one.charges)),
)
_longest(
    "BR-RO-L1019",
    100,
    "the reason of an exemption (BT-120)",
    lambda i: ((f"VAT {n}", one.exemption_reason) for n, one in enumerate(i.vat, 1)),
)
_longest(
    "BR-RO-L0308",
    200,
    "the reference of a document (BT-122)",
    lambda i: ((f"document {n}", one.reference) for n, one in enumerate(i.supporting, 1)),
)
_longest(
    "BR-RO-L1020",
    100,
    "the description of a document (BT-123)",
    lambda i: ((f"document {n}", one.description) for n, one in enumerate(i.supporting, 1)),
)
_longest(
    "BR-RO-L210",
    200,
    "the address of a document (BT-124)",
    lambda i: ((f"document {n}", one.url) for n, one in enumerate(i.supporting, 1)),
)
_longest(
    "BR-RO-L211",
    200,
    "the file name of a document (BT-125-2)",
    lambda i: ((f"document {n}", one.file_name) for n, one in enumerate(i.supporting, 1)),
)
_longest(
    "BR-RO-L156",
    200,
    "the number of a preceding invoice (BT-25)",
    lambda i: ((f"preceding invoice {n}", one.number) for n, one in enumerate(i.preceding, 1)),
)


def _most(number: str, limit: int, what: str, count: Callable[[Invoice], int]) -> None:
    ROMANIA.add(
        number,
        f"there are {limit} {what} at most, not {{count}}",
        lambda invoice: (at("invoice", count=str(found)),) if (found := count(invoice)) > limit else (),
    )


_most("BR-RO-A020", 20, "notes (BG-1)", lambda i: len(i.notes))
_most("BR-RO-A051", 50, "documents (BG-24)", lambda i: len(i.supporting))
_most("BR-RO-A500", 500, "preceding invoices (BG-3)", lambda i: len(i.preceding))
_most("BR-RO-A052", 50, "attributes of an item (BG-32)", lambda i: max((len(o.attributes) for o in i.lines), default=0))
