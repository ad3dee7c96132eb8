"""The books' columns as the engine reads them: items with their kinds of reference, customers, payers, payments."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

import numpy as np
import numpy.typing as npt

from kvit.matching.domain.engine.tables import Customers, Items, Marks, PayerHistory, Payments, ReferenceKind
from kvit.matching.domain.engine.texts import Longs, Texts

Table = Mapping[str, Any]
"""Columns by name: arrays of int64, and texts each with a NUL behind it, as the queries of the books give them."""

_EPOCH: Final = date(1970, 1, 1)
_LONGEST_OCR: Final = 25
_LEAST_OCR: Final = 2


@dataclass(frozen=True)
class Opened:
    """Items as they were put in, with what is open of each now, in minor units (credit notes negative)."""

    items: Items
    open_minor: Longs


def currency_code(currency: str) -> int:
    """A number of 16 bits for three letters; whatever else there may be stands for no currency."""
    if len(currency) != 3 or not currency.isascii() or not currency.isalpha() or not currency.isupper():
        return -1
    first, second, third = (ord(letter) - ord("A") for letter in currency)
    return (first * 26 + second) * 26 + third


def opened(receivables: Table, documents: Table, *, known: npt.NDArray[np.bool_] | None = None) -> Opened:
    """Items of documents that are issued, from `ledger.receivable_columns` and `invoicing.document_columns`.

    Those `known` are left out.

    What is open of an item is what it is put in with, and of a closed one its whole amount.
    """
    ids: Longs = documents["invoice_id"]
    wanted: Longs = receivables["invoice_id"]
    places = np.searchsorted(ids, wanted)
    taken = np.zeros(len(wanted), bool)
    inside = places < len(ids)
    taken[inside] = ids[places[inside]] == wanted[inside]
    if known is not None:
        taken &= ~known
    rows, where = np.flatnonzero(taken), places[taken]
    is_open = receivables["open"][rows]
    reference = Texts.ended(documents["reference"]).take(where)
    items = Items(
        item_id=receivables["item_id"][rows],
        customer=receivables["party_id"][rows],
        invoice_no=Texts.ended(documents["number"]).take(where),
        reference=reference,
        reference_kind=reference_kinds(reference),
        amount_minor=np.where(is_open != 0, is_open, receivables["amount"][rows]),
        currency=_currencies(Texts.ended(receivables["currency"]))[rows],
        issue_day=receivables["issued"][rows].astype(np.int32),
        due_day=receivables["due"][rows].astype(np.int32),
    )
    return Opened(items, is_open)


def joined(parts: Sequence[Opened]) -> Opened:
    """Several one behind the other; each item is put in with what is open of it now."""
    items = [part.items for part in parts]
    is_open = np.concatenate([part.open_minor for part in parts])
    before = np.concatenate([one.amount_minor for one in items])
    return Opened(
        Items(
            item_id=np.concatenate([one.item_id for one in items]),
            customer=np.concatenate([one.customer for one in items]),
            invoice_no=_behind([one.invoice_no for one in items]),
            reference=_behind([one.reference for one in items]),
            reference_kind=np.concatenate([one.reference_kind for one in items]),
            amount_minor=np.where(is_open != 0, is_open, before),
            currency=np.concatenate([one.currency for one in items]),
            issue_day=np.concatenate([one.issue_day for one in items]),
            due_day=np.concatenate([one.due_day for one in items]),
        ),
        is_open,
    )


def customers_of(numbered: Table, named: Table, payers: Longs) -> Customers:
    """Customers from `invoicing.customer_columns` and `parties.name_columns`, and everybody else who owes."""
    everybody = np.unique(np.concatenate((numbered["party_id"], payers)))
    nothing = Texts.of([""] * len(everybody))
    return Customers(
        everybody,
        _of_everybody(everybody, numbered["party_id"], numbered["number"]),
        _of_everybody(everybody, named["party_id"], named["name"]),
        nothing,
    )


def history_of(learnt: Table, verified: Table, customers: Customers) -> PayerHistory:
    """Payers learnt and accounts verified, as far as their parties are among the customers."""
    party = np.concatenate((learnt["party_id"], verified["party_id"]))
    also = len(verified["party_id"])
    account = Texts.ended(learnt["account"] + verified["account"])
    name = Texts.ended(learnt["name"] + b"\0" * also)
    times = np.concatenate((learnt["times"], np.ones(also, np.int64)))
    kept = np.flatnonzero(np.isin(party, customers.customer))
    return PayerHistory(party[kept], account.take(kept), name.take(kept), times[kept].astype(np.int32))


def payments_of(lines: Sequence[tuple[int, date, int, str]], words: Sequence[tuple[str, str, str, str]]) -> Payments:
    """Lines of (id, booking date, minor units, currency) with their (payer's name, account, reference, text)."""
    many = len(lines)
    return Payments(
        payment_id=np.fromiter((line[0] for line in lines), np.int64, many),
        booking_day=np.fromiter(((line[1] - _EPOCH).days for line in lines), np.int32, many),
        amount_minor=np.fromiter((line[2] for line in lines), np.int64, many),
        currency=np.fromiter((currency_code(line[3]) for line in lines), np.int16, many),
        to_account=Texts.of([""] * many),
        payer_name=Texts.of([word[0] for word in words]),
        payer_account=Texts.of([word[1] for word in words]),
        structured=Texts.of([word[2] for word in words]),
        text=Texts.of([word[3] for word in words]),
    )


def reference_kinds(references: Texts) -> Marks:
    """RF of ISO 11649, OCR where all are digits with Luhn's behind them, else free."""
    lengths = np.diff(references.offsets)
    ends = references.offsets[1:]
    buffer = references.buffer
    kinds = np.full(len(lengths), int(ReferenceKind.FREE), np.int8)
    total, digits = np.zeros(len(lengths), np.int64), (lengths >= _LEAST_OCR) & (lengths <= _LONGEST_OCR)
    for place in range(_LONGEST_OCR):
        rows = np.flatnonzero(digits & (lengths > place))
        if not len(rows):
            break
        found = buffer[ends[rows] - 1 - place].astype(np.int64) - ord("0")
        digits[rows[(found < 0) | (found > 9)]] = False
        doubled = found * 2
        total[rows] += np.where(place % 2, np.where(doubled > 9, doubled - 9, doubled), found)
    kinds[digits & (total % 10 == 0)] = int(ReferenceKind.OCR)
    long = np.flatnonzero(lengths > 4)
    starts = references.offsets[:-1][long]
    is_rf = (buffer[starts] == ord("R")) & (buffer[starts + 1] == ord("F"))
    for place in (2, 3):
        is_rf &= (buffer[starts + place] >= ord("0")) & (buffer[starts + place] <= ord("9"))
    kinds[long[is_rf]] = int(ReferenceKind.RF)
    return kinds


def _currencies(column: Texts) -> Any:
    """`currency_code` of each."""
    codes = np.full(len(column), -1, np.int64)
    whole = np.flatnonzero(np.diff(column.offsets) == 3)
    letters = column.buffer[column.offsets[whole][:, None] + np.arange(3)].astype(np.int64) - ord("A")
    good = ((letters >= 0) & (letters < 26)).all(axis=1)
    codes[whole[good]] = letters[good] @ np.array((26 * 26, 26, 1))
    return codes.astype(np.int16)


def _of_everybody(everybody: Longs, party: Longs, written: bytes) -> Texts:
    """The text of each party, empty for those without one."""
    texts, order = Texts.ended(written + b"\0"), np.argsort(party, kind="stable")
    places = np.searchsorted(party, everybody, sorter=order)
    found = np.append(order, len(party))[np.minimum(places, len(party))]
    there = np.append(party, 0)[found] == everybody
    return texts.take(np.where(there & (found < len(party)), found, len(party)))


def _behind(parts: Sequence[Texts]) -> Texts:
    """Texts one behind the other; what a column's buffer holds before and after its texts is left out."""
    buffers = [part.buffer[part.offsets[0] : part.offsets[-1]] for part in parts]
    lengths = np.concatenate([np.diff(part.offsets) for part in parts])
    offsets = np.zeros(len(lengths) + 1, np.int64)
    np.cumsum(lengths, out=offsets[1:])
    return Texts(np.concatenate(buffers), offsets)
