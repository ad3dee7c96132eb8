"""A document whole as values, whatever its kind, and the same as an electronic invoice of EN 16931."""

import datetime
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from decimal import Decimal
from typing import ClassVar, Final

from kvit.formats.einvoice import Invoice
from kvit.formats.einvoice.model import (
    Account,
    Adjustment,
    AdvanceInvoice,
    CorrectedInvoice,
    FaKind,
    Identifier,
    Line,
    MeansOfPayment,
    Note,
    Party,
    PaymentMeans,
    Period,
    PolishTerms,
    PrecedingInvoice,
    Totals,
    VatBreakdown,
    VatCategory,
)
from kvit.formats.einvoice.model import Kind as Code
from kvit.invoicing.domain import taxes
from kvit.invoicing.domain.calculation import VatSum
from kvit.invoicing.domain.content import NO_CONTENT, NO_LINE_CONTENT, Content, LineContent
from kvit.invoicing.domain.draft import Exchange, References
from kvit.invoicing.domain.kinds import CREDITS, SELF_BILLED, Kind
from kvit.kernel import units
from kvit.kernel.refusals import DomainError

CODES: Final = {
    Kind.INVOICE: Code.INVOICE,
    Kind.ADVANCE_INVOICE: Code.ADVANCE,
    Kind.FINAL_INVOICE: Code.INVOICE,
    Kind.CREDIT_NOTE: Code.CREDIT_NOTE,
    Kind.CORRECTION: Code.CORRECTION,
    Kind.SELF_BILLED: Code.SELF_BILLED,
    Kind.SELF_BILLED_CREDIT: Code.SELF_BILLED_CREDIT_NOTE,
    Kind.FEE_NOTE: Code.DEBIT_NOTE,
}
"""UNTDID 1001 of each kind; an estimate is no invoice and has none."""
_LONGEST_NAME: Final = 200
_NO_REFERENCES: Final = References()


class NoInvoice(DomainError):
    """The document is no invoice in the sense of the law: an estimate, or a draft."""

    code: ClassVar[str] = "invoicing.no_invoice"


@dataclass(frozen=True, slots=True)
class PaperLine:
    """A line with its net amount (minor units)."""

    description: str
    quantity: Decimal
    unit: str
    unit_price: Decimal
    vat_rate: Decimal
    net_minor: int
    vat_category: str = ""
    content: LineContent = NO_LINE_CONTENT

    @property
    def category(self) -> str:
        """The VAT category, told or by the rate."""
        return taxes.category_of(self.vat_category, self.vat_rate)


@dataclass(frozen=True, slots=True)
class Sums:
    """What a document is over, in minor units."""

    net_minor: int
    vat_minor: int
    gross_minor: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Paper:
    """A document with its frozen figures, in minor units of `currency`; `country` is the supplier's.

    `changes` are the documents that it credits or corrects; `before` is what a corrected document was over before this
    correction, earlier ones included.
    """

    kind: Kind
    number: str
    country: str
    currency: str
    issue_date: datetime.date
    due_date: datetime.date | None
    lines: tuple[PaperLine, ...]
    vat: tuple[VatSum, ...]
    net_minor: int
    vat_minor: int
    gross_minor: int
    allowance_minor: int = 0
    charge_minor: int = 0
    prepaid_minor: int = 0
    rounding_minor: int = 0
    vat_accounting_minor: int | None = None
    accounting_currency: str = ""
    exchange: Exchange | None = None
    tax_point_date: datetime.date | None = None
    references: References = _NO_REFERENCES
    period: tuple[datetime.date, datetime.date] | None = None
    payment_reference: str = ""
    reason: str = ""
    changes: tuple[PrecedingInvoice, ...] = ()
    before: Sums | None = None
    splits_payment: bool = False
    is_unverified: bool = False
    content: Content = NO_CONTENT

    @property
    def categories(self) -> frozenset[str]:
        """The VAT categories that it uses."""
        return frozenset(one.category for one in self.vat)

    @property
    def payable_minor(self) -> int:
        """What it asks for: with VAT, rounded, less what was paid before."""
        return self.gross_minor + self.rounding_minor - self.prepaid_minor

    @property
    def texts(self) -> tuple[str, ...]:
        """The codes of the words that the law wants on it."""
        polish = self.content.polish
        found = taxes.texts(
            self.country,
            self.issue_date,
            categories=self.categories,
            is_self_billed=self.kind in SELF_BILLED,
            splits=self.splits_payment,
            is_cash=polish is not None and polish.cash_method,
        )
        return (*found, "rate_unverified") if self.is_unverified else found


@dataclass(frozen=True, slots=True)
class Sides:
    """Who takes part, as frozen at issue: supplier, customer, and the accounts that are paid to."""

    seller: Party = field(default_factory=Party)
    buyer: Party = field(default_factory=Party)
    accounts: tuple[Account, ...] = ()


NOBODY: Final = Sides()


def einvoice_of(paper: Paper, sides: Sides) -> Invoice:
    """The document as an invoice of EN 16931, with the figures that it was issued with. Refuses `NoInvoice`."""
    if paper.kind not in CODES:
        raise NoInvoice(f"{paper.number}: an {paper.kind.value} is no invoice and has no e-invoice")
    content = paper.content
    seller, buyer = _parties(paper, sides)
    return Invoice(
        number=paper.number,
        issue_date=paper.issue_date,
        kind=CODES[paper.kind],
        currency=paper.currency,
        accounting_currency=paper.accounting_currency,
        tax_point_date=paper.tax_point_date,
        tax_point_code="" if paper.tax_point_date else content.tax_point_code,
        due_date=None if paper.kind in CREDITS or paper.payable_minor <= 0 else paper.due_date,
        buyer_reference=paper.references.buyer,
        project=paper.references.project,
        contract=paper.references.contract,
        order=paper.references.order,
        sales_order=content.sales_order,
        receiving_advice=content.receiving_advice,
        despatch_advice=content.despatch_advice,
        tender=content.tender,
        object=content.object,
        accounting_reference=content.accounting_reference,
        payment_terms=content.payment_terms,
        notes=_notes(paper),
        preceding=(*paper.changes, *content.preceding, *_deducted(paper)),
        seller=seller,
        buyer=buyer,
        payee=content.payee,
        tax_representative=content.tax_representative,
        delivery=content.delivery,
        period=Period(start=paper.period[0], end=paper.period[1]) if paper.period else None,
        payment_means=_means(paper, sides),
        creditor=content.creditor,
        allowances=_with_rates(content.allowances),
        charges=_with_rates(content.charges),
        totals=_totals(paper),
        vat=tuple([_breakdown(one) for one in paper.vat]),
        supporting=content.supporting,
        lines=tuple([_line(line, position) for position, line in enumerate(paper.lines, 1)]),
        polish=_polish(paper),
    )


def _parties(paper: Paper, sides: Sides) -> tuple[Party, Party]:
    """Outside the scope of VAT no VAT number may be told (BR-O-02): the local number stands for the seller's.

    A Swedish company that invoices with VAT and whose number for it is not known has the one that its organisation
    number makes (SE, the number, 01).
    """
    seller, buyer = sides.seller, sides.buyer
    if paper.categories != {VatCategory.OUTSIDE_SCOPE.value}:
        registration = seller.registration
        if paper.country == "SE" and not seller.vat_number and registration is not None:
            digits = "".join(letter for letter in registration.value if letter.isdigit())
            seller = replace(seller, vat_number=f"SE{digits}01")
        return seller, buyer
    if seller.registration is None and seller.vat_number:
        seller = replace(seller, registration=Identifier(value=seller.vat_number))
    return replace(seller, vat_number=""), replace(buyer, vat_number="")


def _totals(paper: Paper) -> Totals:
    has_own = paper.content.allowances, paper.content.charges
    return Totals(
        lines_minor=paper.net_minor + paper.allowance_minor - paper.charge_minor,
        allowances_minor=paper.allowance_minor if has_own[0] else None,
        charges_minor=paper.charge_minor if has_own[1] else None,
        net_minor=paper.net_minor,
        vat_minor=paper.vat_minor,
        vat_accounting_minor=paper.vat_accounting_minor,
        gross_minor=paper.gross_minor,
        prepaid_minor=paper.prepaid_minor or None,
        rounding_minor=paper.rounding_minor or None,
        due_minor=paper.payable_minor,
    )


def _breakdown(one: VatSum) -> VatBreakdown:
    return VatBreakdown(
        category=one.category,
        rate=taxes.rate_of(one.category, one.vat_rate),
        base_minor=one.base_minor,
        vat_minor=one.vat_minor,
        exemption_code=one.exemption_code,
        exemption_reason=one.exemption_reason,
        accounting_minor=one.accounting_minor,
    )


def _with_rates(adjustments: Iterable[Adjustment]) -> tuple[Adjustment, ...]:
    found = []
    for one in adjustments:
        category = taxes.category_of(one.vat_category, one.vat_rate or Decimal(0))
        found.append(replace(one, vat_category=category, vat_rate=taxes.rate_of(category, one.vat_rate or Decimal(0))))
    return tuple(found)


def _line(line: PaperLine, position: int) -> Line:
    kept, category = line.content, line.category
    name, details = line.description, kept.details
    if len(name) > _LONGEST_NAME and not details:
        name, details = f"{name[: _LONGEST_NAME - 1]}…", line.description
    plain = Line(
        id=str(position),
        name=name,
        description=details,
        quantity=_trimmed(line.quantity),
        unit=_unit(line.unit),
        price=_trimmed(line.unit_price),
        vat_category=category,
        vat_rate=taxes.rate_of(category, line.vat_rate),
        net_minor=line.net_minor,
    )
    if kept == NO_LINE_CONTENT:
        return plain
    return replace(
        plain,
        note=kept.note or kept.order,
        object=kept.object,
        order_line=kept.order_line,
        accounting_reference=kept.accounting_reference,
        period=kept.period,
        allowances=kept.allowances,
        charges=kept.charges,
        gross_price=kept.gross_price,
        price_discount=kept.price_discount,
        price_quantity=kept.price_quantity,
        price_unit=kept.price_unit,
        seller_item=kept.seller_item,
        buyer_item=kept.buyer_item,
        standard_item=kept.standard_item,
        classifications=kept.classifications,
        origin=kept.origin,
        attributes=kept.attributes,
        polish=kept.polish,
    )


def _trimmed(value: Decimal) -> Decimal:
    """Without the zeros that a column of six decimals adds."""
    whole = value.to_integral_value()
    return whole if whole == value else value.normalize()


def _unit(kept: str) -> str:
    """The code; documents from before there were codes have a word."""
    try:
        return units.code_of(kept) or units.PIECE
    except units.UnknownUnit:
        return units.PIECE


def _means(paper: Paper, sides: Sides) -> tuple[PaymentMeans, ...]:
    content = paper.content
    if content.payment_means or paper.kind in CREDITS:
        return content.payment_means
    return tuple(
        PaymentMeans(
            code=MeansOfPayment.CREDIT_TRANSFER, reference=paper.payment_reference or paper.number, account=one
        )
        for one in sides.accounts
    )


def _notes(paper: Paper) -> tuple[Note, ...]:
    told = [taxes.words_of(code, paper.country, paper.issue_date) for code in paper.texts]
    if paper.reason:
        told.append(paper.reason)
    if paper.exchange is not None:
        told.append(
            f"1 {paper.currency} = {paper.exchange.rate.normalize():f} {paper.accounting_currency}, "
            f"{paper.exchange.source} {paper.exchange.rate_date}"
        )
    return (*paper.content.notes, *(Note(text=text) for text in told))


def _deducted(paper: Paper) -> tuple[PrecedingInvoice, ...]:
    return tuple(PrecedingInvoice(number=one.number, issue_date=one.issue_date) for one in paper.content.deductions)


def _polish(paper: Paper) -> PolishTerms | None:
    """What FA(3) says beyond the standard; for suppliers in Poland."""
    if paper.country != "PL":
        return paper.content.polish
    terms = paper.content.polish or PolishTerms()
    kinds = {
        Kind.FINAL_INVOICE: FaKind.FINAL,
        Kind.ADVANCE_INVOICE: FaKind.ADVANCE,
        **dict.fromkeys((Kind.CORRECTION, Kind.CREDIT_NOTE, Kind.SELF_BILLED_CREDIT), FaKind.CORRECTION),
    }
    changed = tuple(
        CorrectedInvoice(number=one.number, issue_date=one.issue_date)
        for one in paper.changes
        if one.issue_date is not None
    )
    return replace(
        terms,
        kind=terms.kind or kinds.get(paper.kind),
        self_billed=terms.self_billed or paper.kind in SELF_BILLED,
        split_payment=terms.split_payment or paper.splits_payment,
        reverse_charge=terms.reverse_charge or VatCategory.REVERSE_CHARGE in paper.categories,
        correction_reason=terms.correction_reason or (paper.reason[:256] if changed else ""),
        corrected=terms.corrected or changed,
        advances=terms.advances or tuple(AdvanceInvoice(number=one.number) for one in paper.content.deductions),
    )
