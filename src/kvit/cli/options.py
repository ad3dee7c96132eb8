"""Options that many commands have."""

from pathlib import Path
from typing import Annotated

import typer

BankFile = Annotated[Path, typer.Argument(exists=True, dir_okay=False, readable=True)]
Company = Annotated[str | None, typer.Option("--company", "-c", envvar="KVIT_COMPANY", help="the company's code")]
Json = Annotated[bool, typer.Option("--json", help="print JSON")]
