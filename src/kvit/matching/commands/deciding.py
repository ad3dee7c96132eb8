"""From the engine's decisions to links, advances and suggestions. Loads the engine: imported by who matches only."""

import functools
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Final

from kvit.banking.queries import BankLine
from kvit.base.command import Ctx
from kvit.invoicing import queries as invoicing
from kvit.kernel import currencies
from kvit.ledger.domain import Accounts
from kvit.ledger.queries import Item, items_by_id
from kvit.matching import queries
from kvit.matching.commands.suggesting import Advance, Waiting
from kvit.matching.commands.writing import NewLink, Share, Sureness
from kvit.matching.domain import Mode, RobotRule
from kvit.matching.domain.calibration import asked
from kvit.matching.domain.columns import payments_of
from kvit.matching.domain.engine import CreditorRule, match
from kvit.matching.domain.outcomes import Decided, Outcome, decided, threshold
from kvit.matching.domain.shipped_prior import shipped_prior
from kvit.matching.domain.spreading import spread
from kvit.matching.queries import SuggestedItem, Suggestion, standing

_SHORT: Final = "amount_short"
_OTHER_AMOUNT: Final = frozenset({"amount_short", "amount_over", "amount_partial", "amount_more"})
_EQUALS: Final = "oldest_of_equals"

prior = functools.cache(shipped_prior)


@dataclass(frozen=True, slots=True)
class Plan:
    """What to write: links, those of them that are advances, suggestions, and why lines wait."""

    links: tuple[NewLink, ...]
    advances: tuple[Advance, ...]
    suggestions: tuple[Suggestion, ...]
    waiting: Mapping[int, Waiting]


def plan(ctx: Ctx, lines: Sequence[BankLine], rule: RobotRule, *, taken: frozenset[int], alone: bool) -> Plan:
    """What the robot does with payments in the order of booking; `taken` are lines it must not book."""
    in_force = queries.state_of_the_robot().in_force_ppm
    least = _least(in_force)
    found = [
        one if one.line_id not in taken or one.outcome is not Outcome.BOOKED else replace(one, outcome=Outcome.UNSURE)
        for one in _decisions(ctx, lines, rule, least, alone=alone)
    ]
    by_id = {line.id: line for line in lines}
    is_live = rule.mode is Mode.LIVE
    booked = [one for one in found if one.outcome is Outcome.BOOKED] if is_live else []
    left = [
        one
        for one in found
        if one.outcome in (Outcome.TWICE, Outcome.CLOSED) and is_live and not taken & {one.line_id, one.about_line}
    ]
    sure = (least[0], in_force)
    handled = {one.line_id for one in (*booked, *left)}
    waiting = [one for one in found if one.line_id not in handled]
    return Plan(
        links=(
            *(_link(by_id[one.line_id], one, rule, sure) for one in booked),
            *(_on_account(by_id[one.line_id], one, sure) for one in left),
        ),
        advances=tuple(_advances(left)),
        suggestions=tuple(_suggestions(waiting, by_id)),
        waiting=_reasons(waiting),
    )


def _least(in_force_ppm: int) -> tuple[int, int]:
    """The least confidence of what is booked for this precision, by the company's calibration (numerator, whole)."""
    least, whole = threshold(prior(), in_force_ppm)
    calibration = queries.calibration()
    return (asked(least, calibration.factor_ppm) if calibration is not None else least), whole


def _decisions(
    ctx: Ctx, lines: Sequence[BankLine], rule: RobotRule, least: tuple[int, int], *, alone: bool
) -> list[Decided]:
    payments = payments_of(
        [(line.id, line.booking_date, line.amount_minor, line.currency) for line in lines],
        [(line.counterparty_name, line.counterparty_account, line.reference, line.text) for line in lines],
    )
    creditor = CreditorRule(
        rule.short_minor, rule.short_permille, rule.reminder_fee_minor, rule.rounds_up_to_minor, rule.most_items
    )
    known = {c: currencies.minor_units(c) for c in {line.currency for line in lines} & currencies.known()}
    decimals = [known.get(line.currency, 2) for line in lines]
    with standing.held(ctx.tenant_id, ctx.now, creditor, alone=alone) as stand:
        decisions = match(stand.index, payments, prior=prior(), threshold=least[0] / least[1])
        return list(decided(decisions, stand.index, decimals=decimals))


def _link(line: BankLine, one: Decided, rule: RobotRule, sure: tuple[int, int]) -> NewLink:
    settled = spread(one.items)
    settles, written_off = settled.settles, 0
    short = next((minor for code, minor in one.evidence.reasons if code == _SHORT), 0)
    if len(settles) == 1 and 0 < short <= rule.write_off_up_to_minor:
        written_off = short
        settles = ((settles[0][0], settles[0][1] + short),)
    return NewLink(
        line_id=line.id,
        amount_minor=line.amount_minor,
        currency=line.currency,
        booking_date=line.booking_date,
        shares=(Share(one.party_id, line.amount_minor + written_off, settles),),
        evidence=one.evidence,
        adjustments=((Accounts.WRITE_OFF, written_off),) if written_off else (),
        nets=settled.nets,
        sure=Sureness(one.confidence_ppm, *sure),
    )


def _on_account(line: BankLine, one: Decided, sure: tuple[int, int]) -> NewLink:
    """All of it is the customer's advance."""
    return NewLink(
        line_id=line.id,
        amount_minor=line.amount_minor,
        currency=line.currency,
        booking_date=line.booking_date,
        shares=(Share(one.party_id, line.amount_minor),),
        evidence=one.evidence,
        sure=Sureness(one.confidence_ppm, *sure),
    )


def _advances(left: Sequence[Decided]) -> Iterator[Advance]:
    numbers = _numbers(items_by_id([one.about_item for one in left if one.about_item]))
    for one in left:
        number = numbers.get(one.about_item, "")
        if one.outcome is Outcome.TWICE:
            params: dict[str, str | int] = {"line": one.about_line}
            words = f"the same was paid before, by movement {one.about_line}; it stands on the customer's account"
            yield Advance(one.line_id, "matching.paid_twice", words, params)
        else:
            words = f"{number} is paid already; the money stands on the customer's account"
            yield Advance(one.line_id, "matching.already_paid", words, {"invoice": number})


def _suggestions(waiting: Sequence[Decided], lines: Mapping[int, BankLine]) -> Iterator[Suggestion]:
    """What the engine would pay, and its runner-up as far as the payment goes."""
    rivals = {i.id: i for i in items_by_id([i for one in waiting for i in one.evidence.rival.item_ids])}
    for one in waiting:
        if not one.items:
            continue
        items = tuple(SuggestedItem(item_id, amount) for item_id, amount in one.items)
        yield Suggestion(
            one.line_id, 1, one.party_id, items, one.confidence_ppm, one.evidence, one.outcome is Outcome.BOOKED
        )
        rival = one.evidence.rival
        others = [rivals[i] for i in rival.item_ids if i in rivals]
        if others and rival.item_ids != tuple(item.item_id for item in items):
            yield Suggestion(
                line_id=one.line_id,
                rank=2,
                party_id=others[0].party_id,
                items=_as_far_as(lines[one.line_id].amount_minor, others),
                confidence_ppm=rival.confidence_ppm,
                evidence=replace(one.evidence, code=rival.reason, words="", reasons=(), rival=type(rival)()),
                would_book=False,
            )


def _as_far_as(amount_minor: int, items: Sequence[Item]) -> tuple[SuggestedItem, ...]:
    """A set is paid whole; of a single item no more is suggested than came."""
    if len(items) == 1 and items[0].side == "debit":
        return (SuggestedItem(items[0].id, min(amount_minor, items[0].open_minor)),)
    return tuple(SuggestedItem(i.id, i.open_minor if i.side == "debit" else -i.open_minor) for i in items)


def _reasons(waiting: Sequence[Decided]) -> dict[int, Waiting]:
    """Why lines wait that are not simply unexplained."""
    wanted = [item_id for one in waiting for item_id in (*(i for i, _ in one.items), one.about_item) if item_id]
    items = {i.id: i for i in items_by_id(wanted)}
    numbers = _numbers(tuple(items.values()))
    return {one.line_id: _reason(one, items, numbers) for one in waiting if one.outcome is not Outcome.NOTHING}


def _reason(one: Decided, items: Mapping[int, Item], numbers: Mapping[int, str]) -> Waiting:
    if not one.items:
        if not one.about_item:
            return Waiting("matching.paid_twice", "the same was paid before", {"line": one.about_line})
        number = numbers.get(one.about_item, "")
        return Waiting("matching.already_paid", f"{number} is paid already", {"invoice": number})
    first = items[one.items[0][0]]
    number, codes = numbers.get(first.id, ""), {code for code, _ in one.evidence.reasons}
    if one.outcome is Outcome.BOOKED:
        return Waiting("matching.would_book", f"would be booked to {number}: {one.evidence.words}", {"invoice": number})
    params: dict[str, str | int] = {"invoice": number, "open_minor": first.open_minor}
    if len(one.items) == 1 and codes & _OTHER_AMOUNT:
        return Waiting("matching.amount_differs", f"the amount differs from what is open of {number}", params)
    if _EQUALS in codes:
        return Waiting("matching.equal_debts", f"{number} is one of several equal debts", params)
    return Waiting("matching.unsure", f"probably {number}, not surely: {one.evidence.words}", params)


def _numbers(items: Sequence[Item]) -> dict[int, str]:
    invoices = {row.id: row.number or "" for row in invoicing.invoices([item.subject_id for item in items])}
    return {item.id: invoices.get(item.subject_id, "") for item in items}
