"""The invoice of EN 16931-1 as one value: what every syntax is read into and written from."""

import datetime
from dataclasses import dataclass, field

from kvit.formats.einvoice.model.amounts import Adjustment, Totals, VatBreakdown
from kvit.formats.einvoice.model.codes import CREDIT_NOTES, Kind
from kvit.formats.einvoice.model.line import Line
from kvit.formats.einvoice.model.party import Delivery, Identifier, Party, Payee, Period, TaxRepresentative
from kvit.formats.einvoice.model.payment import PaymentMeans
from kvit.formats.einvoice.model.polish import PolishTerms


@dataclass(frozen=True, slots=True, kw_only=True)
class Note:
    """A free text (BG-1)."""

    text: str
    """BT-22"""
    subject: str = ""
    """BT-21, UNTDID 4451"""


@dataclass(frozen=True, slots=True, kw_only=True)
class PrecedingInvoice:
    """An invoice that this one corrects or settles (BG-3)."""

    number: str = ""
    """BT-25"""
    issue_date: datetime.date | None = None
    """BT-26"""


@dataclass(frozen=True, slots=True, kw_only=True)
class SupportingDocument:
    """A document beside the invoice (BG-24): elsewhere at `url`, or inside as `content`."""

    reference: str = ""
    """BT-122"""
    description: str = ""
    """BT-123"""
    url: str = ""
    """BT-124"""
    content: bytes | None = None
    """BT-125"""
    media_type: str = ""
    """BT-125-1"""
    file_name: str = ""
    """BT-125-2"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Invoice:
    """An invoice, credit note or correction (EN 16931-1:2017, semantic model).

    Amounts are whole minor units of `currency`, quantities, prices and percentages Decimal. Whatever an incoming
    document may lack is empty here ("" or None or ()), so that the rules can say by number what is missing. A credit
    note (see `CREDIT_NOTES`) has its amounts without a minus; a correction (384) has the signed difference.
    """

    number: str = ""
    """BT-1"""
    issue_date: datetime.date | None = None
    """BT-2"""
    kind: str = Kind.INVOICE
    """BT-3"""
    currency: str = ""
    """BT-5, ISO 4217"""
    accounting_currency: str = ""
    """BT-6: the currency of the VAT where it is another"""
    tax_point_date: datetime.date | None = None
    """BT-7"""
    tax_point_code: str = ""
    """BT-8; see `TaxPoint`"""
    due_date: datetime.date | None = None
    """BT-9"""
    buyer_reference: str = ""
    """BT-10"""
    project: str = ""
    """BT-11"""
    contract: str = ""
    """BT-12"""
    order: str = ""
    """BT-13"""
    sales_order: str = ""
    """BT-14"""
    receiving_advice: str = ""
    """BT-15"""
    despatch_advice: str = ""
    """BT-16"""
    tender: str = ""
    """BT-17"""
    object: Identifier | None = None
    """BT-18; scheme of UNTDID 1153"""
    accounting_reference: str = ""
    """BT-19, the buyer's"""
    payment_terms: str = ""
    """BT-20"""
    notes: tuple[Note, ...] = ()
    process: str = ""
    """BT-23"""
    specification: str = ""
    """BT-24; see `Profile`"""
    preceding: tuple[PrecedingInvoice, ...] = ()
    seller: Party = field(default_factory=Party)
    buyer: Party = field(default_factory=Party)
    payee: Payee | None = None
    tax_representative: TaxRepresentative | None = None
    delivery: Delivery | None = None
    period: Period | None = None
    """BG-14"""
    payment_means: tuple[PaymentMeans, ...] = ()
    creditor: str = ""
    """BT-90: the SEPA identifier of who debits"""
    allowances: tuple[Adjustment, ...] = ()
    """BG-20"""
    charges: tuple[Adjustment, ...] = ()
    """BG-21"""
    totals: Totals = field(default_factory=Totals)
    vat: tuple[VatBreakdown, ...] = ()
    supporting: tuple[SupportingDocument, ...] = ()
    lines: tuple[Line, ...] = ()
    polish: PolishTerms | None = None
    """What FA(3) says beyond the standard; UBL and CII do not carry it."""

    @property
    def is_credit_note(self) -> bool:
        """Whether its amounts count against the seller."""
        return self.kind in CREDIT_NOTES
