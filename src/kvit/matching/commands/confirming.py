"""A person confirms what the robot suggests, one line or many that are alike."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar

from django.db import transaction

from kvit.banking.queries import BankLine
from kvit.base.codec import Bulk
from kvit.base.command import Ctx, command
from kvit.kernel.refusals import DomainError
from kvit.ledger.queries import Item, items_by_id
from kvit.matching import queries
from kvit.matching.commands.learning import learn_from_line
from kvit.matching.commands.lines import NotLinkable, free_payment
from kvit.matching.commands.linking import Linked
from kvit.matching.commands.writing import NewLink, Share, write_links
from kvit.matching.domain import Evidence
from kvit.matching.domain.spreading import spread
from kvit.matching.queries import SuggestedItem, Suggestion


class NotSuggested(DomainError):
    """The line has no such suggestion, or what it would pay is no longer open as it was."""

    code: ClassVar[str] = "matching.not_suggested"


class SuggestionChanged(DomainError):
    """The robot suggests something else by now than what the person saw."""

    code: ClassVar[str] = "matching.suggestion_changed"


@dataclass(frozen=True, slots=True)
class Seen:
    """What a person saw suggested for a line: open items of the ledger, and so much of each."""

    line_id: int
    items: tuple[SuggestedItem, ...]


@dataclass(frozen=True)
class Confirmed:
    """The links made, and the lines left with the code of why; each line is in one of the two."""

    link_ids: tuple[int, ...]
    left: tuple[tuple[int, str], ...]


@command
def confirm_suggestion(ctx: Ctx, *, line_id: int, expected: tuple[SuggestedItem, ...], rank: int = 1) -> Linked:
    """Link a line as the robot suggests, and learn its payer. What the items leave is the customer's advance.

    `expected` is what the person saw and agrees to; the order of its items does not matter. Refuses
    `SuggestionChanged`, `NotSuggested`, `NotLinkable`, `AlreadyLinked`, `OverAllocated`.
    """
    return _confirm(ctx, Seen(line_id, expected), rank)


@command
def confirm_many(ctx: Ctx, *, expected: Bulk[Sequence[Seen]]) -> Confirmed:
    """Link each of these lines as its first suggestion was seen; what cannot be is left, with why.

    See `queries.equals`.
    """
    link_ids, left = [], []
    for seen in {seen.line_id: seen for seen in expected}.values():
        try:
            with transaction.atomic():
                link_ids.append(_confirm(ctx, seen, 1).link_id)
        except DomainError as refused:
            left.append((seen.line_id, refused.code))
    return Confirmed(tuple(link_ids), tuple(left))


def _confirm(ctx: Ctx, seen: Seen, rank: int) -> Linked:
    line = free_payment(seen.line_id)  # locks it: the robot changes no suggestion of it from here on
    suggestion = _suggested(seen, rank)
    link, left = _link(line, suggestion, items_by_id([item.item_id for item in suggestion.items]))
    (link_id,) = write_links(ctx, [link])
    learn_from_line(ctx, line, [suggestion.party_id])
    return Linked(link_id, left)


def _suggested(seen: Seen, rank: int) -> Suggestion:
    suggestion = next((s for s in queries.suggestions([seen.line_id]) if s.rank == rank), None)
    if suggestion is None:
        raise NotSuggested(f"line {seen.line_id} has no suggestion {rank}")
    if set(suggestion.items) != set(seen.items):
        raise SuggestionChanged(f"another suggestion stands for line {seen.line_id} than the one that was looked at")
    return suggestion


def _link(line: BankLine, suggestion: Suggestion, items: Sequence[Item]) -> tuple[NewLink, int]:
    """The link that a suggestion means, and what it leaves to the customer."""
    still = {item.id: item.open_minor for item in items if item.party_id == suggestion.party_id}
    wanted = [(item.item_id, item.amount_minor) for item in suggestion.items]
    if any(still.get(item_id, 0) < abs(amount) for item_id, amount in wanted):
        raise NotSuggested("what the suggestion would pay is no longer open as it was")
    settled = spread(wanted)
    left = line.amount_minor - sum(amount for _, amount in settled.settles)
    if left < 0:
        raise NotLinkable(f"the suggestion pays {-left} minor units more than came")
    evidence = suggestion.evidence
    said = Evidence("confirmed", evidence.words, evidence.about, evidence.reasons, evidence.rival, evidence.change)
    link = NewLink(
        line_id=line.id,
        amount_minor=line.amount_minor,
        currency=line.currency,
        booking_date=line.booking_date,
        shares=(Share(suggestion.party_id, line.amount_minor, settled.settles),),
        nets=settled.nets,
        evidence=said,
    )
    return link, left
