"""What Anna's company has handed out: a statement, confirmations, runs of both, exports of its books."""

from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Any

from kvit.base import rows, tenant
from kvit.base.command import Ctx
from kvit.invoicing import commands as invoicing
from kvit.invoicing import queries
from kvit.invoicing.domain.confirmations import Difference, DifferenceKind
from kvit.invoicing.domain.statements import StatementForm
from kvit.ledger import commands as ledger
from kvit.ledger import jobs
from kvit.ledger import queries as books
from kvit.ledger.domain.exports import ExportFormat
from kvit.ledger.domain.posting import Posting, PostingLine
from kvit.pages.buyers.tokens import new_token


@dataclass(frozen=True)
class HandedOut:
    """The ids of it, and what opens the letter."""

    statement: int
    letter_run: int
    confirmation: int
    confirmation_sha256: str
    confirmation_token: str
    confirmation_link: int
    confirmation_run: int
    differing: int
    export: int
    export_file: int
    refused_export: int
    exported_entry: int


LESS = Difference(DifferenceKind.NOT_OURS, "X-17", None, 700, None, "paid in cash")


def letters_of(anna: Ctx, customer_id: int) -> dict[str, Any]:
    """A statement, two confirmations of which one differs, and a run of each that nobody has taken on yet."""
    day = anna.now.date()
    (statement,) = invoicing.make_statements(
        anna,
        customer_ids=(customer_id,),
        form=StatementForm.RUNNING,
        from_date=day - timedelta(days=90),
        to_date=day,
    ).statement_ids
    letter, differing = (_asked(anna, customer_id) for _ in range(2))
    # Ten years, for browsers ask by the machine's clock.
    token = new_token()
    (link,) = invoicing.open_confirmation_links(
        anna, confirmation_ids=(letter,), tokens=(token,), valid_days=3650
    ).link_ids
    with tenant.scope(anna.tenant_id):
        known = queries.confirmations_by_id([letter, differing])
    invoicing.answer_confirmation(
        anna,
        confirmation_id=differing,
        signature=invoicing.Signature("Bo Ek", "Owner", known[differing].sha256),
        reply=invoicing.Reply((LESS,)),
    )
    return {
        "statement": statement,
        "confirmation": letter,
        "confirmation_sha256": known[letter].sha256,
        "confirmation_token": token,
        "confirmation_link": link,
        "differing": differing,
        "letter_run": invoicing.open_statement_run(
            anna, form=StatementForm.OPEN_ITEMS, from_date=day, to_date=day
        ).run_id,
        "confirmation_run": invoicing.open_confirmation_run(
            anna, as_of_date=day, reply_by_date=day + timedelta(days=14), signed_by="Anna Berg"
        ).run_id,
    }


def _asked(anna: Ctx, customer_id: int) -> int:
    return invoicing.ask_confirmations(
        anna,
        customer_ids=(customer_id,),
        as_of_date=anna.now.date() - timedelta(days=1),
        reply_by_date=anna.now.date() + timedelta(days=14),
        signed_by="Anna Berg",
    ).confirmation_ids[0]


def exports_of(anna: Ctx) -> dict[str, Any]:
    """An export that is made and one that was refused; what is booked later is in none."""
    with tenant.scope(anna.tenant_id):
        days = [row[0] for row in rows.select("SELECT DISTINCT entry_date FROM ledger_entry ORDER BY 1")]
    first, *rest = days
    refused = _export(anna, first, first)
    ledger.refuse_export(anna, export_id=refused, answered_by="Ewa", answer="the account of sales is another one")
    made = _export(anna, rest[0], rest[-1])
    lines = (PostingLine("write_off", 5, "SEK"), PostingLine("rounding", -5, "SEK"))
    ledger.post(anna, postings=(Posting(rest[-1], "other", "thing", 1, lines),))
    with tenant.scope(anna.tenant_id):
        (file, *_) = books.export_files(made)
        ((entry,),) = rows.select("SELECT min(entry_id) FROM ledger_exportedentry WHERE export_id = %s", [made])
    return {"export": made, "export_file": file.id, "refused_export": refused, "exported_entry": entry}


def _export(anna: Ctx, first: Any, last: Any) -> int:
    opened = ledger.open_export(
        replace(anna, key=None), from_date=first, to_date=last, formats=(ExportFormat.CSV, ExportFormat.XLSX)
    )
    jobs.make(anna, opened.export_id, 1)
    return opened.export_id
