"""Receipts and ledgers that were brought for a person's claims go with the person, and nobody else's."""

import io
from dataclasses import replace

import psycopg
import pytest
from django.apps import apps

from architecture.filling import fill_every_table, references_of
from invoicing.claims import Talk
from invoicing.company import DAY, Company, days, line
from kvit.base import files, rows, tenant
from kvit.base.command import Ctx
from kvit.invoicing import commands, queries
from kvit.invoicing.domain.confirmations import Difference, DifferenceKind
from kvit.parties.domain.erasure import ERASED
from owner import Owner
from tables import run_twice

RECEIPT = b"%PDF-1.7 paid by Bo"


def bring(ctx: Ctx, content: bytes = RECEIPT) -> int:
    """Keep a file as a form does."""
    return files.keep(ctx, io.BytesIO(content), name="receipt").file_id


def contents(ctx: Ctx) -> list[bytes]:
    """Every content that is kept."""
    with tenant.scope(ctx.tenant_id):
        kept = rows.select("SELECT sha256 FROM base_filepart ORDER BY id")
        return [b"".join(files.read_parts(sha256)) for (sha256,) in kept]


class TestWhatAPersonBrought:
    def test_is_gone_and_the_fact_stays(self, talk: Talk) -> None:
        invoice_id = talk.shop.invoice()
        fact_id = talk.paid(invoice_id, 5_000, receipt_file_id=bring(talk.anna)).fact_id
        with tenant.scope(talk.anna.tenant_id):
            assert queries.receipt(fact_id) is not None
        assert run_twice(commands.erase_uploads, talk.anna, party_id=talk.shop.books.bo).count == 1
        with tenant.scope(talk.anna.tenant_id):
            assert queries.receipt(fact_id) is None
        (fact,) = talk.facts(invoice_id)
        assert (fact.file_id, fact.amount_minor, fact.state.value) == (None, 5_000, "open")
        assert contents(talk.anna) == []
        assert talk.shop.rows("SELECT name, size FROM base_file") == [("", len(RECEIPT))]
        assert talk.shop.problems() == []

    def test_that_is_brought_again_is_a_new_file_of_who_brings_it(self, talk: Talk) -> None:
        first = talk.shop.invoice()
        old = talk.paid(first, 5_000, receipt_file_id=bring(talk.anna)).fact_id
        commands.erase_uploads(talk.anna, party_id=talk.shop.books.bo)
        theirs = talk.shop.invoice(customer_id=talk.shop.eva)
        new = talk.paid(theirs, 700, receipt_file_id=bring(talk.anna)).fact_id
        with tenant.scope(talk.anna.tenant_id):
            assert (queries.receipt(old), queries.receipt(new) is not None) == (None, True)
        assert contents(talk.anna) == [RECEIPT]

    def test_stays_where_another_customer_has_brought_the_same(self, talk: Talk) -> None:
        mine, theirs = talk.shop.invoice(), talk.shop.invoice(customer_id=talk.shop.eva)
        for invoice_id in (mine, theirs):
            talk.paid(invoice_id, 700, receipt_file_id=bring(talk.anna))
        assert commands.erase_uploads(talk.anna, party_id=talk.shop.books.bo).count == 0
        assert contents(talk.anna) == [RECEIPT]

    def test_stays_where_the_books_hold_it(self, talk: Talk, monkeypatch: pytest.MonkeyPatch) -> None:
        file_id = bring(talk.anna)
        talk.paid(talk.shop.invoice(), 700, receipt_file_id=file_id)
        hold(talk.shop, file_id)
        assert commands.erase_uploads(talk.anna, party_id=talk.shop.books.bo).count == 0
        assert contents(talk.anna) == [RECEIPT]
        # The planted fault: nobody asks who else holds it.
        monkeypatch.setattr(files, "_held", lambda file_ids, besides: set())
        assert commands.erase_uploads(talk.anna, party_id=talk.shop.books.bo).count == 1

    def test_is_not_another_tenant_s_to_take(self, talk: Talk, cilla: Ctx) -> None:
        file_id = bring(talk.anna)
        talk.paid(talk.shop.invoice(), 700, receipt_file_id=file_id)
        assert commands.erase_uploads(cilla, party_id=talk.shop.books.bo).count == 0
        assert files.erase_files(cilla, file_ids=(file_id,), holders=()).file_ids == ()
        assert contents(talk.anna) == [RECEIPT]


def hold(shop: Company, file_id: int) -> None:
    """The accountant has got these very bytes in an export."""
    from kvit.ledger import commands as ledger
    from kvit.ledger.commands import NewExportFile
    from kvit.ledger.domain.exports import ExportFormat

    export = ledger.open_export(shop.ctx, from_date=DAY, to_date=DAY, formats=(ExportFormat.CSV,))
    with tenant.scope(shop.ctx.tenant_id):
        kept = files.kept(file_id)
    file = NewExportFile(
        version=1, format=ExportFormat.CSV, currency="", name="a.csv", file_id=file_id, sha256=kept.sha256,
        size=len(RECEIPT), row_count=1, note="",
    )  # fmt: skip
    ledger.record_export_file(shop.ctx, export_id=export.export_id, file=file)


SIGNED = "Bo Ek, called Bosse"
LESS = Difference(DifferenceKind.AMOUNT, "F2026-000001", 12_500, 10_000, note="I am ill, says doctor Ek")


def sign(shop: Company, customer_id: int, *, agrees: bool = False) -> int:
    """Who is asked for the balance of a day signs an answer; the confirmation."""
    asked = commands.ask_confirmations(
        shop.ctx, customer_ids=(customer_id,), as_of_date=DAY, reply_by_date=days(16), signed_by="Anna Berg"
    )
    (confirmation_id,) = asked.confirmation_ids
    with tenant.scope(shop.ctx.tenant_id):
        letter = queries.confirmation(confirmation_id)
    assert letter is not None
    commands.answer_confirmation(
        shop.ctx,
        confirmation_id=confirmation_id,
        signature=commands.Signature(SIGNED, "Father of Eva", letter.sha256),
        reply=commands.Reply() if agrees else commands.Reply((LESS,), "my wife paid"),
    )
    return confirmation_id


def answered(shop: Company, confirmation_id: int) -> queries.AnswerRow:
    with tenant.scope(shop.ctx.tenant_id):
        (found,) = queries.answers_of(confirmation_id)
    return found


class TestWhoAnsweredAConfirmation:
    def test_is_nobody_any_more_and_the_answer_stays(self, shop: Company) -> None:
        shop.invoice(line("100"))
        confirmation_id = sign(shop, shop.bo)
        before = answered(shop, confirmation_id)
        assert run_twice(commands.erase_answers, shop.ctx, party_id=shop.books.bo).count == 1
        assert answered(shop, confirmation_id) == replace(
            before, name=ERASED, role=ERASED, explanation=ERASED, differences=(replace(LESS, note=""),)
        )
        assert shop.problems() == []

    def test_leaves_no_trace_in_the_audit(self, shop: Company) -> None:
        shop.invoice(line("100"))
        sign(shop, shop.bo)
        traces = "SELECT count(*) FROM base_{} r WHERE r::text ~ 'Bosse|Father|wife|doctor'"
        kept = [shop.rows(traces.format(table))[0][0] for table in ("personalvalue", "command", "event")]
        assert kept == [4, 0, 0]
        commands.erase_answers(shop.ctx, party_id=shop.books.bo)
        assert shop.rows(traces.format("personalvalue")) == [(0,)]

    def test_is_erased_once(self, shop: Company) -> None:
        sign(shop, shop.bo, agrees=True)
        counts = [commands.erase_answers(shop.ctx, party_id=shop.books.bo).count for _ in range(2)]
        assert counts == [1, 0]

    def test_for_somebody_else_stays(self, shop: Company, cilla: Ctx) -> None:
        theirs = sign(shop, shop.eva, agrees=True)
        assert commands.erase_answers(shop.ctx, party_id=shop.books.bo).count == 0
        assert commands.erase_answers(cilla, party_id=shop.books.eva).count == 0
        assert answered(shop, theirs).name == SIGNED

    @pytest.mark.parametrize(
        "change",
        [
            "name = 'Eva Ek'",
            "role = ''",
            "explanation = 'all is well'",
            "agrees = true",
            "differences = '[]'",
            "differences = replace(differences, '10000', '9000')",
            "differences = replace(differences, 'ill', 'well')",
        ],
    )
    def test_cannot_be_written_anew(self, shop: Company, change: str) -> None:
        shop.invoice(line("100"))
        sign(shop, shop.bo)
        with (
            pytest.raises(Exception, match=r"permission denied|stays as it was given"),
            tenant.scope(shop.ctx.tenant_id, durable=False),
        ):
            rows.run("UPDATE invoicing_confirmationanswer SET " + change)

    def test_could_be_without_the_trigger(self, owner: Owner) -> None:
        """The planted fault: with the trigger off the owner of the tables signs for somebody else."""
        statement = "UPDATE invoicing_confirmationanswer SET name = name || ' and Eva' WHERE id = %s"
        fill_every_table(owner, references_of(apps.get_models()), tenants={2_000_000_001: 1_900_000_007})
        owner.execute("SELECT set_config('app.tenant', '2000000001', true)")
        assert owner.execute(statement, [1_900_000_007]).rowcount == 1
        owner.execute("ALTER TABLE invoicing_confirmationanswer ENABLE TRIGGER kept")
        with pytest.raises(psycopg.errors.RestrictViolation):
            owner.execute(statement, [1_900_000_007])


class TestAFileOfBase:
    @pytest.mark.parametrize(
        "statement",
        [
            "DELETE FROM base_filepart",
            "UPDATE base_file SET name = 'other'",
            "UPDATE base_file SET erased_at = at",
            "UPDATE base_file SET sha256 = 'erased-' || id, name = ''",
            "UPDATE base_file SET size = 1",
            "UPDATE base_filepart SET content = ''",
            "DELETE FROM base_file",
        ],
    )
    def test_goes_no_other_way(self, talk: Talk, statement: str) -> None:
        bring(talk.anna)
        with (
            pytest.raises(Exception, match=r"permission denied|stays as it came|cannot go"),
            tenant.scope(talk.anna.tenant_id, durable=False),
        ):
            rows.run(statement)  # type: ignore[arg-type]
