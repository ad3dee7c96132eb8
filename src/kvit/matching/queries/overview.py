"""What long lists need at once: how sure suggestions are, what the robot linked, who is known to pay."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, LiteralString

from kvit.base import rows
from kvit.matching.queries.links import MadeLink, made_link
from kvit.matching.queries.payers import KnownPayer


@dataclass(frozen=True, slots=True)
class Taught:
    """A payer that is known, with the line whose link taught it; None where a person wrote it down."""

    payer: KnownPayer
    line_id: int | None


def sureness(line_ids: Sequence[int]) -> Mapping[int, int]:
    """How sure the first suggestion of each of these lines is, in millionths; lines without one are left out.

    Needs the tenant's scope.
    """
    found = rows.select(
        "SELECT line_id, confidence_ppm FROM matching_suggestion "
        "WHERE rank = 1 AND line_id IN (SELECT unnest(%s::bigint[]))",
        [list(line_ids)],
    )
    return dict(found)


def lines_of_links(link_ids: Sequence[int]) -> tuple[int, ...]:
    """The lines of these links, undone ones too. Needs the tenant's scope."""
    found = rows.select(
        "SELECT DISTINCT line_id FROM matching_link WHERE id IN (SELECT unnest(%s::bigint[])) ORDER BY 1",
        [list(link_ids)],
    )
    return tuple(row[0] for row in found)


def robot_links(
    *, since_at: datetime, until_at: datetime, limit: int, below_id: int | None = None
) -> tuple[MadeLink, ...]:
    """What the robot linked from one instant to another, undone since or not, the newest first; `below_id` pages on.

    Needs the tenant's scope.
    """
    found = rows.select(
        """
        SELECT id FROM matching_link WHERE by_robot AND made_at >= %(since)s AND made_at < %(until)s
            AND id < coalesce(%(below)s::bigint, 9223372036854775807) ORDER BY id DESC LIMIT %(limit)s
        """,
        {"since": since_at, "until": until_at, "below": below_id, "limit": limit},
    )
    made = (made_link(row[0]) for row in found)
    return tuple(link for link in made if link is not None)


def taught(*, text: str = "", party_ids: Sequence[int] = (), limit: int, offset: int = 0) -> tuple[Taught, ...]:
    """Every payer that is known, the last learnt first; with `text` those whose account or name holds it, or whose
    customer is one of `party_ids`. Needs the tenant's scope.
    """
    return _taught(
        "(%(text)s = '' OR strpos(p.account, upper(replace(%(text)s, ' ', ''))) > 0 "
        "OR strpos(lower(p.name), lower(%(text)s)) > 0 OR p.party_id IN (SELECT unnest(%(parties)s::bigint[]))) "
        "ORDER BY p.id DESC LIMIT %(limit)s OFFSET %(offset)s",
        {"text": text, "parties": list(party_ids), "limit": limit, "offset": offset},
    )


def taught_of(party_id: int) -> tuple[Taught, ...]:
    """Who has paid for one customer, the most frequent first. Needs the tenant's scope."""
    return _taught("p.party_id = %(party)s ORDER BY p.times DESC, p.id", {"party": party_id})


def _taught(condition: LiteralString, params: Mapping[str, Any]) -> tuple[Taught, ...]:
    found = rows.select(
        """
        SELECT p.id, p.party_id, p.account, p.name, p.times, p.source, p.learnt_at, c.actor, p.last_at,
               (SELECT min(k.line_id) FROM matching_link k WHERE k.command_id = p.first_command_id)
        FROM matching_payer p JOIN base_command c ON c.id = p.first_command_id WHERE p.state = 'live' AND
        """
        + condition,
        params,
    )
    return tuple(Taught(KnownPayer(*row[:9]), row[9]) for row in found)
