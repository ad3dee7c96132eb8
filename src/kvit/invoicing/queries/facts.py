"""Facts about claims, as both sides see them: what was said by whom, what became of it, and the words to it."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any, Final

from kvit.base import rows
from kvit.invoicing.domain.facts import ClaimRule, DisputeReason, Side, side_of_actor
from kvit.invoicing.domain.lifecycle import FACTS, FactKind, FactState


@dataclass(frozen=True, slots=True)
class LineDisputed:
    """So much of a line is disputed, VAT included; minor units."""

    position: int
    description: str
    amount_minor: int


@dataclass(frozen=True, slots=True)
class FactMove:
    """A fact came to stand elsewhere; the side is that of who moved it, the robot's is the company's."""

    id: int
    to: FactState
    at: datetime
    side: Side
    command_id: int


@dataclass(frozen=True, slots=True)
class ClaimFact:
    """One thing that was said about a claim. Amounts in minor units of the invoice's currency.

    `on_date` is the day of payment, of the promise, or the due date asked for; after `last_date` what no money has
    borne out is stale or broken. `file_id` is the receipt of a remittance, None once it was erased.
    """

    id: int
    invoice_id: int
    kind: FactKind
    state: FactState
    side: Side
    amount_minor: int | None
    on_date: date | None
    last_date: date | None
    reason: DisputeReason | None
    bank: str
    file_id: int | None
    stated_at: datetime
    command_id: int
    lines: tuple[LineDisputed, ...]
    moves: tuple[FactMove, ...]


@dataclass(frozen=True, slots=True)
class RemarkRow:
    """Words on a claim or on a fact about it; None where they were erased. `command_id` is who said them."""

    id: int
    invoice_id: int
    fact_id: int | None
    side: Side
    words: str | None
    at: datetime
    command_id: int


@dataclass(frozen=True, slots=True)
class ReceiptRow:
    """Where the receipt of a remittance lies."""

    fact_id: int
    sha256: str


_FACTS: Final = (
    "SELECT i.id, i.invoice_id, i.kind, i.state, i.side, i.amount_minor, i.on_date, i.last_date, i.reason, i.bank, "
    "i.file_id, i.stated_at, i.command_id "
)


def facts_of(invoice_ids: Sequence[int]) -> dict[int, tuple[ClaimFact, ...]]:
    """What was said about these claims, in the order in which it was said; at most four statements for any number.

    Claims about which nothing was said are left out. Needs the tenant's scope.
    """
    return _by_invoice(
        rows.select(
            _FACTS + rows.looked_up("invoicing_claimfact", "invoice_id = wanted.value") + "ORDER BY i.id",
            {"wanted": list(invoice_ids)},
        )
    )


def fact(fact_id: int) -> ClaimFact | None:
    """One fact. Needs the tenant's scope."""
    found = _facts(rows.select(_FACTS + "FROM invoicing_claimfact i WHERE i.id = %s", [fact_id]))
    return found[0] if found else None


def live_facts(kinds: Sequence[FactKind], states: Sequence[FactState], *, limit: int) -> tuple[ClaimFact, ...]:
    """Facts of these kinds that are open, answered, stale or broken: the nearest day first, then the oldest.

    Needs the tenant's scope.
    """
    return _facts(
        rows.select(
            _FACTS
            + """
            FROM invoicing_claimfact i
            WHERE i.kind = ANY(%s) AND i.state = ANY(%s) AND i.state IN ('open', 'answered', 'stale', 'broken')
            ORDER BY i.last_date NULLS LAST, i.on_date NULLS LAST, i.id LIMIT %s
            """,
            [[kind.value for kind in kinds], [state.value for state in states], limit],
        )
    )


def count_live_facts() -> dict[tuple[FactKind, FactState], int]:
    """How many facts are open, answered, stale or broken, by kind and state. Needs the tenant's scope."""
    found = rows.select(
        """
        SELECT kind, state, count(*) FROM invoicing_claimfact
        WHERE state IN ('open', 'answered', 'stale', 'broken') GROUP BY 1, 2
        """
    )
    return {(FactKind(kind), FactState(state)): int(count) for kind, state, count in found}


def remarks_of(invoice_ids: Sequence[int]) -> dict[int, tuple[RemarkRow, ...]]:
    """What both sides have said on these claims, in order; claims without a word are left out. Needs the scope."""
    groups: dict[int, list[RemarkRow]] = defaultdict(list)
    for row in rows.select(
        "SELECT i.id, i.invoice_id, i.fact_id, i.side, i.words, i.at, i.command_id "
        + rows.looked_up("invoicing_remark", "invoice_id = wanted.value")
        + "ORDER BY i.id",
        {"wanted": list(invoice_ids)},
    ):
        groups[row[1]].append(RemarkRow(row[0], row[1], row[2], Side(row[3]), *row[4:]))
    return {invoice_id: tuple(told) for invoice_id, told in groups.items()}


def invoices_lapsing(*, today: date, limit: int) -> tuple[int, ...]:
    """Claims with a remittance or a promise whose last day is over and which still waits. Needs the tenant's scope."""
    found = rows.select(
        """
        SELECT DISTINCT invoice_id FROM (
            SELECT invoice_id FROM invoicing_claimfact
            WHERE kind IN ('remittance', 'promise') AND state = 'open' AND last_date < %s
            ORDER BY last_date, id LIMIT %s
        ) late ORDER BY 1
        """,
        [today, limit],
    )
    return tuple(row[0] for row in found)


def receipt(fact_id: int) -> ReceiptRow | None:
    """The receipt that came with a remittance, unless it was erased; `base.files` reads it. Needs the scope."""
    found = rows.select(
        """
        SELECT i.id, f.sha256 FROM invoicing_claimfact i
        JOIN base_file f ON f.tenant_id = i.tenant_id AND f.id = i.file_id WHERE i.id = %s AND f.erased_at IS NULL
        """,
        [fact_id],
    )
    return ReceiptRow(*found[0]) if found else None


def said_by_customer(invoice_id: int, *, now: datetime) -> int:
    """How many facts and remarks the customer's side has brought in the last 24 hours. Needs the tenant's scope."""
    ((count,),) = rows.select(
        """
        SELECT (SELECT count(*) FROM invoicing_claimfact
                WHERE invoice_id = %(invoice)s AND side = 'customer' AND stated_at > %(since)s)
             + (SELECT count(*) FROM invoicing_remark
                WHERE invoice_id = %(invoice)s AND side = 'customer' AND at > %(since)s)
        """,
        {"invoice": invoice_id, "since": now - timedelta(days=1)},
    )
    return int(count)


def claim_rule() -> ClaimRule:
    """What customers may say and get by themselves now. Needs the tenant's scope."""
    found = rows.select(
        """
        SELECT stale_after_days, longest_promise_days, longest_extension_days, free_extension_days
        FROM invoicing_claimrule ORDER BY id DESC LIMIT 1
        """
    )
    return ClaimRule(*found[0]) if found else ClaimRule()


def _by_invoice(found: Sequence[Any]) -> dict[int, tuple[ClaimFact, ...]]:
    groups: dict[int, list[ClaimFact]] = defaultdict(list)
    for each in _facts(found):
        groups[each.invoice_id].append(each)
    return {invoice_id: tuple(told) for invoice_id, told in groups.items()}


def _facts(found: Sequence[Any]) -> tuple[ClaimFact, ...]:
    if not found:
        return ()
    ids = [row[0] for row in found]
    lines, moves, gone = _lines(ids), _moves(ids), _erased([row[10] for row in found if row[10] is not None])
    return tuple(_fact(row, tuple(lines[row[0]]), tuple(moves[row[0]]), gone=gone) for row in found)


def _erased(file_ids: Sequence[int]) -> set[int]:
    if not file_ids:
        return set()
    return {
        row[0]
        for row in rows.select(
            "SELECT id FROM base_file WHERE id = ANY(%s) AND erased_at IS NOT NULL", [list(file_ids)]
        )
    }


def _fact(
    row: Sequence[Any], lines: tuple[LineDisputed, ...], moves: tuple[FactMove, ...], *, gone: set[int]
) -> ClaimFact:
    fact_id, invoice_id, kind, state, side, amount_minor, on_date, last_date, reason, bank, file_id, at, command = row
    return ClaimFact(
        id=fact_id,
        invoice_id=invoice_id,
        kind=FactKind(kind),
        state=FactState(state),
        side=Side(side),
        amount_minor=amount_minor,
        on_date=on_date,
        last_date=last_date,
        reason=DisputeReason(reason) if reason else None,
        bank=bank,
        file_id=None if file_id in gone else file_id,
        stated_at=at,
        command_id=command,
        lines=lines,
        moves=moves,
    )


def _lines(fact_ids: Sequence[int]) -> dict[int, list[LineDisputed]]:
    groups: dict[int, list[LineDisputed]] = defaultdict(list)
    for fact_id, *line in rows.select(
        "SELECT i.fact_id, l.position, l.description, i.amount_minor "
        + rows.looked_up("invoicing_disputedline", "fact_id = wanted.value")
        + "CROSS JOIN LATERAL (SELECT position, description FROM invoicing_invoiceline "
        "WHERE id = i.line_id OFFSET 0) l ORDER BY l.position",
        {"wanted": list(fact_ids)},
    ):
        groups[fact_id].append(LineDisputed(*line))
    return groups


def _moves(fact_ids: Sequence[int]) -> dict[int, list[FactMove]]:
    groups: dict[int, list[FactMove]] = defaultdict(list)
    for fact_id, move_id, to, at, actor, command_id in rows.select(
        "SELECT i.object_id, i.id, i.to_state, i.at, c.actor, i.command_id "
        + rows.looked_up("base_statechange", "kind = ANY(%(kinds)s) AND object_id = wanted.value")
        + "CROSS JOIN LATERAL (SELECT actor FROM base_command WHERE id = i.command_id OFFSET 0) c ORDER BY i.id",
        {"wanted": list(fact_ids), "kinds": [lifecycle.kind for lifecycle in FACTS.values()]},
    ):
        groups[fact_id].append(FactMove(move_id, FactState(to), at, side_of_actor(actor), command_id))
    return groups
