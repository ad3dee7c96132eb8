"""Recompute documents and their numbers, and say where anything differs."""

from typing import Final, LiteralString

from kvit.base import rows
from kvit.documents import queries as documents
from kvit.invoicing.domain import owed_minor
from kvit.invoicing.queries import fact_verification as claim_facts
from kvit.kernel.results import Problem
from kvit.ledger import queries as ledger

_CHECKS: Final[tuple[tuple[str, str], ...]] = (
    (
        "series {0}: {1} numbers given, the next would be {2}",
        """
        SELECT s.prefix || s.year, count(i.id), s.next_sequence FROM invoicing_series s
        LEFT JOIN invoicing_invoice i ON i.series_id = s.id GROUP BY s.tenant_id, s.id
        HAVING count(i.id) <> s.next_sequence - 1 OR coalesce(max(i.sequence), 0) <> s.next_sequence - 1
            OR coalesce(min(i.sequence), 1) <> 1
        """,
    ),
    (
        "document {0}: {1} net and {2} VAT, {3} by its lines and {4} by its rates",
        """
        SELECT i.id, i.net_minor, i.vat_minor, l.total + i.charge_minor - i.allowance_minor, v.total
        FROM invoicing_invoice i
        LEFT JOIN (SELECT invoice_id, sum(net_minor) AS total FROM invoicing_invoiceline GROUP BY 1) l
            ON l.invoice_id = i.id
        LEFT JOIN (SELECT invoice_id, sum(base_minor) AS base, sum(vat_minor) AS total
                   FROM invoicing_vattotal GROUP BY 1) v
            ON v.invoice_id = i.id
        WHERE i.net_minor IS DISTINCT FROM l.total + i.charge_minor - i.allowance_minor
           OR i.vat_minor IS DISTINCT FROM v.total
           OR i.net_minor IS DISTINCT FROM v.base OR i.gross_minor <> i.net_minor + i.vat_minor
        """,
    ),
    (
        "statement {0} ({1}): it is not what was made",
        """
        SELECT id, number FROM invoicing_statement WHERE encode(sha256(convert_to(body, 'UTF8')), 'hex') <> sha256
        """,
    ),
    (
        "confirmation {0} ({1}): it is not what was signed",
        """
        SELECT id, number FROM invoicing_confirmation WHERE encode(sha256(convert_to(body, 'UTF8')), 'hex') <> sha256
        """,
    ),
    (
        "answer {0}: it is about another letter than the one that was sent",
        """
        SELECT a.id FROM invoicing_confirmationanswer a
        JOIN invoicing_confirmation c ON c.tenant_id = a.tenant_id AND c.id = a.confirmation_id
        WHERE a.seen_sha256 <> c.sha256
        """,
    ),
)

_LETTERS: Final[tuple[tuple[str, LiteralString], ...]] = (
    ("statement", "SELECT id FROM invoicing_statement"),
    ("confirmation", "SELECT id FROM invoicing_confirmation"),
)


def verify() -> tuple[Problem, ...]:
    """Gaps in number series, sums that differ from their lines, documents that differ from ledger or archive."""
    found = [Problem("invoicing", text.format(*row)) for text, query in _CHECKS for row in rows.select(query)]
    others = (_against_the_ledger, _incoming_against_the_ledger, _against_the_archive, claim_facts.verify)
    return (*found, *(problem for check in others for problem in check()))


def _against_the_ledger() -> list[Problem]:
    posted = ledger.posted_by_subject("invoice", kinds=("sale", "credit", "purchase", "purchase_credit"))
    found = []
    for invoice_id, number, kind, gross, rounding in rows.select(
        "SELECT id, number, kind, gross_minor, rounding_minor FROM invoicing_invoice WHERE state = 'issued'"
    ):
        owed = owed_minor(kind, gross_minor=gross, rounding_minor=rounding)
        if posted.pop(invoice_id, 0) != owed:
            found.append(Problem("invoicing", f"{number}: the ledger does not owe {owed} minor units for it"))
    found += [Problem("invoicing", f"the ledger has a document {i} that was never issued") for i in posted]
    return found


def _incoming_against_the_ledger() -> list[Problem]:
    posted = ledger.posted_by_subject("incoming_invoice", kinds=("purchase", "purchase_credit"))
    found = [
        Problem("invoicing", f"{number}: the ledger does not owe {payable} minor units to its supplier for it")
        for invoice_id, number, payable in rows.select(
            "SELECT id, number, payable_minor FROM invoicing_incominginvoice"
        )
        if posted.pop(invoice_id, 0) != -payable
    ]
    found += [Problem("invoicing", f"the ledger has an incoming invoice {i} that was never taken in") for i in posted]
    return found


def _against_the_archive() -> list[Problem]:
    """The archive names documents without a key: each must be one that was issued, or a letter that was made."""
    ids = sorted(documents.subjects_of("invoice"))
    found = rows.select(
        """
        SELECT w.id FROM unnest(%s::bigint[]) AS w (id)
        LEFT JOIN invoicing_invoice i ON i.id = w.id AND i.state = 'issued' WHERE i.id IS NULL
        """,
        [ids],
    )
    lost = [Problem("invoicing", f"the archive has a document {i} that was never issued") for (i,) in found]
    for kind, query in _LETTERS:
        missing = documents.subjects_of(kind) - {row[0] for row in rows.select(query)}
        lost += [Problem("invoicing", f"the archive has a {kind} {i} that was never made") for i in sorted(missing)]
    return lost
