"""Turns tables of open items and payments (see `formats.tables`) into the columns that the matching engine reads."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from kvit.matching.domain.engine.tables import Customers, Items, PayerHistory, Payments, ReferenceKind
from kvit.matching.domain.engine.texts import Longs, Texts, fold

KINDS: Final = {"ocr": ReferenceKind.OCR, "rf": ReferenceKind.RF, "free": ReferenceKind.FREE}


@dataclass(frozen=True)
class EngineInput:
    """All that the engine is given; a currency is the place it has in `currencies`."""

    items: Items
    customers: Customers
    history: PayerHistory
    payments: Payments
    currencies: tuple[str, ...]


def engine_input(tables: Mapping[str, pa.Table]) -> EngineInput:
    """The columns of `customers`, `payer_history`, `invoices` and `payments`, rows in their order."""
    customers, history = tables["customers"], tables["payer_history"]
    invoices, payments = tables["invoices"], tables["payments"]
    currencies = sorted({c for table in (invoices, payments) for c in pc.unique(table["currency"]).to_pylist()})
    return EngineInput(
        items=Items(
            item_id=_longs(invoices["invoice_id"]),
            customer=_longs(invoices["customer_id"]),
            invoice_no=texts(invoices["invoice_no"]),
            reference=texts(invoices["reference"]),
            reference_kind=_places(invoices["ref_kind"], list(KINDS)).astype(np.int8),
            amount_minor=_longs(invoices["amount"]),
            currency=_places(invoices["currency"], currencies).astype(np.int16),
            issue_day=_longs(invoices["issue_date"].cast(pa.int32())).astype(np.int32),
            due_day=_longs(invoices["due_date"].cast(pa.int32())).astype(np.int32),
        ),
        customers=Customers(
            customer=_longs(customers["customer_id"]),
            number=texts(customers["customer_no"]),
            name=texts(customers["name"]),
            virtual_account=texts(customers["virtual_account"]),
        ),
        history=PayerHistory(
            customer=_longs(history["customer_id"]),
            account=texts(history["iban"]),
            name=texts(history["payer_name"]),
            times=np.clip(_longs(history["times"]), 0, np.iinfo(np.int32).max).astype(np.int32),
        ),
        payments=Payments(
            payment_id=_longs(payments["payment_id"]),
            booking_day=_longs(payments["booking_date"].cast(pa.int32())).astype(np.int32),
            amount_minor=_longs(payments["amount"]),
            currency=_places(payments["currency"], currencies).astype(np.int16),
            to_account=texts(payments["to_account"]),
            payer_name=texts(payments["payer_name"]),
            payer_account=texts(payments["payer_iban"]),
            structured=texts(payments["ref_struct"]),
            text=texts(payments["ref_text"]),
        ),
        currencies=tuple(currencies),
    )


def texts(column: pa.ChunkedArray) -> Texts:
    """A column of large_string as the engine reads texts: ASCII capitals, as `Texts.of` makes them, but at once."""
    values = column.combine_chunks()
    is_strange = pc.invert(pc.string_is_ascii(values))
    if pc.any(is_strange).as_py():
        folded = pa.array([fold(text) for text in values.filter(is_strange).to_pylist()], pa.large_string())
        values = pc.replace_with_mask(values, is_strange, folded)
    values = pc.ascii_upper(values)
    _, offsets, characters = values.buffers()
    places = np.frombuffer(offsets, np.int64)[values.offset : values.offset + len(values) + 1].copy()
    return Texts(np.frombuffer(characters or b"", np.uint8), places if places.size else np.zeros(1, np.int64))


def _longs(column: pa.ChunkedArray) -> Longs:
    return np.array(column.to_numpy(), np.int64)


def _places(column: pa.ChunkedArray, values: list[str]) -> Longs:
    """Where each text stands among `values`."""
    return np.array(pc.index_in(column, value_set=pa.array(values, pa.large_string())).to_numpy(), np.int64)
