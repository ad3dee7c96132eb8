"""From a statement or a letter to its PDF, in four languages; what waits for a person when somebody answers or not."""

import re
from datetime import date, timedelta

import pytest

from desk import Desk, open_desk
from documents import reading
from flows.test_documents import LINES
from kvit.base import tenant
from kvit.base.command import Ctx
from kvit.documents import queries as archive
from kvit.flows.letters import ASK_AGAIN, EXPLAIN, SEND
from kvit.invoicing import commands, queries
from kvit.invoicing.domain.confirmations import Difference, DifferenceKind
from kvit.invoicing.domain.statements import StatementForm
from kvit.kernel import figures
from kvit.parties import commands as parties
from kvit.parties.domain.erasure import ERASED
from kvit.parties.domain.register import Language, NewParty, PartyKind, PostalAddress
from kvit.work import queries as work
from receivables import problems
from simulated_registers import work_off

DAY = date(2026, 3, 2)
WORDS = {
    "sv": ("Kontoutdrag", "Öppna poster", "Saldobekräftelse", "Undertecknat av Anna Ågren"),
    "pl": ("Wyciąg z konta", "Pozycje otwarte", "Potwierdzenie salda", "Podpisuje Anna Ågren"),
    "ro": ("Extras de cont", "Poziții deschise", "Confirmare de sold", "Semnat de Anna Ågren"),
    "en": ("Account statement", "Open items", "Balance confirmation", "Signed by Anna Ågren"),
}
NAMES = {
    "sv": "Åkeri Öst i Ångermanland AB",
    "pl": "Źródło Gęśla Jaźń Sp. z o.o.",
    "ro": "Țesături Brașov S.R.L.",
    "en": "Harrow & Whitcombe Agricultural Machinery Hire and Repair Ltd",
}


@pytest.fixture
def office(anna: Ctx) -> Desk:
    return open_desk(anna)


def customer(ctx: Ctx, language: Language) -> int:
    """A firm that reads this language and owes for an invoice."""
    party = NewParty(
        PartyKind.COMPANY,
        NAMES[language.value],
        "SE",
        language,
        address=PostalAddress("Älvgatan 7", "872 30", "Kramfors", "SE"),
    )
    made = commands.add_customer(ctx, party=party, number=f"K-{language.value}", currency="SEK", terms_days=30)
    from kvit.invoicing.domain import Draft

    ids = commands.draft_invoices(ctx, drafts=(Draft(made.customer_id, LINES),), day=DAY).invoice_ids
    commands.issue_invoices(ctx, invoice_ids=ids, issue_date=DAY)
    return made.customer_id


def pdf(ctx: Ctx, kind: str, subject_id: int) -> bytes:
    with tenant.scope(ctx.tenant_id):
        (filing,) = archive.files_of(kind, subject_id)
        content = archive.content(filing.file.sha256)
    assert content is not None
    return content


def asked(ctx: Ctx, customer_id: int) -> int:
    return commands.ask_confirmations(
        ctx,
        customer_ids=(customer_id,),
        as_of_date=DAY,
        reply_by_date=DAY + timedelta(days=14),
        signed_by="Anna Ågren",
    ).confirmation_ids[0]


@pytest.mark.parametrize("language", list(Language))
class TestThePdf:
    @pytest.mark.parametrize("form", list(StatementForm))
    def test_of_a_statement_has_its_figures(self, office: Desk, language: Language, form: StatementForm) -> None:
        customer_id = customer(office.ctx, language)
        (statement_id,) = commands.make_statements(
            office.ctx, customer_ids=(customer_id,), form=form, from_date=DAY, to_date=DAY
        ).statement_ids
        work_off(office.ctx)
        drawn = pdf(office.ctx, "statement", statement_id)
        text = reading.dense(reading.text(drawn))
        with tenant.scope(office.ctx.tenant_id):
            made = queries.statement_content(statement_id)
        assert made is not None
        total = figures.money_text(made.closing_minor, "SEK", language.value)
        assert reading.dense(total) in text
        assert reading.dense(WORDS[language.value][0 if form is StatementForm.RUNNING else 1]) in text
        assert reading.dense(NAMES[language.value]) in text
        assert "F2026-000001" in text
        assert reading.failures(drawn, "ua1") == reading.failures(drawn, "3a") == []

    def test_of_a_letter_has_its_balance_and_its_signature(self, office: Desk, language: Language) -> None:
        letter = asked(office.ctx, customer(office.ctx, language))
        work_off(office.ctx)
        text = reading.dense(reading.text(pdf(office.ctx, "confirmation", letter)))
        with tenant.scope(office.ctx.tenant_id):
            row = queries.confirmation(letter)
        assert row is not None
        assert reading.dense(figures.money_text(row.balance_minor, "SEK", language.value)) in text
        assert reading.dense(WORDS[language.value][2]) in text
        assert reading.dense(WORDS[language.value][3]) in text
        assert row.sha256 in re.sub(r"[^0-9a-f]", "", text) or row.sha256 in text


class TestAPdfThatIsMadeAgain:
    def test_is_the_same_to_the_byte_when_the_past_was_booked_since(self, office: Desk) -> None:
        from kvit.base import texts
        from kvit.documents.adapters.typst import TypstRenderer
        from kvit.documents.domain.sheet import Look
        from kvit.flows.letter_sheets import statement_sheet

        customer_id = customer(office.ctx, Language.SWEDISH)
        (statement_id,) = commands.make_statements(
            office.ctx, customer_ids=(customer_id,), form=StatementForm.RUNNING, from_date=DAY, to_date=DAY
        ).statement_ids
        work_off(office.ctx)
        before = pdf(office.ctx, "statement", statement_id)
        customer(office.ctx, Language.POLISH)
        with tenant.scope(office.ctx.tenant_id):
            made = queries.statement_content(statement_id)
            party_id = queries.customers_by_id([customer_id])[customer_id].party_id
        parties.rename_party(office.ctx, party_id=party_id, name="Another AB")
        assert made is not None
        sheet = statement_sheet(made, look=Look(), words=texts.catalogue(made.language))
        assert TypstRenderer().pdf(sheet) == before
        assert problems(office.ctx) == ()


class TestWhatWaits:
    def waiting(self, office: Desk, letter: int) -> set[str]:
        with tenant.scope(office.ctx.tenant_id):
            return {item.kind for item in work.items_about("confirmation", letter) if item.closed_at is None}

    def answer(self, office: Desk, letter: int, *differences: Difference) -> None:
        with tenant.scope(office.ctx.tenant_id):
            row = queries.confirmation(letter)
        assert row is not None
        commands.answer_confirmation(
            office.ctx,
            confirmation_id=letter,
            signature=commands.Signature("Bo", "", row.sha256),
            reply=commands.Reply(differences),
        )
        work_off(office.ctx)

    def test_is_a_difference_until_it_is_explained(self, office: Desk) -> None:
        letter = asked(office.ctx, customer(office.ctx, Language.SWEDISH))
        self.answer(office, letter, Difference(DifferenceKind.NOT_OURS, "X", None, 700))
        assert self.waiting(office, letter) == {EXPLAIN}
        commands.settle_confirmation(office.ctx, confirmation_id=letter, reason="booked")
        work_off(office.ctx)
        assert self.waiting(office, letter) == set()

    def test_names_nobody_who_was_erased(self, office: Desk) -> None:
        letter = asked(office.ctx, office.bo.id)
        self.answer(office, letter)
        parties.erase_person(office.ctx, party_id=office.bo.party_id, reason="asked")
        work_off(office.ctx)
        with tenant.scope(office.ctx.tenant_id):
            assert [(each.name, each.agrees) for each in queries.answers_of(letter)] == [(ERASED, True)]

    def test_is_a_reminder_until_somebody_answers(self, office: Desk) -> None:
        letter = asked(office.ctx, customer(office.ctx, Language.SWEDISH))
        commands.chase_confirmations(office.ctx, confirmation_ids=(letter,))
        work_off(office.ctx)
        assert self.waiting(office, letter) == {SEND}
        self.answer(office, letter)
        assert self.waiting(office, letter) == set()

    def test_is_to_ask_again_where_nobody_answered_in_time(self, office: Desk) -> None:
        letter = asked(office.ctx, customer(office.ctx, Language.SWEDISH))
        commands.expire_confirmations(office.ctx, day=DAY + timedelta(days=15))
        work_off(office.ctx)
        assert self.waiting(office, letter) == {ASK_AGAIN}
