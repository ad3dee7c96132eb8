"""The split of a payment as a person types it: invoices with amounts, fees and differences, whose the rest is."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final

from django.http import QueryDict

from kvit.banking.queries import BankLine
from kvit.desk import answers
from kvit.kernel.money import NotRepresentable
from kvit.matching.commands import Adjustment, Target, Terms
from kvit.matching.domain.adjustments import ADJUSTMENT_ACCOUNTS, ShortPay
from kvit.pages import figures, words

SIGNS: Final[Mapping[str, int]] = {"reminder_fees": -1, "interest_income": -1}
"""What is typed as a plain amount although it is credited to customers no more: it was paid on top."""
_SHORTS: Final = frozenset(code.value for code in ShortPay)
_LONGEST: Final = 40
_MOST: Final = 200


@dataclass(frozen=True, slots=True)
class Typed:
    """What stands in the split's fields, as text; `is_new` before anybody typed."""

    amounts: Mapping[int, str] = field(default_factory=dict)
    shorts: Mapping[int, str] = field(default_factory=dict)
    adjustments: Mapping[str, str] = field(default_factory=dict)
    rest: int | None = None
    third_party: bool = False
    learn: bool = True

    def targets(self, currency: str) -> tuple[Target, ...]:
        """Refuses `NotAnAmount`, `NotRepresentable`."""
        found = ((i, _read(text, currency), self.shorts.get(i)) for i, text in self.amounts.items())
        return tuple(Target(i, minor, ShortPay(short) if short else None) for i, minor, short in found if minor)

    def terms(self, currency: str) -> Terms:
        """Refuses `NotAnAmount`, `NotRepresentable`."""
        amounts = ((a, SIGNS.get(a, 1) * _read(text, currency)) for a, text in self.adjustments.items())
        return Terms(
            adjustments=tuple(Adjustment(account, minor) for account, minor in amounts if minor),
            advance_party_id=self.rest,
            third_party=self.third_party,
            learn=self.learn,
        )

    def left(self, line: BankLine) -> int | None:
        """What is left of the payment; below zero is too much. None while something is no amount."""
        try:
            adjusted = sum(a.amount_minor for a in self.terms(line.currency).adjustments)
            given = sum(target.amount_minor for target in self.targets(line.currency))
        except (figures.NotAnAmount, NotRepresentable):
            return None
        return line.amount_minor + adjusted - given


def typed(form: QueryDict) -> Typed:
    """The fields that are filled; what is no field of a split is passed over."""
    amounts, shorts, adjustments = {}, {}, {}
    for name, value in list(form.items())[:_MOST]:
        kind, _dash, of = name.partition("-")
        text = str(value).strip()[:_LONGEST]
        number = answers.number(of)
        if kind == "amount" and number is not None and text:
            amounts[number] = text
        elif kind == "short" and number is not None and text in _SHORTS:
            shorts[number] = text
        elif kind == "adjust" and of in ADJUSTMENT_ACCOUNTS and text:
            adjustments[of] = text
    return Typed(amounts, shorts, adjustments, answers.number(form.get("rest")), "third_party" in form, "learn" in form)


def suggested(invoice_amounts: Mapping[int, int], currency: str) -> Typed:
    """What a candidate would pay, as if typed."""
    return Typed(
        {i: figures.money_text(minor, currency, words.current(), bare=True) for i, minor in invoice_amounts.items()}
    )


def _read(text: str, currency: str) -> int:
    return figures.read_amount(text, currency, words.current())
