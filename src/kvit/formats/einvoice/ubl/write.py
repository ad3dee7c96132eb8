"""Writes an invoice or credit note in UBL 2.1 as EN 16931-3-2 binds it."""

import base64
from typing import Final

from kvit.formats.einvoice.markup import day, document, each, element, group, marked
from kvit.formats.einvoice.model import Invoice, Note, PaymentMeans, PrecedingInvoice, SupportingDocument
from kvit.formats.einvoice.ubl import line as lines
from kvit.formats.einvoice.ubl import parties
from kvit.formats.einvoice.ubl.names import (
    CAC,
    CBC,
    NO_ORDER,
    OBJECT_TYPE,
    PROJECT_TYPE,
    UNSPECIFIED_MEANS,
    Document,
)
from kvit.formats.einvoice.ubl.sums import adjustment, tax_totals, totals
from kvit.kernel.currencies import minor_units

_INVOICE: Final = Document("Invoice", "InvoiceTypeCode", "InvoiceLine", "InvoicedQuantity")
_CREDIT_NOTE: Final = Document("CreditNote", "CreditNoteTypeCode", "CreditNoteLine", "CreditedQuantity")


def write(invoice: Invoice) -> bytes:
    """The document in UTF-8, the same bytes for the same invoice.

    An invoice that is a credit note by its kind becomes a CreditNote. Write what `calculate` gave; whether it may be
    sent is for `rules.validate` to say. Refuses `NotWritable`, `UnknownCurrency`.
    """
    kind = _CREDIT_NOTE if invoice.is_credit_note else _INVOICE
    decimals = minor_units(invoice.currency)
    content = "".join(
        (
            _head(invoice, kind),
            _references(invoice, kind),
            group("cac:AccountingSupplierParty", parties.seller(invoice)),
            group("cac:AccountingCustomerParty", parties.buyer(invoice.buyer)),
            parties.payee(invoice),
            parties.tax_representative(invoice.tax_representative),
            parties.delivery(invoice.delivery),
            _payment(invoice),
            each(adjustment(one, invoice.currency, decimals, is_charge=False) for one in invoice.allowances),
            each(adjustment(one, invoice.currency, decimals, is_charge=True) for one in invoice.charges),
            tax_totals(invoice, decimals),
            totals(invoice, decimals),
            each(lines.line(one, kind, invoice.currency, decimals) for one in invoice.lines),
        )
    )
    name = kind.root
    return document(
        f'<{name} xmlns="urn:oasis:names:specification:ubl:schema:xsd:{name}-2" xmlns:cac="{CAC}" xmlns:cbc="{CBC}">'
        f"{content}</{name}>"
    )


def _head(invoice: Invoice, kind: Document) -> str:
    is_note = kind is _CREDIT_NOTE
    type_code = element(f"cbc:{kind.type_code}", invoice.kind)
    tax_point = element("cbc:TaxPointDate", day(invoice.tax_point_date))
    notes = each(element("cbc:Note", _note(one)) for one in invoice.notes)
    return "".join(
        (
            element("cbc:CustomizationID", invoice.specification),
            element("cbc:ProfileID", invoice.process),
            element("cbc:ID", invoice.number),
            element("cbc:IssueDate", day(invoice.issue_date)),
            tax_point + type_code + notes
            if is_note
            else element("cbc:DueDate", day(invoice.due_date)) + type_code + notes + tax_point,
            element("cbc:DocumentCurrencyCode", invoice.currency),
            element("cbc:TaxCurrencyCode", invoice.accounting_currency),
            element("cbc:AccountingCost", invoice.accounting_reference),
            element("cbc:BuyerReference", invoice.buyer_reference),
            lines.period(invoice.period, invoice.tax_point_code),
        )
    )


def _note(note: Note) -> str:
    return f"#{note.subject}#{note.text}" if note.subject else note.text


def _references(invoice: Invoice, kind: Document) -> str:
    order = invoice.order or (NO_ORDER if invoice.sales_order else "")
    originator = _reference("cac:OriginatorDocumentReference", invoice.tender)
    additional = _additional(invoice, kind)
    is_note = kind is _CREDIT_NOTE
    return "".join(
        (
            group("cac:OrderReference", element("cbc:ID", order), element("cbc:SalesOrderID", invoice.sales_order)),
            each(_preceding(one) for one in invoice.preceding),
            _reference("cac:DespatchDocumentReference", invoice.despatch_advice),
            _reference("cac:ReceiptDocumentReference", invoice.receiving_advice),
            "" if is_note else originator,
            _reference("cac:ContractDocumentReference", invoice.contract),
            additional,
            originator if is_note else _reference("cac:ProjectReference", invoice.project),
        )
    )


def _reference(name: str, value: str) -> str:
    return group(name, element("cbc:ID", value))


def _preceding(one: PrecedingInvoice) -> str:
    inside = element("cbc:ID", one.number) + element("cbc:IssueDate", day(one.issue_date))
    return group("cac:BillingReference", group("cac:InvoiceDocumentReference", inside))


def _additional(invoice: Invoice, kind: Document) -> str:
    name = "cac:AdditionalDocumentReference"
    project = invoice.project if kind is _CREDIT_NOTE else ""
    return "".join(
        (
            lines.object_reference(name, invoice.object, OBJECT_TYPE),
            group(name, element("cbc:ID", project), element("cbc:DocumentTypeCode", PROJECT_TYPE)) if project else "",
            each(group(name, _supporting(one)) for one in invoice.supporting),
        )
    )


def _supporting(one: SupportingDocument) -> str:
    content = "" if one.content is None else base64.b64encode(one.content).decode()
    return "".join(
        (
            element("cbc:ID", one.reference),
            element("cbc:DocumentDescription", one.description),
            group(
                "cac:Attachment",
                marked(
                    "cbc:EmbeddedDocumentBinaryObject",
                    content,
                    ("mimeCode", one.media_type),
                    ("filename", one.file_name),
                ),
                group("cac:ExternalReference", element("cbc:URI", one.url)),
            ),
        )
    )


def _payment(invoice: Invoice) -> str:
    due = day(invoice.due_date) if invoice.is_credit_note else ""
    means = invoice.payment_means or ((PaymentMeans(code=UNSPECIFIED_MEANS),) if due else ())
    return "".join(
        (
            each(_means(one, due) for one in means),
            group("cac:PaymentTerms", element("cbc:Note", invoice.payment_terms)),
        )
    )


def _means(one: PaymentMeans, due: str) -> str:
    account, card, debit = one.account, one.card, one.direct_debit
    return group(
        "cac:PaymentMeans",
        marked("cbc:PaymentMeansCode", one.code, ("name", one.text)),
        element("cbc:PaymentDueDate", due),
        element("cbc:PaymentID", one.reference),
        group(
            "cac:CardAccount",
            element("cbc:PrimaryAccountNumberID", card.number),
            element("cbc:NetworkID", "NA"),
            element("cbc:HolderName", card.holder),
        )
        if card
        else "",
        group(
            "cac:PayeeFinancialAccount",
            element("cbc:ID", account.number),
            element("cbc:Name", account.name),
            group("cac:FinancialInstitutionBranch", element("cbc:ID", account.bank)),
        )
        if account
        else "",
        group(
            "cac:PaymentMandate",
            element("cbc:ID", debit.mandate),
            group("cac:PayerFinancialAccount", element("cbc:ID", debit.account)),
        )
        if debit
        else "",
    )
