"""In which positions of Poland's sales register (JPK_V7M (3), K_10 to K_22) a sale stands, by VAT category.

Sources: the structure JPK_V7M (3) of the Ministry of Finance and its leaflet; ustawa o VAT art. 28b, 41, 42, 100 ust. 1
pkt 4 and 145e; the categories of EN 16931 (UNTDID 5305).
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from decimal import Decimal
from typing import Final

_HOME: Final = "PL"
_EU: Final = frozenset([
    "AT", "BE", "BG", "CY", "CZ", "DE", "DK", "EE", "EL", "ES", "FI", "FR", "GR", "HR", "HU", "IE", "IT", "LT",
    "LU", "LV", "MT", "NL", "PT", "RO", "SE", "SI", "SK", "XI",
])  # fmt: skip
"""The other states of the Union as VAT numbers and addresses call them; XI is Northern Ireland."""
_RATES: Final = {
    Decimal(5): ("K_15", "K_16"),
    Decimal(7): ("K_17", "K_18"),
    Decimal(8): ("K_17", "K_18"),
    Decimal(22): ("K_19", "K_20"),
    Decimal(23): ("K_19", "K_20"),
}
AMOUNTS: Final = (
    "K_10", "K_11", "K_12", "K_13", "K_15", "K_16", "K_17", "K_18", "K_19", "K_20", "K_21", "K_22",
)  # fmt: skip
"""The positions that a sale can stand in, in the order of the structure."""


@dataclass(frozen=True, slots=True)
class CategorySum:
    """What of a document is in one VAT category at one rate (percent): base and VAT in minor units, with their sign."""

    category: str
    vat_rate: Decimal
    base_minor: int
    vat_minor: int


@dataclass(frozen=True, slots=True)
class Buyer:
    """By what a position is told: the buyer's country, and the country and number that VAT knows it by ("" if none)."""

    country: str
    vat_country: str
    vat_number: str

    @property
    def is_at_home(self) -> bool:
        """Whether it is Polish to VAT."""
        return _HOME in (self.vat_country, self.country if not self.vat_number else "")

    @property
    def is_taxed_in_the_union(self) -> bool:
        """Whether another state of the Union knows it by a VAT number."""
        return bool(self.vat_number) and self.vat_country in _EU

    @property
    def is_outside_the_union(self) -> bool:
        """Whether neither address nor number are of the Union."""
        return not {self.country, self.vat_country} & (_EU | {_HOME})


def positions(sums: Iterable[CategorySum], buyer: Buyer) -> tuple[dict[str, int], list[CategorySum]]:
    """Amounts by position (K_12 is told within K_11), and what has no position that can be told: a person decides.

    Undecided stay: a rate that Poland does not have, zero or exempt to a buyer abroad, the reverse charge at home (no
    position of the seller), a supply to the Union without the buyer's VAT number, what is outside the scope at home.
    """
    found: dict[str, int] = {}
    undecided: list[CategorySum] = []
    for one in sums:
        names = _BASES[one.category](buyer) if one.category in _BASES else ()
        stands: dict[str, int] = dict.fromkeys(names, one.base_minor)
        if one.category == "S" and one.vat_rate in _RATES:
            stands = dict(zip(_RATES[one.vat_rate], (one.base_minor, one.vat_minor), strict=True))
        for name, minor in stands.items():
            found[name] = found.get(name, 0) + minor
        if not stands:
            undecided.append(one)
    return found, undecided


def _reverse_charge(buyer: Buyer) -> tuple[str, ...]:
    """A service that is taxed where the buyer is (art. 28b); in the Union it is told twice (art. 100)."""
    if buyer.is_at_home:
        return ()
    if buyer.is_taxed_in_the_union:
        return ("K_11", "K_12")
    return ("K_11",) if buyer.is_outside_the_union else ()


_BASES: Final[dict[str, Callable[[Buyer], tuple[str, ...]]]] = {
    "Z": lambda buyer: ("K_13",) if buyer.is_at_home else (),
    "E": lambda buyer: ("K_10",) if buyer.is_at_home else (),
    "AE": _reverse_charge,
    "K": lambda buyer: ("K_21",) if buyer.is_taxed_in_the_union else (),
    "G": lambda buyer: ("K_22",),
    "O": lambda buyer: () if buyer.is_at_home else ("K_11",),
}
"""Positions of the base of what bears no VAT."""
