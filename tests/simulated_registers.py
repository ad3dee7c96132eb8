"""Registers of a test's own on this machine, and jobs that ask them."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import date, timedelta
from ipaddress import ip_network

from kvit.base import http, job, rows, tenant
from kvit.base.command import Ctx
from kvit.parties import commands, jobs, queries
from kvit.parties.adapters.registers import Vies, WhiteList
from kvit.parties.domain.identities import IdentityKind
from kvit.parties.domain.registers import Answer, Register, Said, VatStatus
from kvit.parties.queries import Checked, Inquiry
from kvit.world.simulators.registers import Registers, Taxpayer

NIP, NRB = "5260250274", "61109010140000071219812874"
OWN_VAT, BUYER_VAT = "SE556036079301", "DE136695976"
TAXPAYERS = {NIP: Taxpayer("ŁÓDZKIE ZAKŁADY SPÓŁKA Z OGRANICZONĄ ODPOWIEDZIALNOŚCIĄ", accounts=(NRB,))}
HOLDERS = {OWN_VAT: "NORDVIK AB", BUYER_VAT: "---"}


def policy(there: Registers, *, seconds: float = 5.0) -> http.Policy:
    """Opens this machine's port of the simulator, and nothing else."""
    return http.Policy(
        timeout_seconds=seconds,
        allow_http=True,
        allow_ports=frozenset({there.port}),
        allow_addresses=(ip_network("127.0.0.1/32"),),
    )


YES = Answer(Said.YES, request_id="d2n10-1", name="ŁÓDZKIE ZAKŁADY", vat_status=VatStatus.ACTIVE)
NO = Answer(Said.NO, request_id="d2n10-2")
SILENCE = Answer(Said.UNAVAILABLE, code="WL-196", is_whole=True)


@contextmanager
def registers_running(latest: date | None = None) -> Iterator[Registers]:
    """Both registers, which know the taxpayers above."""
    known = Registers(TAXPAYERS.get, HOLDERS.get, latest=(lambda: latest) if latest else None)
    with known.running() as there:
        yield there


@contextmanager
def asked_by_jobs(there: Registers, *, seconds: float = 5.0) -> Iterator[Registers]:
    """While it lasts, jobs ask these registers."""
    how = policy(there, seconds=seconds)
    jobs.ask_at({Register.VIES: Vies(there.vies_url, how), Register.WHITE_LIST: WhiteList(there.white_list_url, how)})
    try:
        yield there
    finally:
        jobs.ask_at({})


def work_off(ctx: Ctx) -> int:
    """Run what events have queued for this tenant, at the story's time, and what these queue; how many jobs ran."""
    done = 0
    while waiting := rows.select(
        """
        SELECT id, (args ->> 'event_id')::bigint, args ->> 'subscriber' FROM procrastinate_jobs
        WHERE task_name = 'kvit.handle_event' AND status = 'todo' AND (args ->> 'tenant_id')::int = %s
        AND id > %s ORDER BY id LIMIT 1
        """,
        [ctx.tenant_id, _done_until(ctx)],
    ):
        ((job_id, event_id, subscriber),) = waiting
        _marks[ctx.tenant_id] = int(job_id)
        with tenant.scope(ctx.tenant_id):
            body = job.event.read(event_id)
        job._handlers[subscriber](replace(ctx, actor=f"robot:{subscriber}", key=f"{event_id}:{subscriber}"), body)
        done += 1
    return done


_marks: dict[int, int] = {}


def _done_until(ctx: Ctx) -> int:
    return _marks.get(ctx.tenant_id, 0)


def switch_on(ctx: Ctx) -> Ctx:
    for register in Register:
        commands.switch_register(ctx, register=register, is_on=True)
    return ctx


def add(ctx: Ctx, party_id: int, kind: IdentityKind = IdentityKind.NIP, value: str = NIP) -> int:
    return commands.add_identity(ctx, party_id=party_id, kind=kind, value=value).identity_id


def numbers(ctx: Ctx, party_id: int) -> dict[IdentityKind, Checked]:
    with tenant.scope(ctx.tenant_id):
        return {number.kind: number for number in queries.checked_numbers(party_id, today=ctx.now.date())}


def checked(ctx: Ctx, party_id: int, kind: IdentityKind = IdentityKind.NIP) -> Checked:
    return numbers(ctx, party_id)[kind]


def inquiry(ctx: Ctx, party_id: int, kind: IdentityKind = IdentityKind.NIP) -> Inquiry:
    found = checked(ctx, party_id, kind).inquiry
    assert found is not None
    return found


def answered(ctx: Ctx, party_id: int, answer: Answer) -> commands.AnswerRecorded:
    asked = inquiry(ctx, party_id)
    return commands.record_answer(ctx, inquiry_id=asked.id, attempt=asked.attempts, answer=answer)


def later(ctx: Ctx, by: timedelta) -> Ctx:
    return replace(ctx, now=ctx.now + by)
