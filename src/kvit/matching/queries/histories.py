"""Histories that were given, what the robot would have done with them, and the calibration in force."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from kvit.base import codec, rows
from kvit.matching.domain.history import HistoryReport


@dataclass(frozen=True, slots=True)
class HistoryRow:
    """A file of confirmed links: who gave it when, and its report; None while it is being tried.

    `is_used`: the robot was calibrated on it.
    """

    id: int
    file_id: int
    sha256: str
    name: str
    currency: str
    given_at: datetime
    given_by: str
    is_used: bool
    report: HistoryReport | None


@dataclass(frozen=True, slots=True)
class CalibrationRow:
    """How much of what is missing to certainty the robot accepts, against what is shipped (`domain.calibration`).

    `history_id` and the days are of what it was fitted on; None where somebody took a calibration back, for `reason`.
    """

    factor_ppm: int
    history_id: int | None
    from_date: date | None
    to_date: date | None
    reason: str
    since_at: datetime
    set_by: str


_HISTORIES = """
    SELECT h.id, h.file_id, f.sha256, f.name, h.currency, h.given_at, c.actor,
           EXISTS (SELECT FROM matching_calibration k WHERE k.history_id = h.id),
           (SELECT r.report FROM matching_historyreport r WHERE r.history_id = h.id ORDER BY r.id DESC LIMIT 1)
    FROM matching_history h JOIN base_file f ON f.id = h.file_id JOIN base_command c ON c.id = h.command_id
"""


def history(history_id: int) -> HistoryRow | None:
    """One history, or None. Needs the tenant's scope."""
    found = rows.select(_HISTORIES + "WHERE h.id = %s", [history_id])
    return _history(found[0]) if found else None


def histories(*, limit: int = 50) -> tuple[HistoryRow, ...]:
    """The histories that were given, the newest first. Needs the tenant's scope."""
    return tuple(_history(row) for row in rows.select(_HISTORIES + "ORDER BY h.id DESC LIMIT %s", [limit]))


def calibration() -> CalibrationRow | None:
    """The calibration in force; None where nobody has calibrated. Needs the tenant's scope."""
    found = rows.select(
        """
        SELECT k.factor_ppm, k.history_id, k.from_date, k.to_date, k.reason, k.since_at, c.actor
        FROM matching_calibration k JOIN base_command c ON c.id = k.command_id ORDER BY k.id DESC LIMIT 1
        """
    )
    return CalibrationRow(*found[0]) if found else None


def _history(row: Any) -> HistoryRow:
    report = codec.restore(row[8], HistoryReport) if row[8] is not None else None
    return HistoryRow(*[*row[:8], report])
