"""What another tenant gets of Anna's statements, confirmations and exports; one row for each command and query."""

from datetime import timedelta

from access_kinds import Asks, Matrix, Reads
from bank_files import DAY
from kvit.invoicing import commands as invoicing
from kvit.invoicing import queries as letters
from kvit.invoicing.domain.confirmations import NoSuchConfirmation
from kvit.invoicing.domain.runs import NoSuchRun, RunKind
from kvit.invoicing.domain.statements import StatementForm
from kvit.ledger import commands as ledger
from kvit.ledger import queries as books
from kvit.ledger.commands import AccountNumber
from kvit.ledger.domain.exports import ExportFormat, NoSuchExport, NothingToExport
from receivables import ISSUED

ANSWER = {"answered_by": "Cilla", "answer": "no"}
CSV = (ExportFormat.CSV,)

LETTERS: Matrix = {
    "invoicing.commands.answer_confirmation": Asks(
        lambda ctx, w: invoicing.answer_confirmation(
            ctx,
            confirmation_id=w.confirmation,
            signature=invoicing.Signature("C", "", w.confirmation_sha256),
            reply=invoicing.Reply(),
        ),
        NoSuchConfirmation,
    ),
    "invoicing.commands.ask_confirmation_chunk": Asks(
        lambda ctx, w: invoicing.ask_confirmation_chunk(ctx, run_id=w.confirmation_run), NoSuchRun
    ),
    "invoicing.commands.ask_confirmations": Asks(
        lambda ctx, w: invoicing.ask_confirmations(
            ctx,
            customer_ids=(w.customer,),
            as_of_date=ISSUED,
            reply_by_date=w.now.date() + timedelta(days=9),
            signed_by="Cilla",
        ),
        invoicing.UnknownCustomer,
    ),
    "invoicing.commands.chase_confirmations": Asks(
        lambda ctx, w: invoicing.chase_confirmations(ctx, confirmation_ids=(w.confirmation,)), invoicing.Chased(0)
    ),
    "invoicing.commands.expire_confirmations": Asks(
        lambda ctx, w: invoicing.expire_confirmations(ctx, day=w.now.date() + timedelta(days=99)), invoicing.Expired(0)
    ),
    "invoicing.commands.make_statement_chunk": Asks(
        lambda ctx, w: invoicing.make_statement_chunk(ctx, run_id=w.letter_run), NoSuchRun
    ),
    "invoicing.commands.make_statements": Asks(
        lambda ctx, w: invoicing.make_statements(
            ctx, customer_ids=(w.customer,), form=StatementForm.RUNNING, from_date=ISSUED, to_date=ISSUED
        ),
        invoicing.UnknownCustomer,
    ),
    "invoicing.commands.open_confirmation_links": Asks(
        lambda ctx, w: invoicing.open_confirmation_links(ctx, confirmation_ids=(w.confirmation,), tokens=("n" * 32,)),
        NoSuchConfirmation,
    ),
    "invoicing.commands.open_confirmation_run": Asks(
        lambda ctx, w: invoicing.open_confirmation_run(
            ctx, as_of_date=ISSUED, reply_by_date=w.now.date() + timedelta(days=9), signed_by="Cilla"
        ),
        own=True,
    ),
    "invoicing.commands.open_statement_run": Asks(
        lambda ctx, w: invoicing.open_statement_run(ctx, form=StatementForm.RUNNING, from_date=ISSUED, to_date=ISSUED),
        own=True,
    ),
    "invoicing.commands.settle_confirmation": Asks(
        lambda ctx, w: invoicing.settle_confirmation(ctx, confirmation_id=w.differing, reason="mine"),
        NoSuchConfirmation,
    ),
    "invoicing.queries.answers_of": Reads(lambda w: letters.answers_of(w.differing), ()),
    "invoicing.queries.brought_by": Reads(lambda w: letters.brought_by(w.file, actor=w.anna.actor), False),
    "invoicing.queries.brought_count": Reads(lambda w: letters.brought_count("user:anna"), 0),
    "invoicing.queries.confirmation": Reads(lambda w: letters.confirmation(w.confirmation), None),
    "invoicing.queries.confirmation_contents": Reads(lambda w: letters.confirmation_contents([w.confirmation]), {}),
    "invoicing.queries.confirmation_counts": Reads(lambda w: letters.confirmation_counts(), {}),
    "invoicing.queries.confirmations_by_id": Reads(lambda w: letters.confirmations_by_id([w.confirmation]), {}),
    "invoicing.queries.confirmations_listed": Reads(lambda w: letters.confirmations_listed(limit=9), ()),
    "invoicing.queries.confirmations_of": Reads(lambda w: letters.confirmations_of(w.customer, limit=9), ()),
    "invoicing.queries.letter_link": Reads(lambda w: letters.letter_link(w.confirmation_link, now=w.now), None),
    "invoicing.queries.letter_run": Reads(lambda w: letters.letter_run(w.letter_run), None),
    "invoicing.queries.letter_runs": Reads(
        lambda w: {run.id for run in letters.letter_runs(RunKind.STATEMENTS, limit=9)} & {w.letter_run}, set()
    ),
    "invoicing.queries.overdue_confirmations": Reads(
        lambda w: letters.overdue_confirmations(w.now.date() + timedelta(days=99), limit=9), ()
    ),
    "invoicing.queries.statement": Reads(lambda w: letters.statement(w.statement), None),
    "invoicing.queries.statement_content": Reads(lambda w: letters.statement_content(w.statement), None),
    "invoicing.queries.statement_contents": Reads(lambda w: letters.statement_contents((w.statement,)), {}),
    "invoicing.queries.statements_of": Reads(lambda w: letters.statements_of(w.customer, limit=9), ()),
    "invoicing.queries.statements_of_run": Reads(
        lambda w: letters.statements_of_run(w.letter_run, limit=9), (), alike=True
    ),
}

EXPORTS: Matrix = {
    "ledger.commands.acknowledge_export": Asks(
        lambda ctx, w: ledger.acknowledge_export(ctx, export_id=w.export, **ANSWER), NoSuchExport
    ),
    "ledger.commands.deliver_export": Asks(lambda ctx, w: ledger.deliver_export(ctx, export_id=w.export), NoSuchExport),
    "ledger.commands.finish_export": Asks(
        lambda ctx, w: ledger.finish_export(ctx, export_id=w.export, version=1), NoSuchExport
    ),
    "ledger.commands.map_accounts": Asks(
        lambda ctx, w: ledger.map_accounts(ctx, numbers=(AccountNumber("sales", "3999", "Hers"),)), own=True
    ),
    "ledger.commands.open_export": Asks(
        lambda ctx, w: ledger.open_export(ctx, from_date=ISSUED, to_date=DAY, formats=CSV), NothingToExport
    ),
    "ledger.commands.record_export_file": Asks(
        lambda ctx, w: ledger.record_export_file(
            ctx,
            export_id=w.export,
            file=ledger.NewExportFile(9, ExportFormat.CSV, "", "x", w.file, w.sha256, 1, 1, ""),
        ),
        NoSuchExport,
    ),
    "ledger.commands.refuse_export": Asks(
        lambda ctx, w: ledger.refuse_export(ctx, export_id=w.export, **ANSWER), NoSuchExport
    ),
    "ledger.commands.remake_export": Asks(
        lambda ctx, w: ledger.remake_export(ctx, export_id=w.refused_export, formats=CSV), NoSuchExport
    ),
    "ledger.queries.export": Reads(lambda w: books.export(w.export), None),
    "ledger.queries.export_currencies": Reads(lambda w: books.export_currencies(w.export), ()),
    "ledger.queries.export_files": Reads(lambda w: books.export_files(w.export), ()),
    "ledger.queries.export_lines": Reads(
        lambda w: len(
            list(
                books.export_lines(
                    w.export,
                    tenant_id=w.anna.tenant_id,
                    accounts={each.account_id: each.mapped for each in books.mapped_accounts() if each.mapped},
                )
            )
        ),
        0,
    ),
    "ledger.queries.export_sums": Reads(lambda w: books.export_sums(w.export), ()),
    "ledger.queries.export_troubles": Reads(lambda w: books.export_troubles(w.export, 1), (), alike=True),
    "ledger.queries.exported_entries": Reads(lambda w: books.exported_entries([w.exported_entry]), {}),
    "ledger.queries.exports": Reads(lambda w: books.exports(limit=9), ()),
    "ledger.queries.mapped_accounts": Reads(
        lambda w: [each.code for each in books.mapped_accounts() if each.code == f"bank:{w.account}"], []
    ),
    "ledger.queries.open_then": Reads(lambda w: books.open_then([w.bo_party], as_of=w.now.date()), {}),
    "ledger.queries.preview_export": Reads(
        lambda w: books.preview_export(from_date=ISSUED, to_date=w.now.date()).exported_count, 0
    ),
}
