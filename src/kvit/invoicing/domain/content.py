"""What of EN 16931 a document carries beside its columns, as frozen values, and the JSON they are kept as."""

import datetime
import json
from dataclasses import dataclass
from decimal import Decimal
from typing import Final

from kvit.base import codec
from kvit.formats import einvoice
from kvit.formats.einvoice.model import (
    Adjustment,
    Classification,
    Delivery,
    Identifier,
    ItemAttribute,
    Note,
    Payee,
    PaymentMeans,
    Period,
    PolishLine,
    PolishTerms,
    PrecedingInvoice,
    SupportingDocument,
    TaxRepresentative,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Exemption:
    """Why no VAT is charged on what stands in a category: a code of the list VATEX, words, or both (BT-120, BT-121)."""

    category: str
    code: str = ""
    reason: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Deduction:
    """What an advance invoice has taxed and a final invoice leaves out; minor units."""

    invoice_id: int
    number: str
    issue_date: datetime.date
    net_minor: int
    vat_minor: int
    gross_minor: int


@dataclass(frozen=True, slots=True, kw_only=True)
class LineContent:
    """What a line says beyond its columns; the names are those of `formats.einvoice.model.Line`."""

    details: str = ""
    """BT-154"""
    note: str = ""
    object: Identifier | None = None
    order: str = ""
    """The order or delivery that a line of a collective invoice is of"""
    order_line: str = ""
    accounting_reference: str = ""
    period: Period | None = None
    allowances: tuple[Adjustment, ...] = ()
    charges: tuple[Adjustment, ...] = ()
    gross_price: Decimal | None = None
    price_discount: Decimal | None = None
    price_quantity: Decimal | None = None
    price_unit: str = ""
    seller_item: str = ""
    buyer_item: str = ""
    standard_item: Identifier | None = None
    classifications: tuple[Classification, ...] = ()
    origin: str = ""
    attributes: tuple[ItemAttribute, ...] = ()
    polish: PolishLine | None = None

    @property
    def is_before(self) -> bool:
        """Whether the line stands on a correction as it was before; it counts against those after."""
        return self.polish is not None and self.polish.is_before


@dataclass(frozen=True, slots=True, kw_only=True)
class Content:
    """What a document says beyond its columns; the names are those of `formats.einvoice.model.Invoice`."""

    exemptions: tuple[Exemption, ...] = ()
    notes: tuple[Note, ...] = ()
    delivery: Delivery | None = None
    payee: Payee | None = None
    tax_representative: TaxRepresentative | None = None
    payment_means: tuple[PaymentMeans, ...] = ()
    """In place of the company's own accounts, where there are any"""
    creditor: str = ""
    allowances: tuple[Adjustment, ...] = ()
    charges: tuple[Adjustment, ...] = ()
    sales_order: str = ""
    receiving_advice: str = ""
    despatch_advice: str = ""
    tender: str = ""
    object: Identifier | None = None
    accounting_reference: str = ""
    payment_terms: str = ""
    tax_point_code: str = ""
    preceding: tuple[PrecedingInvoice, ...] = ()
    supporting: tuple[SupportingDocument, ...] = ()
    polish: PolishTerms | None = None
    deductions: tuple[Deduction, ...] = ()
    """Of a final invoice; their nets are among its allowances"""


NO_CONTENT: Final = Content()
NO_LINE_CONTENT: Final = LineContent()


def spelled(content: Content | LineContent) -> str | None:
    """The JSON to be kept, without what is empty; None where there is nothing."""
    if content in (NO_CONTENT, NO_LINE_CONTENT):
        return None
    return json.dumps(einvoice.plain(content), ensure_ascii=False, sort_keys=True, separators=(",", ":"))


def content_of(kept: str | None) -> Content:
    """The value back from its JSON."""
    return codec.restore(kept, Content) if kept else NO_CONTENT


def line_content_of(kept: str | None) -> LineContent:
    """The value back from its JSON."""
    return codec.restore(kept, LineContent) if kept else NO_LINE_CONTENT
