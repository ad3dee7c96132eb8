"""What the codes of a sheet are called, as texts of the catalogues."""

from collections.abc import Mapping
from typing import Final, Protocol

from kvit.base.texts import N_
from kvit.documents.domain.kinds import (
    Age,
    FactName,
    LinkName,
    SectionName,
    SheetKind,
    Stamp,
    TotalName,
    Wording,
)


class Words(Protocol):
    """The texts of one language."""

    def gettext(self, message: str, /) -> str:
        """The text in the language."""
        ...

    def pgettext(self, context: str, message: str, /) -> str:
        """The text as it is said in a context, where one English word has two translations."""
        ...


KINDS: Final[Mapping[SheetKind, str]] = {
    SheetKind.INVOICE: N_("Invoice"),
    SheetKind.ADVANCE_INVOICE: N_("Advance invoice"),
    SheetKind.FINAL_INVOICE: N_("Final invoice"),
    SheetKind.ESTIMATE: N_("Estimate"),
    SheetKind.CREDIT_NOTE: N_("Credit note"),
    SheetKind.CORRECTION: N_("Corrective invoice"),
    SheetKind.SELF_BILLED: N_("Self-billed invoice"),
    SheetKind.SELF_BILLED_CREDIT: N_("Self-billed credit note"),
    SheetKind.FEE_NOTE: N_("Note of fees and interest"),
    SheetKind.STATEMENT: N_("Account statement"),
    SheetKind.OPEN_ITEMS: N_("Open items"),
    SheetKind.CONFIRMATION: N_("Balance confirmation"),
    SheetKind.RECEIPT: N_("Receipt"),
    SheetKind.REMINDER: N_("Payment reminder"),
    SheetKind.SETTLEMENT: N_("Settlement"),
}
FACTS: Final[Mapping[FactName, str]] = {
    FactName.DATE: N_("Date"),
    FactName.ISSUE_DATE: N_("Date of issue"),
    FactName.DUE_DATE: N_("Due date"),
    FactName.DELIVERY_DATE: N_("Date of supply"),
    FactName.DELIVERED_TO: N_("Delivered to"),
    FactName.PERIOD: N_("Period"),
    FactName.VALID_UNTIL: N_("Valid until"),
    FactName.PAYMENT_DATE: N_("Date of payment"),
    FactName.AS_OF: N_("Balance on"),
    FactName.REPLY_BY: N_("Reply by"),
    FactName.TERMS: N_("Terms of payment"),
    FactName.CUSTOMER_NUMBER: N_("Customer number"),
    FactName.PAYMENT_REFERENCE: N_("Payment reference"),
    FactName.YOUR_REFERENCE: N_("Your reference"),
    FactName.OUR_REFERENCE: N_("Our reference"),
    FactName.ORDER: N_("Order number"),
    FactName.CONTRACT: N_("Contract number"),
    FactName.PROJECT: N_("Project number"),
    FactName.CREDITED: N_("For invoice"),
    FactName.REASON: N_("Reason"),
    FactName.TAX_REPRESENTATIVE: N_("Tax representative"),
    FactName.KSEF_NUMBER: N_("KSeF number"),
    FactName.PAID_BY: N_("Paid by"),
}
TOTALS: Final[Mapping[TotalName, str]] = {
    TotalName.LINES: N_("Sum of the lines"),
    TotalName.NET: N_("Net amount"),
    TotalName.ALLOWANCES: N_("Allowance"),
    TotalName.CHARGES: N_("Charge"),
    TotalName.ADVANCE: N_("Advance invoice"),
    TotalName.VAT: N_("VAT"),
    TotalName.GROSS: N_("Total"),
    TotalName.ROUNDING: N_("Rounding"),
    TotalName.PREPAID: N_("Already paid"),
    TotalName.TO_PAY: N_("To pay"),
    TotalName.TO_PAY_OUT: N_("We pay you"),
    TotalName.CREDITED: N_("Credited"),
    TotalName.DIFFERENCE: N_("Difference"),
    TotalName.ESTIMATED: N_("Estimated total"),
    TotalName.OPENING: N_("Opening balance"),
    TotalName.BALANCE: N_("Balance"),
    TotalName.PRINCIPAL: N_("Invoices due"),
    TotalName.INTEREST: N_("Interest for late payment"),
    TotalName.FEE: N_("Reminder fee"),
    TotalName.RECEIVED: N_("Received"),
    TotalName.UNUSED: N_("Kept as an advance"),
    TotalName.DEDUCTED: N_("Deducted"),
}
SECTIONS: Final[Mapping[SectionName, str]] = {
    SectionName.LINES: "",
    SectionName.BEFORE: N_("Before the correction"),
    SectionName.AFTER: N_("After the correction"),
    SectionName.DEDUCTIONS: N_("Deductions"),
}
AGES: Final[Mapping[Age, str]] = {
    Age.NOT_DUE: N_("Not due"),
    Age.TO_30: N_("1–30 days"),
    Age.TO_60: N_("31–60 days"),
    Age.TO_90: N_("61–90 days"),
    Age.OVER_90: N_("Over 90 days"),
}
LINKS: Final[Mapping[LinkName, str]] = {
    LinkName.LIVE_PAGE: N_("See, pay or dispute it online"),
    LinkName.ANSWER: N_("Answer online"),
    LinkName.KSEF: N_("Look it up in KSeF"),
    LinkName.KSEF_CERTIFICATE: N_("KSeF certificate of the issuer"),
}
WORDINGS: Final[Mapping[Wording, str]] = {
    Wording.REVERSE_CHARGE: N_("Reverse charge"),
    Wording.SELF_BILLING: N_("Self-billing"),
    Wording.SPLIT_PAYMENT: N_("Split payment mechanism"),
    Wording.CASH_ACCOUNTING: N_("Cash accounting"),
    Wording.INTRA_COMMUNITY: N_("Intra-Community supply, exempt from VAT (Directive 2006/112/EC, Article 138)"),
    Wording.EXPORT: N_("Export, exempt from VAT (Directive 2006/112/EC, Article 146)"),
    Wording.EXEMPT: N_("Exempt from VAT"),
    Wording.OUTSIDE_SCOPE: N_("Not subject to VAT"),
    Wording.F_TAX: N_("Approved for Swedish F-tax"),
    Wording.NO_INVOICE: N_("This is not a tax invoice. You get one when you have paid."),
    Wording.RATE_UNVERIFIED: N_("A rate used here is newer than our last check of the law."),
}
CATEGORIES: Final[Mapping[str, str]] = {
    "E": N_("exempt from VAT"),
    "AE": N_("reverse charge"),
    "O": N_("not taxed"),
}
"""What stands where the rate would, short enough for a column, by category of UNTDID 5305."""
LANGUAGE_OF: Final[Mapping[str, str]] = {"PL": "pl", "SE": "sv", "RO": "ro"}


def stamped(stamp: Stamp, words: Words) -> str:
    """What is stamped: a state, where a button of the same English word is an order."""
    texts = {
        Stamp.COPY: words.pgettext("stamp", "Copy"),
        Stamp.PAID: words.pgettext("stamp", "Paid"),
        Stamp.DRAFT: words.pgettext("stamp", "Draft"),
        Stamp.CANCELLED: words.pgettext("stamp", "Cancelled"),
    }
    return texts[stamp]
