"""Make the engine ready before the first payment comes: its compiled code is loaded, or compiled on a new machine."""

import numpy as np

from kvit.matching.domain.engine import Customers, Index, Items, PayerHistory, Payments, Texts, match
from kvit.matching.domain.engine.texts import Longs
from kvit.matching.domain.shipped_prior import shipped_prior

_WRITTEN = (("", ""), ("700100017", ""), ("", "invoice 70010001"))


def warm() -> None:
    """Match a made-up payment in made-up books: a second or two, or a minute or two where nothing is compiled yet."""
    one, nothing = np.ones(1, np.int64), Texts.of([""])
    day, currency = np.full(1, 20_000, np.int32), np.ones(1, np.int16)
    reference, name = Texts.of(["700100017"]), Texts.of(["Somebody"])
    customers = Customers(one, Texts.of(["1"]), name, nothing)
    index = Index.build(_items(one, reference), customers, PayerHistory(one, reference, name, np.ones(1, np.int32)))
    index.add(_items(one * 2, Texts.of(["700200019"])))
    index.leave(one * 2, one)
    many = len(_WRITTEN)
    payments = Payments(
        payment_id=np.arange(many),
        booking_day=np.repeat(day, many),
        amount_minor=np.arange(many) + 9_999,
        currency=np.repeat(currency, many),
        to_account=Texts.of([""] * many),
        payer_name=Texts.of(["Somebody"] * many),
        payer_account=Texts.of([""] * many),
        structured=Texts.of([structured for structured, _ in _WRITTEN]),
        text=Texts.of([text for _, text in _WRITTEN]),
    )
    match(index, payments, prior=shipped_prior())


def _items(item_id: Longs, reference: Texts) -> Items:
    return Items(
        item_id=item_id,
        customer=np.ones(1, np.int64),
        invoice_no=reference,
        reference=reference,
        reference_kind=np.ones(1, np.int8),
        amount_minor=np.full(1, 10_000, np.int64),
        currency=np.ones(1, np.int16),
        issue_day=np.full(1, 19_990, np.int32),
        due_day=np.full(1, 20_020, np.int32),
    )
