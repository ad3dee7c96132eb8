"""The lines of an issued document as its sheet has them; those of a correction before and after."""

from collections.abc import Iterator
from typing import Final

from kvit.base.texts import N_
from kvit.documents.domain.kinds import SectionName
from kvit.documents.domain.sheet import Line, Section
from kvit.documents.domain.wording import Words
from kvit.formats.einvoice.model import Adjustment, Period
from kvit.invoicing.domain import Kind
from kvit.invoicing.domain.paper import Paper, PaperLine
from kvit.kernel import figures, units

_ORDER: Final = N_("Order %(number)s")
_ALLOWANCE: Final = N_("Allowance")
_CHARGE: Final = N_("Charge")


def sections(paper: Paper, words: Words, language: str) -> tuple[Section, ...]:
    """One group of lines; of a correction what was and what becomes, each as it stands on its document."""
    made = [(one.content.is_before, _line(one, paper, words, language)) for one in paper.lines]
    if paper.kind is not Kind.CORRECTION:
        return (Section(tuple(line for _, line in made)),)
    nothing = (Line("–", 0),)
    before, after = (tuple(line for is_before, line in made if is_before is wanted) for wanted in (True, False))
    return (Section(before or nothing, SectionName.BEFORE), Section(after or nothing, SectionName.AFTER))


def _line(one: PaperLine, paper: Paper, words: Words, language: str) -> Line:
    """A line; one from before a correction is kept turned, so that both add up, and is shown as it was."""
    sign = -1 if one.content.is_before else 1
    has_vat = paper.kind is not Kind.FEE_NOTE
    return Line(
        one.description,
        sign * one.net_minor,
        sign * one.quantity,
        units.word(one.unit, language),
        one.unit_price,
        one.vat_rate if has_vat else None,
        one.category if has_vat else "",
        " · ".join(_details(one, paper.currency, words, language)),
    )


def _details(one: PaperLine, currency: str, words: Words, language: str) -> Iterator[str]:
    """What is told small below a line."""
    more, sign = one.content, -1 if one.content.is_before else 1
    yield from (text for text in (more.details, more.note, more.seller_item) if text)
    if more.order:
        yield words.gettext(_ORDER) % {"number": more.order}
    if more.period is not None:
        yield _period(more.period, language)
    for adjustments, name, direction in ((more.allowances, _ALLOWANCE, -sign), (more.charges, _CHARGE, sign)):
        for each in adjustments:
            amount = figures.money_text(direction * (each.amount_minor or 0), currency, language)
            yield f"{_reason(each, words.gettext(name), language)} {amount}"


def _period(period: Period, language: str) -> str:
    days = [figures.day_text(day, language, "short") for day in (period.start, period.end) if day is not None]
    return " – ".join(days)


def _reason(each: Adjustment, name: str, language: str) -> str:
    told = each.reason or name
    return f"{told} {figures.percent_text(each.percent, language)}" if each.percent is not None else told
