"""What a document is, and the names that stand on it, as codes; `domain.wording` says them in a language."""

from enum import StrEnum
from typing import Final


class SheetKind(StrEnum):
    """Which document it is; each has a template."""

    INVOICE = "invoice"
    ADVANCE_INVOICE = "advance_invoice"
    FINAL_INVOICE = "final_invoice"
    ESTIMATE = "estimate"
    CREDIT_NOTE = "credit_note"
    CORRECTION = "correction"
    SELF_BILLED = "self_billed"
    SELF_BILLED_CREDIT = "self_billed_credit"
    FEE_NOTE = "fee_note"
    STATEMENT = "statement"
    OPEN_ITEMS = "open_items"
    CONFIRMATION = "confirmation"
    RECEIPT = "receipt"
    REMINDER = "reminder"
    SETTLEMENT = "settlement"


INVOICES: Final = frozenset(
    {SheetKind.INVOICE, SheetKind.ADVANCE_INVOICE, SheetKind.FINAL_INVOICE, SheetKind.SELF_BILLED}
)
"""What asks for money under VAT law; an e-invoice lies inside."""


class FactName(StrEnum):
    """What a line of the facts table says."""

    DATE = "date"
    ISSUE_DATE = "issue_date"
    DUE_DATE = "due_date"
    DELIVERY_DATE = "delivery_date"
    DELIVERED_TO = "delivered_to"
    PERIOD = "period"
    VALID_UNTIL = "valid_until"
    PAYMENT_DATE = "payment_date"
    AS_OF = "as_of"
    REPLY_BY = "reply_by"
    TERMS = "terms"
    CUSTOMER_NUMBER = "customer_number"
    PAYMENT_REFERENCE = "payment_reference"
    YOUR_REFERENCE = "your_reference"
    OUR_REFERENCE = "our_reference"
    ORDER = "order"
    CONTRACT = "contract"
    PROJECT = "project"
    CREDITED = "credited"
    REASON = "reason"
    TAX_REPRESENTATIVE = "tax_representative"
    KSEF_NUMBER = "ksef_number"
    PAID_BY = "paid_by"


class TotalName(StrEnum):
    """What a sum is of."""

    LINES = "lines"
    NET = "net"
    ALLOWANCES = "allowances"
    CHARGES = "charges"
    ADVANCE = "advance"
    VAT = "vat"
    GROSS = "gross"
    ROUNDING = "rounding"
    PREPAID = "prepaid"
    TO_PAY = "to_pay"
    TO_PAY_OUT = "to_pay_out"
    CREDITED = "credited"
    DIFFERENCE = "difference"
    ESTIMATED = "estimated"
    OPENING = "opening"
    BALANCE = "balance"
    PRINCIPAL = "principal"
    INTEREST = "interest"
    FEE = "fee"
    RECEIVED = "received"
    UNUSED = "unused"
    DEDUCTED = "deducted"


class SectionName(StrEnum):
    """What a group of lines is, where there are several (a Polish correction shows both)."""

    LINES = "lines"
    BEFORE = "before"
    AFTER = "after"
    DEDUCTIONS = "deductions"


class Wording(StrEnum):
    """Words that the law wants on a document, in the words of the country (Directive 2006/112/EC, art. 226)."""

    REVERSE_CHARGE = "reverse_charge"
    SELF_BILLING = "self_billing"
    SPLIT_PAYMENT = "split_payment"
    CASH_ACCOUNTING = "cash_accounting"
    INTRA_COMMUNITY = "intra_community"
    EXPORT = "export"
    EXEMPT = "exempt"
    OUTSIDE_SCOPE = "outside_scope"
    F_TAX = "f_tax"
    NO_INVOICE = "no_invoice"
    RATE_UNVERIFIED = "rate_unverified"


class WayKind(StrEnum):
    """The kind of account that is paid to."""

    IBAN = "iban"
    BANKGIRO = "bankgiro"
    PLUSGIRO = "plusgiro"
    NATIONAL = "national"


class LinkName(StrEnum):
    """Where a link leads."""

    LIVE_PAGE = "live_page"
    ANSWER = "answer"
    KSEF = "ksef"
    KSEF_CERTIFICATE = "ksef_certificate"


class Stamp(StrEnum):
    """What is stamped across the head."""

    COPY = "copy"
    PAID = "paid"
    DRAFT = "draft"
    CANCELLED = "cancelled"


class Age(StrEnum):
    """How long what is open has been due."""

    NOT_DUE = "not_due"
    TO_30 = "to_30"
    TO_60 = "to_60"
    TO_90 = "to_90"
    OVER_90 = "over_90"
