"""`kvit demo`: the simulated companies, and the main job in the terminal."""

import contextlib
import os
import sys
import threading
import webbrowser
from pathlib import Path
from time import monotonic
from typing import ClassVar

from django.conf import settings

from kvit.banking import queries as banking
from kvit.base import login, tenant
from kvit.base.migrate import migrate
from kvit.cli import boot
from kvit.cli.actions import match, older, show, verification, world
from kvit.cli.boot import Edge
from kvit.invoicing import queries as invoices
from kvit.kernel.refusals import DomainError
from kvit.ledger import queries as ledger
from kvit.ledger.domain import Accounts, bank_account
from kvit.matching import queries as matching
from kvit.world import days as world_days
from kvit.world import truth
from kvit.world.founding import Simulated

SHOWN = 6
ASKING_SHOWN = 20


class NotForTheDemo(DomainError):
    """Companies at work are here; the demo keeps away from them."""

    code: ClassVar[str] = "cli.not_for_the_demo"


def show_main_job(folder: Path, *, days: int = world_days.DAYS, percent: int = 100) -> None:
    """Open the companies unless they are there; show one's invoices, bank files, links and questions; verify all.

    `folder` is where the banks' files lie.
    """
    started = monotonic()
    with show.err.status("preparing the database"):
        migrate()
    companies = world.populate(folder, days=days, percent=percent)
    shown = companies[0]
    edge = Edge(shown.tenant_id)
    show.out.rule(f"Invoices of {shown.company.name}")
    _invoices(shown)
    show.out.rule("Bank files")
    _files(shown, folder)
    show.out.rule("What matched, and why")
    _matched(edge)
    show.out.rule("What asks")
    match.waiting(edge, as_json=False, most=ASKING_SHOWN)
    show.out.rule("The books")
    _books(shown)
    show.out.rule("All companies")
    world.tell_standings(companies)
    for simulated in companies:
        _sound(simulated)
    show.say(
        f"\nDone in {monotonic() - started:.0f} s. The companies stay, in test mode. Next: kvit world day, "
        f"kvit match waiting --company {shown.company.code}, kvit --help"
    )


def require_place() -> None:
    """Make this home one for a demo. Refuses `OlderDemo`, and `NotForTheDemo` where companies at work are.

    Among them, a demo would put them into test mode.
    """
    older.require_none()
    with show.err.status("preparing the database"):
        migrate()
    if login.count_tenants() and not boot.is_for_trying_out():
        raise NotForTheDemo(
            f"{settings.KVIT_HOME} holds companies at work, which stay as they are; give the demo a home of its own: "
            "KVIT_HOME=~/kvit-demo make demo"
        )
    boot.switch_test_mode_on()
    older.note()


def welcome(address: str) -> None:
    """Say where the demo is, and show it in a browser where there is a display."""
    page = f"{address}/demo/"
    show.say(f"\nKvit is at {page}", style="bold")
    show.say(
        "One click signs in as anybody there. Ctrl-C stops everything; the data stay, and the next start is quick."
    )
    if has_display():
        threading.Thread(target=_open, args=(page,), daemon=True).start()


def has_display() -> bool:
    """Whether a window can be opened: never on a machine for checks, never over a bare line."""
    if os.environ.get("CI") or os.environ.get("KVIT_NO_BROWSER"):
        return False
    return sys.platform in ("darwin", "win32") or bool(os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY"))


def _open(page: str) -> None:
    """A browser that cannot be opened is no reason to stop: the address stands in the terminal."""
    with contextlib.suppress(webbrowser.Error, OSError):
        webbrowser.open(page)


def _invoices(simulated: Simulated) -> None:
    with tenant.scope(simulated.tenant_id):
        documents = invoices.issued_since(simulated.founding.first_day)
    known = set(simulated.customer_ids)
    issued = [document for document in documents if document.is_claim and document.customer_id in known]
    last, credits = issued[-1], sum(document.credits_id is not None for document in documents)
    amount = show.money(last.gross_minor, last.currency)
    show.say(f"{len(issued)} invoices issued to {len(simulated.people)} customers, and {credits} credit notes")
    show.say(f"the last invoice is {last.number} over {amount}, reference {last.payment_reference}")


def _files(simulated: Simulated, folder: Path) -> None:
    """What came in on each account, by its lines; the files themselves stay in a folder."""
    with tenant.scope(simulated.tenant_id):
        accounts = banking.accounts()
        lines = banking.lines(banking.booked_line_ids())
    for account_id, (number, currency, name) in accounts.items():
        own = [line for line in lines if line.account_id == account_id]
        statements = len({line.statement_id for line in own})
        total = show.money(sum(line.amount_minor for line in own), currency)
        show.say(f"{name}, {number}: {len(own)} lines in {statements} statements, {total} in all")
    files = sorted(folder.glob(f"{simulated.company.code}-*"))
    show.say(f"{len(files)} files were taken in; they lie in the installation's folder {folder.name}")


def _matched(edge: Edge) -> None:
    with tenant.scope(edge.tenant_id):
        line_ids = matching.latest_linked(limit=SHOWN)
        total, waiting = matching.count_live(), len(matching.waiting_lines())
        found = [link for link in matching.links(line_ids) if link.state == "live"]
    show.table(
        f"{total} payments linked by themselves, {waiting} ask; the latest links:",
        (">line", ">amount", "why"),
        ((str(link.line_id), show.money(link.amount_minor, link.currency), link.evidence) for link in found),
    )


def _books(simulated: Simulated) -> None:
    currency = simulated.company.currency
    with tenant.scope(simulated.tenant_id):
        codes = [bank_account(account_id) for account_id in banking.accounts()]
        codes += [Accounts.RECEIVABLE, Accounts.UNALLOCATED, Accounts.SALES, Accounts.OUTPUT_VAT]
        balances = [ledger.account_balance(code, currency) for code in codes]
    show.table(
        "", ("account", ">debit minus credit"), ((b.account, show.money(b.balance_minor, currency)) for b in balances)
    )


def _sound(simulated: Simulated) -> None:
    """Verify one company's books, and judge its links by what the payers meant."""
    problems = verification.problems_of(simulated.tenant_id)
    report = truth.report(simulated)
    links = len([judgement for judgement in report.judgements if judgement.by_robot])
    show.say(
        f"{simulated.company.name}: {'books sound' if not problems else f'{len(problems)} differences'}, "
        f"{links - len(report.wrong)} of {links} links as the payers meant them"
    )
    for problem in problems:
        show.say(f"{problem.place}: {problem.reason}", style="red")
