"""How an invoice is paid, taxed and added up in CII."""

import re
from typing import Final

from kvit.formats.einvoice.cii.agreement import numbers
from kvit.formats.einvoice.cii.lines import adjustment, period
from kvit.formats.einvoice.cii.names import TAX_POINTS
from kvit.formats.einvoice.cii.pieces import day, identifier, money
from kvit.formats.einvoice.markup import each, element, group, number
from kvit.formats.einvoice.model import Account, Invoice, Payee, PaymentMeans, PrecedingInvoice, VatBreakdown
from kvit.kernel.currencies import minor_units

_IBAN: Final = re.compile(r"[A-Z]{2}[0-9]{2}[A-Z0-9]{10,30}", re.ASCII)


def settlement(invoice: Invoice, decimals: int) -> str:
    """`ram:ApplicableHeaderTradeSettlement`."""
    reference = next((one.reference for one in invoice.payment_means if one.reference), "")
    return group(
        "ram:ApplicableHeaderTradeSettlement",
        element("ram:CreditorReferenceID", invoice.creditor),
        element("ram:PaymentReference", reference),
        element("ram:TaxCurrencyCode", invoice.accounting_currency),
        element("ram:InvoiceCurrencyCode", invoice.currency),
        _payee(invoice.payee),
        each(_means(one) for one in invoice.payment_means),
        each(_tax(one, decimals, _tax_point(invoice) if n == 0 else "") for n, one in enumerate(invoice.vat)),
        period(invoice.period),
        each(adjustment(one, decimals, is_charge=False) for one in invoice.allowances),
        each(adjustment(one, decimals, is_charge=True) for one in invoice.charges),
        _terms(invoice),
        _totals(invoice, decimals),
        each(_preceding(one) for one in invoice.preceding),
        group("ram:ReceivableSpecifiedTradeAccountingAccount", element("ram:ID", invoice.accounting_reference)),
    )


def _payee(one: Payee | None) -> str:
    if one is None:
        return ""
    return group(
        "ram:PayeeTradeParty",
        numbers((one.identifier,) if one.identifier else ()),
        element("ram:Name", one.name),
        group("ram:SpecifiedLegalOrganization", identifier("ram:ID", one.registration)),
    )


def _means(one: PaymentMeans) -> str:
    card, debit = one.card, one.direct_debit
    return group(
        "ram:SpecifiedTradeSettlementPaymentMeans",
        element("ram:TypeCode", one.code),
        element("ram:Information", one.text),
        group(
            "ram:ApplicableTradeSettlementFinancialCard",
            element("ram:ID", card.number),
            element("ram:CardholderName", card.holder),
        )
        if card
        else "",
        group("ram:PayerPartyDebtorFinancialAccount", element("ram:IBANID", debit.account)) if debit else "",
        _account(one.account) if one.account else "",
    )


def _account(account: Account) -> str:
    name = "ram:IBANID" if _IBAN.fullmatch(account.number) else "ram:ProprietaryID"
    number_ = element(name, account.number)
    holder = element("ram:AccountName", account.name)
    inside = number_ + holder if name == "ram:IBANID" else holder + number_
    return group("ram:PayeePartyCreditorFinancialAccount", inside) + group(
        "ram:PayeeSpecifiedCreditorFinancialInstitution", element("ram:BICID", account.bank)
    )


def _tax_point(invoice: Invoice) -> str:
    """Day or event on which VAT falls due, told once, in the first breakdown."""
    return day("ram:TaxPointDate", invoice.tax_point_date, "udt:DateString") + element(
        "ram:DueDateTypeCode", TAX_POINTS.get(invoice.tax_point_code, invoice.tax_point_code)
    )


def _tax(one: VatBreakdown, decimals: int, tax_point: str) -> str:
    return group(
        "ram:ApplicableTradeTax",
        money("ram:CalculatedAmount", one.vat_minor, decimals),
        "<ram:TypeCode>VAT</ram:TypeCode>",
        element("ram:ExemptionReason", one.exemption_reason),
        money("ram:BasisAmount", one.base_minor, decimals),
        element("ram:CategoryCode", one.category),
        element("ram:ExemptionReasonCode", one.exemption_code),
        tax_point,
        element("ram:RateApplicablePercent", number(one.rate)),
    )


def _terms(invoice: Invoice) -> str:
    mandates = [one.direct_debit.mandate for one in invoice.payment_means if one.direct_debit]
    return group(
        "ram:SpecifiedTradePaymentTerms",
        element("ram:Description", invoice.payment_terms),
        day("ram:DueDateDateTime", invoice.due_date),
        element("ram:DirectDebitMandateID", mandates[0] if mandates else ""),
    )


def _totals(invoice: Invoice, decimals: int) -> str:
    sums, other = invoice.totals, invoice.accounting_currency
    return group(
        "ram:SpecifiedTradeSettlementHeaderMonetarySummation",
        money("ram:LineTotalAmount", sums.lines_minor, decimals),
        money("ram:ChargeTotalAmount", sums.charges_minor, decimals),
        money("ram:AllowanceTotalAmount", sums.allowances_minor, decimals),
        money("ram:TaxBasisTotalAmount", sums.net_minor, decimals),
        money("ram:TaxTotalAmount", sums.vat_minor, decimals, invoice.currency),
        money("ram:TaxTotalAmount", sums.vat_accounting_minor, minor_units(other), other) if other else "",
        money("ram:RoundingAmount", sums.rounding_minor, decimals),
        money("ram:GrandTotalAmount", sums.gross_minor, decimals),
        money("ram:TotalPrepaidAmount", sums.prepaid_minor, decimals),
        money("ram:DuePayableAmount", sums.due_minor, decimals),
    )


def _preceding(one: PrecedingInvoice) -> str:
    return group(
        "ram:InvoiceReferencedDocument",
        element("ram:IssuerAssignedID", one.number),
        day("ram:FormattedIssueDateTime", one.issue_date, "qdt:DateTimeString"),
    )
