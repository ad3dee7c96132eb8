"""What a document adds up to, by EN 16931-1: round each line, then the VAT of each rate on the sum of its lines."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from kvit.invoicing.domain.draft import DraftLine
from kvit.kernel.money import LARGEST_MINOR, NotRepresentable, round_half_up, round_to_minor


@dataclass(frozen=True, slots=True)
class VatSum:
    """Taxable base and VAT of one rate, in minor units."""

    vat_rate: Decimal
    base_minor: int
    vat_minor: int


@dataclass(frozen=True, slots=True)
class Calculated:
    """Net amount of each line, VAT per rate (rising), and the sums; minor units."""

    line_nets: tuple[int, ...]
    vat: tuple[VatSum, ...]
    net_minor: int
    vat_minor: int
    gross_minor: int


def calculate(lines: Sequence[DraftLine], currency: str) -> Calculated:
    """Line net = quantity x price rounded (BT-131); VAT = base x rate rounded (BR-CO-17); gross = net + VAT.

    Refuses `NotRepresentable` for more than an amount of money can be, `UnknownCurrency`.
    """
    nets = tuple(round_to_minor(line.quantity * line.unit_price, currency) for line in lines)
    bases: dict[Decimal, int] = defaultdict(int)
    for line, net in zip(lines, nets, strict=True):
        bases[line.vat_rate] += net
    sums = tuple(VatSum(rate, base, _vat(base, rate)) for rate, base in sorted(bases.items()))
    net_minor, vat_minor = sum(nets), sum(s.vat_minor for s in sums)
    if max(map(abs, (*nets, net_minor, vat_minor, net_minor + vat_minor)), default=0) > LARGEST_MINOR:
        raise NotRepresentable("the document adds up to more than an amount of money can be")
    return Calculated(nets, sums, net_minor, vat_minor, net_minor + vat_minor)


def _vat(base_minor: int, rate: Decimal) -> int:
    return int(round_half_up(Decimal(base_minor) * rate / 100, 0))
