"""Reads FA(3), the structured invoice of KSeF, and FA(2) before it, into the semantic model."""

import datetime
from dataclasses import replace
from typing import Final

from kvit.formats.einvoice.ksef import read_lines, read_parties, read_payment, read_terms
from kvit.formats.einvoice.ksef.kept import SCHEMA, Kept, in_order, whole
from kvit.formats.einvoice.ksef.names import FA2_NAMESPACE, KINDS, NAMESPACE, SELF_BILLED_CORRECTION, TERMS, TITLE
from kvit.formats.einvoice.model import (
    Delivery,
    FaKind,
    Identifier,
    Invoice,
    Kind,
    Note,
    PaymentMeans,
    Period,
    PolishTerms,
    PrecedingInvoice,
)
from kvit.formats.einvoice.nodes import Currency, Findings, Node, Reading, Unreadable, root
from kvit.formats.einvoice.problem import SYNTAX, Problem

_ROOTS: Final = frozenset({f"{{{NAMESPACE}}}Faktura", f"{{{FA2_NAMESPACE}}}Faktura"})


def read(data: bytes) -> Reading:
    """The invoice of an FA; never raises on what it holds.

    Everything that the model has no field for is kept in `polish.extra` and written again. Elements that the schema
    does not know, or that stand in the wrong place, are told under FA-XSD.
    """
    try:
        element = root(data)
    except Unreadable as refusal:
        return Reading(None, (Problem(SYNTAX, "file", str(refusal)),))
    if element.tag not in _ROOTS:
        return Reading(None, (Problem(SYNTAX, "file", f"{element.tag[:200]} is no FA(3)"),))
    findings = Findings()
    return findings.reading(_invoice(Node(element, findings)))


def _invoice(node: Node) -> Invoice:
    kept = Kept()
    in_order(node)
    head, body = node.child_node("Naglowek"), node.child_node("Fa")
    in_order(body)
    currency = Currency(body.text("KodWaluty"))
    seller, buyer = read_parties.seller(node, kept), read_parties.buyer(node, kept)
    third = tuple(whole(one) for one in node.all("Podmiot3"))
    vat, totals = read_terms.vat(body, currency)
    lines = read_lines.lines(body, currency)
    terms = read_terms.terms(body, currency, kept)
    payment = read_payment.payment(body, kept)
    descriptions = dict(terms.descriptions)
    delivered = body.day("P_6")
    contract, order = read_payment.conditions(body, kept)
    notes, register = _footer(node, kept)
    invoice = Invoice(
        number=body.text("P_2"),
        issue_date=body.day("P_1"),
        kind=_kind(terms),
        currency=currency.code,
        accounting_currency="PLN" if currency.code not in ("", "PLN") else "",
        due_date=payment.due_date,
        despatch_advice=_waybill(body, kept),
        contract=contract,
        order=order,
        payment_terms=descriptions.get(TERMS, ""),
        notes=notes,
        preceding=tuple(PrecedingInvoice(number=one.number, issue_date=one.issue_date) for one in terms.corrected),
        seller=replace(seller, registration=register) if register else seller,
        buyer=buyer,
        delivery=Delivery(date=delivered) if delivered else None,
        period=_period(body),
        payment_means=_referenced(payment.means, descriptions.get(TITLE, "")),
        totals=replace(read_payment.settlement(body, currency, totals, kept), lines_minor=read_lines.sum_of(lines)),
        vat=read_terms.rated(vat, lines),
        lines=lines,
    )
    polish = replace(_polish(terms, payment, node, head), third_parties=third)
    kept.rest(body, "Fa")
    kept.rest(node, "")
    return replace(invoice, polish=replace(polish, extra=tuple(kept.extra)))


def _polish(terms: PolishTerms, payment: read_payment.Payment, node: Node, head: Node) -> PolishTerms:
    """The terms with what stands outside the body, and without what the model has a field for."""
    made_at, system = _head(head)
    return replace(
        terms,
        made_at=made_at,
        system=system,
        is_paid=payment.is_paid,
        paid_date=payment.paid_date,
        payment_link=payment.link,
        payment_id=payment.id,
        is_local_government_unit=read_parties.mark(node, "JST"),
        is_vat_group_member=read_parties.mark(node, "GV"),
        descriptions=tuple(one for one in terms.descriptions if one[0] not in (TERMS, TITLE)),
    )


def _waybill(body: Node, kept: Kept) -> str:
    """The first despatch note; further ones are kept."""
    found = body.all("WZ")
    for one in found[1:]:
        kept.put(one, "Fa")
    return found[0].own() if found else ""


def _head(head: Node) -> tuple[datetime.datetime | None, str]:
    code = head.one("KodFormularza")
    if code is not None and code.own() != "FA":
        head.findings.tell(SCHEMA, code.place, f"{code.own()[:20]!r} is not the form FA")
    head.text("WariantFormularza")
    told = head.text("DataWytworzeniaFa")
    system = head.text("SystemInfo")
    try:
        if "T" not in told:
            raise ValueError(told)
        made = datetime.datetime.fromisoformat(told)
    except ValueError:
        words = f"{told[:40]!r} is not an instant as 2026-02-01T09:30:00Z"
        head.findings.tell(SCHEMA, f"{head.place}/DataWytworzeniaFa", words)
        return None, system
    aware = made if made.tzinfo else made.replace(tzinfo=datetime.UTC)
    return aware.astimezone(datetime.UTC).replace(microsecond=0), system


def _kind(terms: PolishTerms) -> str:
    kind = KINDS[terms.kind or FaKind.ORDINARY]
    if not terms.self_billed:
        return kind
    return {Kind.INVOICE: str(Kind.SELF_BILLED), Kind.CORRECTION: SELF_BILLED_CORRECTION}.get(kind, kind)


def _period(body: Node) -> Period | None:
    found = body.one("OkresFa")
    return Period(start=found.day("P_6_Od"), end=found.day("P_6_Do")) if found else None


def _referenced(means: tuple[PaymentMeans, ...], reference: str) -> tuple[PaymentMeans, ...]:
    if reference and not means:
        return (PaymentMeans(code="1", reference=reference),)
    return tuple(replace(one, reference=reference) for one in means)


def _footer(node: Node, kept: Kept) -> tuple[tuple[Note, ...], Identifier | None]:
    """Notes, and the seller's register number where it stands alone."""
    footer = node.one("Stopka")
    if footer is None:
        return (), None
    in_order(footer)
    notes = tuple(Note(text=told) for one in footer.all("Informacje") if (told := one.text("StopkaFaktury")))
    registers = footer.all("Rejestry")
    if len(registers) == 1 and registers[0].names() == ["KRS"]:
        return notes, Identifier(value=registers[0].text("KRS"))
    for one in registers:
        kept.put(one, "Stopka")
    return notes, None
