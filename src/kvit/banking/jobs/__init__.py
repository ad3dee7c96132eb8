"""Take bank files in: read the stream, hand it to the commands in chunks, judge each statement. Send payment files."""

import hashlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from datetime import timedelta
from tempfile import TemporaryFile
from typing import BinaryIO, cast

from kvit.banking import commands, queries
from kvit.banking.domain import SETTLED, Header, LineKeys, LineToTake, StatementState, Sums, judge
from kvit.banking.domain.payments import PaymentFileState, SendingOutcome
from kvit.banking.domain.ports import PaymentChannel
from kvit.banking.events import FileReceived, PaymentFileSending
from kvit.banking.jobs.reports import take_reports, take_status_report
from kvit.base import files, job, tenant
from kvit.base.command import Ctx
from kvit.formats import bank
from kvit.formats.bank.autogiro.records import AutogiroFile
from kvit.formats.bank.lb.records import LbFile
from kvit.formats.bank.pain.records import OrderStatus
from kvit.formats.bank.statement import Event, Line, Statement, StatementClosed, StatementOpened
from kvit.kernel.results import Problem

__all__ = [
    "CHUNK",
    "ImportReport",
    "Progress",
    "TakenStatement",
    "doubt_sending",
    "import_file",
    "send_payment_file",
    "take_file_in",
    "take_reports",
    "take_status_report",
]

CHUNK = 1000
LONGEST_SENDING_SECONDS = 600
Progress = Callable[[int], None]
"""Called with how many lines were just taken."""


@dataclass(frozen=True)
class TakenStatement:
    """What became of one statement: lines new, lines known from before, and where it stands."""

    statement_id: int
    place: str
    account: str
    state: StatementState
    taken: int
    known: int
    hold_reason: str


@dataclass(frozen=True)
class ImportReport:
    """What became of a file. `repeated` means that all of it had been taken before and nothing was done.

    `told` is what reports on our own orders said, a line each.
    """

    sha256: str
    format: str
    repeated: bool
    statements: tuple[TakenStatement, ...]
    problems: tuple[Problem, ...]
    told: tuple[str, ...] = ()


@dataclass
class _OpenStatement:
    begun: commands.StatementBegun
    keys: LineKeys
    header: Header
    chunk: list[LineToTake] = field(default_factory=list)
    net_minor: int = 0
    turnover_minor: int = 0
    currencies: set[str] = field(default_factory=set)
    taken: int = 0
    known: int = 0


class _Intake:
    """One file on its way in: one chunk of lines is written while the next is read."""

    def __init__(self, ctx: Ctx, intake_id: int, progress: Progress, behind: job.Behind) -> None:
        self.ctx = replace(ctx, key=None)
        self.behind = behind
        self.intake_id = intake_id
        self.progress = progress
        self.problems: list[Problem] = []
        self.noted = 0
        self.before_statement = 0  # how many problems belong to the statements that are closed
        self.keys: dict[str, LineKeys] = {}
        self.seen: set[tuple[str, str]] = set()
        self.settled: list[TakenStatement] = []
        self.open: _OpenStatement | None = None

    def feed(self, events: Iterator[Event]) -> list[TakenStatement]:
        """Take in what is read and settle each statement at its end; what became of them, in file order.

        What is wrong with the file as a whole, such as a trailer that counts more than there is, holds no
        statement that proves itself, but somebody looks at it.
        """
        for event in events:
            if isinstance(event, Line):
                self._line(event)
            elif isinstance(event, Problem):
                self.problems.append(event)
            elif isinstance(event, StatementOpened):
                header = Header.of(event.statement)
                begun = commands.begin_statement(self.ctx, intake_id=self.intake_id, header=header)
                self.open = _OpenStatement(begun, self._keys(event.statement, begun.account_id), header)
            else:
                self._close(event)
        self._note_problems()
        if of_the_file := self.problems[self.before_statement :]:
            commands.flag_file(self.ctx, intake_id=self.intake_id, problem=of_the_file[0])
        return self.settled

    def _keys(self, statement: Statement, account_id: int | None) -> LineKeys:
        """Equal lines are counted over all statements of an account in the file, but a statement sent twice is one."""
        account = statement.account if account_id is None else f"account:{account_id}"
        sent = (account, statement.statement_id)
        if account not in self.keys or (statement.statement_id and sent in self.seen):
            self.keys[account] = LineKeys()
        self.seen.add(sent)
        return self.keys[account]

    def _line(self, line: Line) -> None:
        current = self._current()
        current.net_minor += line.amount_minor
        current.turnover_minor += abs(line.amount_minor)
        current.currencies.add(line.currency)
        if current.begun.account_id is not None and current.begun.state not in SETTLED:
            current.chunk.append(LineToTake(current.keys.key(line), line))
            if len(current.chunk) == CHUNK:
                chunk, current.chunk = tuple(current.chunk), []
                self.behind.do(lambda: self._take(current, chunk))

    def _flush(self, current: _OpenStatement) -> None:
        self.behind.wait()
        if current.chunk:
            self._take(current, tuple(current.chunk))
            current.chunk.clear()

    def _take(self, current: _OpenStatement, chunk: tuple[LineToTake, ...]) -> None:
        begun = current.begun
        if begun.account_id is not None:
            done = commands.take_lines(
                self.ctx, statement_id=begun.statement_id, account_id=begun.account_id, lines=chunk
            )
            current.taken += done.taken
            current.known += done.known
            self.progress(len(chunk))

    def _close(self, event: StatementClosed) -> None:
        current, statement = self._current(), event.statement
        self._flush(current)
        self._note_problems()
        if (header := Header.of(statement)) != current.header and current.begun.state not in SETTLED:
            commands.complete_statement(self.ctx, statement_id=current.begun.statement_id, header=header)
        settled = commands.settle_statement(
            self.ctx,
            statement_id=current.begun.statement_id,
            account_id=current.begun.account_id,
            verdict=judge(
                statement,
                sums=Sums(current.net_minor, current.turnover_minor, frozenset(current.currencies)),
                problems=self.problems[self.before_statement :],
            ),
        )
        self.before_statement = len(self.problems)
        self.settled.append(self._report(current, statement, settled))
        self.open = None

    def _report(
        self, current: _OpenStatement, statement: Statement, settled: commands.StatementSettled
    ) -> TakenStatement:
        return TakenStatement(
            statement_id=current.begun.statement_id,
            place=statement.place,
            account=statement.account,
            state=settled.state,
            taken=current.taken,
            known=current.known,
            hold_reason=settled.hold_reason,
        )

    def _current(self) -> _OpenStatement:
        if self.open is None:
            raise RuntimeError("a reader gave a line outside of a statement")
        return self.open

    def _note_problems(self) -> None:
        if fresh := tuple(self.problems[self.noted :]):
            commands.note_problems(self.ctx, intake_id=self.intake_id, problems=fresh)
            self.noted = len(self.problems)


def import_file(
    ctx: Ctx,
    source: BinaryIO,
    *,
    name: str,
    progress: Progress = lambda _: None,
    account_id: int | None = None,
) -> ImportReport:
    """Keep a bank file and take in what it says, once, whatever is in it and however often it comes.

    Statements that add up are booked whole; others are held with their lines. Nothing is lost: the file is
    kept as it came, each problem with its place. May be repeated after a crash at any point. `account_id` is the
    account of a file that came from where only files of one account come; it counts where the file names none.
    """
    kept = files.keep(ctx, source, name=name)
    return _take(ctx, source, kept=kept, progress=progress, account_id=account_id)


@job.on(FileReceived, "banking.take_file_in")
def take_file_in(ctx: Ctx, event: FileReceived) -> None:
    """Take in a file that was kept before, as `import_file` does."""
    with TemporaryFile() as source:
        with tenant.scope(ctx.tenant_id):
            kept = files.kept(event.file_id)
            for part in files.read_parts(kept.sha256):
                source.write(part)
        source.seek(0)
        _take(ctx, cast(BinaryIO, source), kept=kept, progress=lambda _: None)


def _take(
    ctx: Ctx, source: BinaryIO, *, kept: files.Kept, progress: Progress, account_id: int | None = None
) -> ImportReport:
    with tenant.scope(ctx.tenant_id):
        profiles = queries.csv_profiles()
    format_name = bank.recognise_stream(source, profiles=profiles)
    begun = commands.begin_intake(
        replace(ctx, key=None), file_id=kept.file_id, format=format_name or "unknown", account_id=account_id
    )
    if begun.done:
        return ImportReport(kept.sha256, format_name or "unknown", True, (), ())
    with tenant.scope(ctx.tenant_id):
        of_account = queries.account_told(begun.intake_id)
    if of_account is not None:  # a file that names no currency is in that of its account
        profiles = tuple(replace(profile, currency=of_account[1]) for profile in profiles)
    reports: list[bank.Report] = []
    with job.Behind() as behind:
        intake = _Intake(ctx, begun.intake_id, progress, behind)
        settled = intake.feed(_without_reports(bank.open_file(source, profiles=profiles).items, reports))
    told, strange = take_reports(ctx, reports, intake_id=begun.intake_id)
    if settled or reports:
        commands.end_intake(replace(ctx, key=None), intake_id=begun.intake_id)
    problems = (*intake.problems, *strange)
    return ImportReport(kept.sha256, format_name or "unknown", False, tuple(settled), problems, told)


def _without_reports(items: Iterator[bank.Item], reports: list[bank.Report]) -> Iterator[Event]:
    for item in items:
        if isinstance(item, OrderStatus | LbFile | AutogiroFile):
            reports.append(item)
        else:
            yield item


@job.on(PaymentFileSending, "banking.doubt_sending", after_seconds=LONGEST_SENDING_SECONDS)
def doubt_sending(ctx: Ctx, event: PaymentFileSending) -> None:
    """So long after a sending began: if it came to no end, its sender was lost and the file is in doubt."""
    long_ago = timedelta(seconds=LONGEST_SENDING_SECONDS - 60)  # less a minute, for clocks that are set
    commands.doubt_sendings(ctx, begun_before_at=ctx.now - long_ago)


def send_payment_file(ctx: Ctx, *, payment_file_id: int, channel: PaymentChannel) -> PaymentFileState:
    """Hand a signed file to the bank, once: the intent is recorded first, the outcome afterwards.

    Whatever goes wrong in between leaves it unknown, never to be sent again by itself. Refuses what `begin_sending`
    refuses: a second sender, whoever it is, sends nothing.
    """
    unkeyed = replace(ctx, key=None)  # a repeated key would be handed the stored answer, and send again
    begun = commands.begin_sending(unkeyed, payment_file_id=payment_file_id)
    outcome, evidence = SendingOutcome.NOT_SENT, "the file as it was signed is not to be had"
    try:
        with tenant.scope(ctx.tenant_id):
            content = b"".join(files.read_parts(begun.sha256))
        if hashlib.sha256(content).hexdigest() == begun.sha256:
            outcome, evidence = SendingOutcome.UNKNOWN, "the hand-over broke off"
            outcome = channel.hand_over(message_id=begun.message_id, name=begun.name, content=content)
            evidence = f"the channel says {outcome.value}"
    finally:
        moved = commands.record_sending(unkeyed, payment_file_id=payment_file_id, outcome=outcome, evidence=evidence)
    return moved.state
