"""Which values of a column say that money came in, and which that it went out."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

MOST: Final = 8
"""A column with more different values holds no marks."""

# Credit and debit as banks of the three countries and ISO 20022 write them; those of one or two characters say
# nothing without a column's name that says so.
_PAIRS: Final = (
    ("CRDT", "DBIT"),
    ("Credit", "Debit"),
    ("Kredit", "Debet"),
    ("Kredyt", "Debet"),
    ("Uznanie", "Obciążenie"),
    ("Uznania", "Obciążenia"),
    ("Wpływ", "Wydatek"),
    ("Wpłata", "Wypłata"),
    ("Przychodzący", "Wychodzący"),
    ("Insättning", "Uttag"),
    ("Insatt", "Uttaget"),
    ("Inkommande", "Utgående"),
    ("Încasare", "Plată"),
    ("Incasare", "Plata"),
    ("Intrare", "Ieșire"),
    ("Intrare", "Iesire"),
    ("Incoming", "Outgoing"),
    ("Deposit", "Withdrawal"),
    ("Money in", "Money out"),
    ("In", "Out"),
    ("CR", "DR"),
    ("CR", "DB"),
    ("CT", "DT"),
    ("MA", "WN"),
    ("C", "D"),
    ("K", "D"),
    ("H", "S"),
    ("+", "-"),
)
_CREDIT: Final = {credit.casefold(): debit for credit, debit in reversed(_PAIRS)}
_DEBIT: Final = {debit.casefold(): credit for credit, debit in reversed(_PAIRS)}
_TELLING: Final = 4


@dataclass(frozen=True, slots=True)
class Marks:
    """The different values of a column, in the order of the file; those known as credit, those known as debit."""

    values: tuple[str, ...]
    credit: tuple[str, ...]
    debit: tuple[str, ...]

    @property
    def are_known(self) -> bool:
        """Whether each value is a mark that banks use."""
        return bool(self.values) and len(self.credit) + len(self.debit) == len(self.values)

    @property
    def are_telling(self) -> bool:
        """Whether they are marks whatever the column is called: words, not letters."""
        return self.are_known and all(len(value) >= _TELLING for value in self.values)


def marks(texts: Iterable[str]) -> Marks:
    """What the cells of a column say of the sign; a column with more than a few different values says nothing."""
    values = tuple(dict.fromkeys(text for text in texts if text))
    if len(values) > MOST:
        return Marks((), (), ())
    return Marks(
        values,
        tuple(value for value in values if value.casefold() in _CREDIT),
        tuple(value for value in values if value.casefold() in _DEBIT),
    )


def both_sides(credit: tuple[str, ...], debit: tuple[str, ...]) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Marks of credit and of debit; of a side the file does not show, what banks write against the other's."""
    against = {_as(_DEBIT[value.casefold()], value): None for value in debit if value.casefold() in _DEBIT}
    against_credit = {_as(_CREDIT[value.casefold()], value): None for value in credit if value.casefold() in _CREDIT}
    return credit or tuple(against), debit or tuple(against_credit)


def _as(word: str, like: str) -> str:
    """The word in small or capital letters as its counterpart in the file."""
    if like.isupper():
        return word.upper()
    return word.lower() if like.islower() else word
