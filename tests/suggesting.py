"""What the robot would have suggested for a line, put there by a test."""

from collections.abc import Sequence

from kvit.base import codec, rows, tenant
from kvit.base.command import Ctx
from kvit.invoicing.queries import InvoiceRow
from kvit.ledger import queries as ledger
from kvit.matching import queries
from kvit.matching.domain import Evidence, Reason, Rival
from kvit.matching.queries import SuggestedItem

DIGIT_MISSING: Sequence[Reason] = (("digit_missing", 7), ("amount_equal", 0), ("account_known", 0))


def suggest(
    ctx: Ctx,
    line_id: int,
    *pays: tuple[InvoiceRow, int],
    reasons: Sequence[Reason] = DIGIT_MISSING,
    rank: int = 1,
    confidence_ppm: int = 991_000,
    rival: InvoiceRow | None = None,
) -> None:
    """The robot thinks that a line pays so much of each of these invoices, of one customer; `rival` came second."""
    with tenant.scope(ctx.tenant_id):
        items = queries.receivables([invoice.id for invoice, _ in pays])
        second = queries.receivables([rival.id])[rival.id].id if rival is not None else None
        other = Rival((second,), 4_000, "amount_differs") if second is not None else Rival()
        said = Evidence(reasons[0][0], "in English", {}, tuple(reasons), other, ("known_account",))
        kinds = sorted({code for code, _ in reasons})
        what = tuple(SuggestedItem(items[invoice.id].id, minor) for invoice, minor in pays)
        (item,) = ledger.items_by_id([what[0].item_id])
        ((command_id,),) = rows.select("SELECT max(id) FROM base_command")
        rows.insert(
            "matching_suggestion",
            {
                "tenant_id": ("int", [ctx.tenant_id]),
                "line_id": ("bigint", [line_id]),
                "rank": ("smallint", [rank]),
                "party_id": ("bigint", [item.party_id]),
                "items": ("jsonb", [codec.canonical(what).decode()]),
                "confidence_ppm": ("int", [confidence_ppm]),
                "evidence": ("jsonb", [codec.canonical({**codec.plain(said), "kinds": kinds}).decode()]),
                "would_book": ("boolean", [False]),
                "command_id": ("bigint", [command_id]),
            },
        )
