"""What every writer of a bank or book file stands on: fitted texts and notes, checked fields and problems, totals.

A writer takes plain values and gives `Written`: bytes, and a note for each text that had to be changed. What would
make the file wrong or pay the wrong account is refused as a whole, with every problem at its place.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import ClassVar, Final

from kvit.formats.transliteration import transliterate
from kvit.kernel.identifiers.invalid import InvalidIdentifier
from kvit.kernel.money import Money
from kvit.kernel.refusals import DomainError
from kvit.kernel.results import Problem

_LETTERS: Final = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
_DIGITS: Final = "0123456789"
_ASCII_SIGNS: Final = "!\"#$%&'()*+,-./:;<=>?@[\\]^_`{|}~"
_POLISH: Final = "ĄĆĘŁŃÓŚŹŻąćęłńóśźż"
_SWEDISH: Final = "ÅÄÖÉÜåäöéü"


@dataclass(frozen=True, slots=True)
class CharacterSet:
    """The characters that a bank takes in texts, under the name of the rule that lists them."""

    name: str
    allowed: frozenset[str]


SEPA: Final = CharacterSet("SEPA basic Latin (EPC217-08)", frozenset(_LETTERS + _DIGITS + "/-?:().,'+ "))
POLAND: Final = CharacterSet("SEPA and Polish letters", SEPA.allowed | frozenset(_POLISH))
SWEDEN: Final = CharacterSet("SEPA and Swedish letters", SEPA.allowed | frozenset(_SWEDISH))
BANKGIROT: Final = CharacterSet("Bankgirot's ISO 8859-1", frozenset(_LETTERS + _DIGITS + _ASCII_SIGNS + _SWEDISH + " "))
ELIXIR: Final = CharacterSet(
    "Elixir-0 without its quotes and bars",
    frozenset(_LETTERS + _DIGITS + _ASCII_SIGNS + _POLISH + " ") - frozenset('"|'),
)


@dataclass(frozen=True, slots=True)
class Note:
    """A text that stands in the file otherwise than it was given; `place` is the field among the values given."""

    place: str
    text: str


@dataclass(frozen=True, slots=True)
class Written:
    """A whole file, and what a person should know about it.

    `count` is how many payments are in it; `totals` what they add up to, one amount per currency in the order of the
    currencies' codes.
    """

    content: bytes
    notes: tuple[Note, ...]
    count: int
    totals: tuple[Money, ...]


class Unwritable(DomainError):
    """Values that cannot go into a file of this kind; `problems` says every place and reason, nothing was written."""

    code: ClassVar[str] = "formats.unwritable"

    def __init__(self, problems: Iterable[Problem]) -> None:
        self.problems = tuple(problems)
        shown = "; ".join(f"{problem.place}: {problem.reason}" for problem in self.problems[:5])
        more = len(self.problems) - 5
        super().__init__(f"{shown} and {more} more" if more > 0 else shown)


class Checks:
    """Fits and checks the fields of one file; collects notes and problems, refuses once at the end."""

    def __init__(self, charset: CharacterSet) -> None:
        self.charset = charset
        self.notes: list[Note] = []
        self.problems: list[Problem] = []

    def problem(self, place: str, reason: str) -> None:
        """Something that stops the whole file."""
        self.problems.append(Problem(place, reason))

    def require(self, is_fine: bool, place: str, reason: str) -> bool:
        """A problem unless it is fine; whether it is."""
        if not is_fine:
            self.problem(place, reason)
        return is_fine

    def text(
        self, place: str, text: str, *, limit: int, required: bool = False, charset: CharacterSet | None = None
    ) -> str:
        """A text for people: put into the bank's characters, cut to `limit`; each with a note, nothing silently."""
        stripped = text.strip()
        if not stripped:
            self.require(not required, place, "is missing")
            return ""
        fitted = transliterate(stripped, (charset or self.charset).allowed).strip()
        if fitted != stripped:
            self.notes.append(Note(place, f"{stripped!r} is written {fitted!r}: the bank lacks some characters"))
        if len(fitted) > limit:
            cut = fitted[:limit].rstrip()
            self.notes.append(Note(place, f"{fitted!r} is cut to {len(cut)} characters: {cut!r}"))
            fitted = cut
        return fitted

    def code(self, place: str, text: str, *, limit: int, required: bool = True) -> str:
        """A reference that comes back from the bank: never changed and never cut, else a problem.

        Only SEPA's basic characters, no slash at either end and no two slashes in a row (EPC implementation
        guidelines, section on references).
        """
        if not text:
            self.require(not required, place, "is missing")
            return ""
        self.require(len(text) <= limit, place, f"has {len(text)} characters; the bank takes {limit}")
        self.require(SEPA.allowed.issuperset(text), place, f"{text!r} has characters that banks do not return")
        is_plain = not (text.startswith("/") or text.endswith("/") or "//" in text or text != text.strip())
        self.require(is_plain, place, f"{text!r} begins or ends with a blank or slash, or has two slashes in a row")
        return text

    def identifier(self, place: str, validate: Callable[[str], str], number: str) -> str:
        """A number by its issuer's rule, in its compact form; "" and a problem where the rule excludes it."""
        if not number.strip():
            self.problem(place, "is missing")
            return ""
        try:
            return validate(number)
        except InvalidIdentifier as refusal:
            self.problem(place, str(refusal))
            return ""

    def amount(self, place: str, amount: Money, *, currencies: frozenset[str], most_minor: int) -> None:
        """A problem unless the amount is above zero, in one of the currencies, and not more than the file takes."""
        if amount.currency not in currencies:
            self.problem(place, f"{amount.currency}; this kind of payment is in {' or '.join(sorted(currencies))}")
        elif amount.minor <= 0:
            self.problem(place, "must be more than zero")
        elif amount.minor > most_minor:
            self.problem(place, f"{amount.minor} minor units; the most is {most_minor}")

    def refuse_problems(self) -> None:
        """Refuses `Unwritable` with everything found so far."""
        if self.problems:
            raise Unwritable(self.problems)


def totals(amounts: Iterable[Money]) -> tuple[Money, ...]:
    """What the amounts add up to, one sum per currency."""
    sums: dict[str, Money] = {}
    for amount in amounts:
        sums[amount.currency] = sums.get(amount.currency, Money.zero(amount.currency)) + amount
    return tuple(sums[currency] for currency in sorted(sums))


def assert_totals(*, written: tuple[int, int], given: tuple[int, int]) -> None:
    """(count, sum) as they stand in the finished file against those of the values given; a difference is a bug."""
    if written != given:
        raise ArithmeticError(f"the file holds {written[0]} payments of {written[1]}, {given[0]} of {given[1]} given")
