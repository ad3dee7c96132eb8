"""Reads a UBL 2.1 invoice or credit note into the semantic model."""

import datetime
import re
from typing import Final

from kvit.formats.einvoice.content import content
from kvit.formats.einvoice.model import (
    CREDIT_NOTES,
    Account,
    Card,
    DirectDebit,
    Identifier,
    Invoice,
    Note,
    PaymentMeans,
    PrecedingInvoice,
    SupportingDocument,
)
from kvit.formats.einvoice.nodes import Currency, Findings, Node, Reading, Unreadable, root
from kvit.formats.einvoice.problem import SYNTAX, Problem
from kvit.formats.einvoice.ubl import read_lines, read_parties, read_sums
from kvit.formats.einvoice.ubl.names import (
    CREDIT_NOTE,
    INVOICE,
    NO_ORDER,
    OBJECT_TYPE,
    ONCE,
    PROJECT_TYPE,
    UNSPECIFIED_MEANS,
)

_SUBJECT: Final = re.compile(r"#([A-Z]{3})#(.*)", re.DOTALL)
_ROOTS: Final = {f"{{{INVOICE}}}Invoice": False, f"{{{CREDIT_NOTE}}}CreditNote": True}


def read(data: bytes) -> Reading:
    """The invoice of a UBL document; never raises on what it holds.

    What is missing is empty in the invoice: ask `rules.validate`. What cannot be taken over (a number that is none,
    an amount in another currency) is a problem, and then there is no invoice.
    """
    try:
        element = root(data)
    except Unreadable as refusal:
        return Reading(None, (Problem(SYNTAX, "file", str(refusal)),))
    if element.tag not in _ROOTS:
        return Reading(None, (Problem(SYNTAX, "file", f"{element.tag[:200]} is no UBL invoice or credit note"),))
    findings = Findings(ONCE)
    return findings.reading(_invoice(Node(element, findings), is_note=_ROOTS[element.tag]))


def _invoice(node: Node, *, is_note: bool) -> Invoice:
    currency = Currency(node.text("DocumentCurrencyCode"))
    accounting = node.text("TaxCurrencyCode")
    documents = _Documents(node, is_note=is_note)
    order, sales_order = _orders(node)
    period, tax_point_code = read_lines.period(node)
    means, due_in_means = _payment(node)
    seller, creditor = read_parties.seller(node)
    payee, payee_creditor = read_parties.payee(node)
    vat, totals = read_sums.vat_and_totals(node, currency, accounting)
    allowances, charges = read_sums.adjustments(node, currency, is_line=False)
    return Invoice(
        specification=node.text("CustomizationID"),
        process=node.text("ProfileID"),
        number=node.text("ID"),
        issue_date=node.day("IssueDate", "PEPPOL-EN16931-F001"),
        due_date=node.day("DueDate", "PEPPOL-EN16931-F001") or due_in_means,
        kind=_kind(node, is_note=is_note),
        notes=tuple(_note(told) for told in node.texts("Note")),
        tax_point_date=node.day("TaxPointDate", "PEPPOL-EN16931-F001"),
        tax_point_code=tax_point_code,
        currency=currency.code,
        accounting_currency=accounting,
        accounting_reference=node.text("AccountingCost"),
        buyer_reference=node.text("BuyerReference"),
        period=period,
        order=order,
        sales_order=sales_order,
        preceding=_preceding(node),
        despatch_advice=node.inner("DespatchDocumentReference", "ID"),
        receiving_advice=node.inner("ReceiptDocumentReference", "ID"),
        tender=node.inner("OriginatorDocumentReference", "ID"),
        contract=node.inner("ContractDocumentReference", "ID"),
        project=documents.project or node.inner("ProjectReference", "ID"),
        object=documents.object,
        supporting=tuple(documents.supporting),
        seller=seller,
        buyer=read_parties.buyer(node),
        payee=payee,
        creditor=payee_creditor or creditor,
        tax_representative=read_parties.tax_representative(node),
        delivery=read_parties.delivery(node),
        payment_means=means,
        payment_terms=node.inner("PaymentTerms", "Note"),
        allowances=allowances,
        charges=charges,
        vat=vat,
        totals=totals,
        lines=read_lines.lines(node, currency, is_note=is_note),
    )


def _kind(node: Node, *, is_note: bool) -> str:
    name = "CreditNoteTypeCode" if is_note else "InvoiceTypeCode"
    told = node.text(name)
    if told and (told in CREDIT_NOTES) != is_note:
        words = f"a document of the kind {told[:10]!r} is {'no credit note' if is_note else 'a credit note'}"
        node.findings.tell("BR-CL-01", f"{node.place}/{name}", words)
    return told


def _note(told: str) -> Note:
    match = _SUBJECT.fullmatch(told)
    return Note(subject=match[1], text=match[2].strip()) if match else Note(text=told)


def _orders(node: Node) -> tuple[str, str]:
    reference = node.one("OrderReference")
    if reference is None:
        return "", ""
    order, sales = reference.text("ID"), reference.text("SalesOrderID")
    return ("" if sales and order == NO_ORDER else order), sales


def _preceding(node: Node) -> tuple[PrecedingInvoice, ...]:
    found = []
    for reference in node.all("BillingReference"):
        inside = reference.all("InvoiceDocumentReference")
        found += [PrecedingInvoice(number=one.text("ID"), issue_date=one.day("IssueDate")) for one in inside]
        if not inside:
            found.append(PrecedingInvoice())
    return tuple(found)


class _Documents:
    """The additional document references: the invoiced object, a credit note's project, supporting documents."""

    def __init__(self, node: Node, *, is_note: bool) -> None:
        self.object: Identifier | None = None
        self.project = ""
        self.supporting: list[SupportingDocument] = []
        for one in node.all("AdditionalDocumentReference"):
            type_code = one.text("DocumentTypeCode")
            if type_code == OBJECT_TYPE and self.object is None:
                self.object = read_parties.identifier(one, "ID")
            elif type_code == PROJECT_TYPE and is_note and not self.project:
                self.project = one.text("ID")
            else:
                self.supporting.append(_supporting(one))


def _supporting(node: Node) -> SupportingDocument:
    reference, description = node.text("ID"), node.text("DocumentDescription")
    attachment = node.one("Attachment")
    inside = attachment.one("EmbeddedDocumentBinaryObject") if attachment else None
    data = content(inside) if inside else None
    if data is None:
        inside = None
    return SupportingDocument(
        reference=reference,
        description=description,
        url=attachment.inner("ExternalReference", "URI") if attachment else "",
        content=data,
        media_type=inside.attribute("mimeCode") if inside else "",
        file_name=inside.attribute("filename") if inside else "",
    )


def _payment(node: Node) -> tuple[tuple[PaymentMeans, ...], datetime.date | None]:
    """The means of payment, and the due date of a credit note, which stands in them."""
    means: list[PaymentMeans] = []
    due: datetime.date | None = None
    for one in node.all("PaymentMeans"):
        due = one.day("PaymentDueDate", "PEPPOL-EN16931-F001") or due
        found = _means(one)
        if found != PaymentMeans(code=UNSPECIFIED_MEANS) or due is None:
            means.append(found)
    return tuple(means), due


def _means(node: Node) -> PaymentMeans:
    code = node.one("PaymentMeansCode")
    account, card, mandate = node.one("PayeeFinancialAccount"), node.one("CardAccount"), node.one("PaymentMandate")
    if card:
        card.text("NetworkID")
    return PaymentMeans(
        code=code.own() if code else "",
        text=code.attribute("name") if code else "",
        reference=node.text("PaymentID"),
        account=Account(
            number=account.text("ID"),
            name=account.text("Name"),
            bank=account.inner("FinancialInstitutionBranch", "ID"),
        )
        if account
        else None,
        card=Card(number=card.text("PrimaryAccountNumberID"), holder=card.text("HolderName")) if card else None,
        direct_debit=DirectDebit(mandate=mandate.text("ID"), account=mandate.inner("PayerFinancialAccount", "ID"))
        if mandate
        else None,
    )
