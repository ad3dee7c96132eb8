"""Facts about a claim in the reader's words: what was said, where it stands, and the words that go with it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from kvit.invoicing import queries as invoicing
from kvit.invoicing.domain import DisputeReason, FactKind, FactState, Side
from kvit.invoicing.queries import ClaimFact, RemarkRow
from kvit.pages import figures, words
from kvit.pages.words import N_
from kvit.pages.words import gettext as _

REASONS: Final[Mapping[DisputeReason, str]] = {
    DisputeReason.NOT_RECEIVED: N_("Not received"),
    DisputeReason.FAULTY: N_("Faulty, or done badly"),
    DisputeReason.PRICE: N_("Wrong price"),
    DisputeReason.QUANTITY: N_("Wrong quantity"),
    DisputeReason.NOT_ORDERED: N_("Not ordered"),
    DisputeReason.TWICE: N_("Invoiced twice"),
    DisputeReason.WRONG_CUSTOMER: N_("Not for us"),
    DisputeReason.OTHER: N_("Another reason"),
}
_MOVED: Final[Mapping[tuple[FactKind, FactState], str]] = {
    (FactKind.DISPUTE, FactState.OPEN): N_("The dispute is open again"),
    (FactKind.DISPUTE, FactState.ANSWERED): N_("Dispute answered"),
    (FactKind.DISPUTE, FactState.ACCEPTED): N_("Dispute accepted"),
    (FactKind.DISPUTE, FactState.REJECTED): N_("Dispute not accepted"),
    (FactKind.DISPUTE, FactState.WITHDRAWN): N_("Dispute withdrawn"),
    (FactKind.REMITTANCE, FactState.OPEN): N_("The reported payment is awaited again"),
    (FactKind.REMITTANCE, FactState.CONFIRMED): N_("The reported payment has arrived"),
    (FactKind.REMITTANCE, FactState.STALE): N_("The reported payment has not arrived"),
    (FactKind.REMITTANCE, FactState.WITHDRAWN): N_("Reported payment withdrawn"),
    (FactKind.PROMISE, FactState.OPEN): N_("The promise is open again"),
    (FactKind.PROMISE, FactState.KEPT): N_("Promise kept"),
    (FactKind.PROMISE, FactState.BROKEN): N_("Promise not kept"),
    (FactKind.PROMISE, FactState.WITHDRAWN): N_("Promise withdrawn"),
    (FactKind.EXTENSION, FactState.ACCEPTED): N_("More time agreed"),
    (FactKind.EXTENSION, FactState.REJECTED): N_("More time not agreed"),
    (FactKind.EXTENSION, FactState.WITHDRAWN): N_("Request for more time withdrawn"),
}
_STATES: Final[Mapping[FactState, tuple[str, str]]] = {
    FactState.OPEN: (N_("Open"), "due"),
    FactState.ANSWERED: (N_("Answered"), "info"),
    FactState.ACCEPTED: (N_("Accepted"), "settled"),
    FactState.REJECTED: (N_("Not accepted"), ""),
    FactState.WITHDRAWN: (N_("Withdrawn"), ""),
    FactState.CONFIRMED: (N_("Arrived"), "settled"),
    FactState.STALE: (N_("Not arrived"), "overdue"),
    FactState.KEPT: (N_("Kept"), "settled"),
    FactState.BROKEN: (N_("Not kept"), "overdue"),
}
_AWAITED: Final = (N_("Awaited"), "due")
_GOOD: Final = frozenset({FactState.ACCEPTED, FactState.CONFIRMED, FactState.KEPT})
_BAD: Final = frozenset({FactState.STALE, FactState.BROKEN})
_STANDING: Final = frozenset({FactState.OPEN, FactState.ANSWERED, FactState.STALE, FactState.BROKEN})


@dataclass(frozen=True, slots=True)
class Said:
    """A fact as it is read: its title, its state as a chip, and what both sides have said to it, in order."""

    fact: ClaimFact
    title: str
    state: str
    state_kind: str
    remarks: tuple[RemarkRow, ...]

    @property
    def is_standing(self) -> bool:
        """Whether somebody still has to do something about it: it is neither decided nor withdrawn."""
        return self.fact.state in _STANDING


@dataclass(frozen=True, slots=True)
class Turn:
    """One thing of the history of a claim: said, moved or remarked. `kind` is settled, due, overdue or nothing."""

    key: str
    title: str
    at: datetime
    side: Side
    command_id: int
    kind: str
    words: str
    amount_minor: int | None = None


@dataclass(frozen=True, slots=True)
class Talk:
    """All that was said about one claim; `open` is what stands, the newest first."""

    facts: tuple[Said, ...] = ()
    remarks: tuple[RemarkRow, ...] = ()

    @property
    def open(self) -> tuple[Said, ...]:
        """What still stands, the newest first."""
        return tuple(each for each in self.facts[::-1] if each.is_standing)

    @property
    def turns(self) -> tuple[Turn, ...]:
        """What happened, in order; words that came with an act stand beside it."""
        beside = {each.command_id: each for each in self.remarks if each.fact_id is not None}
        found = [turn for said in self.facts for turn in _turns(said, beside)]
        acts = {turn.command_id for turn in found}
        found += [
            Turn(f"remark-{each.id}", _("Message"), each.at, each.side, each.command_id, "", each.words or "")
            for each in self.remarks
            if each.command_id not in acts
        ]
        return tuple(sorted(found, key=lambda turn: turn.at))


def talks(invoice_ids: Sequence[int]) -> dict[int, Talk]:
    """What was said about these claims, by claim; those about which nothing was said are left out. Needs the scope."""
    facts, remarks = invoicing.facts_of(invoice_ids), invoicing.remarks_of(invoice_ids)
    return {
        invoice_id: Talk(
            tuple(said(fact, remarks.get(invoice_id, ())) for fact in facts.get(invoice_id, ())),
            remarks.get(invoice_id, ()),
        )
        for invoice_id in {*facts, *remarks}
    }


def said(fact: ClaimFact, remarks: Sequence[RemarkRow]) -> Said:
    """A fact in the reader's words; of the remarks those that belong to it."""
    state, kind = _STATES[fact.state]
    if fact.state is FactState.OPEN and fact.kind in (FactKind.REMITTANCE, FactKind.PROMISE):
        state, kind = _AWAITED
    return Said(fact, title(fact), _(state), kind, tuple(each for each in remarks if each.fact_id == fact.id))


def title(fact: ClaimFact) -> str:
    """What was said, in one line without its amount."""
    day = figures.day_text(fact.on_date, words.current()) if fact.on_date is not None else ""
    if fact.kind is FactKind.DISPUTE:
        reason = REASONS[fact.reason] if fact.reason is not None else REASONS[DisputeReason.OTHER]
        return _("Disputed: %(reason)s") % {"reason": _(reason).lower()}
    if fact.kind is FactKind.REMITTANCE:
        return _("Payment of %(day)s reported") % {"day": day}
    if fact.kind is FactKind.PROMISE:
        return _("Payment promised by %(day)s") % {"day": day}
    return _("More time asked for, until %(day)s") % {"day": day}


def _turns(told: Said, beside: Mapping[int, RemarkRow]) -> list[Turn]:
    fact = told.fact
    first = beside.get(fact.command_id)
    found = [
        Turn(
            key=f"fact-{fact.id}",
            title=told.title,
            at=fact.stated_at,
            side=fact.side,
            command_id=fact.command_id,
            kind="due" if fact.kind is FactKind.DISPUTE else "",
            words=(first.words or "") if first else "",
            amount_minor=fact.amount_minor,
        )
    ]
    for move in fact.moves:
        remark = beside.get(move.command_id)
        agreed_at_once = move.command_id == fact.command_id
        found.append(
            Turn(
                key=f"move-{move.id}",
                title=_(_MOVED[fact.kind, move.to]),
                at=move.at,
                side=Side.COMPANY if agreed_at_once else move.side,
                command_id=move.command_id,
                kind="settled" if move.to in _GOOD else "overdue" if move.to in _BAD else "",
                words=(remark.words or "") if remark and not agreed_at_once else "",
            )
        )
    return found
