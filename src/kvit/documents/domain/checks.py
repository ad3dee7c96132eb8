"""What must hold on a sheet before it is frozen: a document that does not add up is never drawn."""

import re
from collections.abc import Iterator
from typing import ClassVar, Final

from kvit.documents.domain.kinds import SectionName, SheetKind, TotalName
from kvit.documents.domain.sheet import Sheet
from kvit.kernel.currencies import minor_units
from kvit.kernel.figures import LANGUAGES
from kvit.kernel.refusals import DomainError

_COLOUR: Final = re.compile(r"#[0-9a-f]{6}|")
_BALANCES: Final = frozenset({SheetKind.STATEMENT})
_LISTS: Final = frozenset({SheetKind.OPEN_ITEMS, SheetKind.CONFIRMATION})


class BadSheet(DomainError):
    """A sheet whose figures do not add up, or that names a language or colour there is not."""

    code: ClassVar[str] = "documents.bad_sheet"


def require_sound(sheet: Sheet) -> None:
    """Refuses `BadSheet` with the first thing that is wrong, and `UnknownCurrency`."""
    minor_units(sheet.currency)
    for wrong in problems(sheet):
        raise BadSheet(f"{sheet.kind.value} {sheet.number}: {wrong}")


def problems(sheet: Sheet) -> Iterator[str]:
    """All that is wrong, each in a few words."""
    if sheet.language not in LANGUAGES:
        yield f"there is no language {sheet.language!r}"
    if not _COLOUR.fullmatch(sheet.look.colour):
        yield f"{sheet.look.colour!r} is no colour"
    if not sheet.seller.name.strip() or not sheet.buyer.name.strip():
        yield "both sides have a name"
    if not sheet.number.strip():
        yield "it has a number"
    yield from _lines(sheet)
    yield from _lists(sheet)
    yield from _balances(sheet)


def _total(sheet: Sheet, name: TotalName) -> int | None:
    found = [total.amount_minor for total in sheet.totals if total.name is name]
    return sum(found) if found else None


def _lines(sheet: Sheet) -> Iterator[str]:
    sums = {section.name: sum(line.net_minor for line in section.lines) for section in sheet.sections}
    net = _total(sheet, TotalName.NET)
    if sheet.sections and net is not None:
        before, after = sums.get(SectionName.BEFORE, 0), sums.get(SectionName.AFTER)
        lines = after - before if after is not None else sums.get(SectionName.LINES, 0)
        lines += _total(sheet, TotalName.ALLOWANCES) or 0
        lines += _total(sheet, TotalName.CHARGES) or 0
        lines += _total(sheet, TotalName.ADVANCE) or 0
        if lines != net:
            yield f"its lines make {lines} minor units, its net amount is {net}"
    if sheet.vat:
        base, vat = sum(row.base_minor for row in sheet.vat), sum(row.vat_minor for row in sheet.vat)
        if net is not None and base != net:
            yield f"VAT is computed on {base} minor units, the net amount is {net}"
        if (total := _total(sheet, TotalName.VAT)) is not None and total != vat:
            yield f"its rates make {vat} minor units of VAT, it says {total}"
    for each in sheet.changes:
        changed, told = each.after_minor - each.before_minor, _total(sheet, each.name)
        if told is not None and changed != told:
            yield f"its {each.name.value} changes by {changed} minor units, it says {told}"
    gross = _total(sheet, TotalName.GROSS)
    if gross is not None and net is not None and gross != net + (_total(sheet, TotalName.VAT) or 0):
        yield f"net and VAT make {net + (_total(sheet, TotalName.VAT) or 0)} minor units, its total is {gross}"


def _lists(sheet: Sheet) -> Iterator[str]:
    listed = sum(item.open_minor for item in sheet.items)
    if sheet.kind in _LISTS and listed != sheet.headline.amount_minor:
        yield f"{listed} minor units are open, it says {sheet.headline.amount_minor}"
    if sheet.ages and (aged := sum(each.amount_minor for each in sheet.ages)) != listed:
        yield f"its ages make {aged} minor units, {listed} are open"
    interest = sum(row.amount_minor for row in sheet.interest)
    if sheet.interest and interest != (_total(sheet, TotalName.INTEREST) or 0):
        yield f"its interest makes {interest} minor units, it says {_total(sheet, TotalName.INTEREST) or 0}"
    settled = sum(each.amount_minor for each in sheet.settled)
    if sheet.settled and settled + (_total(sheet, TotalName.UNUSED) or 0) != sheet.headline.amount_minor:
        yield f"{settled} minor units of {sheet.headline.amount_minor} are accounted for"


def _balances(sheet: Sheet) -> Iterator[str]:
    if sheet.kind not in _BALANCES:
        return
    balance = _total(sheet, TotalName.OPENING) or 0
    for place, entry in enumerate(sheet.entries, 1):
        balance += entry.debit_minor - entry.credit_minor
        if balance != entry.balance_minor:
            yield f"line {place}: the balance is {balance} minor units, it says {entry.balance_minor}"
            return
    if balance != sheet.headline.amount_minor:
        yield f"its lines end at {balance} minor units, its balance is {sheet.headline.amount_minor}"
