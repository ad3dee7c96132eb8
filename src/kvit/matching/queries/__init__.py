"""What others may ask about payments: links, suggestions, candidates, reasons, rules, payers, the robot's record."""

from kvit.matching.queries.candidates import Candidate, CandidateItem, candidates, outdated
from kvit.matching.queries.explaining import Explained, explain
from kvit.matching.queries.histories import CalibrationRow, HistoryRow, calibration, histories, history
from kvit.matching.queries.links import (
    LinkRow,
    MadeLink,
    count_live,
    entries_of_links,
    latest_by_robot,
    latest_linked,
    linked,
    linked_of_statement,
    links,
    made_link,
    made_links,
    receivables,
    shares,
    waiting_lines,
)
from kvit.matching.queries.overview import Taught, lines_of_links, robot_links, sureness, taught, taught_of
from kvit.matching.queries.payers import KnownPayer, payer, payer_columns, payers, payers_by_account
from kvit.matching.queries.plausible import Plausible, could_be
from kvit.matching.queries.refunds import AskedRefund, refund, refunds_asked
from kvit.matching.queries.reports import SECONDS_BY_HAND, RobotReport, RobotWeek, robot_report
from kvit.matching.queries.rules import (
    RobotState,
    RuleChange,
    robot_links_since,
    rule,
    rule_history,
    state_of_the_robot,
)
from kvit.matching.queries.suggestions import SuggestedItem, Suggestion, equals, suggestions, suggestions_for
from kvit.matching.queries.verification import verify

__all__ = [
    "SECONDS_BY_HAND",
    "AskedRefund",
    "CalibrationRow",
    "Candidate",
    "CandidateItem",
    "Explained",
    "HistoryRow",
    "KnownPayer",
    "LinkRow",
    "MadeLink",
    "Plausible",
    "RobotReport",
    "RobotState",
    "RobotWeek",
    "RuleChange",
    "SuggestedItem",
    "Suggestion",
    "Taught",
    "calibration",
    "candidates",
    "could_be",
    "count_live",
    "entries_of_links",
    "equals",
    "explain",
    "histories",
    "history",
    "latest_by_robot",
    "latest_linked",
    "lines_of_links",
    "linked",
    "linked_of_statement",
    "links",
    "made_link",
    "made_links",
    "outdated",
    "payer",
    "payer_columns",
    "payers",
    "payers_by_account",
    "receivables",
    "refund",
    "refunds_asked",
    "robot_links",
    "robot_links_since",
    "robot_report",
    "rule",
    "rule_history",
    "shares",
    "state_of_the_robot",
    "suggestions",
    "suggestions_for",
    "sureness",
    "taught",
    "taught_of",
    "verify",
    "waiting_lines",
]
