"""Documents whole, of any kind, as values and as electronic invoices: what was frozen when they were issued."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Final, LiteralString

from kvit.base import rows
from kvit.formats import einvoice
from kvit.formats.einvoice import model
from kvit.invoicing.domain import Exchange, Kind, References, VatSum, sides, taxes
from kvit.invoicing.domain.content import content_of, line_content_of
from kvit.invoicing.domain.paper import Paper, PaperLine, Sides, Sums, einvoice_of
from kvit.parties import queries as parties
from kvit.parties.domain.lifecycle import IdentityState
from kvit.parties.queries import Party


@dataclass(frozen=True, slots=True)
class Issued:
    """An issued document, and who took part in it as they stood then; the ids are those of the same as parties."""

    id: int
    paper: Paper
    sides: Sides
    supplier_id: int
    party_id: int
    customer_number: str
    estimate_id: int | None
    contract_id: int | None

    @property
    def einvoice(self) -> einvoice.Invoice:
        """The document as an invoice of EN 16931. Refuses `NoInvoice`."""
        return einvoice_of(self.paper, self.sides)


def known(party: Party) -> model.Party:
    """A party as electronic invoices tell it; numbers that were refuted are left out."""
    numbers = [(one.kind, one.value) for one in party.identities if one.state is not IdentityState.REFUTED]
    return sides.party_of(party.name, party.country, party.address, numbers)


_WANTED: Final[LiteralString] = "FROM (SELECT DISTINCT unnest(%s::bigint[]) AS id) wanted CROSS JOIN LATERAL "
_COLUMNS: Final[LiteralString] = """
    SELECT i.id, i.kind, i.number, i.supplier_id, c.party_id, i.currency, i.issue_date, i.due_date, i.net_minor,
           i.vat_minor, i.gross_minor, i.allowance_minor, i.charge_minor, i.prepaid_minor, i.rounding_minor,
           i.vat_accounting_minor, i.accounting_currency, i.exchange_rate, i.exchange_date, i.exchange_source,
           i.tax_point_date, i.buyer_reference, i.order_reference, i.contract_reference, i.project_reference,
           i.period_start_date, i.period_end_date, i.payment_reference, i.credit_reason, i.splits_payment,
           i.is_unverified, i.content::text, i.credits_id, i.estimate_id, i.contract_id, i.supplier_copy_id,
           i.customer_copy_id, c.number
"""
_CUSTOMER: Final[LiteralString] = """
    CROSS JOIN LATERAL (SELECT party_id, number FROM invoicing_customer WHERE id = i.customer_id OFFSET 0) c
    ORDER BY i.id
"""
_HEADS: Final[LiteralString] = (
    _COLUMNS
    + _WANTED
    + "(SELECT * FROM invoicing_invoice WHERE id = wanted.id AND state = 'issued' OFFSET 0) i"
    + _CUSTOMER
)
_UNNUMBERED: Final[LiteralString] = (
    _COLUMNS
    + _WANTED
    + "(SELECT * FROM invoicing_invoice WHERE id = wanted.id AND number IS NULL OFFSET 0) i"
    + _CUSTOMER
)
_LINES: Final[LiteralString] = (
    "SELECT l.* "
    + _WANTED
    + """(SELECT invoice_id, description, quantity, unit, unit_price, vat_rate, net_minor, vat_category, content::text
          FROM invoicing_invoiceline WHERE invoice_id = wanted.id ORDER BY position) l"""
)
_VAT: Final[LiteralString] = (
    "SELECT v.* "
    + _WANTED
    + """(SELECT invoice_id, vat_rate, base_minor, vat_minor, vat_category, exemption_code, exemption_reason,
                 accounting_minor
          FROM invoicing_vattotal WHERE invoice_id = wanted.id ORDER BY vat_rate, vat_category) v"""
)


def issued_documents(document_ids: Sequence[int]) -> dict[int, Issued]:
    """A set of issued documents by id, in few statements whatever their number; unknown ids and drafts are left out.

    Needs the tenant's scope.
    """
    return _whole(rows.select(_HEADS, [list(document_ids)]))


def as_written(document_id: int, *, day: date) -> Issued | None:
    """A document in whatever state: as issued, or a draft as it was calculated, as if it were issued on a day.

    What only issue gives is missing from a draft: number, due date, payment reference. None where there is no such
    document. Needs the tenant's scope.
    """
    issued = issued_documents([document_id])
    if issued:
        return issued[document_id]
    heads = rows.select(_UNNUMBERED, [[document_id]])
    return _whole([(*head[:2], "", *head[3:6], day, None, *head[8:]) for head in heads]).get(document_id)


def _whole(heads: Sequence[Any]) -> dict[int, Issued]:
    if not heads:
        return {}
    ids = [[head[0] for head in heads]]
    lines, vat = (_grouped(rows.select(query, ids)) for query in (_LINES, _VAT))
    changed = _changed([head[0] for head in heads if head[32] is not None])
    copies = _copies([copy for head in heads for copy in head[35:37] if copy is not None])
    people = parties.parties([party_id for head in heads for party_id in head[3:5]])
    found = {}
    for head in heads:
        by = people[head[3]]
        found[head[0]] = Issued(
            head[0],
            _paper(head, lines[head[0]], vat[head[0]], changed=changed, country=by.country),
            _sides(head, people, copies),
            head[3],
            head[4],
            head[37],
            *head[33:35],
        )
    return found


def _paper(
    head: Sequence[Any],
    lines: Sequence[Any],
    vat: Sequence[Any],
    *,
    changed: Mapping[int, tuple[model.PrecedingInvoice, Sums]],
    country: str,
) -> Paper:
    kind = Kind(head[1])
    of = changed.get(head[0])
    return Paper(
        kind=kind,
        number=head[2],
        country=country,
        currency=head[5],
        issue_date=head[6],
        due_date=head[7],
        lines=tuple([PaperLine(*(*line[:-1], line_content_of(line[-1]))) for line in lines]),
        vat=tuple([_sum(one) for one in vat]),
        net_minor=head[8],
        vat_minor=head[9],
        gross_minor=head[10],
        allowance_minor=head[11],
        charge_minor=head[12],
        prepaid_minor=head[13],
        rounding_minor=head[14],
        vat_accounting_minor=head[15],
        accounting_currency=head[16],
        exchange=Exchange(*head[17:20]) if head[17] is not None else None,
        tax_point_date=head[20],
        references=References(*head[21:25]),
        period=(head[25], head[26]) if head[25] else None,
        payment_reference=head[27] or "",
        reason=head[28],
        changes=(of[0],) if of else (),
        before=of[1] if of and kind is Kind.CORRECTION else None,
        splits_payment=head[29],
        is_unverified=head[30],
        content=content_of(head[31]),
    )


def _sum(row: Sequence[Any]) -> VatSum:
    rate, base, vat, category, *more = row
    return VatSum(rate, base, vat, taxes.category_of(category, rate), *more)


_CHANGED: Final[LiteralString] = (
    "SELECT i.id, o.number, o.issue_date, o.net_minor + e.net_minor, o.vat_minor + e.vat_minor, "
    "o.gross_minor + e.gross_minor "
    + _WANTED
    + """(SELECT id, credits_id FROM invoicing_invoice WHERE id = wanted.id OFFSET 0) i
         CROSS JOIN LATERAL (SELECT * FROM invoicing_invoice WHERE id = i.credits_id OFFSET 0) o
         CROSS JOIN LATERAL (SELECT coalesce(sum(net_minor), 0)::bigint AS net_minor,
                                    coalesce(sum(vat_minor), 0)::bigint AS vat_minor,
                                    coalesce(sum(gross_minor), 0)::bigint AS gross_minor
                             FROM invoicing_invoice WHERE credits_id = i.credits_id AND kind = 'correction'
                             AND state = 'issued' AND id < i.id) e"""
)


def _changed(document_ids: Sequence[int]) -> dict[int, tuple[model.PrecedingInvoice, Sums]]:
    """What each of these documents changes, and what that was over with its corrections so far."""
    if not document_ids:
        return {}
    found = rows.select(_CHANGED, [list(document_ids)])
    return {row[0]: (model.PrecedingInvoice(number=row[1], issue_date=row[2]), Sums(*row[3:])) for row in found}


def _copies(copy_ids: Sequence[int]) -> dict[int, sides.Copy]:
    found = rows.select(
        "SELECT id, content::text FROM invoicing_partycopy WHERE id IN (SELECT unnest(%s::bigint[]))",
        [list(set(copy_ids))],
    )
    return {copy_id: sides.copy_of(content) for copy_id, content in found}


def _sides(head: Sequence[Any], people: Mapping[int, Party], copies: Mapping[int, sides.Copy]) -> Sides:
    """As kept at issue; documents from before copies were kept take the parties as they are known now."""
    seller = copies[head[35]] if head[35] is not None else sides.Copy(known(people[head[3]]))
    buyer = copies[head[36]] if head[36] is not None else sides.Copy(known(people[head[4]]))
    return Sides(seller.party, buyer.party, seller.accounts)


def _grouped(found: Sequence[Any]) -> dict[int, list[Any]]:
    groups: dict[int, list[Any]] = defaultdict(list)
    for of, *row in found:
        groups[of].append(row)
    return groups
