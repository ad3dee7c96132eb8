"""Reads a CII invoice of any of its versions into the semantic model."""

from typing import Final

from kvit.formats.einvoice.cii import read_agreement, read_lines, read_settlement
from kvit.formats.einvoice.cii.names import RSM
from kvit.formats.einvoice.cii.read_pieces import day
from kvit.formats.einvoice.model import Invoice, Note
from kvit.formats.einvoice.nodes import Currency, Findings, Node, Reading, Unreadable, root
from kvit.formats.einvoice.problem import SYNTAX, Problem

_ROOT: Final = f"{{{RSM}}}CrossIndustryInvoice"


def read(data: bytes) -> Reading:
    """The invoice of a CII document; never raises on what it holds.

    What is missing is empty in the invoice: ask `rules.validate`. What cannot be taken over is a problem, and then
    there is no invoice.
    """
    try:
        element = root(data)
    except Unreadable as refusal:
        return Reading(None, (Problem(SYNTAX, "file", str(refusal)),))
    if element.tag != _ROOT:
        return Reading(None, (Problem(SYNTAX, "file", f"{element.tag[:200]} is no CII invoice"),))
    findings = Findings()
    return findings.reading(_invoice(Node(element, findings)))


def _invoice(node: Node) -> Invoice:
    context = node.child_node("ExchangedDocumentContext")
    head = node.child_node("ExchangedDocument")
    transaction = node.child_node("SupplyChainTradeTransaction")
    settlement = transaction.child_node("ApplicableHeaderTradeSettlement")
    currency = Currency(settlement.text("InvoiceCurrencyCode"))
    agreement = read_agreement.agreement(transaction.child_node("ApplicableHeaderTradeAgreement"))
    delivery = read_agreement.delivery(transaction.child_node("ApplicableHeaderTradeDelivery"))
    settled = read_settlement.settlement(settlement, currency)
    return Invoice(
        process=context.inner("BusinessProcessSpecifiedDocumentContextParameter", "ID"),
        specification=context.inner("GuidelineSpecifiedDocumentContextParameter", "ID"),
        number=head.text("ID"),
        kind=head.text("TypeCode"),
        issue_date=day(head.one("IssueDateTime")),
        notes=tuple(
            Note(text=one.text("Content"), subject=one.text("SubjectCode")) for one in head.all("IncludedNote")
        ),
        currency=currency.code,
        lines=tuple(read_lines.line(one, currency) for one in transaction.all("IncludedSupplyChainTradeLineItem")),
        **agreement,
        **delivery,
        **settled,
    )
