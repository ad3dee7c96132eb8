"""A firm's own history for tests: files of confirmed links, and one with a report that needs no engine."""

import io
from collections.abc import Sequence
from datetime import date

from kvit.base import files
from kvit.base.command import Ctx
from kvit.matching import commands
from kvit.matching.domain.history import Case, Figures, HistoryReport, Month

HEAD = (
    "payment_date;amount;payer_account;payer_name;reference;text;customer_number;customer_name;"
    "invoice_numbers;invoice_amounts;invoice_references;invoice_totals;invoice_dates;due_dates"
)


def row(
    number: int,
    *,
    day: date,
    amount: int = 100,
    payer: str = "Bo Ek",
    account: str = "SE1",
    reference: str | None = None,
) -> str:
    """A payment of one invoice, both in whole units; `reference` as the payer wrote it, else as it stands there."""
    right = f"7{number:05d}4"
    quoted = right if reference is None else reference
    issued = date.fromordinal(day.toordinal() - 20)
    return (
        f"{day};{amount};{account};{payer};{quoted};;OLD{number % 40};Kund {number % 40};"
        f"H{number};{amount};{right};{amount};{issued};{day}"
    )


def csv(rows: Sequence[str]) -> bytes:
    """The file."""
    return "\n".join((HEAD, *rows)).encode()


def keep(ctx: Ctx, content: bytes, name: str = "history.csv") -> int:
    """The file, kept."""
    return files.keep(ctx, io.BytesIO(content), name=name).file_id


def reported(ctx: Ctx, content: bytes = b"-") -> int:
    """A history with a report of one wrong link; its id."""
    history_id = commands.give_history(ctx, file_id=keep(ctx, content), currency="SEK").history_id
    commands.report_history(ctx, history_id=history_id, report=REPORT)
    return history_id


def used(ctx: Ctx) -> int:
    """The same, and the robot calibrated on it."""
    history_id = reported(ctx)
    commands.calibrate(ctx, history_id=history_id)
    return history_id


REPORT = HistoryReport(
    payments=1000,
    of_invoices=960,
    straight=930,
    suggested_right=25,
    target_ppm=999_800,
    from_date=date(2025, 1, 2),
    to_date=date(2025, 12, 30),
    shipped=Figures(1_000_000, 985_000, right=940, wrong=1, asked=59),
    fitted=Figures(500_000, 992_500, right=930, wrong=0, asked=70),
    unknown_dates=3,
    months=(Month("2025-01", 80, 0, 5), Month("2025-02", 75, 1, 6)),
    cases=(
        Case(
            line=17,
            payment_date=date(2025, 2, 3),
            amount_minor=34_900,
            currency="SEK",
            would_pay=("F2025-000012",),
            paid=("F2025-000044",),
            confidence_ppm=986_000,
            reasons=(("amount_equal", 0), ("name_equal", 0)),
        ),
    ),
    asked_because=(("unsure", 40), ("nothing", 15), ("closed", 4)),
)
