"""Payment files: made, signed by two persons, discarded; nothing is held twice."""

import dataclasses
import datetime
from dataclasses import replace
from typing import Any

import psycopg
import pytest
from lxml import etree

from cast import LATE, keyed
from kvit.banking import commands, queries
from kvit.banking.commands import NewPaymentFile, payment_files
from kvit.banking.domain.payments import PaymentFileState, PaymentFormat, PaymentState
from kvit.banking.queries import outgoing
from kvit.base import files, rows, tenant
from kvit.base.command import Ctx, KeyReused
from kvit.base.lifecycle import NotMovable
from kvit.formats.bank.pain import order, order_reader
from kvit.formats.writing import Unwritable
from kvit.kernel.money import Money
from owner import as_tenant
from payment_orders import BANKGIRO, KSEF, NIP, NORDVIK, PL_IBAN, SE_IBAN
from payouts import BO, content, file_of, made, payout, signed
from receivables import every, open_account, open_books
from tables import contents, run_twice

DAY = datetime.date(2026, 3, 3)


@pytest.fixture
def from_account(books_open: Ctx) -> int:
    return open_account(books_open, SE_IBAN, "EUR")


class TestMakingAPaymentFile:
    def test_writes_it_and_holds_what_it_pays(self, books_open: Ctx, from_account: int) -> None:
        ready = run_twice(
            commands.make_payment_file,
            books_open,
            file=file_of(from_account),
            payments=(payout(1, 500), payout(2, 700)),
        )
        assert (ready.payments, ready.total_minor, ready.currency, ready.notes) == (2, 1200, "EUR", 0)
        (found,) = order_reader.read_transfers(content(books_open, ready.sha256)).records
        assert found.message_id == ready.message_id
        assert [one.amount for one in found.batches[0].transfers] == [Money(500, "EUR"), Money(700, "EUR")]
        with tenant.scope(books_open.tenant_id):
            row = queries.payment_file(ready.payment_file_id)
            held = queries.payments_of(ready.payment_file_id)
        assert row is not None
        assert (row.state, row.made_by, row.signed_by) == (PaymentFileState.MADE, "user:anna", ())
        assert [(one.subject_id, one.amount_minor, one.state) for one in held] == [
            (1, 500, PaymentState.OPEN),
            (2, 700, PaymentState.OPEN),
        ]
        assert [one.end_to_end_id for one in held] == [one.end_to_end_id for one in found.batches[0].transfers]
        assert every(books_open, "SELECT kind, state FROM work_item") == [("banking.sign_payment_file", "open")]

    def test_says_what_could_not_be_written_as_given(self, books_open: Ctx, from_account: int) -> None:
        payee = dataclasses.replace(BO, name="Łukasz")
        ready = made(books_open, from_account, dataclasses.replace(payout(1), payee=payee))
        assert ready.notes == 1
        with tenant.scope(books_open.tenant_id):
            row = queries.payment_file_called(ready.message_id)
        assert row is not None
        assert row.notes[0][0] == "batches[0]/transfers[0]/creditor/name"

    def test_is_refused_for_something_that_is_in_another_file(self, books_open: Ctx, from_account: int) -> None:
        made(books_open, from_account, payout(1))
        before = contents(books_open)
        with pytest.raises(commands.AlreadyBeingPaid, match=r"settlement 1: in a payment file already"):
            made(books_open, from_account, payout(2), payout(1))
        assert contents(books_open) == before

    def test_is_refused_for_something_named_twice(self, books_open: Ctx, from_account: int) -> None:
        with pytest.raises(commands.AlreadyBeingPaid):
            made(books_open, from_account, payout(1), payout(1))

    def test_would_pay_it_twice_without_the_index(self, anna_live: Ctx, owner: Any) -> None:
        """Planted fault: the index of live payments is gone; a second payment of the subject goes in."""
        made(anna_live, open_account(open_books(anna_live), SE_IBAN, "EUR"), payout(1))
        connection = as_tenant(owner, anna_live.tenant_id)
        again = """
            INSERT INTO banking_payment (tenant_id, payment_file_id, end_to_end_id, subject_kind, subject_id,
                amount_minor, currency, payee_name, payee_account, state, reason, command_id)
            SELECT tenant_id, payment_file_id, 'again', subject_kind, subject_id, amount_minor, currency, payee_name,
                payee_account, state, reason, command_id FROM banking_payment
        """
        with pytest.raises(psycopg.errors.UniqueViolation), connection.transaction():
            connection.execute(again)
        connection.execute("DROP INDEX banking_payment_one_live")
        assert connection.execute(again).rowcount == 1

    def test_is_refused_with_every_problem_and_nothing_is_kept(self, books_open: Ctx, from_account: int) -> None:
        wrong = dataclasses.replace(payout(1), account=order.Iban("DE00"))
        before = contents(books_open)
        with pytest.raises(Unwritable) as refused:
            made(books_open, from_account, payout(2), wrong, dataclasses.replace(payout(3), amount=Money(0, "EUR")))
        assert [one.place for one in refused.value.problems] == ["payments[1]/account", "payments[2]/amount"]
        assert contents(books_open) == before

    def test_is_refused_for_a_day_that_is_past_or_two_currencies(self, books_open: Ctx, from_account: int) -> None:
        past = replace(file_of(from_account), execution_date=datetime.date(2026, 3, 1))
        with pytest.raises(Unwritable, match="execution_date: 2026-03-01 is past"):
            commands.make_payment_file(books_open, file=past, payments=(payout(1),))
        kronor = dataclasses.replace(payout(2), amount=Money(1, "SEK"))
        with pytest.raises(Unwritable, match="more than one currency"):
            made(books_open, from_account, payout(1), kronor)

    def test_is_for_no_day_that_is_past_where_the_company_is(self, books_open: Ctx, from_account: int) -> None:
        monday = replace(file_of(from_account), execution_date=datetime.date(2026, 3, 2))
        with pytest.raises(Unwritable, match="2026-03-02 is past"):
            commands.make_payment_file(replace(books_open, now=LATE), file=monday, payments=(payout(1),))

    def test_is_refused_to_another_tenant(self, books_open: Ctx, from_account: int, cilla: Ctx) -> None:
        with pytest.raises(commands.NoSuchPaymentFile):
            made(cilla, from_account, payout(1))

    def test_is_refused_under_a_used_key_with_other_payments(self, books_open: Ctx, from_account: int) -> None:
        made(keyed(books_open, "k"), from_account, payout(1))
        with pytest.raises(KeyReused):
            made(keyed(books_open, "k"), from_account, payout(2))

    def test_of_nothing_is_refused(self, books_open: Ctx, from_account: int) -> None:
        with pytest.raises(Unwritable, match="nothing to pay"):
            made(books_open, from_account)


class TestAFormat:
    def new(self, ctx: Ctx, number: str, currency: str, **given: Any) -> NewPaymentFile:
        return NewPaymentFile(
            account_id=open_account(ctx, number, currency), execution_date=DAY, payer=NORDVIK, **given
        )

    def test_may_be_bankgirots(self, books_open: Ctx) -> None:
        file = self.new(books_open, BANKGIRO, "SEK", format=PaymentFormat.LB, scheme=order.Scheme.SWEDEN)
        kronor = dataclasses.replace(
            payout(1), amount=Money(500, "SEK"), account=order.Bankgiro(BANKGIRO), remittance=order.Ocr("12344")
        )
        to_account = dataclasses.replace(
            payout(2),
            amount=Money(700, "SEK"),
            account=order.SwedishAccount("6000", "123456789"),
            remittance=order.Message("hyra för mars " * 6),
        )
        ready = commands.make_payment_file(books_open, file=file, payments=(kronor, to_account))
        lines = content(books_open, ready.sha256).decode("iso-8859-1").splitlines()
        assert [line[:2] for line in lines] == ["11", "14", "40", "26", "14", "25", "25", "29"]
        assert lines[1][12:55] == "12344".ljust(25) + "000000000500260303"
        assert lines[-1][12:32] == "00000002000000001200"

    def test_may_be_elixir(self, books_open: Ctx) -> None:
        file = self.new(books_open, PL_IBAN, "PLN", format=PaymentFormat.ELIXIR_CP1250, scheme=order.Scheme.POLAND)
        split = dataclasses.replace(
            payout(1),
            amount=Money(12300, "PLN"),
            account=order.Iban(PL_IBAN),
            remittance=order.SplitPayment(Money(2300, "PLN"), NIP, "FV/1", "usługi"),
            ksef=order.KsefNumber(KSEF),
        )
        plain = dataclasses.replace(split, subject_id=2, remittance=order.Message("czynsz " * 10), ksef=None)
        ready = commands.make_payment_file(books_open, file=file, payments=(split, plain))
        first, second = content(books_open, ready.sha256).decode("cp1250").splitlines()
        assert f"/INV/{KSEF}/TXT/FV/1 usługi" in first.replace("|", "")
        assert first.endswith('"53"')
        assert '"czynsz czynsz czynsz czynsz czynsz|czynsz' in second

    @pytest.mark.parametrize(
        ("payment_format", "said"),
        [
            (PaymentFormat.LB, "format: LB pays kronor by Swedish rules only"),
            (PaymentFormat.ELIXIR_CP852, "format: Elixir-0 pays zloty by Polish rules only"),
        ],
    )
    def test_of_one_country_pays_there_only(
        self, books_open: Ctx, from_account: int, payment_format: PaymentFormat, said: str
    ) -> None:
        file = replace(file_of(from_account), format=payment_format)
        with pytest.raises(Unwritable, match=said):
            commands.make_payment_file(books_open, file=file, payments=(payout(1),))

    def test_of_pain_names_a_field_of_the_payment(self, books_open: Ctx, from_account: int) -> None:
        ready = made(books_open, from_account, payout(1))
        root = etree.fromstring(content(books_open, ready.sha256))
        assert root.nsmap[None] == "urn:iso:std:iso:20022:tech:xsd:pain.001.001.09"

    def test_names_no_account_that_is_neither_iban_nor_bankgiro(self, books_open: Ctx) -> None:
        strange = open_account(books_open, "12345", "EUR")
        with pytest.raises(Unwritable, match="neither an IBAN nor a bankgiro"):
            made(books_open, strange, payout(1))


@pytest.fixture
def ready(books_open: Ctx, from_account: int) -> commands.PaymentFileReady:
    return made(books_open, from_account, payout(1), payout(2))


def as_person(ctx: Ctx, name: str) -> Ctx:
    return replace(ctx, actor=f"user:{name}")


class TestSigning:
    def test_by_two_persons_lets_it_be_sent(self, books_open: Ctx, ready: commands.PaymentFileReady) -> None:
        given = {"payment_file_id": ready.payment_file_id, "sha256": ready.sha256}
        first = run_twice(commands.sign_payment_file, books_open, **given)
        assert (first.state, first.signatures) == (PaymentFileState.MADE, 1)
        second = commands.sign_payment_file(as_person(books_open, "ewa"), **given)  # type: ignore[arg-type]
        assert (second.state, second.signatures) == (PaymentFileState.SIGNED, 2)
        with tenant.scope(books_open.tenant_id):
            row = queries.payment_file(ready.payment_file_id)
        assert row is not None
        assert row.signed_by == ("user:anna", "user:ewa")
        assert every(books_open, "SELECT state, outcome FROM work_item") == [("done", "signed")]

    def test_twice_by_one_person_is_refused(self, books_open: Ctx, ready: commands.PaymentFileReady) -> None:
        commands.sign_payment_file(books_open, payment_file_id=ready.payment_file_id, sha256=ready.sha256)
        with pytest.raises(commands.SignedAlready):
            commands.sign_payment_file(books_open, payment_file_id=ready.payment_file_id, sha256=ready.sha256)

    def test_what_was_not_looked_at_is_refused(self, books_open: Ctx, ready: commands.PaymentFileReady) -> None:
        with pytest.raises(commands.OtherContent):
            commands.sign_payment_file(books_open, payment_file_id=ready.payment_file_id, sha256="0" * 64)

    @pytest.mark.parametrize("actor", ["robot:flows", "key:7", "anna"])
    def test_by_anybody_but_a_person_is_refused(
        self, books_open: Ctx, ready: commands.PaymentFileReady, actor: str
    ) -> None:
        with pytest.raises(commands.NotAPerson):
            commands.sign_payment_file(
                replace(books_open, actor=actor), payment_file_id=ready.payment_file_id, sha256=ready.sha256
            )

    def test_is_refused_once_it_no_longer_waits(self, books_open: Ctx, ready: commands.PaymentFileReady) -> None:
        signed(books_open, ready)
        with pytest.raises(NotMovable, match="waits for no signature"):
            commands.sign_payment_file(
                as_person(books_open, "darek"), payment_file_id=ready.payment_file_id, sha256=ready.sha256
            )

    def test_is_refused_to_another_tenant(self, ready: commands.PaymentFileReady, cilla: Ctx) -> None:
        with pytest.raises(commands.NoSuchPaymentFile):
            commands.sign_payment_file(cilla, payment_file_id=ready.payment_file_id, sha256=ready.sha256)


class TestAFileWithOneSignature:
    def test_is_sent_by_no_command(self, books_open: Ctx, ready: commands.PaymentFileReady) -> None:
        commands.sign_payment_file(books_open, payment_file_id=ready.payment_file_id, sha256=ready.sha256)
        with pytest.raises(NotMovable):
            commands.begin_sending(books_open, payment_file_id=ready.payment_file_id)

    @pytest.mark.parametrize("state", [s.value for s in PaymentFileState if s.value not in ("made", "discarded")])
    def test_is_moved_on_by_no_statement(self, books_open: Ctx, ready: commands.PaymentFileReady, state: str) -> None:
        from django.db import IntegrityError, transaction

        commands.sign_payment_file(books_open, payment_file_id=ready.payment_file_id, sha256=ready.sha256)
        with pytest.raises(IntegrityError, match="not signed by two persons"), transaction.atomic():
            every(books_open, "UPDATE banking_paymentfile SET state = %s", [state])

    def test_would_be_sent_without_count_and_trigger(
        self, books_open: Ctx, ready: commands.PaymentFileReady, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        """Planted fault: one signature is enough. The trigger still refuses; `verify` finds what slips past it."""
        from django.db import IntegrityError

        monkeypatch.setattr(payment_files, "SIGNATURES", 1)
        with pytest.raises(IntegrityError, match="not signed by two persons"):
            commands.sign_payment_file(books_open, payment_file_id=ready.payment_file_id, sha256=ready.sha256)


class TestTheContentThatWasSigned:
    def test_can_not_be_changed_by_the_application(self, books_open: Ctx, ready: commands.PaymentFileReady) -> None:
        from django.db import ProgrammingError, transaction

        for column in ("file_id = file_id + 1", "message_id = 'x'", "total_minor = 1"):
            with pytest.raises(ProgrammingError, match="permission denied"), transaction.atomic():
                every(books_open, f"UPDATE banking_paymentfile SET {column}")
        for column in ("amount_minor = 1", "payee_account = 'x'", "subject_id = 9"):
            with pytest.raises(ProgrammingError, match="permission denied"), transaction.atomic():
                every(books_open, f"UPDATE banking_payment SET {column}")

    def test_is_kept_whole(self, books_open: Ctx, ready: commands.PaymentFileReady) -> None:
        with tenant.scope(books_open.tenant_id):
            assert b"".join(files.read_parts(ready.sha256)).startswith(b"<?xml")


class TestDiscarding:
    def test_frees_what_it_would_have_paid(
        self, books_open: Ctx, from_account: int, ready: commands.PaymentFileReady
    ) -> None:
        done = run_twice(
            commands.discard_payment_file, books_open, payment_file_id=ready.payment_file_id, reason="wrong day"
        )
        assert done.state is PaymentFileState.DISCARDED
        made(books_open, from_account, payout(1), payout(2))
        assert every(books_open, "SELECT state, outcome FROM work_item ORDER BY id") == [
            ("done", "discarded"),
            ("open", None),
        ]
        with tenant.scope(books_open.tenant_id):
            tries = queries.payments_for("settlement", 1)
        assert [one.state for one in tries] == [PaymentState.DISCARDED, PaymentState.OPEN]

    def test_is_refused_once_sending_has_begun(self, books_open: Ctx, ready: commands.PaymentFileReady) -> None:
        signed(books_open, ready)
        commands.begin_sending(books_open, payment_file_id=ready.payment_file_id)
        with pytest.raises(NotMovable):
            commands.discard_payment_file(books_open, payment_file_id=ready.payment_file_id, reason="too late")

    def test_is_refused_to_another_tenant(self, ready: commands.PaymentFileReady, cilla: Ctx) -> None:
        with pytest.raises(commands.NoSuchPaymentFile):
            commands.discard_payment_file(cilla, payment_file_id=ready.payment_file_id, reason="mine")


class TestVerification:
    def test_finds_nothing_when_all_is_well(self, books_open: Ctx, ready: commands.PaymentFileReady) -> None:
        with tenant.scope(books_open.tenant_id):
            assert queries.verify() == ()

    @pytest.mark.parametrize(
        ("fault", "said"),
        [
            (
                "UPDATE banking_payment SET amount_minor = amount_minor + 1",
                "2 payments of 1000, 2 of 1002 in the books",
            ),
            ("UPDATE banking_paymentfile SET state = 'sent'", "sent with 0 signatures"),
            ("UPDATE banking_paymentfile SET state = 'discarded'", "discarded, but 2 payments are held"),
            ("UPDATE banking_paymentfile SET state = 'acknowledged'", "acknowledged with 0 signatures"),
        ],
    )
    def test_finds_what_was_changed_behind_its_back(self, anna_live: Ctx, owner: Any, fault: str, said: str) -> None:
        """Planted fault: the owner of the tables changes them with the triggers off, and rolls back."""
        account_id = open_account(open_books(anna_live), SE_IBAN, "EUR")
        made(anna_live, account_id, payout(1), payout(2))
        connection: psycopg.Connection[Any] = as_tenant(owner, anna_live.tenant_id)
        connection.execute("ALTER TABLE banking_paymentfile DISABLE TRIGGER two_signatures")
        connection.execute(fault)
        found = connection.execute(_verification()).fetchall()
        assert [row[1] for row in found if row[1]] == [said]


def _verification() -> Any:
    """The statement of `verify`, as it runs in the application."""
    caught: list[Any] = []

    def catch(query: Any, params: Any = ()) -> list[Any]:
        caught.append(query % tuple(params))
        return []

    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(rows, "select", catch)
        outgoing.payment_file_problems()
    return caught[0]
