"""What waiting lines may pay, as the robot last saw it, and which of them are alike."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from kvit.base import codec, rows
from kvit.matching.domain.evidence import Evidence


@dataclass(frozen=True, slots=True)
class SuggestedItem:
    """An open item (of the ledger) and so much of it, in minor units; a credit note negative."""

    item_id: int
    amount_minor: int


@dataclass(frozen=True, slots=True)
class Suggestion:
    """What a line may pay: of rank 1 the likeliest, then its runner-up, which lost for `evidence.rival.reason`.

    `would_book`: the robot would have booked it by itself, were it not in shadow mode.
    """

    line_id: int
    rank: int
    party_id: int
    items: tuple[SuggestedItem, ...]
    confidence_ppm: int
    evidence: Evidence
    would_book: bool


_COLUMNS = """
    SELECT line_id, rank, party_id, items, confidence_ppm, evidence, would_book FROM matching_suggestion
"""


def suggestions(line_ids: Sequence[int]) -> tuple[Suggestion, ...]:
    """What these lines may pay, by line and rank. Needs the tenant's scope."""
    return _found(_COLUMNS + "WHERE line_id IN (SELECT unnest(%s::bigint[])) ORDER BY line_id, rank", [list(line_ids)])


def first_suggestions() -> tuple[Suggestion, ...]:
    """The likeliest of every line that has one, by line. Needs the tenant's scope."""
    return _found(_COLUMNS + "WHERE rank = 1 ORDER BY line_id", [])


def suggestions_for(party_ids: Sequence[int]) -> tuple[Suggestion, ...]:
    """What waiting lines may pay of these customers, by party, line and rank. Needs the tenant's scope."""
    return _found(
        _COLUMNS + "WHERE party_id IN (SELECT unnest(%s::bigint[])) ORDER BY party_id, line_id, rank",
        [list(party_ids)],
    )


def equals(line_id: int, *, limit: int = 200) -> tuple[Suggestion, ...]:
    """The preview of a bulk confirmation: first suggestions that rest on the same kinds of evidence as this line's.

    The line's own comes first, then the surest. Empty where the line has no suggestion. Needs the tenant's scope.
    """
    return _found(
        _COLUMNS
        + """
        WHERE rank = 1 AND evidence->'kinds' = (
            SELECT evidence->'kinds' FROM matching_suggestion WHERE line_id = %(line)s AND rank = 1)
        ORDER BY line_id <> %(line)s, confidence_ppm DESC, line_id LIMIT %(limit)s
        """,
        {"line": line_id, "limit": limit},
    )


def _found(query: Any, params: Any) -> tuple[Suggestion, ...]:
    return tuple(
        Suggestion(
            line_id=row[0],
            rank=row[1],
            party_id=row[2],
            items=codec.restore(row[3], tuple[SuggestedItem, ...]),
            confidence_ppm=row[4],
            evidence=codec.restore(row[5], Evidence),
            would_book=row[6],
        )
        for row in rows.select(query, params)
    )
