"""Tells the ledger what the documents that its entries are about are called, when they are handed to the accountant."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Final

from kvit.banking import queries as banking
from kvit.invoicing import queries as invoicing
from kvit.invoicing.domain import CREDITS, REFERRING, SELF_BILLED, Exchange, Kind, taxes
from kvit.invoicing.domain.paper import Paper
from kvit.invoicing.queries import Issued
from kvit.kernel.money import Money, round_to_minor
from kvit.ledger.domain import ports
from kvit.ledger.domain.ports import CategorySum, SalesDocument

Subject = tuple[str, int]
DOCUMENT: Final = "invoice"
_NO_SALES: Final = SELF_BILLED | {Kind.FEE_NOTE, Kind.ESTIMATE}
"""Interest and fees are no sale (not subject to VAT); a self-billed document is the supplier's sale."""


class Subjects:
    """Documents by number, payments by their reference; see `kvit.ledger.domain.ports.Subjects`."""

    def names(self, subjects: Sequence[Subject]) -> Mapping[Subject, str]:
        """Numbers of invoices, references of payments."""
        rows = invoicing.invoices(_ids(subjects, DOCUMENT))
        found: dict[Subject, str] = {(DOCUMENT, row.id): row.number or "" for row in rows}
        for line in banking.lines(_ids(subjects, "bank_line")):
            found["bank_line", line.id] = line.reference or line.text[:60]
        return found

    def sales(self, subjects: Sequence[Subject]) -> Mapping[Subject, SalesDocument]:
        """Sales and what changes them, with their VAT; notes of fees and what others sold to us are none."""
        found = invoicing.issued_documents(_ids(subjects, DOCUMENT))
        return {(DOCUMENT, i): _sale(one) for i, one in found.items() if one.paper.kind not in _NO_SALES}


def _ids(subjects: Sequence[Subject], kind: str) -> list[int]:
    return [subject_id for of, subject_id in subjects if of == kind]


def _sale(issued: Issued) -> SalesDocument:
    paper, buyer = issued.paper, issued.sides.buyer
    vat_country, vat_number = _split(buyer.vat_number)
    national = taxes.national_currency(paper.country)
    exchange = paper.exchange if paper.exchange or paper.currency == national else _kept_rate(paper)
    converted = _in_national(paper, exchange)
    day = paper.tax_point_date
    return SalesDocument(
        number=paper.number,
        issue_date=paper.issue_date,
        sale_date=day if day != paper.issue_date else None,
        currency=national if converted is not None else paper.currency,
        document_currency=paper.currency,
        exchange_rate=exchange.rate if exchange else None,
        buyer_name=buyer.name,
        buyer_country=buyer.address.country if buyer.address else "",
        buyer_vat_country=vat_country,
        buyer_vat_number=vat_number,
        is_correction=paper.kind in REFERRING,
        goods=tuple(sorted({line.content.polish.gtu for line in paper.lines if line.content.polish} - {""})),
        sums=_signed(_as_they_stand(paper) if converted is None else converted, paper.kind),
    )


def _as_they_stand(paper: Paper) -> list[CategorySum]:
    return [CategorySum(one.category, one.vat_rate, one.base_minor, one.vat_minor) for one in paper.vat]


def _kept_rate(paper: Paper) -> Exchange | None:
    """A document without VAT states no rate, but its base is told in the register at that of its day all the same."""
    tax_point = paper.tax_point_date or paper.issue_date
    return invoicing.exchange_rate(paper.currency, country=paper.country, tax_point=tax_point)


def _in_national(paper: Paper, exchange: Exchange | None) -> list[CategorySum] | None:
    """The sums in the supplier's currency: bases at the rate, VAT as the document states it; None without a rate."""
    national = taxes.national_currency(paper.country)
    if paper.currency == national:
        return _as_they_stand(paper)
    if exchange is None or not national:
        return None
    rate = exchange.rate
    return [
        CategorySum(
            one.category,
            one.vat_rate,
            round_to_minor(Money(one.base_minor, paper.currency).to_decimal() * rate, national),
            one.accounting_minor
            if one.accounting_minor is not None
            else round_to_minor(Money(one.vat_minor, paper.currency).to_decimal() * rate, national),
        )
        for one in paper.vat
    ]


def _signed(sums: Sequence[CategorySum], kind: Kind) -> tuple[CategorySum, ...]:
    sign = -1 if kind in CREDITS else 1
    return tuple(replace(one, base_minor=one.base_minor * sign, vat_minor=one.vat_minor * sign) for one in sums)


def _split(vat_number: str) -> tuple[str, str]:
    """A VAT number's country and the rest: `SE556677889901` is ("SE", "556677889901")."""
    return (vat_number[:2], vat_number[2:]) if vat_number[:2].isalpha() else ("", vat_number)


ports.answer_with(Subjects())
