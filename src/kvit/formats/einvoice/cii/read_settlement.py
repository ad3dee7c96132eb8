"""Reads payment, VAT and totals from CII."""

import datetime
from dataclasses import replace
from typing import Final, TypedDict

from kvit.formats.einvoice.cii.names import TAX_POINTS, UNSPECIFIED_MEANS
from kvit.formats.einvoice.cii.read_pieces import day, identifier, identifiers, period, tax
from kvit.formats.einvoice.model import (
    DIRECT_DEBITS,
    Account,
    Adjustment,
    Card,
    DirectDebit,
    Payee,
    PaymentMeans,
    Period,
    PrecedingInvoice,
    Totals,
    VatBreakdown,
)
from kvit.formats.einvoice.nodes import Currency, Node

_EVENTS: Final = {cii: model for model, cii in TAX_POINTS.items()}
_ON_DOCUMENT: Final = {False: ("BR-DEC-01", "BR-DEC-02"), True: ("BR-DEC-05", "BR-DEC-06")}
_ON_LINE: Final = {False: ("BR-DEC-24", "BR-DEC-25"), True: ("BR-DEC-27", "BR-DEC-28")}


class Settled(TypedDict):
    """The fields of an invoice that stand in its settlement."""

    creditor: str
    accounting_currency: str
    payee: Payee | None
    payment_means: tuple[PaymentMeans, ...]
    vat: tuple[VatBreakdown, ...]
    tax_point_date: datetime.date | None
    tax_point_code: str
    period: Period | None
    allowances: tuple[Adjustment, ...]
    charges: tuple[Adjustment, ...]
    payment_terms: str
    due_date: datetime.date | None
    totals: Totals
    preceding: tuple[PrecedingInvoice, ...]
    accounting_reference: str


def settlement(node: Node, currency: Currency) -> Settled:
    """How it is paid, taxed and added up."""
    accounting = node.text("TaxCurrencyCode")
    terms = node.one("SpecifiedTradePaymentTerms")
    taxes = node.all("ApplicableTradeTax")
    point_date, point_code = _tax_point(taxes)
    allowances, charges = adjustments(node, currency, is_line=False)
    return Settled(
        creditor=node.text("CreditorReferenceID"),
        accounting_currency=accounting,
        payee=_payee(node.one("PayeeTradeParty")),
        payment_means=_payments(node, terms.text("DirectDebitMandateID") if terms else ""),
        vat=tuple(_breakdown(one, currency) for one in taxes),
        tax_point_date=point_date,
        tax_point_code=point_code,
        period=period(node.one("BillingSpecifiedPeriod")),
        allowances=allowances,
        charges=charges,
        payment_terms=terms.text("Description") if terms else "",
        due_date=day(terms.one("DueDateDateTime")) if terms else None,
        totals=_totals(node.one("SpecifiedTradeSettlementHeaderMonetarySummation"), currency, accounting),
        preceding=tuple(
            PrecedingInvoice(number=one.text("IssuerAssignedID"), issue_date=day(one.one("FormattedIssueDateTime")))
            for one in node.all("InvoiceReferencedDocument")
        ),
        accounting_reference=node.inner("ReceivableSpecifiedTradeAccountingAccount", "ID"),
    )


def _tax_point(taxes: list[Node]) -> tuple[datetime.date | None, str]:
    """Day and event on which VAT falls due, which stand in every breakdown."""
    days = [found for one in taxes if (found := day(one.one("TaxPointDate")))]
    events = [told for one in taxes if (told := one.text("DueDateTypeCode"))]
    event = events[0] if events else ""
    return (days[0] if days else None), _EVENTS.get(event, event)


def _payee(node: Node | None) -> Payee | None:
    if node is None:
        return None
    numbers = identifiers(node)
    organisation = node.one("SpecifiedLegalOrganization")
    return Payee(
        name=node.text("Name"),
        identifier=numbers[0] if numbers else None,
        registration=identifier(organisation, "ID") if organisation else None,
    )


def _payments(node: Node, mandate: str) -> tuple[PaymentMeans, ...]:
    reference = node.text("PaymentReference")
    means = [replace(_means(one), reference=reference) for one in node.all("SpecifiedTradeSettlementPaymentMeans")]
    if reference and not means:
        means.append(PaymentMeans(code=UNSPECIFIED_MEANS, reference=reference))
    if mandate:
        means = means or [PaymentMeans(code=UNSPECIFIED_MEANS)]
        debits = (n for n, one in enumerate(means) if one.direct_debit or one.code in DIRECT_DEBITS)
        at = next(debits, 0)
        account = debit.account if (debit := means[at].direct_debit) else ""
        means[at] = replace(means[at], direct_debit=DirectDebit(mandate=mandate, account=account))
    return tuple(means)


def _means(node: Node) -> PaymentMeans:
    account = node.one("PayeePartyCreditorFinancialAccount")
    bank = node.inner("PayeeSpecifiedCreditorFinancialInstitution", "BICID")
    card = node.one("ApplicableTradeSettlementFinancialCard")
    payer = node.inner("PayerPartyDebtorFinancialAccount", "IBANID")
    return PaymentMeans(
        code=node.text("TypeCode"),
        text=node.text("Information"),
        account=Account(
            number=account.text("IBANID") or account.text("ProprietaryID"),
            name=account.text("AccountName"),
            bank=bank,
        )
        if account
        else None,
        card=Card(number=card.text("ID"), holder=card.text("CardholderName")) if card else None,
        direct_debit=DirectDebit(account=payer) if payer else None,
    )


def _breakdown(node: Node, currency: Currency) -> VatBreakdown:
    category, rate = tax(node)
    return VatBreakdown(
        category=category,
        rate=rate,
        base_minor=currency.amount(node, "BasisAmount", "BR-DEC-19"),
        vat_minor=currency.amount(node, "CalculatedAmount", "BR-DEC-20"),
        exemption_code=node.text("ExemptionReasonCode"),
        exemption_reason=node.text("ExemptionReason"),
    )


def adjustments(
    node: Node, currency: Currency, *, is_line: bool
) -> tuple[tuple[Adjustment, ...], tuple[Adjustment, ...]]:
    """The allowances and the charges."""
    allowances: list[Adjustment] = []
    charges: list[Adjustment] = []
    for one in node.all("SpecifiedTradeAllowanceCharge"):
        told = one.inner("ChargeIndicator", "Indicator")
        if told not in ("true", "false", "1", "0"):
            words = f"{told[:20]!r} is neither true (a charge) nor false (an allowance)"
            node.findings.lose("PEPPOL-EN16931-R043", one.place, words)
        is_charge = told in ("true", "1")
        amount_rule, base_rule = (_ON_LINE if is_line else _ON_DOCUMENT)[is_charge]
        category, rate = tax(one.one("CategoryTradeTax"))
        adjustment = Adjustment(
            percent=one.number("CalculationPercent"),
            base_minor=currency.amount(one, "BasisAmount", base_rule),
            amount_minor=currency.amount(one, "ActualAmount", amount_rule),
            reason_code=one.text("ReasonCode"),
            reason=one.text("Reason"),
            vat_category=category,
            vat_rate=rate,
        )
        (charges if is_charge else allowances).append(adjustment)
    return tuple(allowances), tuple(charges)


def _totals(node: Node | None, currency: Currency, accounting: str) -> Totals:
    if node is None:
        return Totals()
    vat_minor = other_minor = None
    for one in node.all("TaxTotalAmount"):
        told = one.attribute("currencyID")
        if accounting and told == accounting != currency.code:
            other_minor = Currency(accounting).minor(one.own(), node, "TaxTotalAmount", "BR-DEC-15")
        elif told in ("", currency.code):
            vat_minor = currency.minor(one.own(), node, "TaxTotalAmount", "BR-DEC-13")
        else:
            node.findings.warn("CII-SR-455", one.place, f"the VAT is told in {told[:10]} too, for no reason")
    return Totals(
        lines_minor=currency.amount(node, "LineTotalAmount", "BR-DEC-09"),
        charges_minor=currency.amount(node, "ChargeTotalAmount", "BR-DEC-11"),
        allowances_minor=currency.amount(node, "AllowanceTotalAmount", "BR-DEC-10"),
        net_minor=currency.amount(node, "TaxBasisTotalAmount", "BR-DEC-12"),
        vat_minor=vat_minor,
        vat_accounting_minor=other_minor,
        rounding_minor=currency.amount(node, "RoundingAmount", "BR-DEC-17"),
        gross_minor=currency.amount(node, "GrandTotalAmount", "BR-DEC-14"),
        prepaid_minor=currency.amount(node, "TotalPrepaidAmount", "BR-DEC-16"),
        due_minor=currency.amount(node, "DuePayableAmount", "BR-DEC-18"),
    )
