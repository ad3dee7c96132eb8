"""Amounts of money as whole minor units of one currency, and the one way to round and to split them."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Context, Decimal, InvalidOperation
from typing import ClassVar, Final, Self

from kvit.kernel.currencies import minor_units
from kvit.kernel.refusals import DomainError

# What a bigint column holds. More than that is a misread amount, never money.
LARGEST_MINOR: Final = 2**63 - 1

# Enough digits for the largest amount times a rate with many decimals.
_ROUNDING: Final = Context(prec=60, rounding=ROUND_HALF_UP, traps=[InvalidOperation])

# Currencies without small coins: a sum is asked for in whole major units.
_CASH_IN_WHOLE_UNITS: Final = frozenset({"SEK"})


class CurrencyMismatch(DomainError):
    """Two amounts of different currencies were to be added or compared."""

    code: ClassVar[str] = "currency_mismatch"


class NotRepresentable(DomainError):
    """The number cannot be an amount in this currency: too many decimals, too large, or not a number."""

    code: ClassVar[str] = "not_representable"


class NothingToSplitBy(DomainError):
    """The weights of a split are absent, negative or all zero."""

    code: ClassVar[str] = "nothing_to_split_by"


@dataclass(frozen=True, slots=True)
class Money:
    """An amount: `minor` whole minor units (öre, grosze, bani) of an ISO 4217 `currency`.

    Adding, subtracting and ordering two amounts refuses `CurrencyMismatch`; equality across
    currencies is simply false, so that amounts can stand in sets and dicts. Multiplying takes a
    whole number only; anything else is rounding and goes through `round_to_minor`. An amount of
    zero is false. Sums: `sum(amounts, Money.zero("PLN"))`.
    """

    minor: int
    currency: str

    def __post_init__(self) -> None:
        if type(self.minor) is not int:
            raise TypeError(f"minor units are a whole number, not {type(self.minor).__name__}")
        minor_units(self.currency)
        if abs(self.minor) > LARGEST_MINOR:
            raise NotRepresentable(f"an amount of {len(str(abs(self.minor)))} digits is too large for money")

    @classmethod
    def zero(cls, currency: str) -> Self:
        """Nothing, in this currency."""
        return cls(0, currency)

    @classmethod
    def from_decimal(cls, amount: Decimal, currency: str) -> Self:
        """The exact amount; zeros after the currency's last decimal do no harm.

        Refuses `NotRepresentable` when there are more decimals than the currency has,
        `UnknownCurrency`.
        """
        minor = round_to_minor(amount, currency)
        if _shifted(minor, -minor_units(currency)) != amount:
            raise NotRepresentable(f"{currency} has {minor_units(currency)} decimals; this amount has more")
        return cls(minor, currency)

    def to_decimal(self) -> Decimal:
        """The amount in major units, with all the decimals of its currency: `Decimal("12.30")`."""
        return _shifted(self.minor, -minor_units(self.currency))

    def _minor_of(self, other: "Money") -> int:
        if not isinstance(other, Money):
            raise TypeError(f"money goes together with money only, not with {type(other).__name__}")
        if self.currency != other.currency:
            raise CurrencyMismatch(f"{self.currency} and {other.currency} do not go together")
        return other.minor

    def __add__(self, other: "Money") -> "Money":
        return Money(self.minor + self._minor_of(other), self.currency)

    def __sub__(self, other: "Money") -> "Money":
        return Money(self.minor - self._minor_of(other), self.currency)

    def __neg__(self) -> "Money":
        return Money(-self.minor, self.currency)

    def __abs__(self) -> "Money":
        return Money(abs(self.minor), self.currency)

    def __mul__(self, times: int) -> "Money":
        if type(times) is not int:
            raise TypeError(f"money is multiplied by a whole number, not by {type(times).__name__}")
        return Money(self.minor * times, self.currency)

    __rmul__ = __mul__

    def __bool__(self) -> bool:
        return self.minor != 0

    def __lt__(self, other: "Money") -> bool:
        return self.minor < self._minor_of(other)

    def __le__(self, other: "Money") -> bool:
        return self.minor <= self._minor_of(other)

    def __gt__(self, other: "Money") -> bool:
        return self.minor > self._minor_of(other)

    def __ge__(self, other: "Money") -> bool:
        return self.minor >= self._minor_of(other)


def _shifted(minor: int, places: int) -> Decimal:
    """`minor` times ten to the power of `places`, exactly, whatever the precision of the caller."""
    return Decimal(minor).scaleb(places, context=_ROUNDING)


def round_half_up(value: Decimal, places: int) -> Decimal:
    """`value` with exactly `places` decimals; half goes away from zero (2.345 and -2.345 to ±2.35).

    The only rounding in Kvit, independent of the thread's decimal context. Refuses
    `NotRepresentable` for what is not a finite number or is too large; a float is a bug.
    """
    if not isinstance(value, Decimal):
        raise TypeError(f"only a Decimal is rounded, not {type(value).__name__}")
    if not value.is_finite():
        raise NotRepresentable(f"{value} is not a number")
    try:
        rounded = value.quantize(Decimal((0, (1,), -places)), context=_ROUNDING)
    except InvalidOperation:
        raise NotRepresentable(f"the number is too large to be rounded to {places} decimals") from None
    return rounded if rounded else rounded.copy_abs()  # there is no -0.00 in money


def round_to_minor(amount: Decimal, currency: str) -> int:
    """`amount` in major units as whole minor units of `currency`, half away from zero.

    Refuses `NotRepresentable`, `UnknownCurrency`.
    """
    decimals = minor_units(currency)
    return int(round_half_up(amount, decimals).scaleb(decimals, context=_ROUNDING))


def split(total_minor: int, weights: Sequence[int]) -> list[int]:
    """`total_minor` cut in proportion to `weights`; the parts add up to it exactly.

    Each part is cut off towards zero and the rest goes to the part with the largest weight, the
    first of equals. A negative total gives the mirror image of the positive one. Refuses
    `NothingToSplitBy` when no weight is above zero or one is below.
    """
    if any(type(weight) is not int for weight in weights):
        raise TypeError("weights are whole numbers")
    if any(weight < 0 for weight in weights) or not any(weights):
        raise NothingToSplitBy("a split needs at least one weight above zero and none below")
    parts = _parts(abs(total_minor), weights)
    if sum(parts) != abs(total_minor):
        raise ArithmeticError(f"the parts of {total_minor} add up to {sum(parts)}")
    return parts if total_minor >= 0 else [-part for part in parts]


def _parts(total: int, weights: Sequence[int]) -> list[int]:
    whole = sum(weights)
    parts = [total * weight // whole for weight in weights]
    parts[weights.index(max(weights))] += total - sum(parts)
    return parts


def cash_rounding(minor: int, currency: str) -> int:
    """What is to be added to `minor` so that it becomes a sum in which cash is asked for.

    Sweden: to the whole krona, 50 öre upwards (lag (1970:1029) 2 §); the sign follows the amount.
    Other currencies: 0.
    """
    if currency not in _CASH_IN_WHOLE_UNITS:
        minor_units(currency)
        return 0
    whole_units = round_half_up(Money(minor, currency).to_decimal(), 0)
    return Money.from_decimal(whole_units, currency).minor - minor
