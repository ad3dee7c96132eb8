"""What goes into the engine and what comes out, as columns: open items, customers, known payers, payments."""

from dataclasses import dataclass, fields
from enum import IntEnum
from typing import ClassVar, Final

import numpy as np
import numpy.typing as npt

from kvit.kernel.refusals import DomainError
from kvit.matching.domain.engine.texts import Longs, Texts

Ints = npt.NDArray[np.int32]
Shorts = npt.NDArray[np.int16]
Marks = npt.NDArray[np.int8]
Chances = npt.NDArray[np.float32]


_DENSE: Final = 8


class ColumnsDiffer(DomainError):
    """The columns of one table have different lengths, or a row refers to a customer that is not there."""

    code: ClassVar[str] = "matching.columns_differ"


class ReferenceKind(IntEnum):
    """How an item's reference is built, and so which check digits it carries."""

    OCR = 0
    RF = 1
    FREE = 2


class DecisionKind(IntEnum):
    """What becomes of a payment."""

    NONE = 0
    SUGGEST = 1
    AUTO = 2
    DUPLICATE = 3
    ACCOUNT = 4


class _Columns:
    """A table whose columns are arrays or texts of one length; `rows` is that length."""

    __slots__ = ()

    def _require_one_length(self) -> None:
        lengths = {f.name: len(getattr(self, f.name)) for f in fields(self)}  # type: ignore[arg-type]
        if len(set(lengths.values())) > 1:
            raise ColumnsDiffer(f"the columns of {type(self).__name__} differ in length: {lengths}")

    def __post_init__(self) -> None:
        self._require_one_length()


@dataclass(frozen=True)
class Items(_Columns):
    """Open items. Amounts in minor units, a credit note negative; days count from 1970-01-01; currency is any code."""

    item_id: Longs
    customer: Longs
    invoice_no: Texts
    reference: Texts
    reference_kind: Marks
    amount_minor: Longs
    currency: Shorts
    issue_day: Ints
    due_day: Ints

    @property
    def rows(self) -> int:
        """How many items there are."""
        return len(self.item_id)


@dataclass(frozen=True)
class Customers(_Columns):
    """Customers; an empty number or virtual account means that there is none."""

    customer: Longs
    number: Texts
    name: Texts
    virtual_account: Texts

    @property
    def rows(self) -> int:
        """How many customers there are."""
        return len(self.customer)


@dataclass(frozen=True)
class PayerHistory(_Columns):
    """What confirmed matches taught: this account and name paid for this customer so many times."""

    customer: Longs
    account: Texts
    name: Texts
    times: Ints

    @property
    def rows(self) -> int:
        """How many lines of history there are."""
        return len(self.customer)


@dataclass(frozen=True)
class Payments(_Columns):
    """Money that came in, in the order of booking; of two on one day the earlier row was booked first."""

    payment_id: Longs
    booking_day: Ints
    amount_minor: Longs
    currency: Shorts
    to_account: Texts
    payer_name: Texts
    payer_account: Texts
    structured: Texts
    text: Texts

    @property
    def rows(self) -> int:
        """How many payments there are."""
        return len(self.payment_id)


@dataclass(frozen=True, slots=True)
class CreditorRule:
    """What a creditor takes as paid: fees kept back by banks, rounding up, a reminder fee on top. Minor units.

    `short_permille` is of the amount due. `most_items` bounds the search for sums among one customer's items.
    """

    short_minor: int = 3000
    short_permille: int = 20
    reminder_fee_minor: int = 6000
    rounds_up_to_minor: int = 10000
    most_items: int = 20

    def numbers(self) -> Longs:
        """The rule as an array, as compiled code reads it."""
        return np.array(
            (
                self.short_minor,
                self.short_permille,
                self.reminder_fee_minor,
                self.rounds_up_to_minor,
                self.most_items,
            ),
            np.int64,
        )


@dataclass(frozen=True)
class Decisions:
    """One row per payment, in the order of the payments.

    `links[i]:links[i + 1]` are payment i's rows of `item` (rows of the items in the index) and `amount_minor`;
    `evidence[i]:evidence[i + 1]` its rows of `code` and `parameter`. `rival` likewise is the runner-up's items, with
    its confidence and the reason why it lost. `customer` is the row of the customer whose money it is (-1: not known).
    """

    payment_id: Longs
    decision: Marks
    confidence: Chances
    customer: Ints
    links: Longs
    item: Ints
    amount_minor: Longs
    evidence: Longs
    code: Shorts
    parameter: Ints
    rivals: Longs
    rival: Ints
    rival_confidence: Chances
    rival_reason: Shorts

    def items_of(self, row: int) -> Ints:
        """The item rows that payment `row` pays or is suggested to pay."""
        return self.item[self.links[row] : self.links[row + 1]]


def positions(ids: Longs, wanted: Longs, *, what: str) -> Ints:
    """Where each wanted id stands in `ids`. Refuses `ColumnsDiffer` when one is not there."""
    least, most = (int(ids.min()), int(ids.max())) if len(ids) else (0, -1)
    if most - least < _DENSE * len(ids):  # ids that run on: a table of all of them is quicker than a search
        table = np.full(most - least + 1, -1, np.int32)
        table[ids - least] = np.arange(len(ids))
        inside = (wanted >= least) & (wanted <= most)
        found = (
            np.where(inside, table[np.where(inside, wanted - least, 0)], -1) if len(table) else np.full(len(wanted), -1)
        )
    else:
        order = np.argsort(ids, kind="stable")
        places = order[np.minimum(np.searchsorted(ids, wanted, sorter=order), len(ids) - 1)]
        found = np.where(ids[places] == wanted, places, -1)
    if np.any(found < 0):
        raise ColumnsDiffer(f"{what} speaks of a customer that is not among the customers")
    return found.astype(np.int32)
