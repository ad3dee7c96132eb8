"""`kvit einvoice`: electronic invoices as files without a database; write an issued one, take one in."""

from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from kvit.cli import boot
from kvit.cli.options import Company, Json

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


class Format(StrEnum):
    """What an invoice can be written as."""

    UBL = "ubl"
    CII = "cii"
    PEPPOL = "peppol"
    CIUS_RO = "cius-ro"
    KSEF = "ksef"


@einvoice_app.command("write")
def write(
    number: str,
    as_format: Annotated[Format, typer.Option("--format", help="the syntax, or an agreement in UBL")] = Format.UBL,
    output: Annotated[Path | None, typer.Option("--output", "-o", help="the file; standard output if none")] = None,
    company: Company = None,
) -> None:
    """Write an issued document as it was frozen; exit 1 with the broken rules where it may not be sent."""
    from kvit.cli.actions import einvoice_out as actions

    with boot.company(company) as edge:
        raise typer.Exit(actions.write(edge, number, as_format.value, output))


@einvoice_app.command("take-in")
def take_in(
    file: InvoiceFile,
    supplier: Annotated[int | None, typer.Option(help="the party it is of, where its numbers do not tell")] = None,
    company: Company = None,
) -> None:
    """Take in an invoice of a supplier: what it asks for becomes a payable."""
    from kvit.cli.actions import einvoice_out as actions

    with boot.company(company) as edge:
        actions.take_in(edge, file, supplier)
