"""Payments as compiled code sees them, with the keys of their accounts, and the scratch room for one of them."""

from typing import Any, Final, NamedTuple, Protocol

import numpy as np

from kvit.matching.domain.engine import correction, subsets, tokens
from kvit.matching.domain.engine.features import HYPOTHESES, Hypotheses
from kvit.matching.domain.engine.hashing import Ints
from kvit.matching.domain.engine.ledger import text_keys
from kvit.matching.domain.engine.names import MOST_WORDS
from kvit.matching.domain.engine.tables import Payments
from kvit.matching.domain.engine.texts import Column, Longs

MOST_CANDIDATES: Final = 192
MOST_PAYERS: Final = 1536
MOST_BUCKET: Final = 1024

PAYMENT: Final = np.dtype(
    [
        ("amount", np.int64),
        ("to_account", np.int64),
        ("payer_account", np.int64),
        ("day", np.int32),
        ("currency", np.int32),
    ]
)


class Incoming(NamedTuple):
    """Payments by row; accounts are keys (0: none), texts are read where they stand in the input."""

    rows: Any
    names: Column
    structured: Column
    text: Column


class Bench(Protocol):
    """Where one payment is worked out; every array is written anew for each payment.

    Candidates are single items: `item`, `how` it was met, the slip's `place` and the token; `quoted` lists those met
    exactly. Payers are customers with `signs` of evidence; `seen[customer]` (in `Scratch`) is `stamp[0]` + their place.
    `word` holds the payer's name, `theirs` another. `counts`: see `codes`. `digits` holds two numbers' digits.
    """

    item: Ints
    how: Ints
    place: Ints
    token: Ints
    quoted: Ints
    payer: Ints
    signs: Ints
    stamp: Longs
    counts: Longs
    word: Longs
    theirs: Longs
    digits: Longs
    bucket: Ints
    chosen: Ints
    sums: Longs
    masks: Longs


BENCH: Final = np.dtype(
    [
        *((name, np.int32, (MOST_CANDIDATES,)) for name in ("item", "how", "place", "token", "quoted")),
        *((name, np.int32, (MOST_PAYERS,)) for name in ("payer", "signs")),
        ("stamp", np.int64, (1,)),
        ("counts", np.int64, (24,)),
        *((name, np.int64, (MOST_WORDS,)) for name in ("word", "theirs")),
        ("digits", np.int64, (2, 20)),
        *((name, np.int32, (MOST_BUCKET,)) for name in ("bucket", "chosen")),
        ("sums", np.int64, (MOST_BUCKET,)),
        ("masks", np.int64, (8,)),
    ]
)


class Scratch(NamedTuple):
    """All scratch of one run; all but `seen` are records, so that compiled code hands on one address each."""

    tokens: tokens.Tokens
    found: correction.Found
    halves: subsets.Halves
    bench: Bench
    mine: Hypotheses
    seen: Longs


def incoming(payments: Payments) -> Incoming:
    """The payments' columns, ready for compiled code."""
    rows = np.zeros(payments.rows, PAYMENT)
    rows["amount"], rows["currency"], rows["day"] = payments.amount_minor, payments.currency, payments.booking_day
    rows["to_account"] = text_keys(payments.to_account.buffer, payments.to_account.offsets)
    rows["payer_account"] = text_keys(payments.payer_account.buffer, payments.payer_account.offsets)
    return Incoming(rows, payments.payer_name.column, payments.structured.column, payments.text.column)


def _record(kind: np.dtype[Any]) -> Any:
    return np.zeros(1, kind).view(np.recarray)[0]


def scratch(customers: int) -> Scratch:
    """Room to work on one payment, in a ledger of so many customers."""
    bench = _record(BENCH)
    bench.stamp[0] = 1
    return Scratch(
        _record(tokens.TOKENS),
        _record(correction.FOUND),
        _record(subsets.HALVES),
        bench,
        _record(HYPOTHESES),
        np.zeros(customers, np.int64),
    )
