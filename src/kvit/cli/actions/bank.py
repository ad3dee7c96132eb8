"""`kvit bank`: open accounts, take files in, decide on held statements."""

from collections.abc import Sequence
from pathlib import Path

from kvit.banking import commands as banking
from kvit.banking import jobs, queries
from kvit.banking.domain import account_key
from kvit.banking.jobs import ImportReport
from kvit.base import job, tenant
from kvit.cli.actions import show
from kvit.cli.boot import Edge
from kvit.matching import queries as matching


def open_account(edge: Edge, number: str, currency: str, name: str) -> None:
    """Make an account the company's own."""
    opened = banking.open_bank_account(edge.ctx(), number=number, currency=currency.upper(), name=name)
    show.say(f"{number} {currency.upper()} is an account of the company ({opened.ledger_account} in the books)")


def account_called(edge: Edge, written: str | None) -> int | None:
    """The company's account of a number, or of "NUMBER CURRENCY" where it is in several. Refuses `NoSuchAccount`."""
    if written is None:
        return None
    number, _, currency = written.rpartition(" ")
    wanted = {(account_key(written), ""), (account_key(number), currency.upper())}
    with tenant.scope(edge.tenant_id):
        found = [
            key for key, (of, in_, _name) in queries.accounts().items() if (of, "") in wanted or (of, in_) in wanted
        ]
    if len(found) != 1:
        what = "no account" if not found else "several accounts, name its currency too:"
        raise banking.NoSuchAccount(f"the company has {what} {written}")
    return found[0]


def name_account(edge: Edge, statement_id: int, account: str) -> None:
    """Say of which account a held statement is, and take its file in."""
    account_id = account_called(edge, account) or 0
    banking.name_account(edge.ctx(), statement_id=statement_id, account_id=account_id)
    job.run_until_empty(slow_too=False)
    with tenant.scope(edge.tenant_id):
        statement = queries.statement(statement_id)
    if statement is not None:
        lines = "1 line" if statement.line_count == 1 else f"{statement.line_count} lines"
        show.say(f"statement {statement_id} is {statement.state}, {lines}")


def import_files(edge: Edge, files: Sequence[Path], *, account: str | None, as_json: bool) -> int:
    """Take files in and match their lines; 0, or 2 when a file gave nothing that could be read."""
    reports = []
    account_id = account_called(edge, account)
    for file in files:
        with file.open("rb") as source, show.progress(f"importing {file.name}") as bar:
            reports.append(
                jobs.import_file(edge.ctx(), source, name=file.name, progress=bar.advance, account_id=account_id)
            )
    with show.err.status("matching"):
        job.run_until_empty(slow_too=False)
    if as_json:
        show.as_json([{"file": str(file), "report": r} for file, r in zip(files, reports, strict=True)])
    else:
        for file, report in zip(files, reports, strict=True):
            _print(edge, file, report)
    return 0 if all(report.statements or report.repeated for report in reports) else 2


def _print(edge: Edge, file: Path, report: ImportReport) -> None:
    if report.repeated:
        show.say(f"{file.name}: taken in before; nothing changed")
    accounts = sorted({(taken.account, taken.state) for taken in report.statements})
    for account, state in accounts:
        group = [t for t in report.statements if (t.account, t.state) == (account, state)]
        with tenant.scope(edge.tenant_id):
            linked = sum(matching.linked_of_statement(t.statement_id) for t in group)
        new, known = sum(t.taken for t in group), sum(t.known for t in group)
        statements = "1 statement" if len(group) == 1 else f"{len(group)} statements"
        show.say(f"{file.name}: {account}, {statements} {state}, {new} new and {known} known lines, {linked} linked")
        for held in (t for t in group if t.hold_reason):
            show.say(f"  statement {held.statement_id}: {held.hold_reason}", style="yellow")
    for problem in report.problems:
        show.say(f"{file.name}, {problem.place}: {problem.reason}", style="yellow")


def release(edge: Edge, statement_id: int, reason: str) -> None:
    """Book a held statement."""
    decided = banking.release_statement(edge.ctx(), statement_id=statement_id, reason=reason)
    job.run_until_empty(slow_too=False)
    show.say(f"statement {statement_id} is booked with {decided.lines} lines")


def reject(edge: Edge, statement_id: int, reason: str) -> None:
    """Never book a held statement."""
    banking.reject_statement(edge.ctx(), statement_id=statement_id, reason=reason)
    show.say(f"statement {statement_id} is rejected; its file and lines are kept")
