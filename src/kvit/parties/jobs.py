"""Put questions to registers, each attempt between two commands; look over what is known once a day."""

import logging
from collections.abc import Mapping
from dataclasses import replace
from typing import Final

from django.conf import settings
from procrastinate.contrib.django import app

from kvit.base import clock, job, login, tenant
from kvit.base.command import Ctx
from kvit.kernel.refusals import DomainError
from kvit.parties import commands, queries
from kvit.parties.adapters.registers import Vies, WhiteList, policy_for
from kvit.parties.domain import registers
from kvit.parties.domain.ports import RegisterPort
from kvit.parties.domain.registers import Answer, Register, Said
from kvit.parties.events import RegistersAsked
from kvit.parties.queries import ToAsk

log = logging.getLogger("kvit.parties")
ACTOR: Final = "robot:parties.registers"
NOBODY: Final = Answer(Said.UNAVAILABLE, code="no_address", is_whole=True)
RESTS: Final = Answer(Said.LIMIT, code="rests", is_whole=True)

_registers: Final[dict[Register, RegisterPort]] = {}


def ask_at(places: Mapping[Register, RegisterPort]) -> None:
    """Say where registers are asked in this process; without a word, at the addresses of the settings."""
    _registers.clear()
    _registers.update(places)


def of_the_settings() -> dict[Register, RegisterPort]:
    """The registers that have an address in the settings; in test mode none has one unless it is given."""
    found: dict[Register, RegisterPort] = {}
    if url := settings.KVIT_VIES_URL:
        found[Register.VIES] = Vies(url, policy_for(url))
    if url := settings.KVIT_WHITE_LIST_URL:
        found[Register.WHITE_LIST] = WhiteList(url, policy_for(url))
    return found


@job.on(RegistersAsked, "parties.put_questions")
def put_questions(ctx: Ctx, event: RegistersAsked) -> None:
    """Put each question that still stands, one after another, and record what came back.

    What a register is silent about as a whole is not asked of it again in this job. Asking twice does no harm: an
    attempt's answer counts once.
    """
    with tenant.scope(ctx.tenant_id):
        standing = queries.inquiries_to_ask(event.inquiry_ids, today=login.own_day(ctx.now))
    silent: dict[Register, Answer] = {}
    begun = clock.current().now()
    for asked in standing:
        register = asked.question.register
        answer = silent.get(register) or _ask(ctx, asked)
        if answer.is_whole:
            silent[register] = answer
        # The time is that of the answer: the questions before it may have taken minutes.
        answered = replace(ctx, key=None, now=ctx.now + (clock.current().now() - begun))
        try:
            commands.record_answer(answered, inquiry_id=asked.inquiry_id, attempt=asked.attempt, answer=answer)
        except DomainError as refusal:  # of one party; the others' answers are recorded all the same
            log.warning("the answer to inquiry %s was not recorded: %s", asked.inquiry_id, refusal)


def _ask(ctx: Ctx, asked: ToAsk) -> Answer:
    if asked.rests_until_at is not None and ctx.now < asked.rests_until_at:
        return RESTS
    port = (_registers or of_the_settings()).get(asked.question.register)
    return NOBODY if port is None else port.ask(asked.question)


@app.periodic(cron="* * * * *")
@app.task(name="kvit.ask_registers", queue="registers", queueing_lock="kvit.ask_registers")
def ask_registers(timestamp: int) -> None:
    """Every minute: put what is due; once a day and company, look over what is known."""
    for tenant_id in login.tenant_ids():
        pass_over(tenant_id)


def pass_over(tenant_id: int) -> None:
    """One company's share of a minute; the daily part happens once, whoever asks for it and how often."""
    now = clock.current().now()
    ctx = Ctx(tenant_id=tenant_id, actor=ACTOR, now=now)
    with tenant.scope(tenant_id):
        today = login.own_day(now)
        is_done = queries.is_looked_over(today)
    if not is_done:
        commands.look_over_knowledge(replace(ctx, key=registers.key_of_the_day(today)))
    with tenant.scope(tenant_id):
        is_due = bool(queries.inquiries_due(now=now, limit=1))
    if is_due:
        commands.ask_due(ctx)
