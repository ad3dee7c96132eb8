"""The payments of a workload with the truth about them, in the order of booking."""

from dataclasses import dataclass, field

import numpy as np
import pyarrow as pa

from benchmarks.matching.columns import Integers
from benchmarks.matching.ledger import FIRST_BOOKING
from benchmarks.matching.options import MUST_NOT_MATCH

CURRENCY, MAIN = "SEK", "MAIN"
NOBODY = -1


@dataclass(frozen=True, slots=True)
class Booked:
    """One payment and its truth; `links` are (place of the item, minor units); `day` counts from the first."""

    day: float
    amount: int
    to_account: str
    payer_name: str
    payer_account: str
    structured: str
    text: str
    scenario: str
    given: str
    signal: str
    error: str
    customer: int
    links: tuple[tuple[int, int], ...]


@dataclass
class Batch:
    """Payments as they are drawn, scenario by scenario."""

    booked: list[Booked] = field(default_factory=list)

    def tables(self) -> dict[str, pa.Table]:
        """`payments`, `truth` and `truth_links`, customers and items still by their places."""
        rows = sorted(self.booked, key=lambda row: row.day)
        ids = np.arange(len(rows))
        days = (FIRST_BOOKING.astype(np.int64) + np.array([int(row.day) for row in rows], np.int64)).astype(np.int32)
        payments = {
            "payment_id": ids,
            "booking_date": pa.array(days, pa.date32()),
            "amount": pa.array([row.amount for row in rows], pa.int64()),
            "currency": pa.array([CURRENCY] * len(rows), pa.large_string()),
            **{
                name: pa.array([getattr(row, of) for row in rows], pa.large_string())
                for name, of in (
                    *(("to_account", "to_account"), ("payer_name", "payer_name"), ("payer_iban", "payer_account")),
                    *(("ref_struct", "structured"), ("ref_text", "text")),
                )
            },
        }
        truth = {
            "payment_id": ids,
            "scenario": pa.array([row.scenario for row in rows], pa.large_string()),
            "matchable": [row.scenario not in MUST_NOT_MATCH for row in rows],
            "ref_given": pa.array([row.given for row in rows], pa.large_string()),
            "payer_signal": pa.array([row.signal for row in rows], pa.large_string()),
            "error_kind": pa.array([row.error for row in rows], pa.large_string()),
            "customer_id": pa.array([row.customer for row in rows], pa.int64()),
        }
        links = [(number, item, amount) for number, row in enumerate(rows) for item, amount in row.links]
        columns: Integers = np.array(links, np.int64).reshape(-1, 3)
        return {
            "payments": pa.table(payments),
            "truth": pa.table(truth),
            "truth_links": pa.table(dict(zip(("payment_id", "invoice_id", "amount"), columns.T, strict=True))),
        }
