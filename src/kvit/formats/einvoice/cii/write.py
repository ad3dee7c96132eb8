"""Writes an invoice in CII; the document is valid under the schemas D16B and D22B alike."""

from typing import Final

from kvit.formats.einvoice.cii import agreement, settlement
from kvit.formats.einvoice.cii.lines import line
from kvit.formats.einvoice.cii.names import QDT, RAM, RSM, UDT
from kvit.formats.einvoice.cii.pieces import day
from kvit.formats.einvoice.markup import document, each, element, group
from kvit.formats.einvoice.model import Invoice
from kvit.kernel.currencies import minor_units

_ROOT: Final = f'<rsm:CrossIndustryInvoice xmlns:rsm="{RSM}" xmlns:ram="{RAM}" xmlns:udt="{UDT}" xmlns:qdt="{QDT}">'


def write(invoice: Invoice) -> bytes:
    """The document in UTF-8, the same bytes for the same invoice.

    Write what `calculate` gave; whether it may be sent is for `rules.validate` to say. Of several references to quote
    (BT-83) the first is written. Refuses `NotWritable`, `UnknownCurrency`.
    """
    decimals = minor_units(invoice.currency)
    transaction = "".join(
        (
            each(line(one, decimals) for one in invoice.lines),
            agreement.agreement(invoice),
            agreement.delivery(invoice),
            settlement.settlement(invoice, decimals),
        )
    )
    return document(
        f"{_ROOT}{_context(invoice)}{_head(invoice)}"
        f"<rsm:SupplyChainTradeTransaction>{transaction}</rsm:SupplyChainTradeTransaction>"
        "</rsm:CrossIndustryInvoice>"
    )


def _context(invoice: Invoice) -> str:
    return group(
        "rsm:ExchangedDocumentContext",
        group("ram:BusinessProcessSpecifiedDocumentContextParameter", element("ram:ID", invoice.process)),
        group("ram:GuidelineSpecifiedDocumentContextParameter", element("ram:ID", invoice.specification)),
    )


def _head(invoice: Invoice) -> str:
    notes = (
        group("ram:IncludedNote", element("ram:Content", one.text), element("ram:SubjectCode", one.subject))
        for one in invoice.notes
    )
    return group(
        "rsm:ExchangedDocument",
        element("ram:ID", invoice.number),
        element("ram:TypeCode", invoice.kind),
        day("ram:IssueDateTime", invoice.issue_date),
        each(notes),
    )
