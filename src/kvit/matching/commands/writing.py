"""Write links: the entry that moves the money, what it settles and nets, the link itself."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, ClassVar, Final

from django.db import IntegrityError

from kvit.base import codec, rows
from kvit.base.command import Ctx
from kvit.kernel.refusals import DomainError
from kvit.ledger import commands as ledger
from kvit.ledger.domain import Accounts, Pairing, Posting, PostingLine
from kvit.ledger.queries import Item, items_of_entries
from kvit.matching.domain import Evidence, LinkKind, LinkState
from kvit.matching.events import PaymentsLinked
from kvit.work import commands as work


class AlreadyLinked(DomainError):
    """The payment has a live link; undo it first."""

    code: ClassVar[str] = "matching.already_linked"


WAITS: Final = "matching.decide"
"""Work: say what this line pays."""
ADVANCE: Final = "matching.advance"
"""Work: the robot left a payment on its customer's account; say what becomes of it."""
LINE: Final = "bank_line"


@dataclass(slots=True)
class Share:
    """What one customer is credited with, in minor units, and the (debit item, minor units) that it settles.

    What is left is the customer's advance. Negative for money that goes back: then the items are credits.
    """

    party_id: int
    credit_minor: int
    settles: tuple[tuple[int, int], ...] = ()


@dataclass(slots=True)
class Sureness:
    """How sure the robot was, what was asked of it and for which precision; in millionths."""

    confidence_ppm: int
    threshold_ppm: int
    target_ppm: int


@dataclass(slots=True)
class NewLink:
    """A line, and where its money goes. The shares are the line's amount with all adjustments added.

    `adjustments` are (account, minor units): a fee that the bank kept is positive, since the customer is credited with
    it as well. `nets` are (debit item, credit note's item, minor units). `sure` is None for links of people.
    """

    line_id: int
    amount_minor: int
    currency: str
    booking_date: date
    shares: tuple[Share, ...]
    evidence: Evidence
    kind: LinkKind = LinkKind.PAYMENT
    adjustments: tuple[tuple[str, int], ...] = ()
    nets: tuple[tuple[int, int, int], ...] = ()
    sure: Sureness | None = None

    @property
    def party_id(self) -> int | None:
        """The customer of the largest share, of equal ones the first; None for a line that is set aside."""
        return max(self.shares, key=lambda share: abs(share.credit_minor)).party_id if self.shares else None


def write_links(ctx: Ctx, links: Sequence[NewLink]) -> tuple[int, ...]:
    """Book lines, settle, net, link and announce; the links' ids. Refuses `AlreadyLinked`, `OverAllocated`."""
    if not links:
        return ()
    entry_ids = _post(ctx, links)
    link_ids = _insert(ctx, links, entry_ids)  # before settling: who comes second is told that the payment is linked
    pairings = tuple(_pairings(links, entry_ids))
    allocated = ledger.allocate(ctx, pairings=tuple(pairing for pairing, _ in pairings)).allocation_ids
    netted = [(link_ids[at], i) for (_, at), i in zip(pairings, allocated, strict=True) if at is not None]
    _keep_netted(ctx, netted)
    line_ids = [link.line_id for link in links]
    rows.run("DELETE FROM matching_suggestion WHERE line_id IN (SELECT unnest(%s::bigint[]))", [line_ids])
    work.close_items(ctx, kind=WAITS, subject_kind=LINE, subject_ids=line_ids, outcome="linked")
    ctx.emit(PaymentsLinked(link_ids))
    return link_ids


def _post(ctx: Ctx, links: Sequence[NewLink]) -> tuple[int, ...]:
    return ledger.post(
        ctx,
        postings=tuple(
            Posting(
                entry_date=link.booking_date,
                kind=link.kind.value,
                subject_kind=LINE,
                subject_id=link.line_id,
                lines=(
                    PostingLine(Accounts.UNALLOCATED, link.amount_minor, link.currency),
                    *(PostingLine(account, amount, link.currency) for account, amount in link.adjustments),
                    *(
                        PostingLine(Accounts.RECEIVABLE, -share.credit_minor, link.currency, party_id=share.party_id)
                        for share in link.shares
                    ),
                ),
            )
            for link in links
        ),
    ).entry_ids


def _pairings(links: Sequence[NewLink], entry_ids: Sequence[int]) -> Iterator[tuple[Pairing, int | None]]:
    """What is allocated to what; with each pairing of a credit note the place of the link that it is netted by."""
    opened: dict[int, list[Item]] = {}
    for item in items_of_entries(entry_ids):
        opened.setdefault(item.entry_id, []).append(item)
    for at, (link, entry_id) in enumerate(zip(links, entry_ids, strict=True)):
        day = link.booking_date
        for share, mine in zip(link.shares, opened.get(entry_id, ()), strict=True):
            for item_id, amount in share.settles:
                sides = (item_id, mine.id) if share.credit_minor > 0 else (mine.id, item_id)
                yield Pairing(*sides, amount, day), None
        for debit_id, credit_id, amount in link.nets:
            yield Pairing(debit_id, credit_id, amount, day), at


def _keep_netted(ctx: Ctx, netted: Sequence[tuple[int, int]]) -> None:
    if netted:
        rows.insert(
            "matching_netting",
            {
                "tenant_id": ("int", [ctx.tenant_id] * len(netted)),
                "link_id": ("bigint", [link_id for link_id, _ in netted]),
                "allocation_id": ("bigint", [allocation_id for _, allocation_id in netted]),
                "command_id": ("bigint", [ctx.command_id] * len(netted)),
            },
        )


def _insert(ctx: Ctx, links: Sequence[NewLink], entry_ids: Sequence[int]) -> tuple[int, ...]:
    count = len(links)
    ids = rows.next_ids("matching_link", count)
    try:
        rows.insert(
            "matching_link",
            {
                "id": ("bigint", ids),
                "tenant_id": ("int", [ctx.tenant_id] * count),
                "line_id": ("bigint", [link.line_id for link in links]),
                "party_id": ("bigint", [link.party_id for link in links]),
                "entry_id": ("bigint", entry_ids),
                "kind": ("text", [link.kind.value for link in links]),
                "amount_minor": ("bigint", [link.amount_minor for link in links]),
                "currency": ("text", [link.currency for link in links]),
                "by_robot": ("boolean", [link.sure is not None for link in links]),
                **_sureness(links),
                "evidence": ("jsonb", [codec.canonical(link.evidence).decode() for link in links]),
                "made_at": ("timestamptz", [ctx.now] * count),
                "state": ("text", [LinkState.LIVE.value] * count),
                "undone_as": ("text", [""] * count),
                "command_id": ("bigint", [ctx.command_id] * count),
            },
        )
    except IntegrityError as error:
        if rows.violated(error) == "matching_link_one_per_line":
            raise AlreadyLinked("somebody else linked this payment first") from error
        raise
    return tuple(ids)


def _sureness(links: Sequence[NewLink]) -> dict[str, tuple[Any, list[Any]]]:
    return {
        name: ("int", [getattr(link.sure, name, None) for link in links])
        for name in ("confidence_ppm", "threshold_ppm", "target_ppm")
    }
