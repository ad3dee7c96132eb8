"""`kvit bank`: accounts, files, held statements."""

from pathlib import Path
from typing import Annotated

import typer

from kvit.cli import boot
from kvit.cli.options import BankFile, Company, Json

bank_app = typer.Typer(no_args_is_help=True, help="Bank files and accounts.")
OfAccount = Annotated[
    str | None,
    typer.Option("--account", help='the account of files that name none: its number, or "NUMBER CURRENCY"'),
]


@bank_app.command("open-account")
def open_account(number: str, currency: str, name: str, company: Company = None) -> None:
    """Make an account at a bank known as the company's own."""
    with boot.company(company) as edge:
        from kvit.cli.actions import bank as actions

        actions.open_account(edge, number, currency, name)


@bank_app.command("read")
def read(file: BankFile, json: Json = False) -> None:
    """Say what a bank file holds, without taking it in; exit 2 when nothing could be read."""
    from kvit.cli.actions import reading as actions

    raise typer.Exit(actions.read(file, as_json=json))


@bank_app.command("import")
def import_files(
    files: Annotated[list[Path], typer.Argument(exists=True, dir_okay=False, readable=True)],
    company: Company = None,
    account: OfAccount = None,
    json: Json = False,
) -> None:
    """Take bank files in, once however often they come, and match what they bring; exit 2 if nothing was read."""
    with boot.company(company) as edge:
        from kvit.cli.actions import bank as actions

        raise typer.Exit(actions.import_files(edge, files, account=account, as_json=json))


@bank_app.command("watch")
def watch(
    folder: Annotated[Path, typer.Argument(exists=True, file_okay=False, writable=True, help="where files arrive")],
    company: Company = None,
    account: OfAccount = None,
    every: Annotated[int, typer.Option(min=1, help="seconds between two looks")] = 5,
    once: Annotated[bool, typer.Option("--once", help="take what lies there and stop")] = False,
) -> None:
    """Take in each bank file that is put into a folder, once; it moves to done/ or failed/ with a report beside it."""
    with boot.company(company) as edge:
        from kvit.cli.actions import arriving as actions

        actions.watch(edge, folder, account=account, every=every, once=once)


@bank_app.command("mailbox")
def mailbox(
    company: Company = None,
    account: OfAccount = None,
    every: Annotated[int, typer.Option(min=1, help="seconds between two looks")] = 60,
    once: Annotated[bool, typer.Option("--once", help="take what lies there and stop")] = False,
) -> None:
    """Take in the attachments of the mailbox KVIT_MAILBOX, from the senders KVIT_MAILBOX_SENDERS, each once."""
    with boot.company(company) as edge:
        from kvit.cli.actions import arriving as actions

        actions.mailbox(edge, account=account, every=every, once=once)


@bank_app.command("release")
def release(statement: int, reason: Annotated[str, typer.Option()], company: Company = None) -> None:
    """Book a held statement although it does not add up."""
    with boot.company(company) as edge:
        from kvit.cli.actions import bank as actions

        actions.release(edge, statement, reason)


@bank_app.command("reject")
def reject(statement: int, reason: Annotated[str, typer.Option()], company: Company = None) -> None:
    """Never book a held statement."""
    with boot.company(company) as edge:
        from kvit.cli.actions import bank as actions

        actions.reject(edge, statement, reason)


@bank_app.command("name-account")
def name_account(statement: int, account: str, company: Company = None) -> None:
    """Say of which account a held statement is whose file does not tell; ACCOUNT is a number or "NUMBER CURRENCY"."""
    with boot.company(company) as edge:
        from kvit.cli.actions import bank as actions

        actions.name_account(edge, statement, account)
