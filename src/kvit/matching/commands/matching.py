"""The robot: book what is sure, let the rest wait with its reason and what it may be."""

import contextlib
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from django.db import connection, transaction

from kvit.banking import queries as banking
from kvit.banking.queries import BankLine
from kvit.base import rows
from kvit.base.codec import Bulk
from kvit.base.command import Ctx, command
from kvit.ledger.commands import OverAllocated
from kvit.matching import queries
from kvit.matching.commands.learning import count_again
from kvit.matching.commands.suggesting import keep_suggestions, let_wait, tell_advances
from kvit.matching.commands.writing import NewLink, write_links
from kvit.matching.domain.rule import Mode

ATTEMPTS: Final = 6


@dataclass(frozen=True)
class Matched:
    """How many of the lines were linked now, wait for a person, and were linked before."""

    linked: int
    waiting: int
    known: int


@command
def match_lines(ctx: Ctx, *, line_ids: Bulk[Sequence[int]]) -> Matched:
    """Decide about a chunk of booked bank lines, in order of booking; repeating it changes nothing that is linked.

    What is sure enough for the company's rule is booked by the robot, with its evidence. What was paid twice or pays a
    closed invoice goes to its customer's account, with a work item that says so. The rest waits, with the reason and
    up to two suggestions; in shadow mode everything does, and the suggestion says what would have been booked. What a
    person has taken from the robot once, it never books again by itself.

    Whoever wants to link one of the lines at the same moment waits. Where somebody else settles one of their invoices,
    the whole chunk is decided anew: who is faster with one never keeps the others from being matched.
    """
    alone = bool(connection.savepoint_ids)  # inside somebody's transaction, whose changes nobody else sees yet
    for _ in range(ATTEMPTS - 1):
        with contextlib.suppress(OverAllocated), transaction.atomic():
            return _match(ctx, line_ids, alone=alone)
    return _match(ctx, line_ids, alone=alone)


def _match(ctx: Ctx, line_ids: Sequence[int], *, alone: bool) -> Matched:
    locked = banking.locked_lines(line_ids)
    linked_before, taken = _known(line_ids)
    settled = linked_before | banking.settled_by_return(line_ids)
    lines = sorted((line for line in locked if line.id not in settled), key=lambda line: (line.booking_date, line.id))
    if not lines:
        return Matched(0, 0, len(settled))
    payments = [line for line in lines if line.amount_minor > 0]
    rule = queries.rule()
    if rule.mode is Mode.OFF or not payments:
        let_wait(ctx, lines, robot_is_off=rule.mode is Mode.OFF)
        return Matched(0, len(lines), len(settled))
    from kvit.matching.commands import deciding  # by whoever matches, by no page

    plan = deciding.plan(ctx, payments, rule, taken=taken, alone=alone)
    write_links(ctx, plan.links)
    _count(ctx, payments, plan.links)
    tell_advances(ctx, plan.advances)
    keep_suggestions(ctx, [line.id for line in payments], plan.suggestions)
    linked = {link.line_id for link in plan.links}
    let_wait(ctx, [line for line in lines if line.id not in linked], plan.waiting)
    return Matched(linked=len(linked), waiting=len(lines) - len(linked), known=len(settled))


def _known(line_ids: Sequence[int]) -> tuple[frozenset[int], frozenset[int]]:
    """Lines with a live link, and those whose link a person has undone: they are not booked again without one."""
    found = rows.select(
        "SELECT DISTINCT i.line_id, i.state = 'live' "
        + rows.looked_up("matching_link", "line_id = wanted.value")
        + "WHERE i.undone_as <> 'returned'",
        {"wanted": list(line_ids)},
    )
    return frozenset(i for i, live in found if live), frozenset(i for i, live in found if not live)


def _count(ctx: Ctx, payments: Sequence[BankLine], links: Sequence[NewLink]) -> None:
    accounts = {line.id: line.counterparty_account for line in payments}
    count_again(ctx, [(link.party_id, accounts[link.line_id]) for link in links if link.party_id is not None])
