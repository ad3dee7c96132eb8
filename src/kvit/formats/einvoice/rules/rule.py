"""What a rule is: a number, plain words, and a function that finds where an invoice breaks it."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import NamedTuple, TypeAlias

from kvit.formats.einvoice.markup import amount
from kvit.formats.einvoice.model import Adjustment, Invoice, Line
from kvit.formats.einvoice.problem import Problem, Severity
from kvit.kernel.currencies import UnknownCurrency, minor_units


class Breach(NamedTuple):
    """A place where a rule is broken, and the values that its words are filled with."""

    place: str
    values: dict[str, str]


Check: TypeAlias = Callable[[Invoice], Iterable[Breach]]


@dataclass(frozen=True, slots=True)
class Rule:
    """`id` is the official number; `also` are official numbers that say the same. `words` have {values} in them."""

    id: str
    words: str
    check: Check
    severity: Severity = Severity.ERROR
    also: tuple[str, ...] = ()

    def problems(self, invoice: Invoice) -> Iterator[Problem]:
        """Each place where the invoice breaks the rule."""
        for place, values in self.check(invoice):
            words = self.words.format(**values) if values else self.words
            yield Problem(self.id, place, words, self.severity, tuple(values.items()))


class RuleSet:
    """Rules that are asked together, in their order."""

    def __init__(self, name: str) -> None:
        self.name = name
        self.rules: list[Rule] = []

    def rule(
        self, number: str, words: str, *, also: tuple[str, ...] = (), severity: Severity = Severity.ERROR
    ) -> Callable[[Check], Check]:
        """Make the decorated function a rule of the set."""

        def take(check: Check) -> Check:
            self.add(number, words, check, also=also, severity=severity)
            return check

        return take

    def add(
        self,
        number: str,
        words: str,
        check: Check,
        *,
        also: tuple[str, ...] = (),
        severity: Severity = Severity.ERROR,
    ) -> None:
        """Make a function a rule of the set."""
        self.rules.append(Rule(number, words, check, severity, also))

    def lacks(self, number: str, words: str, value: Callable[[Invoice], object], place: str = "invoice") -> None:
        """A rule that is broken where the value is empty."""
        self.add(number, words, lambda invoice: () if value(invoice) else (at(place),))


def at(place: str, **values: str) -> Breach:
    """A breach at a place."""
    return Breach(place, values)


def lines(invoice: Invoice) -> Iterator[tuple[str, Line]]:
    """Each line with its place: its own identifier, else its position."""
    for position, line in enumerate(invoice.lines, 1):
        yield f"line {line.id or position}", line


def on_document(invoice: Invoice) -> Iterator[tuple[str, Adjustment]]:
    """Each allowance and charge of the document with its place."""
    yield from placed("allowance", invoice.allowances)
    yield from placed("charge", invoice.charges)


def placed(name: str, adjustments: Iterable[Adjustment], *, of: str = "") -> Iterator[tuple[str, Adjustment]]:
    """Adjustments with their places: "allowance 2", "line 3, charge 1"."""
    for position, one in enumerate(adjustments, 1):
        yield f"{of}{name} {position}", one


def money(minor: int | None, invoice: Invoice) -> str:
    """An amount of the invoice for a reader: 12.30 SEK."""
    if minor is None:
        return "nothing"
    return f"{amount(minor, decimals(invoice))} {invoice.currency}".rstrip()


def decimals(invoice: Invoice, currency: str = "") -> int:
    """The decimals of the invoice's currency, or of another; two where it is not known."""
    try:
        return minor_units(currency or invoice.currency)
    except UnknownCurrency:
        return 2


def one_unit(invoice: Invoice) -> int:
    """One whole unit of the currency in minor units: by less than that the official rules let sums of VAT differ."""
    return int(10 ** decimals(invoice))
