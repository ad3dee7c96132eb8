"""The index of open items of each company, kept in the process and brought up to date inside a transaction.

What has changed is found by state: items and allocations above a low mark are read anew as they are now, as often as
need be. A mark becomes the low mark only when everything below it is certainly decided (`_Marks`), so that what
commits late is never missed. Even an index that is out of date does no harm: what it decides is checked by the ledger
when it is booked. It is loaded by the worker only; nothing here is imported by a page (docs/decisions/0021).
"""

import logging
import threading
from collections import OrderedDict
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Any, Final

import numpy as np

from kvit.base import event, rows
from kvit.invoicing import queries as invoicing
from kvit.invoicing.events import DueDateMoved
from kvit.ledger import queries as ledger
from kvit.matching import queries
from kvit.matching.domain import columns
from kvit.matching.domain.columns import Opened
from kvit.matching.domain.engine import CreditorRule, Customers, Index, PayerHistory, UnknownItem
from kvit.matching.events import PayersChanged
from kvit.parties import events as of_parties
from kvit.parties import queries as parties

log = logging.getLogger("kvit.matching")

CLOSED_DAYS: Final = 730
"""Closed items are known for so long, so that money for them finds its customer."""
MOST_BYTES: Final = 1_500_000_000
"""What all indexes of a process may weigh; the least recently used go first."""
CHECKED_EVERY: Final = timedelta(hours=1)
_MOST_PARTS: Final = 64
_MOST_PENDING: Final = 16
_LOOKS: Final = 3
_OF_CUSTOMERS: Final = (
    of_parties.PartyRenamed,
    of_parties.PersonErased,
    of_parties.IdentityVerified,
    of_parties.IdentityRefuted,
    of_parties.IdentitiesExpired,
    PayersChanged,
)
_EVENTS_BEFORE: Final = 10_000
"""How far below the first marks events are looked at again: who draws an id and commits so late is far beyond this."""


class OutOfStep(RuntimeError):
    """The index and the books differ in what is open: a bug, healed by building the index anew."""


@dataclass(frozen=True, slots=True)
class _Marks:
    """The highest ids seen by one statement, and how we shall know that nothing below them is still to come.

    A transaction gets its number before it draws an id, since a command writes its own row first. So whoever drew an
    id below the marks has a smaller number than any transaction that began after the marks were read: `bound` is the
    number of the first such, which is known of a thread that has looked since, and now looks again. Once none below
    `bound` runs any more, all of them are decided. The upper end of the snapshot itself would not do: it is one above
    the last that has *ended*, and others above it may run.
    """

    ledger: ledger.Marks
    event_id: int
    own: int
    look: int = 0
    bound: int | None = None


@dataclass
class Standing:
    """One company's open items: the engine's index, and the columns that it can be built from again."""

    index: Index
    parts: list[Opened]
    customers: Customers
    history: PayerHistory
    low: _Marks
    pending: tuple[_Marks, ...]
    """What may become the low mark, the oldest first."""
    checked_at: datetime
    first_running: int | None
    """The least transaction that ran when everything was read; None once there is a low mark that holds."""
    seen: set[int]
    """Events above the low mark that are in the index already."""
    looks: int = 0
    looked: dict[int, int] = field(default_factory=dict)
    """The number of each thread's latest look."""

    @property
    def bytes_held(self) -> int:
        """About what it weighs: the index, and the texts and columns beside it."""
        texts = (self.customers.name, self.customers.number, self.history.name, self.history.account)
        columns_of = [part.items for part in self.parts]
        written = [text for one in columns_of for text in (one.reference, one.invoice_no)]
        beside = sum(text.buffer.nbytes + text.offsets.nbytes for text in (*texts, *written))
        return self.index.bytes_held() + beside + sum(48 * one.rows for one in columns_of)


@dataclass
class _Place:
    lock: threading.Lock = field(default_factory=threading.Lock)
    standing: Standing | None = None


_places: "OrderedDict[int, _Place]" = OrderedDict()
_guard: Final = threading.Lock()


@contextmanager
def held(tenant_id: int, now: datetime, rule: CreditorRule, *, alone: bool = False) -> Iterator[Standing]:
    """The company's open items as they are now, for one at a time. Needs the tenant's scope, inside a command.

    With `alone` the index is built for this transaction and dropped: for who has written items or allocations in it
    already, which nobody else may see before they are committed. Whatever goes wrong inside drops the index.
    """
    if alone:
        standing = load(now)
        standing.index.rule = rule
        yield standing
        return
    place = _place_of(tenant_id)
    with place.lock:
        try:
            place.standing = _current(place.standing, now)
            place.standing.index.rule = rule
            yield place.standing
        except BaseException:
            place.standing = None
            raise
        finally:
            _keep_within(MOST_BYTES, keep=tenant_id)


def drop(tenant_id: int) -> None:
    """Forget the company's index; the next who needs it builds it anew."""
    with _guard:
        _places.pop(tenant_id, None)


def load(now: datetime) -> Standing:
    """Read everything and build the index. Needs the tenant's scope."""
    first_running, marks = _least_running(), _marks()
    low = replace(marks, event_id=max(0, marks.event_id - _EVENTS_BEFORE))
    seen = set(event.ids_of((*_OF_CUSTOMERS, DueDateMoved), above_id=low.event_id))
    receivables = ledger.receivable_columns(closed_since=(now - timedelta(days=CLOSED_DAYS)).date())
    part = _all_opened(receivables)
    customers, history = _customers([part])
    return Standing(
        index=_built([part], customers, history),
        parts=[part],
        customers=customers,
        history=history,
        low=low,
        pending=(marks,),
        checked_at=now,
        first_running=first_running,
        seen=seen,
        looked={threading.get_ident(): 0},
    )


def refresh(standing: Standing) -> None:
    """Take in what others have committed since. Needs the tenant's scope, inside a command."""
    marks, least_running = _marks(), _least_running()
    changed = _changed(standing)
    known = standing.index.holds(changed["item_id"])
    part = _opened(changed, known=known)
    news = _news(standing, _OF_CUSTOMERS)
    strangers = False
    if part.items.rows:
        standing.parts.append(part)
        strangers = bool(len(np.setdiff1d(part.items.customer, standing.customers.customer)))
    if news or strangers:
        _build_again(standing)
        standing.seen |= news
    elif part.items.rows:
        standing.index.add(part.items)
    standing.index.leave(
        np.concatenate((changed["item_id"][known], part.items.item_id)),
        np.concatenate((changed["open"][known], part.open_minor)),
    )
    if len(standing.parts) > _MOST_PARTS:
        standing.parts = [_with_open(standing)]
    _advance(standing, marks, least_running)


def problems(standing: Standing) -> str:
    """What the index and the books disagree about, or nothing. Needs the tenant's scope."""
    left = standing.index.ledger.items["left"]
    mine = int(np.count_nonzero(left)), int(left.sum())
    books = ledger.open_documents()
    return "" if mine == books else f"{mine[0]} open of {mine[1]} in the index, {books[0]} of {books[1]} in the books"


def _current(standing: Standing | None, now: datetime) -> Standing:
    """The same brought up to date, or built anew where there is none or it is out of step."""
    if standing is None or _news(standing, (DueDateMoved,)):
        return load(now)
    try:
        refresh(standing)
        if now - standing.checked_at >= CHECKED_EVERY:
            standing.checked_at = now
            _check(standing)
    except (UnknownItem, OutOfStep) as fault:
        log.warning("the index of open items is built anew: %s", fault)
        return load(now)
    return standing


def _check(standing: Standing) -> None:
    """Raise `OutOfStep` if index and books stay apart; others may settle something between two looks."""
    wrong = problems(standing)
    for _ in range(_LOOKS):
        if not wrong:
            return
        refresh(standing)
        wrong = problems(standing)
    raise OutOfStep(wrong)


def _advance(standing: Standing, marks: _Marks, least_running: int) -> None:
    """Move the low mark up to the latest marks below which nothing can come any more; see `_Marks`."""
    standing.looks += 1
    before = standing.looked.get(threading.get_ident(), -1)
    standing.looked[threading.get_ident()] = standing.looks
    pending = [
        replace(one, bound=marks.own) if one.bound is None and before >= one.look else one for one in standing.pending
    ]
    while pending and pending[0].bound is not None and least_running >= pending[0].bound:
        standing.low, standing.first_running = pending.pop(0), None
        standing.seen = {i for i in standing.seen if i > standing.low.event_id}
    if len(pending) < _MOST_PENDING:
        pending.append(replace(marks, look=standing.looks))
    standing.pending = tuple(pending)


def _marks() -> _Marks:
    marks = ledger.marks()
    ((own,),) = rows.select("SELECT pg_current_xact_id()::text::bigint")
    return _Marks(marks, event.latest_id(), int(own))


def _least_running() -> int:
    ((least,),) = rows.select("SELECT pg_snapshot_xmin(pg_current_snapshot())::text::bigint")
    return int(least)


def _changed(standing: Standing) -> Any:
    if standing.first_running is not None:
        return ledger.receivable_columns_written_since(standing.first_running)
    return ledger.receivable_columns_since(standing.low.ledger)


def _news(standing: Standing, kinds: Sequence[type[Any]]) -> set[int]:
    return set(event.ids_of(kinds, above_id=standing.low.event_id)) - standing.seen


def _all_opened(receivables: Any) -> Opened:
    """Those of issued documents, with their documents' texts."""
    ids = receivables["invoice_id"]
    first, last = (int(ids.min()), int(ids.max())) if len(ids) else (0, 0)
    return columns.opened(receivables, invoicing.document_columns_between(first, last))


def _opened(receivables: Any, *, known: Any) -> Opened:
    """Those of issued documents that are not known, with their documents' texts."""
    ids = np.unique(receivables["invoice_id"][~known])
    return columns.opened(receivables, invoicing.document_columns(ids.tolist()), known=known)


def _customers(parts: list[Opened]) -> tuple[Customers, PayerHistory]:
    payers = np.concatenate([part.items.customer for part in parts])
    numbered = invoicing.customer_columns()
    ids = np.unique(np.concatenate((numbered["party_id"], payers)))
    customers = columns.customers_of(numbered, parties.name_columns(ids.tolist()), payers)
    return customers, columns.history_of(queries.payer_columns(), parties.account_columns(), customers)


def _built(parts: list[Opened], customers: Customers, history: PayerHistory) -> Index:
    everything = columns.joined(parts)
    index = Index.build(everything.items, customers, history)
    closed = np.flatnonzero(everything.open_minor == 0)
    index.leave(everything.items.item_id[closed], everything.open_minor[closed])
    return index


def _build_again(standing: Standing) -> None:
    """Customers or payers are others: read those anew; the items are the columns held."""
    everything = _with_open(standing)
    standing.parts = [everything]
    standing.customers, standing.history = _customers(standing.parts)
    standing.index = _built(standing.parts, standing.customers, standing.history)


def _with_open(standing: Standing) -> Opened:
    """All columns held as one part, with what is open now by the index."""
    everything = columns.joined(standing.parts)
    left = everything.open_minor.copy()
    held_rows = np.flatnonzero(standing.index.holds(everything.items.item_id))
    left[held_rows] = standing.index.left_of(everything.items.item_id[held_rows])
    return columns.joined([Opened(everything.items, left)])


def _place_of(tenant_id: int) -> _Place:
    with _guard:
        place = _places.setdefault(tenant_id, _Place())
        _places.move_to_end(tenant_id)
        return place


def _keep_within(most: int, *, keep: int) -> None:
    with _guard:
        total = sum(place.standing.bytes_held for place in _places.values() if place.standing is not None)
        for tenant_id in [one for one in _places if one != keep]:
            if total <= most:
                break
            gone = _places.pop(tenant_id).standing
            total -= gone.bytes_held if gone is not None else 0
