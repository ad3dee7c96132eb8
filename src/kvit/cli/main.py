"""The `kvit` command: parse, call, answer; a refusal is one line and exit code 1."""

import os
import sys
from datetime import datetime
from pathlib import Path
from typing import Annotated

import typer

from kvit.base import database
from kvit.cli import boot
from kvit.cli.bank import bank_app
from kvit.cli.books import books_app
from kvit.cli.einvoice import einvoice_app
from kvit.cli.options import BankFile, Company, Json
from kvit.kernel.refusals import DomainError

app = typer.Typer(
    no_args_is_help=True, help="Kvit: from work done to money in the bank.", pretty_exceptions_enable=False
)
company_app = typer.Typer(no_args_is_help=True, help="The companies of this installation.")
invoice_app = typer.Typer(no_args_is_help=True, help="Invoices and credit notes.")
match_app = typer.Typer(no_args_is_help=True, help="Which payment pays what.")
world_app = typer.Typer(no_args_is_help=True, help="The simulated world of the demo.")
member_app = typer.Typer(no_args_is_help=True, help="Who works in a company.")
clock_app = typer.Typer(no_args_is_help=True, help="The clock of test mode.")
for name, group in (
    ("company", company_app),
    ("invoice", invoice_app),
    ("bank", bank_app),
    ("einvoice", einvoice_app),
    ("books", books_app),
    ("match", match_app),
    ("world", world_app),
    ("member", member_app),
    ("clock", clock_app),
):
    app.add_typer(group, name=name)

OneCompany = Annotated[str | None, typer.Option("--company", "-c", help="one company's code; all if not given")]
Day = Annotated[datetime | None, typer.Option(formats=["%Y-%m-%d"], help="the day, today if not given")]


def run() -> None:
    """Entry point: refusals become one line on standard error and exit code 1."""
    try:
        app()
    except DomainError as refusal:
        print(f"kvit: {refusal} [{refusal.code}]", file=sys.stderr)
        sys.exit(1)


@app.command()
def migrate() -> None:
    """Bring the database up to date."""
    with boot.installation(migrated=False):
        from kvit.base.migrate import migrate as bring_up_to_date

        bring_up_to_date(verbosity=1)


Port = Annotated[int, typer.Option(envvar="KVIT_PORT")]
Address = Annotated[str, typer.Option(envvar="KVIT_ADDRESS", help="127.0.0.1 is this machine only")]
Yes = Annotated[bool, typer.Option("--yes", help="do not ask")]


@app.command()
def demo(
    days: Annotated[int, typer.Option(min=1, help="how many days of the past the companies have")] = 60,
    percent: Annotated[
        int, typer.Option(min=1, help="customers in percent of the usual number; 1000 is ten times")
    ] = 100,
    once: Annotated[bool, typer.Option("--once", help="end after the main job, without pages")] = False,
    port: Annotated[
        int | None, typer.Option(envvar="KVIT_PORT", help="8000, or the next that is free, if not given")
    ] = None,
    address: Address = "127.0.0.1",
) -> None:
    """Open four simulated companies, show the main job, then serve their pages; Ctrl-C stops everything."""
    os.environ.setdefault("KVIT_TEST_MODE", "1")
    with boot.installation(migrated=False):
        from kvit.cli.actions import demo as actions

        actions.require_place()
        actions.show_main_job(database.home(os.environ) / "world", days=days, percent=percent)
        if not once:
            from kvit.cli.actions import serving

            serving.up(address, port or serving.free_port(address), ready=actions.welcome)


@app.command("wipe-demo")
def wipe_demo(yes: Yes = False) -> None:
    """Wipe the demo, and end test mode; what is lost is named first. Stop a running kvit before."""
    with boot.installation(migrated=False):
        from kvit.cli.actions import wiping

        wiping.require_demo()
        print(f"This is lost for good: {wiping.losses()}.")
        if not yes:
            typer.confirm("Wipe it?", abort=True)
        wiping.wipe()
        print("The demo is gone. Next: make run (or kvit up), and open your company on the first page.")


@app.command()
def verify(company: Company = None, json: Json = False) -> None:
    """Recompute the books, documents, bank accounts and links; exit 1 where anything differs."""
    with boot.company(company) as edge:
        from kvit.cli.actions import verification as actions

        raise typer.Exit(actions.verify(edge, as_json=json))


@app.command()
def worker() -> None:
    """Work off background jobs until stopped."""
    with boot.installation():
        from kvit.cli.actions import working as actions

        actions.work()


@app.command()
def up(port: Port = 8000, address: Address = "127.0.0.1") -> None:
    """Bring the database up to date and run the pages and the worker; Ctrl-C stops everything."""
    with boot.installation(migrated=False):
        from kvit.cli.actions import serving

        serving.up(address, port, ready=serving.tell)


@app.command()
def web(port: Port = 8000, address: Address = "127.0.0.1") -> None:
    """Serve the pages until stopped."""
    with boot.installation():
        from kvit.cli.actions import serving as actions

        actions.serve(address, port)


@company_app.command("open")
def open_company(
    code: str,
    name: Annotated[str, typer.Option(help="as on invoices")],
    country: Annotated[str, typer.Option(help="PL, SE or RO")],
    currency: Annotated[str, typer.Option(help="ISO 4217")],
) -> None:
    """Open a company with its chart of accounts."""
    with boot.installation():
        from kvit.cli.actions import companies as actions

        actions.open_company(code, name=name, country=country, currency=currency)


@invoice_app.command("import")
def import_invoices(file: BankFile, company: Company = None, day: Day = None) -> None:
    """Draft invoices (and register their customers) from a CSV list; all of it or, with problems, nothing."""
    with boot.company(company) as edge:
        from kvit.cli.actions import invoices as actions

        raise typer.Exit(actions.import_list(edge, file, day.date() if day else None))


@invoice_app.command("issue")
def issue(
    ids: Annotated[list[int] | None, typer.Argument(help="drafts; all of them if none is named")] = None,
    company: Company = None,
    day: Day = None,
) -> None:
    """Issue drafts: number them, post them, make them final."""
    with boot.company(company) as edge:
        from kvit.cli.actions import invoices as actions

        actions.issue(edge, ids or [], day.date() if day else None)


@invoice_app.command("list")
def list_invoices(company: Company = None, json: Json = False) -> None:
    """The documents with what is open of each."""
    with boot.company(company) as edge:
        from kvit.cli.actions import invoices as actions

        actions.list_documents(edge, as_json=json)


@invoice_app.command("credit")
def credit(number: str, reason: Annotated[str, typer.Option()], company: Company = None, day: Day = None) -> None:
    """Credit a whole invoice."""
    with boot.company(company) as edge:
        from kvit.cli.actions import invoices as actions

        actions.credit(edge, number, reason, day.date() if day else None)


@invoice_app.command("move-due")
def move_due(
    number: str,
    due: Annotated[datetime, typer.Argument(formats=["%Y-%m-%d"])],
    reason: Annotated[str, typer.Option()],
    company: Company = None,
) -> None:
    """Move the due date of an invoice."""
    with boot.company(company) as edge:
        from kvit.cli.actions import invoices as actions

        actions.move_due(edge, number, due.date(), reason)


@invoice_app.command("interest")
def interest(
    number: str,
    through: Annotated[
        datetime | None, typer.Option(formats=["%Y-%m-%d"], help="the last day that bears interest, today if not given")
    ] = None,
    rule: Annotated[str, typer.Option(help="PL_B2B_MEDICAL, RO_B2B_DAILY …; the country's usual one if none")] = "",
    flat_sum: Annotated[bool, typer.Option("--flat-sum/--no-flat-sum", help="the flat sum between businesses")] = True,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="say what would be charged, draft nothing")] = False,
    company: Company = None,
) -> None:
    """Draft a note of interest on a late invoice, with each rate and its source; issue it like an invoice."""
    with boot.company(company) as edge:
        from kvit.cli.actions import interest as actions

        wanted = actions.Wanted(number, through.date() if through else None, rule, flat_sum, dry_run)
        actions.charge(edge, wanted)


@match_app.command("run")
def match_run(company: Company = None) -> None:
    """Match everything that waits once more."""
    with boot.company(company) as edge:
        from kvit.cli.actions import match as actions

        actions.run(edge)


@match_app.command("waiting")
def match_waiting(company: Company = None, json: Json = False) -> None:
    """The payments that wait for a person, each with its reason."""
    with boot.company(company) as edge:
        from kvit.cli.actions import match as actions

        actions.waiting(edge, as_json=json)


@match_app.command("link")
def match_link(
    line: int,
    targets: Annotated[list[str], typer.Argument(help="NUMBER or NUMBER=AMOUNT, as F2026-000017=150.00")],
    company: Company = None,
) -> None:
    """Say which invoices a payment pays; what is left of it is the customer's advance."""
    with boot.company(company) as edge:
        from kvit.cli.actions import match as actions

        actions.link(edge, line, targets)


@match_app.command("undo")
def match_undo(link: int, reason: Annotated[str, typer.Option()], company: Company = None) -> None:
    """Undo a link; the payment waits again."""
    with boot.company(company) as edge:
        from kvit.cli.actions import match as actions

        actions.undo(edge, link, reason)


@match_app.command("explain")
def match_explain(line: int, company: Company = None) -> None:
    """Why a payment is linked, was linked, or waits."""
    with boot.company(company) as edge:
        from kvit.cli.actions import match as actions

        actions.explain(edge, line)


@match_app.command("files")
def match_files(
    folder: Annotated[Path, typer.Argument(exists=True, file_okay=False, help="with the tables, Parquet or CSV")],
    out: Annotated[Path, typer.Option(help="the file to write, .parquet or .csv")],
    threshold: Annotated[float | None, typer.Option(min=0, max=1, help="confidence of what is automatic")] = None,
    explain: Annotated[bool, typer.Option("--explain", help="the reasons in words, with alternatives")] = False,
) -> None:
    """Match tables of payments and open invoices without a database; exit 2 if a table has faults."""
    from kvit.cli.actions import match_files as actions

    raise typer.Exit(actions.run(actions.Wanted(folder, out, threshold, explain)))


@match_app.command("report")
def match_report(
    file: Annotated[Path, typer.Argument(exists=True, dir_okay=False, help="CSV of payments and what they paid")],
    learn: Annotated[bool, typer.Option("--learn", help="calibrate on it, and learn its payers")] = False,
    currency: Annotated[str, typer.Option(help="of rows that name none; the company's if not given")] = "",
    company: Company = None,
    json: Json = False,
) -> None:
    """What the robot would have done with your own history; exit 2 with line and column if the file has faults."""
    with boot.company(company) as edge:
        from kvit.cli.actions import history as actions

        wanted = actions.Wanted(file, currency, learn, json)
        raise typer.Exit(actions.report(edge, wanted))


@world_app.command("day")
def world_day(company: OneCompany = None) -> None:
    """Play the next day of the simulated companies: invoices, payments, bank files, matching; the clock moves on."""
    _play(1, company)


@world_app.command("run")
def world_run(days: Annotated[int, typer.Option(min=1, help="how many days")], company: OneCompany = None) -> None:
    """Play many days, one after the other; interrupt it when you like, the next run goes on where it stopped."""
    _play(days, company)


def _play(days: int, company: str | None) -> None:
    with boot.installation():
        from kvit.cli.actions import world as actions

        actions.tell_played(actions.run(database.home(os.environ) / "world", days=days, code=company))


@world_app.command("judge")
def world_judge(company: OneCompany = None, json: Json = False) -> None:
    """Judge each link by what the payer meant, which only the world knows; exit 1 where the robot was wrong."""
    with boot.installation():
        from kvit.cli.actions import world as actions

        raise typer.Exit(actions.judge(company, as_json=json))


@member_app.command("add")
def add_member(
    email: str,
    name: Annotated[str, typer.Option(help="full name")],
    role: Annotated[str, typer.Option(help="owner, manager, clerk, accountant, dispatcher, auditor")] = "clerk",
    company: Company = None,
) -> None:
    """Let somebody sign in; prints the link by which they choose a password."""
    with boot.company(company) as edge:
        from kvit.cli.actions import members as actions

        actions.add(edge, email, name=name, role=role)


@clock_app.command("push")
def push_clock(days: Annotated[int, typer.Option()] = 0, hours: Annotated[int, typer.Option()] = 0) -> None:
    """Push the clock of test mode forward, for every process of this installation."""
    with boot.installation():
        from datetime import timedelta

        from kvit.base import clock

        print(clock.push_forward(timedelta(days=days, hours=hours)).isoformat(timespec="seconds"))
