"""`kvit einvoice`: electronic invoices as files, without a database."""

from pathlib import Path
from typing import Annotated

import typer

from kvit.cli.options import Json

einvoice_app = typer.Typer(no_args_is_help=True, help="Electronic invoices: UBL, CII, FA(3).")
InvoiceFile = Annotated[Path, typer.Argument(exists=True, dir_okay=False, readable=True)]
Official = Annotated[
    Path | None,
    typer.Option(
        "--official",
        exists=True,
        file_okay=False,
        help="ask the official rules too: a folder with their compiled schematron (*.xslt); needs kvit[official]",
    ),
]


@einvoice_app.command("read")
def read(file: InvoiceFile, json: Json = False) -> None:
    """Say what an invoice file holds; exit 2 when it cannot be taken over."""
    from kvit.cli.actions import einvoice as actions

    raise typer.Exit(actions.read(file, as_json=json))


@einvoice_app.command("check")
def check(file: InvoiceFile, official: Official = None, json: Json = False) -> None:
    """Say by the rules' numbers and in plain words what is wrong with it; exit 1 if something is, 2 if unreadable."""
    from kvit.cli.actions import einvoice as actions

    raise typer.Exit(actions.check(file, official=official, as_json=json))
