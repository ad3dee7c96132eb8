"""Record what a register said about a number: the state of the number, facts with their age, and the evidence."""

from dataclasses import dataclass
from datetime import timedelta
from typing import ClassVar, Final

from kvit.base import lifecycle, login, rows
from kvit.base.codec import Personal
from kvit.base.command import Ctx, command
from kvit.kernel.refusals import DomainError
from kvit.parties import events, queries
from kvit.parties.commands.facts import record_fact
from kvit.parties.commands.hold import Held, hold
from kvit.parties.commands.identities import (
    IDENTITY,
    IdentityTaken,
    NoSuchIdentity,
    Outcome,
    record_verification,
    refuse_taken,
)
from kvit.parties.commands.registers import INQUIRY, begin
from kvit.parties.domain import registers as domain
from kvit.parties.domain.facts import NewFact
from kvit.parties.domain.identities import IdentityKind
from kvit.parties.domain.lifecycle import IdentityState, InquiryState
from kvit.parties.domain.registers import Answer, CheckOutcome, Judgement, Question, Reason, Register, Said

REGISTERED_NAME: Final = "registered_name"
VAT_STATUS: Final = "vat_status"
CLERK: Final = "clerk"
_LOOKED_OVER: Final = 1000
_KEPT_OF_A_CODE: Final = 60


class NoSuchInquiry(DomainError):
    """The tenant has no inquiry with this id."""

    code: ClassVar[str] = "parties.no_such_inquiry"


@dataclass(frozen=True)
class AnswerRecorded:
    """Where the inquiry stands now; without outcome it is asked again, or its attempt was over before."""

    inquiry_id: int
    party_id: int
    state: InquiryState
    outcome: CheckOutcome | None
    reason: Reason | None


@dataclass(frozen=True)
class KnowledgeLookedOver:
    """How many numbers are asked about anew, may no longer be relied on, and how many parties need a person."""

    asked_count: int
    expired_count: int
    out_of_date_count: int


@dataclass(frozen=True)
class NumberDecided:
    """Where the number stands now."""

    identity_id: int
    state: IdentityState


@dataclass(frozen=True)
class _Asked:
    inquiry_id: int
    identity_id: int
    kind: IdentityKind
    value: str
    register: Register
    attempts: int


@command
def record_answer(ctx: Ctx, *, inquiry_id: int, attempt: int, answer: Answer) -> AnswerRecorded:
    """Record what a register said at an attempt. Silence changes nothing about the number, and it is asked again.

    A name or a VAT status it gave becomes a fact of the party. What belongs to an attempt that is over changes
    nothing. Refuses `NoSuchInquiry`, `PartyErased`.
    """
    found = rows.select(
        "SELECT i.party_id FROM parties_inquiry q JOIN parties_identity i ON i.id = q.identity_id WHERE q.id = %s",
        [inquiry_id],
    )
    if not found:
        raise NoSuchInquiry(f"there is no inquiry {inquiry_id}")
    party_id = int(found[0][0])
    held = hold(party_id)
    ((state, *asked),) = rows.select(
        """
        SELECT q.state, q.id, i.id, i.kind, i.value, q.register, q.attempts
        FROM parties_inquiry q JOIN parties_identity i ON i.id = q.identity_id WHERE q.id = %s
        FOR NO KEY UPDATE OF q
        """,
        [inquiry_id],
    )
    about = _Asked(asked[0], asked[1], IdentityKind(asked[2]), asked[3], Register(asked[4]), asked[5])
    if state != InquiryState.ASKED or about.attempts != attempt:
        return AnswerRecorded(inquiry_id, party_id, InquiryState(state), None, None)
    if answer.said is Said.LIMIT:
        _let_rest(ctx, about.register)
    again_at = domain.ask_again_at(answer.said, attempts=about.attempts, now=ctx.now)
    if again_at is not None:
        lifecycle.move(ctx, INQUIRY, [inquiry_id], to=InquiryState.WAITING)
        rows.run(
            "UPDATE parties_inquiry SET ask_again_at = %s, evidence = %s WHERE id = %s",
            [again_at, _evidence(answer), inquiry_id],
        )
        return AnswerRecorded(inquiry_id, party_id, InquiryState.WAITING, None, None)
    return _settle(ctx, held, about, answer)


@command
def decide_number(ctx: Ctx, *, identity_id: int, outcome: Outcome, evidence: Personal[str]) -> NumberDecided:
    """A person says whether a number is the party's, and by what they know it.

    Refuses `NoSuchIdentity`, `PartyErased`, `BadVerification`, `IdentityTaken`.
    """
    found = rows.select("SELECT party_id FROM parties_identity WHERE id = %s", [identity_id])
    if not found:
        raise NoSuchIdentity(f"there is no identity {identity_id}")
    done = record_verification(ctx, identity_id=identity_id, outcome=outcome, source=CLERK, evidence=evidence)
    ctx.emit(events.NumberDecided(int(found[0][0]), identity_id))
    return NumberDecided(identity_id, done.state)


@command
def look_over_knowledge(ctx: Ctx) -> KnowledgeLookedOver:
    """Once a day: ask anew what registers can renew, stop relying on what is too old, say what needs a person.

    Registers that are off are not asked. Of each at most so many numbers as it takes in a day are asked about.
    """
    today = login.own_day(ctx.now)
    asked: list[int] = []
    for register, switch in queries.register_switches().items():
        if switch.is_on:
            wanted = queries.numbers_to_check(register, today=today, limit=domain.MOST_A_DAY[register])
            asked += begin(ctx, tuple((identity_id, register) for identity_id in wanted))
    expired = _expire(ctx)
    stale = queries.out_of_date(today=today, limit=_LOOKED_OVER + 1)
    if stale or queries.can_get_old():
        ctx.emit(events.KnowledgeLookedOver(stale[:_LOOKED_OVER], is_whole=len(stale) <= _LOOKED_OVER))
    return KnowledgeLookedOver(len(asked), expired, min(len(stale), _LOOKED_OVER))


def _settle(ctx: Ctx, held: Held, about: _Asked, answer: Answer) -> AnswerRecorded:
    question = queries.question_about(about.identity_id) or Question(about.register, about.value)
    judgement = _unless_taken(
        domain.judged(question, answer, party_name=held.name, is_person=held.is_person), held.party_id, about
    )
    evidence = _evidence(answer)
    if judgement.outcome is not CheckOutcome.UNKNOWN:
        record_verification(
            ctx,
            identity_id=about.identity_id,
            outcome=Outcome(judgement.outcome.value),
            source=about.register.value,
            evidence=evidence,
        )
    _learn(ctx, held.party_id, about, answer)
    rows.run(
        """
        UPDATE parties_inquiry SET outcome = %s, reason = %s, evidence = %s, answered_at = %s, ask_again_at = NULL
        WHERE id = %s
        """,
        [judgement.outcome.value, judgement.reason.value, evidence, ctx.now, about.inquiry_id],
    )
    lifecycle.move(ctx, INQUIRY, [about.inquiry_id], to=InquiryState.ANSWERED)
    ctx.emit(events.RegisterAnswered(held.party_id, about.identity_id, judgement.outcome, judgement.reason))
    return AnswerRecorded(about.inquiry_id, held.party_id, InquiryState.ANSWERED, judgement.outcome, judgement.reason)


def _unless_taken(judgement: Judgement, party_id: int, about: _Asked) -> Judgement:
    """A number that was verified for another party here is not this one's as well: a person has to look."""
    if judgement.outcome is not CheckOutcome.VERIFIED:
        return judgement
    try:
        refuse_taken([(party_id, about.kind, about.value)])
    except IdentityTaken:
        return Judgement(CheckOutcome.UNKNOWN, Reason.TAKEN)
    return judgement


def _learn(ctx: Ctx, party_id: int, about: _Asked, answer: Answer) -> None:
    """What a register said of its taxpayer, as facts that ask to be renewed when the check does."""
    learnt = {REGISTERED_NAME: answer.name, VAT_STATUS: answer.vat_status.value if answer.vat_status else ""}
    days = domain.RENEW_AFTER_DAYS[about.kind]
    for name, value in learnt.items():
        if value:
            fact = NewFact(name, value, about.register.value, learnt_at=ctx.now, renew_after_days=days)
            record_fact(ctx, party_id=party_id, fact=fact)


def _expire(ctx: Ctx) -> int:
    """Stop relying on checks that registers could have renewed and, with a month of grace, have not."""
    kinds = sorted(domain.RENEW_AFTER_DAYS)
    today = login.own_day(ctx.now)
    too_old = [today - timedelta(days=domain.RENEW_AFTER_DAYS[kind] + domain.GRACE_DAYS) for kind in kinds]
    found = rows.select(
        """
        SELECT i.id, i.party_id FROM unnest(%s::text[], %s::date[]) AS k (kind, checked_before)
        JOIN parties_identity i ON i.kind = k.kind AND i.state = 'verified' AND i.checked_date < k.checked_before
        ORDER BY i.checked_date, i.id LIMIT %s
        """,
        [[kind.value for kind in kinds], too_old, _LOOKED_OVER],
    )
    # Parties before their identities, as everywhere: a check being recorded meanwhile is waited for.
    rows.select(
        "SELECT id FROM parties_party WHERE id = ANY(%s) ORDER BY id FOR NO KEY UPDATE",
        [sorted({party_id for _, party_id in found})],
    )
    still = rows.select(
        """
        SELECT i.id FROM unnest(%s::text[], %s::date[]) AS k (kind, checked_before)
        JOIN parties_identity i ON i.kind = k.kind AND i.state = 'verified' AND i.checked_date < k.checked_before
        WHERE i.id = ANY(%s) ORDER BY i.id
        """,
        [[kind.value for kind in kinds], too_old, [identity_id for identity_id, _ in found]],
    )
    ids = tuple(int(row[0]) for row in still)
    if ids:
        lifecycle.move(ctx, IDENTITY, ids, to=IdentityState.EXPIRED)
        ctx.emit(events.IdentitiesExpired(ids))
    return len(ids)


def _let_rest(ctx: Ctx, register: Register) -> None:
    """Leave a register alone until its next day: one that was asked on and on would shut us out for longer."""
    rows.run(
        "UPDATE parties_registerswitch SET rests_until_at = %s WHERE register = %s",
        [domain.rests_until(ctx.now), register.value],
    )


def _evidence(answer: Answer) -> str:
    """The register's own id of the question and what it called its answer; never whose number it was."""
    said = answer.said.value + (f" ({answer.code[:_KEPT_OF_A_CODE]})" if answer.code else "")
    return f"{said}; request {answer.request_id[:100]}" if answer.request_id else said
