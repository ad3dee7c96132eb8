"""Make the letters of a run chunk by chunk in the background; end the waiting for answers once a day."""

import logging
from collections.abc import Callable
from dataclasses import replace
from typing import Final

from procrastinate.contrib.django import app

from kvit.base import clock, job, login, tenant
from kvit.base.command import Ctx
from kvit.invoicing import commands
from kvit.invoicing.commands import ChunkMade
from kvit.invoicing.domain.runs import RunKind
from kvit.invoicing.events import LetterRunOpened

log = logging.getLogger("kvit.invoicing")
ACTOR: Final = "robot:invoicing.confirmations"
_CHUNKS: Final[dict[RunKind, Callable[..., ChunkMade]]] = {
    RunKind.STATEMENTS: commands.make_statement_chunk,
    RunKind.CONFIRMATIONS: commands.ask_confirmation_chunk,
}


@job.on(LetterRunOpened, "invoicing.make_letters", is_slow=True)
def make_letters(ctx: Ctx, event: LetterRunOpened) -> None:
    """Take the run to its end. Begun again after a crash it goes on where it was, for the run knows how far it came."""
    unkeyed = replace(ctx, key=None)
    while not _CHUNKS[event.kind](unkeyed, run_id=event.run_id).is_finished:
        log.info("run %s goes on", event.run_id)


@app.periodic(cron="20 3 * * *")
@app.task(name="kvit.expire_confirmations", queue="events", queueing_lock="kvit.expire_confirmations")
def expire_confirmations(timestamp: int) -> None:
    """Every night: what was not answered in time is waited for no longer."""
    for tenant_id in login.tenant_ids():
        ctx = Ctx(tenant_id=tenant_id, actor=ACTOR, now=clock.current().now())
        with tenant.scope(tenant_id):
            today = login.own_day(ctx.now)
        while commands.expire_confirmations(ctx, day=today).count:
            pass
