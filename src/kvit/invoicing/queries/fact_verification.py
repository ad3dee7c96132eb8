"""Recompute facts about claims from their events and history, and say where anything differs."""

from collections.abc import Mapping
from typing import Any, Final

from kvit.base import rows
from kvit.invoicing.domain import FACTS, FactState
from kvit.kernel.results import Problem

_BY: Final[Mapping[str, Any]] = {
    "kinds": [lifecycle.kind for lifecycle in FACTS.values()],
    "of": [kind.value for kind in FACTS],
    "first": FactState.OPEN.value,
}
# The history of all facts, each move with the one before it; a fact begins open, without a move.
_HISTORY: Final = """
    WITH kinds AS (SELECT * FROM unnest(%(kinds)s::text[], %(of)s::text[]) AS k (lifecycle, kind)),
    moves AS (
        SELECT s.object_id, k.kind, s.from_state, s.to_state, s.command_id,
               lag(s.to_state, 1, %(first)s) OVER w AS before,
               row_number() OVER (PARTITION BY s.object_id, k.kind ORDER BY s.id DESC) AS back
        FROM base_statechange s JOIN kinds k ON k.lifecycle = s.kind
        WINDOW w AS (PARTITION BY s.object_id, k.kind ORDER BY s.id)
    )
"""
_SAID: Final = """
    said AS (
        SELECT (body ->> 'fact_id')::bigint AS fact_id, (body ->> 'invoice_id')::bigint AS invoice_id,
               body ->> 'kind' AS kind, command_id
        FROM base_event WHERE type = 'invoicing.FactStated'
    )
"""
_CHECKS: Final[tuple[tuple[str, str], ...]] = (
    (
        "fact {0}: it stands at {1}, its history ends at {2}",
        _HISTORY
        + """
        SELECT f.id, f.state, coalesce(m.to_state, %(first)s) FROM invoicing_claimfact f
        LEFT JOIN moves m ON m.object_id = f.id AND m.kind = f.kind AND m.back = 1
        WHERE f.state <> coalesce(m.to_state, %(first)s) ORDER BY f.id
        """,
    ),
    (
        "fact {0}: it was moved from {1}, where it did not stand",
        _HISTORY + "SELECT object_id, from_state FROM moves WHERE from_state <> before ORDER BY object_id",
    ),
    (
        "there is a history of a fact {0} ({1}), and no such fact",
        _HISTORY
        + """
        SELECT DISTINCT m.object_id, m.kind FROM moves m
        LEFT JOIN invoicing_claimfact f ON f.id = m.object_id AND f.kind = m.kind WHERE f.id IS NULL ORDER BY 1
        """,
    ),
    (
        "fact {0}: it was moved by command {1}, which announced nothing of it",
        _HISTORY
        + """
        , announced AS (
            SELECT e.command_id, jsonb_array_elements_text(e.body -> 'fact_ids')::bigint AS fact_id
            FROM base_event e WHERE e.type = 'invoicing.FactsMoved'
        )
        SELECT m.object_id, m.command_id FROM moves m
        LEFT JOIN announced a ON a.command_id = m.command_id AND a.fact_id = m.object_id
        WHERE a.fact_id IS NULL ORDER BY 1, 2
        """,
    ),
    (
        "fact {0}: {1} events say that it was stated, on its invoice and by its command",
        "WITH "
        + _SAID
        + """
        SELECT f.id, count(s.fact_id) FROM invoicing_claimfact f
        LEFT JOIN said s ON s.fact_id = f.id AND s.invoice_id = f.invoice_id AND s.kind = f.kind
             AND s.command_id = f.command_id
        GROUP BY f.id HAVING count(s.fact_id) <> 1 ORDER BY 1
        """,
    ),
    (
        "an event says that fact {0} was stated, and there is no such fact",
        "WITH "
        + _SAID
        + """
        SELECT s.fact_id FROM said s LEFT JOIN invoicing_claimfact f ON f.id = s.fact_id WHERE f.id IS NULL ORDER BY 1
        """,
    ),
    (
        "fact {0}: {1} are disputed, which is more than its lines make: {2}",
        """
        SELECT f.id, f.amount_minor, sum(d.amount_minor) FROM invoicing_claimfact f
        JOIN invoicing_disputedline d ON d.fact_id = f.id GROUP BY f.id, f.amount_minor
        HAVING sum(d.amount_minor) < f.amount_minor ORDER BY 1
        """,
    ),
)


def verify() -> tuple[Problem, ...]:
    """States that differ from their history, histories with holes, what was done without an event, and the reverse.

    Needs the tenant's scope.
    """
    return tuple(Problem("invoicing", text.format(*row)) for text, query in _CHECKS for row in rows.select(query, _BY))
