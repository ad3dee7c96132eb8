"""What registers were asked and said about parties' numbers, how old each check is, and what is to be asked."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from kvit.base import rows
from kvit.parties.domain import registers as domain
from kvit.parties.domain.identities import IdentityKind
from kvit.parties.domain.lifecycle import IdentityState, InquiryState
from kvit.parties.domain.registers import CheckOutcome, Question, Reason, Register


@dataclass(frozen=True, slots=True)
class RegisterSwitch:
    """Whether the company asks a register, and until when it is left alone after its limit of a day."""

    register: Register
    is_on: bool
    rests_until_at: datetime | None


@dataclass(frozen=True, slots=True)
class Inquiry:
    """The latest question to a register about a number; `evidence` is the register's id of it and what it said."""

    id: int
    register: Register
    state: InquiryState
    attempts: int
    begun_at: datetime
    ask_again_at: datetime | None
    answered_at: datetime | None
    outcome: CheckOutcome | None
    reason: Reason | None
    evidence: str

    @property
    def is_live(self) -> bool:
        """Whether it is still to come to an outcome."""
        return self.state in (InquiryState.WAITING, InquiryState.ASKED)


@dataclass(frozen=True, slots=True)
class Checked:
    """A party's number with the age of its check.

    `stale_from_date` is the first day on which the check is out of date, None where nothing was checked or no rule
    makes it old. `register` is the one that can be asked, None where none knows this number; `inquiry` the latest.
    """

    identity_id: int
    party_id: int
    kind: IdentityKind
    value: str
    state: IdentityState
    source: str
    evidence: str
    checked_date: date | None
    age_days: int | None
    stale_from_date: date | None
    is_out_of_date: bool
    register: Register | None
    inquiry: Inquiry | None

    @property
    def is_in_doubt(self) -> bool:
        """Whether a register's last word asks for a person, who has not decided since."""
        asked = self.inquiry
        if asked is None or asked.answered_at is None or asked.reason not in domain.DOUBTS:
            return False
        by_register = self.source in {register.value for register in Register}
        decided = not by_register and self.checked_date is not None and self.checked_date >= asked.answered_at.date()
        return not decided


@dataclass(frozen=True, slots=True)
class ToAsk:
    """What a job puts to a register: the question, and the attempt that its answer belongs to."""

    inquiry_id: int
    attempt: int
    question: Question
    rests_until_at: datetime | None


def register_switches() -> dict[Register, RegisterSwitch]:
    """Every register, off where nobody has switched it on. Needs the tenant's scope."""
    found = {
        Register(register): RegisterSwitch(Register(register), is_on, rests_until_at)
        for register, is_on, rests_until_at in rows.select(
            "SELECT register, is_on, rests_until_at FROM parties_registerswitch"
        )
    }
    return {register: found.get(register, RegisterSwitch(register, False, None)) for register in Register}


def checked_numbers(party_id: int, *, today: date) -> tuple[Checked, ...]:
    """A party's numbers, each with its state, its age and the last question about it. Needs the tenant's scope."""
    return tuple(
        _checked(row[:7], row[7:], party_id, today)
        for row in rows.select(
            """
            SELECT i.id, i.kind, i.value, i.state, i.source, i.evidence, i.checked_date,
                   q.id, q.register, q.state, q.attempts, q.begun_at, q.ask_again_at, q.answered_at, q.outcome,
                   q.reason, q.evidence
            FROM parties_identity i LEFT JOIN LATERAL (
                SELECT * FROM parties_inquiry l WHERE l.tenant_id = i.tenant_id AND l.identity_id = i.id
                ORDER BY l.id DESC LIMIT 1
            ) q ON true
            WHERE i.party_id = %s ORDER BY i.kind, i.id
            """,
            [party_id],
        )
    )


def question_about(identity_id: int) -> Question | None:
    """What a register would be asked about a number; None where none knows it. Needs the tenant's scope."""
    return questions_about([identity_id]).get(identity_id)


def questions_about(identity_ids: Sequence[int]) -> dict[int, Question]:
    """The same for a set, by identity; those that no register knows are left out. Needs the tenant's scope."""
    wanted = list(set(identity_ids))
    numbers: dict[int, list[tuple[int, IdentityKind, str]]] = {}
    for party_id, identity_id, kind, value in rows.select(
        """
        SELECT o.party_id, o.id, o.kind, o.value FROM parties_identity o
        WHERE (o.state <> 'refuted' OR o.id = ANY(%(ids)s)) AND o.party_id IN (
            SELECT party_id FROM parties_identity WHERE id = ANY(%(ids)s)
        ) ORDER BY o.id
        """,
        {"ids": wanted},
    ):
        numbers.setdefault(party_id, []).append((identity_id, IdentityKind(kind), value))
    return {
        identity_id: found
        for theirs in numbers.values()
        for identity_id, kind, value in theirs
        if identity_id in wanted
        and (found := domain.question(kind, value, [(k, v) for at, k, v in theirs if at != identity_id]))
    }


def inquiries_to_ask(inquiry_ids: Sequence[int], *, today: date) -> tuple[ToAsk, ...]:
    """Those of them that are to be put now, with their questions; others are over or put off. Needs the scope."""
    found = rows.select(
        """
        SELECT q.id, q.attempts, q.identity_id, s.rests_until_at FROM parties_inquiry q
        JOIN parties_registerswitch s ON s.tenant_id = q.tenant_id AND s.register = q.register
        WHERE q.id = ANY(%s) AND q.state = 'asked' AND s.is_on ORDER BY q.id
        """,
        [list(inquiry_ids)],
    )
    questions = questions_about([row[2] for row in found])
    requester = _own_vat_number()
    return tuple(
        ToAsk(
            inquiry_id,
            attempts,
            Question(q.register, q.number, q.account, requester, today, q.is_no_final),
            rests_until_at,
        )
        for inquiry_id, attempts, identity_id, rests_until_at in found
        if (q := questions.get(identity_id)) is not None
    )


def inquiries_due(*, now: datetime, limit: int) -> tuple[int, ...]:
    """Questions whose time has come, or that were begun an hour ago and came to nothing. Needs the tenant's scope."""
    found = rows.select(
        """
        SELECT id FROM parties_inquiry WHERE state IN ('waiting', 'asked') AND ask_again_at <= %s
        ORDER BY ask_again_at, id LIMIT %s
        """,
        [now, limit],
    )
    return tuple(int(row[0]) for row in found)


def numbers_to_check(register: Register, *, today: date, limit: int) -> tuple[int, ...]:
    """Numbers that a register can say something about and has not lately: never asked first, then the oldest check.

    Of living parties that are not the company's own; what somebody decided by hand is asked about when it is old.
    Needs the tenant's scope.
    """
    kinds = sorted(kind.value for kind in domain.KINDS[register])
    found = rows.select(
        """
        SELECT i.id FROM unnest(%(kinds)s::text[], %(before)s::date[]) AS k (kind, checked_before)
        JOIN parties_identity i ON i.kind = k.kind
        JOIN parties_party p ON p.tenant_id = i.tenant_id AND p.id = i.party_id
        WHERE p.erased_at IS NULL AND NOT p.is_own AND (i.kind <> 'iban' OR i.value LIKE 'PL%%')
        AND (i.checked_date IS NULL OR i.checked_date <= k.checked_before)
        AND (i.kind <> 'iban' OR EXISTS (
            SELECT FROM parties_identity n WHERE n.tenant_id = i.tenant_id AND n.party_id = i.party_id
            AND n.state <> 'refuted' AND (n.kind = 'nip' OR n.kind = 'vat' AND n.value LIKE 'PL%%')
        ))
        AND NOT EXISTS (
            SELECT FROM parties_inquiry q WHERE q.tenant_id = i.tenant_id AND q.identity_id = i.id
            AND (q.state IN ('waiting', 'asked') OR q.state = 'answered' AND q.answered_at::date > k.checked_before)
        )
        ORDER BY i.checked_date NULLS FIRST, i.id LIMIT %(limit)s
        """,
        {
            "kinds": kinds,
            "before": [today - timedelta(days=domain.RENEW_AFTER_DAYS[IdentityKind(kind)]) for kind in kinds],
            "limit": limit,
        },
    )
    return tuple(int(row[0]) for row in found)


def out_of_date(*, today: date, limit: int, party_id: int | None = None) -> tuple[int, ...]:
    """Parties of whom something is out of date that no switched-on register renews by itself, in id order.

    A fact past its day whose source is no register that is asked, or a number whose check may no longer be relied on
    and about which no question is under way. With `party_id` only that one is looked at. Needs the tenant's scope.
    """
    asked = [register.value for register, switch in register_switches().items() if switch.is_on]
    found = rows.select(
        """
        SELECT p.id FROM (
            SELECT f.party_id FROM parties_fact f
            WHERE f.stale_from_date <= %(today)s AND f.source <> ALL(%(asked)s)
            AND (%(party)s::bigint IS NULL OR f.party_id = %(party)s) AND NOT EXISTS (
                SELECT FROM parties_fact n WHERE n.tenant_id = f.tenant_id AND n.party_id = f.party_id
                AND n.name = f.name AND (n.learnt_at, n.id) > (f.learnt_at, f.id)
            )
            UNION
            SELECT i.party_id FROM parties_identity i
            WHERE i.state = 'expired' AND (%(party)s::bigint IS NULL OR i.party_id = %(party)s) AND NOT EXISTS (
                SELECT FROM parties_inquiry q WHERE q.tenant_id = i.tenant_id AND q.identity_id = i.id
                AND q.state IN ('waiting', 'asked')
            )
        ) old JOIN parties_party p ON p.id = old.party_id
        WHERE p.erased_at IS NULL AND NOT p.is_own ORDER BY p.id LIMIT %(limit)s
        """,
        {"today": today, "asked": asked, "limit": limit, "party": party_id},
    )
    return tuple(int(row[0]) for row in found)


def is_looked_over(today: date) -> bool:
    """Whether what is known was looked over on a day. Needs the tenant's scope."""
    return bool(
        rows.select(
            "SELECT FROM base_command WHERE name = 'parties.look_over_knowledge' AND key = %s",
            [domain.key_of_the_day(today)],
        )
    )


def can_get_old() -> bool:
    """Whether anything is known here that asks to be renewed some day. Needs the tenant's scope."""
    found = rows.select(
        "SELECT EXISTS (SELECT FROM parties_fact WHERE stale_from_date IS NOT NULL) "
        "OR EXISTS (SELECT FROM parties_identity WHERE checked_date IS NOT NULL)"
    )
    return bool(found[0][0])


def _own_vat_number() -> str:
    found = rows.select(
        """
        SELECT i.value FROM parties_party p
        JOIN parties_identity i ON i.tenant_id = p.tenant_id AND i.party_id = p.id
        WHERE p.is_own AND i.kind = 'vat' AND i.state <> 'refuted' ORDER BY p.id, i.id LIMIT 1
        """
    )
    return str(found[0][0]) if found else ""


def _checked(number: Sequence[Any], asked: Sequence[Any], party_id: int, today: date) -> Checked:
    identity_id, kind, value, state, source, evidence, checked_date = number
    kind = IdentityKind(kind)
    renewed_after = domain.RENEW_AFTER_DAYS.get(kind)
    stale_from = checked_date + timedelta(days=renewed_after) if checked_date and renewed_after else None
    return Checked(
        identity_id=identity_id,
        party_id=party_id,
        kind=kind,
        value=value,
        state=IdentityState(state),
        source=source,
        evidence=evidence,
        checked_date=checked_date,
        age_days=None if checked_date is None else max((today - checked_date).days, 0),
        stale_from_date=stale_from,
        is_out_of_date=state == IdentityState.EXPIRED or (stale_from is not None and stale_from <= today),
        register=domain.register_of(kind, value),
        inquiry=None if asked[0] is None else _inquiry(asked),
    )


def _inquiry(row: Sequence[Any]) -> Inquiry:
    inquiry_id, register, state, attempts, begun_at, ask_again_at, answered_at, outcome, reason, evidence = row
    return Inquiry(
        id=inquiry_id,
        register=Register(register),
        state=InquiryState(state),
        attempts=attempts,
        begun_at=begun_at,
        ask_again_at=ask_again_at,
        answered_at=answered_at,
        outcome=CheckOutcome(outcome) if outcome else None,
        reason=Reason(reason) if reason else None,
        evidence=evidence,
    )
