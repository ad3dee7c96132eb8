"""A firm's own history is given, tried, and used: the robot knows its payers and how sure it has to be."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import ClassVar

from kvit.base import codec, rows
from kvit.base.codec import Bulk
from kvit.base.command import Ctx, command
from kvit.kernel.refusals import DomainError
from kvit.matching import queries
from kvit.matching.commands.learning import learn_past
from kvit.matching.domain.calibration import SHIPPED_PPM
from kvit.matching.domain.history import HistoryReport
from kvit.matching.events import HistoryAccepted, HistoryGiven


class NoSuchHistory(DomainError):
    """There is no such history, it was not tried yet, or nothing of it could be."""

    code: ClassVar[str] = "matching.no_such_history"


class NotCalibrated(DomainError):
    """The robot asks as much as it was shipped to: there is nothing to take back."""

    code: ClassVar[str] = "matching.not_calibrated"


@dataclass(frozen=True)
class Given:
    """The history as it is kept; `is_new` is False where the same file had been given before."""

    history_id: int
    is_new: bool


@dataclass(frozen=True)
class Reported:
    """The history whose report stands."""

    history_id: int


@dataclass(frozen=True)
class Calibrated:
    """The calibration in force from now on; see `domain.calibration`."""

    calibration_id: int
    factor_ppm: int


@dataclass(frozen=True)
class PayersLearnt:
    """How many payers of the history are known now."""

    count: int


@command
def give_history(ctx: Ctx, *, file_id: int, currency: str) -> Given:
    """A file of confirmed links is to be tried; the same file twice is given once. Nothing is booked or learnt.

    `currency` is of the rows that name none. Refuses `NoSuchHistory` where there is no such file.
    """
    if not rows.select("SELECT FROM base_file WHERE id = %s", [file_id]):
        raise NoSuchHistory(f"there is no file {file_id}")
    inserted = rows.insert(
        "matching_history",
        {
            "tenant_id": ("int", [ctx.tenant_id]),
            "file_id": ("bigint", [file_id]),
            "currency": ("text", [currency]),
            "given_at": ("timestamptz", [ctx.now]),
            "command_id": ("bigint", [ctx.command_id]),
        },
        tail="ON CONFLICT DO NOTHING RETURNING id",
    )
    if inserted:
        history_id = int(inserted[0][0])
        ctx.emit(HistoryGiven(history_id))
        return Given(history_id, is_new=True)
    ((history_id,),) = rows.select("SELECT id FROM matching_history WHERE file_id = %s", [file_id])
    return Given(int(history_id), is_new=False)


@command
def report_history(ctx: Ctx, *, history_id: int, report: Bulk[HistoryReport]) -> Reported:
    """Keep what the robot would have done with a history; the newest report of one counts. Refuses `NoSuchHistory`."""
    _require(history_id)
    rows.insert(
        "matching_historyreport",
        {
            "tenant_id": ("int", [ctx.tenant_id]),
            "history_id": ("bigint", [history_id]),
            "report": ("jsonb", [codec.canonical(report).decode()]),
            "at": ("timestamptz", [ctx.now]),
            "command_id": ("bigint", [ctx.command_id]),
        },
    )
    return Reported(history_id)


@command
def calibrate(ctx: Ctx, *, history_id: int) -> Calibrated:
    """Have the robot ask as much as fits this history from now on, and have its payers learnt.

    Refuses `NoSuchHistory`.
    """
    history = queries.history(history_id)
    if history is None or history.report is None or history.report.fitted is None:
        raise NoSuchHistory(f"there is no history {history_id} that was tried")
    report, fitted = history.report, history.report.fitted
    calibration = _insert(
        ctx, factor_ppm=fitted.factor_ppm, history_id=history_id, days=(report.from_date, report.to_date)
    )
    ctx.emit(HistoryAccepted(history_id))
    return calibration


@command
def drop_calibration(ctx: Ctx, *, reason: str) -> Calibrated:
    """Have the robot ask again as much as it was shipped to; payers learnt stay. Refuses `NotCalibrated`."""
    now = queries.calibration()
    if now is None or now.factor_ppm == SHIPPED_PPM:
        raise NotCalibrated("no calibration is in force")
    return _insert(ctx, factor_ppm=SHIPPED_PPM, reason=reason)


@command
def learn_history(ctx: Ctx, *, history_id: int, payers: Bulk[Sequence[tuple[int, str, str, int]]]) -> PayersLearnt:
    """Keep who paid for whom by a history: (party, account, name, how often); what is known counts on.

    Refuses `NoSuchHistory`.
    """
    _require(history_id)
    return PayersLearnt(learn_past(ctx, payers))


def _require(history_id: int) -> None:
    if queries.history(history_id) is None:
        raise NoSuchHistory(f"there is no history {history_id}")


def _insert(
    ctx: Ctx,
    *,
    factor_ppm: int,
    history_id: int | None = None,
    days: tuple[date | None, date | None] = (None, None),
    reason: str = "",
) -> Calibrated:
    ((calibration_id,),) = rows.insert(
        "matching_calibration",
        {
            "tenant_id": ("int", [ctx.tenant_id]),
            "history_id": ("bigint", [history_id]),
            "factor_ppm": ("int", [factor_ppm]),
            "from_date": ("date", [days[0]]),
            "to_date": ("date", [days[1]]),
            "reason": ("text", [reason.strip()[:300]]),
            "since_at": ("timestamptz", [ctx.now]),
            "command_id": ("bigint", [ctx.command_id]),
        },
        tail="RETURNING id",
    )
    return Calibrated(int(calibration_id), factor_ppm)
