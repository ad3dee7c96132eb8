"""Money on an estimate: what of it is taxed at which rate, and what a final invoice leaves out.

An advance is taxed in a hundred: of 123.00 at 23 % the base is 100.00 (ustawa o VAT art. 106f ust. 1 pkt 3; ML
(2023:200) 7 kap.; Codul fiscal art. 282). What rounding leaves between base with VAT and the money is BT-114.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Final

from kvit.formats.einvoice.model import Adjustment, Order, OrderLine, PartialAdvance
from kvit.invoicing.domain.calculation import VatSum
from kvit.invoicing.domain.content import Deduction
from kvit.invoicing.domain.draft import DraftLine
from kvit.invoicing.domain.paper import PaperLine
from kvit.kernel import currencies
from kvit.kernel.money import round_half_up, split

_WORDS: Final = {"en": "Advance payment", "pl": "Zaliczka", "sv": "Förskott", "ro": "Avans"}


@dataclass(frozen=True, slots=True)
class Advance:
    """An advance invoice: its number and day, its VAT, and what it asked for (minor units)."""

    invoice_id: int
    number: str
    issue_date: date
    vat: tuple[VatSum, ...]
    payable_minor: int

    @property
    def deduction(self) -> Deduction:
        """What a final invoice leaves out."""
        net, vat = sum(one.base_minor for one in self.vat), sum(one.vat_minor for one in self.vat)
        return Deduction(
            invoice_id=self.invoice_id,
            number=self.number,
            issue_date=self.issue_date,
            net_minor=net,
            vat_minor=vat,
            gross_minor=net + vat,
        )


def advance_lines(
    amount_minor: int, vat: Sequence[VatSum], *, currency: str, number: str, language: str
) -> tuple[DraftLine, ...]:
    """A line for each rate of the estimate `number`: its share of the money, without the VAT in it."""
    shares = split(amount_minor, [max(one.base_minor + one.vat_minor, 0) for one in vat])
    decimals = currencies.minor_units(currency)
    words = f"{_WORDS.get(language, _WORDS['en'])} {number}"
    found = []
    for one, share in zip(vat, shares, strict=True):
        base = int(round_half_up(Decimal(share) * 100 / (100 + one.vat_rate), 0))
        price = Decimal(base).scaleb(-decimals)
        if base:
            found.append(DraftLine(words, Decimal(1), price, one.vat_rate, "", one.category))
    return tuple(found)


def deducted(advances: Sequence[Advance], *, language: str) -> tuple[Adjustment, ...]:
    """What advance invoices have taxed, as allowances of the document: one of each rate of each."""
    words = _WORDS.get(language, _WORDS["en"])
    return tuple(
        Adjustment(
            amount_minor=row.base_minor,
            reason=f"{words} {one.number}",
            vat_category=row.category,
            vat_rate=row.vat_rate,
        )
        for one in advances
        for row in one.vat
        if row.base_minor
    )


def order_of(lines: Sequence[PaperLine], vat: Sequence[VatSum], gross_minor: int) -> Order:
    """The order that an advance is paid on, as FA(3) tells it (art. 106f ust. 1 pkt 4)."""
    rates = {"S": "", "Z": "0 KR", "E": "zw", "AE": "oo", "K": "0 WDT", "G": "0 EX", "O": "np I"}
    return Order(
        gross_minor=gross_minor,
        lines=tuple(
            OrderLine(
                number=position,
                name=line.description,
                unit=line.unit,
                quantity=line.quantity.normalize(),
                price=line.unit_price.normalize(),
                net_minor=line.net_minor,
                vat_minor=int(round_half_up(Decimal(line.net_minor) * line.vat_rate / 100, 0)),
                rate=rates[line.category] or f"{line.vat_rate.normalize():f}",
            )
            for position, line in enumerate(lines, 1)
        ),
    )


def received(day: date, amount_minor: int) -> tuple[PartialAdvance, ...]:
    """The payment that an advance invoice documents."""
    return (PartialAdvance(received_date=day, amount_minor=amount_minor),)
