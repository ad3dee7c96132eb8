"""`kvit books`: entries handed to the accountant, each once."""

from datetime import datetime
from pathlib import Path
from typing import Annotated

import typer

from kvit.cli import boot
from kvit.cli.options import Company, Json

books_app = typer.Typer(no_args_is_help=True, help="The books: entries handed to the accountant, each once.")
FromDay = Annotated[datetime, typer.Option("--from", formats=["%Y-%m-%d"], help="the first day")]
ToDay = Annotated[datetime, typer.Option("--to", formats=["%Y-%m-%d"], help="the last day")]
Formats = Annotated[
    list[str] | None,
    typer.Option("--format", "-f", help="sie4, csv, xlsx, jpk_kr, jpk_v7; several are made of the same entries"),
]
Folder = Annotated[Path, typer.Option("--out", file_okay=False, help="where the files are put")]
Sequence = Annotated[int, typer.Argument(help="the export's number, as kvit books list shows it")]


@books_app.command("preview")
def preview(from_day: FromDay, to_day: ToDay, company: Company = None, json: Json = False) -> None:
    """Say what an export of the period would hold; nothing is taken."""
    with boot.company(company) as edge:
        from kvit.cli.actions import books as actions

        actions.preview(edge, (from_day.date(), to_day.date()), as_json=json)


@books_app.command("export")
def export(
    from_day: FromDay,
    to_day: ToDay,
    formats: Formats = None,
    out: Folder = Path(),
    company: Company = None,
    json: Json = False,
) -> None:
    """Take every entry of the period that no export has, and write the files."""
    with boot.company(company) as edge:
        from kvit.cli.actions import books as actions

        raise typer.Exit(actions.export(edge, (from_day.date(), to_day.date()), formats or [], out, as_json=json))


@books_app.command("list")
def list_exports(company: Company = None, json: Json = False) -> None:
    """What was exported, and whether the accountant has acknowledged it."""
    with boot.company(company) as edge:
        from kvit.cli.actions import books as actions

        actions.list_exports(edge, as_json=json)


@books_app.command("files")
def files(number: Sequence, out: Folder = Path(), company: Company = None) -> None:
    """Write the kept files of an export again, the same to the byte."""
    with boot.company(company) as edge:
        from kvit.cli.actions import books as actions

        actions.write_files(edge, number, out)


@books_app.command("acknowledge")
def acknowledge(
    number: Sequence,
    by: Annotated[str, typer.Option(help="who acknowledges it")],
    note: Annotated[str, typer.Option(help="for instance its number in the accountant's books")] = "",
    company: Company = None,
) -> None:
    """The accountant has taken an export into the books."""
    with boot.company(company) as edge:
        from kvit.cli.actions import books as actions

        actions.acknowledge(edge, number, by, note)
