"""Play days of a simulated company: it invoices, customers ask and pay, the banks write files, which are taken in.

Every step is a command under a key of its day, or a file that says the same each time: days that were played, wholly or
half, may be played again, and nothing is there twice.
"""

import contextlib
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from itertools import islice
from typing import Final, Protocol

from kvit.banking import queries as banking
from kvit.base import tenant
from kvit.base.command import Ctx
from kvit.invoicing import commands as invoicing
from kvit.invoicing import queries as invoices
from kvit.invoicing.domain import Draft, DraftLine, line_gross
from kvit.invoicing.domain.draft import BadLine
from kvit.kernel import vat
from kvit.kernel.calendars import is_working_day
from kvit.world import bank_days, bank_files, billing, commands, habits, queries, talking, wording
from kvit.world.bank_days import Movement
from kvit.world.bills import Bill
from kvit.world.commands import DaysPlayed, Founding
from kvit.world.companies import Dialect, Trade
from kvit.world.founding import Simulated
from kvit.world.habits import Delay, Objection, Saying

CHUNK: Final = 1000
OFFICE_HOUR: Final = time(7, 30, tzinfo=UTC)
_WEEK: Final = timedelta(days=7)
_DAY: Final = timedelta(days=1)


class Intake(Protocol):
    """Takes a bank's file in by the normal way; the same file again changes nothing."""

    def __call__(self, ctx: Ctx, *, name: str, content: bytes) -> object: ...


@dataclass(frozen=True, slots=True)
class Stretch:
    """Days that are played in one go."""

    first: date
    last: date

    def days(self) -> Iterator[date]:
        """Each of them."""
        day = self.first
        while day <= self.last:
            yield day
            day += _DAY


def stretches(founding: Founding, *, after: date | None, until: date) -> Iterator[Stretch]:
    """What is to be played after a day (None: from the beginning) until another: weeks of the past, then days."""
    start = founding.first_day if after is None else after + _DAY
    while start <= min(until, founding.opened_on):
        week = (start - founding.first_day) // _WEEK + 1
        last = min(founding.first_day + week * _WEEK - _DAY, founding.opened_on)
        yield Stretch(start, last)
        start = last + _DAY
    while start <= until:
        yield Stretch(start, start)
        start += _DAY


def play(ctx: Ctx, simulated: Simulated, stretch: Stretch, *, take_in: Intake) -> DaysPlayed:
    """Play some days to their end; jobs that wait afterwards, such as matching, are the caller's to run.

    Days that were played to their end before are left as they are, whatever has happened since.
    """
    ctx = replace(ctx, tenant_id=simulated.tenant_id)
    with tenant.scope(ctx.tenant_id):
        before = queries.played(stretch.last)
    if before is not None:
        return before
    issued = sum(_invoice(ctx, simulated, day) for day in stretch.days())
    credited = delayed = 0
    known = _recent(simulated, stretch)
    _talk(ctx, simulated, stretch, known)
    for reaction in _reactions(simulated, stretch, known):
        if isinstance(reaction, Objection):
            credited += _credit(ctx, simulated, reaction)
        else:
            delayed += _delay(ctx, simulated, reaction)
    if credited:
        known = _recent(simulated, stretch)
    moved = _bank(ctx, simulated, stretch, known, take_in=take_in)
    return commands.close_days(
        replace(ctx, key=queries.key_of(stretch.last)),
        played=DaysPlayed(
            first=stretch.first,
            last=stretch.last,
            issued=issued,
            credited=credited,
            delayed=delayed,
            movements=moved,
        ),
    )


def _then(ctx: Ctx, day: date, key: str) -> Ctx:
    """The office's hour of a day, if that has passed: what is played of the past was done when it says."""
    return replace(ctx, key=key, now=min(ctx.now, datetime.combine(day, OFFICE_HOUR)))


def _invoice(ctx: Ctx, simulated: Simulated, day: date) -> int:
    """Draft and issue what the company invoices on a day, chunk by chunk; how many."""
    orders = iter(billing.orders(simulated.company, simulated.people, day, seed=simulated.founding.seed))
    count = 0
    while chunk := list(islice(orders, CHUNK)):
        drafts = tuple(Draft(simulated.customer_ids[order.ordinal], order.lines) for order in chunk)
        then = _then(ctx, day, f"world:{day}:{count}")
        drafted = invoicing.draft_invoices(then, drafts=drafts, day=day)
        invoicing.issue_invoices(then, invoice_ids=drafted.invoice_ids, issue_date=day)
        count += len(chunk)
    return count


def bills(simulated: Simulated, *, since: date) -> tuple[Bill, ...]:
    """The invoices that the world's customers have, issued on a day or later, with what was credited of them."""
    ordinals = {customer_id: ordinal for ordinal, customer_id in enumerate(simulated.customer_ids)}
    with tenant.scope(simulated.tenant_id):
        documents = [d for d in invoices.issued_since(since) if d.customer_id in ordinals and d.issue_date]
    credits: dict[int, list[tuple[date, int]]] = {}
    for d in documents:
        if d.credits_id is not None and d.issue_date:
            credits.setdefault(d.credits_id, []).append((d.issue_date, -d.counted_minor))
    return tuple(
        Bill(
            invoice_id=d.id,
            ordinal=ordinals[d.customer_id],
            number=d.number or "",
            reference=d.payment_reference or "",
            gross_minor=d.gross_minor,
            issue_date=d.issue_date,
            credits=tuple(credits.get(d.id, ())),
        )
        for d in documents
        if d.is_claim and d.credits_id is None and d.issue_date
    )


def _recent(simulated: Simulated, stretch: Stretch) -> tuple[Bill, ...]:
    return bills(simulated, since=stretch.first - timedelta(days=habits.LONGEST_DAYS))


def _reactions(simulated: Simulated, stretch: Stretch, known: Sequence[Bill]) -> Iterable[Objection | Delay]:
    seed = simulated.founding.seed
    found = [
        reaction
        for bill in known
        for reaction in habits.reactions(simulated.company, simulated.people[bill.ordinal], [bill], seed=seed)
        if stretch.first <= reaction.day <= stretch.last
    ]
    return sorted(found, key=lambda reaction: (reaction.day, reaction.bill.number))


def _credit(ctx: Ctx, simulated: Simulated, objection: Objection) -> int:
    """Credit a disputed bill, the whole or a part; 0 where a person has credited it before, or written it otherwise."""
    bill, lines = objection.bill, None
    then = _then(ctx, objection.day, f"world:dispute:{bill.number}")
    if objection.percent < 100:
        lines = (_reduction(simulated, objection),)
    with contextlib.suppress(invoicing.NotCreditable, BadLine):
        talking.give_in(then, bill)
        reason = wording.dispute(simulated.company)
        drafted = invoicing.draft_credit_note(then, invoice_id=bill.invoice_id, reason=reason, lines=lines)
        invoicing.issue_invoices(then, invoice_ids=(drafted.invoice_id,), issue_date=objection.day)
        return 1
    return 0


def _reduction(simulated: Simulated, objection: Objection) -> DraftLine:
    company, bill = simulated.company, objection.bill
    rate = Decimal(0)
    if company.trade is not Trade.CLINIC:
        rate = vat.period_on(company.country, bill.issue_date).standard
    net_minor = bill.gross_minor * objection.percent // (100 + int(rate))
    return DraftLine(wording.reduction(company), Decimal(1), Decimal(max(net_minor, 1)).scaleb(-2), rate)


def _delay(ctx: Ctx, simulated: Simulated, delay: Delay) -> int:
    """Move a due date as the customer asked; 0 where that is refused."""
    return talking.agree(_then(ctx, delay.day, f"world:delay:{delay.bill.number}"), simulated.company, delay)


def _talk(ctx: Ctx, simulated: Simulated, stretch: Stretch, known: Sequence[Bill]) -> None:
    """Let customers say what they say of these days on the pages of their invoices."""
    seed = simulated.founding.seed
    for bill in known:
        for saying in habits.sayings(simulated.company, simulated.people[bill.ordinal], bill, seed=seed):
            if stretch.first <= saying.day <= stretch.last:
                then = _then(ctx, saying.day, f"world:say:{bill.number}")
                talking.say(then, simulated.company, saying, amount_minor=_disputed_minor(simulated, saying))


def _disputed_minor(simulated: Simulated, saying: Saying) -> int:
    """What is disputed: as much as the credit note will be, to the last minor unit."""
    if saying.percent == 100:
        return saying.bill.gross_minor
    line = _reduction(simulated, Objection(saying.day, saying.bill, saying.percent))
    return line_gross(int(line.unit_price.scaleb(2)), line.vat_rate)


def _bank(ctx: Ctx, simulated: Simulated, stretch: Stretch, known: Sequence[Bill], *, take_in: Intake) -> int:
    """Write each account's file and take it in; how many movements there are."""
    company = simulated.company
    moved = bank_days.movements(
        company,
        simulated.people,
        known,
        days=(stretch.first, stretch.last),
        seed=simulated.founding.seed,
    )
    is_bank_day = any(is_working_day(day, company.country) for day in stretch.days())
    for page in _pages(simulated, stretch, moved):
        if page.movements or (is_bank_day and page.account.dialect is not Dialect.BGMAX):
            name = f"{company.code}-{page.account.code}-{stretch.last}.{bank_files.ending(page)}"
            take_in(ctx, name=name, content=bank_files.write(page))
    return len(moved)


def _pages(simulated: Simulated, stretch: Stretch, moved: Sequence[Movement]) -> Iterator[bank_files.Page]:
    with tenant.scope(simulated.tenant_id):
        ids = {number: account_id for account_id, (number, _, _) in banking.accounts().items()}
        before = {
            account.code: banking.closing_before(ids[account.number], stretch.first)
            for account in simulated.company.accounts
        }
    for account in simulated.company.accounts:
        known = before[account.code]
        yield bank_files.Page(
            company=simulated.company,
            account=account,
            first=stretch.first,
            last=stretch.last,
            opening_minor=account.opening_minor if known is None else known,
            movements=tuple(movement for movement in moved if movement.account == account.code),
        )
