"""Payments as compiled code sees them, with the keys of their accounts, and the scratch room for one of them."""

from typing import Final, NamedTuple

import numpy as np

from kvit.matching.domain.engine import correction, subsets, tokens
from kvit.matching.domain.engine.hashing import Ints
from kvit.matching.domain.engine.ledger import text_keys
from kvit.matching.domain.engine.names import MOST_WORDS
from kvit.matching.domain.engine.tables import Payments, Shorts
from kvit.matching.domain.engine.texts import Bytes, Longs

MOST_CANDIDATES: Final = 192
MOST_PAYERS: Final = 1536
MOST_HYPOTHESES: Final = 192
MOST_SET_ITEMS: Final = 8192
MOST_BUCKET: Final = 1024


class Incoming(NamedTuple):
    """Payments by row; `to_account` and `payer_account` are keys (0: none), the texts are buffers with offsets."""

    day: Ints
    amount: Longs
    currency: Shorts
    to_account: Longs
    payer_account: Longs
    names: Bytes
    name_at: Longs
    structured: Bytes
    structured_at: Longs
    text: Bytes
    text_at: Longs


class Bench(NamedTuple):
    """Where one payment is worked out; every array is written anew for each payment.

    Candidates are single items: `item`, `how` it was met, the slip's `place` and the token. Payers are customers with
    `signs` of evidence; `seen[customer]` is `stamp[0]` + their place. `word` holds the payer's name, `theirs` another.
    `counts`: see the constants in `gather`. `digits` holds a number's digits.
    """

    item: Ints
    how: Ints
    place: Ints
    token: Ints
    payer: Ints
    signs: Ints
    seen: Longs
    stamp: Longs
    counts: Longs
    word: Longs
    theirs: Longs
    digits: Longs
    bucket: Ints
    sums: Longs
    masks: Longs


class Scratch(NamedTuple):
    """All scratch of one run."""

    tokens: tokens.Tokens
    found: correction.Found
    halves: subsets.Halves
    bench: Bench


def incoming(payments: Payments) -> Incoming:
    """The payments' columns, ready for compiled code."""
    return Incoming(
        payments.booking_day.astype(np.int32),
        payments.amount_minor.astype(np.int64),
        payments.currency.astype(np.int16),
        text_keys(payments.to_account.buffer, payments.to_account.offsets),
        text_keys(payments.payer_account.buffer, payments.payer_account.offsets),
        payments.payer_name.buffer,
        payments.payer_name.offsets,
        payments.structured.buffer,
        payments.structured.offsets,
        payments.text.buffer,
        payments.text.offsets,
    )


def scratch(customers: int) -> Scratch:
    """Room to work on one payment, in a ledger of so many customers."""
    bench = Bench(
        *(np.zeros(MOST_CANDIDATES, np.int32) for _ in range(4)),
        *(np.zeros(MOST_PAYERS, np.int32) for _ in range(2)),
        np.zeros(customers + 1, np.int64),
        np.ones(1, np.int64),
        np.zeros(16, np.int64),
        *(np.zeros(MOST_WORDS, np.int64) for _ in range(2)),
        np.zeros((2, 20), np.int64),
        np.zeros(MOST_BUCKET, np.int32),
        np.zeros(MOST_BUCKET, np.int64),
        np.zeros(8, np.int64),
    )
    return Scratch(tokens.scratch(), correction.scratch(), subsets.scratch(), bench)
