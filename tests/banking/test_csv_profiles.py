"""Bank files in columns of their own: read by the profile that the company keeps, booked to no account by guess."""

import io
import zipfile
from dataclasses import replace

import pytest
from django.db import DatabaseError, transaction

from bank_files import IBAN, file
from kvit.banking import commands, jobs, queries
from kvit.banking.domain import StatementState
from kvit.base import job, rows, tenant
from kvit.base.command import Ctx
from kvit.formats.bank.tabular import guide
from kvit.formats.bank.tabular.profile import Profile, Role, from_plain, to_plain
from receivables import every, open_account

OURS = Profile(
    key="own",
    name="Our bank",
    country="SE",
    currency="SEK",
    delimiter=";",
    columns=((Role.BOOKING_DATE, "When"), (Role.AMOUNT, "How much"), (Role.NAME, "Who")),
)
FIRST = b"When;How much;Who\n2026-03-02;100,50;Bo\n2026-03-03;-20,00;Shop\n"
SECOND = b"When;How much;Who\n2026-03-04;7,00;Eva\n"


def intake_of(ctx: Ctx) -> int:
    with tenant.scope(ctx.tenant_id):
        return queries.intakes(limit=1)[0].id


class TestAKeptProfile:
    def test_takes_in_the_file_it_was_made_for_and_the_next_one_by_itself(self, books_open: Ctx, account: int) -> None:
        refused = jobs.import_file(books_open, file(FIRST), name="first.csv")
        assert refused.statements == ()
        assert refused.problems
        commands.keep_profile(books_open, profile=OURS, intake_id=intake_of(books_open), account_id=account)
        first = jobs.import_file(books_open, file(FIRST), name="first.csv").statements
        assert [(one.state, one.taken) for one in first] == [(StatementState.BOOKED, 2)]
        second = jobs.import_file(books_open, file(SECOND), name="second.csv").statements
        assert [(one.state, one.taken) for one in second] == [(StatementState.BOOKED, 1)]
        amounts = every(books_open, "SELECT amount_minor FROM banking_line ORDER BY id")
        assert amounts == [(10050,), (-2000,), (700,)]
        assert every(books_open, "SELECT state FROM work_item WHERE kind = 'banking.look_at_file'") == [("done",)]
        assert every(books_open, "SELECT DISTINCT format FROM banking_intake") == [("csv",)]

    def test_is_the_only_one_for_its_columns(self, books_open: Ctx, account: int) -> None:
        jobs.import_file(books_open, file(FIRST), name="first.csv")
        intake = intake_of(books_open)
        kept = commands.keep_profile(books_open, profile=OURS, intake_id=intake)
        with pytest.raises(commands.ShapeTaken):
            commands.keep_profile(books_open, profile=OURS, intake_id=intake)
        commands.retire_profile(books_open, profile_id=kept.profile_id)
        assert commands.keep_profile(books_open, profile=OURS, intake_id=intake).profile_id != kept.profile_id

    def test_reads_nothing_more_once_it_is_retired(self, books_open: Ctx, account: int) -> None:
        jobs.import_file(books_open, file(FIRST), name="first.csv")
        kept = commands.keep_profile(books_open, profile=OURS, intake_id=intake_of(books_open))
        commands.retire_profile(books_open, profile_id=kept.profile_id)
        assert jobs.import_file(books_open, file(SECOND), name="second.csv").statements == ()
        with pytest.raises(commands.NoSuchProfile):
            commands.retire_profile(books_open, profile_id=kept.profile_id)

    def test_is_the_same_as_plain_values(self) -> None:
        assert from_plain(to_plain(OURS)) == OURS

    def test_of_another_company_reads_nothing(self, books_open: Ctx, account: int, cilla: Ctx) -> None:
        jobs.import_file(books_open, file(FIRST), name="first.csv")
        commands.keep_profile(books_open, profile=OURS, intake_id=intake_of(books_open))
        assert jobs.import_file(cilla, file(SECOND), name="second.csv").statements == ()

    def test_leaves_what_was_said_of_a_file_that_something_reads(self, books_open: Ctx, account: int) -> None:
        damaged = b"When;How much;Who\n2026-03-02;1,00;Bo\n2026-03-03;x;Bo\n"
        kept = keep(books_open, account)
        jobs.import_file(books_open, file(damaged), name="damaged.csv")
        commands.retire_profile(books_open, profile_id=kept)
        commands.keep_profile(books_open, profile=OURS, intake_id=intake_of(books_open))
        assert every(books_open, "SELECT set_aside FROM banking_readingproblem WHERE place = 'line 3'") == [("",)]


def keep(ctx: Ctx, account_id: int | None, profile: Profile = OURS, data: bytes = FIRST) -> int:
    """Bring in a file that nothing reads, keep the profile for it and take it in; the profile's id."""
    jobs.import_file(ctx, file(data), name="first.csv")
    kept = commands.keep_profile(ctx, profile=profile, intake_id=intake_of(ctx), account_id=account_id)
    jobs.import_file(ctx, file(data), name="first.csv")
    return kept.profile_id


def taken(ctx: Ctx, data: bytes, account_id: int | None = None) -> jobs.TakenStatement:
    """The one statement of a file that comes in."""
    (one,) = jobs.import_file(ctx, file(data), name="later.csv", account_id=account_id).statements
    return one


def lines_on(ctx: Ctx, account_id: int) -> int:
    """How many lines are booked on an account."""
    ((count,),) = every(
        ctx,
        "SELECT count(*) FROM banking_line l JOIN banking_statement s ON s.id = l.statement_id"
        f" WHERE l.account_id = {account_id} AND s.state = 'booked'",
    )
    return int(count)


def held_because(ctx: Ctx) -> list[tuple[str, str]]:
    """State and hold code of the statements that are not booked."""
    return [(str(a), str(b)) for a, b in every(ctx, "SELECT state, hold_code FROM banking_statement ORDER BY id")][1:]


ASKED = [("held", "which_account")]
SEB = (
    "Bokföringsdatum;Valutadatum;Verifikationsnummer;Text;Belopp;Saldo\n"
    "2026-03-0{day};2026-03-0{day};7;Hyra;{net};{sum}\n"
)


class TestAFileThatNamesNoAccount:
    def test_is_booked_to_none_while_another_account_could_have_sent_it(self, books_open: Ctx, account: int) -> None:
        second = open_account(books_open, "5020-1842")
        keep(books_open, account)
        assert lines_on(books_open, account) == 2
        one = taken(books_open, SECOND)
        assert (one.state, one.taken, held_because(books_open)) == (StatementState.HELD, 0, ASKED)
        assert (lines_on(books_open, account), lines_on(books_open, second)) == (2, 0)
        assert ("banking.which_account",) in every(books_open, "SELECT reason_code FROM work_item WHERE state = 'open'")

    def test_would_be_booked_to_the_first_account_without_the_guard(
        self, books_open: Ctx, account: int, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        """The planted fault: whoever guesses books the second account's money to the first."""
        open_account(books_open, "5020-1842")
        keep(books_open, account)
        monkeypatch.setattr(queries, "account_of", lambda header, *, intake_id: account)
        assert taken(books_open, SECOND).state is StatementState.BOOKED
        assert lines_on(books_open, account) == 3

    def test_is_taken_where_there_is_nothing_to_choose(self, books_open: Ctx, account: int) -> None:
        keep(books_open, account)
        assert taken(books_open, SECOND).state is StatementState.BOOKED

    def test_asks_the_first_time_whatever_the_profile(self, books_open: Ctx, account: int) -> None:
        """No file ever came by the profile: that the only account sent this one is a guess as well."""
        one = taken(books_open, SEB.format(day=2, net="-1,00", sum="99,00").encode())
        assert one.state is StatementState.HELD
        commands.name_account(books_open, statement_id=one.statement_id, account_id=account)
        jobs.import_file(books_open, file(SEB.format(day=2, net="-1,00", sum="99,00").encode()), name="later.csv")
        assert lines_on(books_open, account) == 1
        assert taken(books_open, SEB.format(day=3, net="-2,00", sum="97,00").encode()).state is StatementState.BOOKED

    def test_would_not_ask_the_first_time_without_the_guard(
        self, books_open: Ctx, account: int, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr("kvit.banking.queries.which_account.may_be_taken", lambda sole, profile: True)
        one = taken(books_open, SEB.format(day=2, net="-1,00", sum="99,00").encode())
        assert one.state is StatementState.BOOKED

    def test_counts_accounts_in_every_currency_where_it_names_none(self, books_open: Ctx, account: int) -> None:
        """The profile's currency is no more than that of the file it was made for."""
        euro = open_account(books_open, "SE3550000000054910000003", currency="EUR")
        keep(books_open, account)
        one = taken(books_open, SECOND)
        assert (one.state, held_because(books_open)) == (StatementState.HELD, ASKED)
        commands.name_account(books_open, statement_id=one.statement_id, account_id=euro)
        assert taken(books_open, SECOND).state is StatementState.BOOKED
        assert every(books_open, f"SELECT currency, amount_minor FROM banking_line WHERE account_id = {euro}") == [
            ("EUR", 700)
        ]
        assert every(books_open, "SELECT currency FROM banking_statement ORDER BY id") == [("SEK",), ("EUR",)]

    def test_is_taken_for_the_account_in_the_currency_that_it_names(self, books_open: Ctx, account: int) -> None:
        named = replace(OURS, columns=(*OURS.columns, (Role.CURRENCY, "Ccy")))
        data = b"When;How much;Who;Ccy\n2026-03-02;1,00;Bo;SEK\n"
        open_account(books_open, "SE3550000000054910000003", currency="EUR")
        keep(books_open, account, named, data)
        assert taken(books_open, data.replace(b"1,00", b"2,00")).state is StatementState.BOOKED
        assert taken(books_open, data.replace(b"SEK", b"EUR")).state is StatementState.HELD

    def test_is_of_the_account_whose_files_alone_come_that_way(self, books_open: Ctx, account: int) -> None:
        second = open_account(books_open, "5020-1842")
        keep(books_open, account)
        assert taken(books_open, SECOND, account_id=second).state is StatementState.BOOKED
        assert lines_on(books_open, second) == 1

    def test_is_of_the_account_that_it_names_whatever_way_it_came(self, books_open: Ctx, account: int) -> None:
        second = open_account(books_open, "5020-1842")
        named = replace(OURS, columns=(*OURS.columns, (Role.OWN_ACCOUNT, "Account")))
        data = f"When;How much;Who;Account\n2026-03-02;1,00;Bo;{IBAN}\n".encode()
        keep(books_open, None, named, data)
        assert taken(books_open, data.replace(b"1,00", b"2,00"), account_id=second).state is StatementState.BOOKED
        assert (lines_on(books_open, account), lines_on(books_open, second)) == (2, 0)

    def test_is_not_of_an_account_in_another_currency_than_it_names(self, books_open: Ctx, account: int) -> None:
        euro = open_account(books_open, "SE3550000000054910000003", currency="EUR")
        named = replace(OURS, columns=(*OURS.columns, (Role.CURRENCY, "Ccy")))
        data = b"When;How much;Who;Ccy\n2026-03-02;1,00;Bo;SEK\n"
        keep(books_open, account, named, data)
        one = taken(books_open, data.replace(b"1,00", b"2,00"), account_id=euro)
        assert one.state is StatementState.HELD
        with pytest.raises(commands.AccountDoesNotFit):
            commands.name_account(books_open, statement_id=one.statement_id, account_id=euro)

    def test_asks_once_for_each_in_an_archive_and_loses_none(self, books_open: Ctx, account: int) -> None:
        second = open_account(books_open, "5020-1842")
        keep(books_open, account)
        packed = io.BytesIO()
        with zipfile.ZipFile(packed, "w") as archive:
            archive.writestr("a.csv", SECOND)
            archive.writestr("b.csv", SECOND)
        both = jobs.import_file(books_open, file(packed.getvalue()), name="both.zip").statements
        assert [one.state for one in both] == [StatementState.HELD, StatementState.HELD]
        for one, account_id in zip(both, (account, second), strict=True):
            commands.name_account(books_open, statement_id=one.statement_id, account_id=account_id)
            jobs.import_file(books_open, file(packed.getvalue()), name="both.zip")
        assert (lines_on(books_open, account), lines_on(books_open, second)) == (3, 1)
        assert taken(books_open, SECOND, account_id=second).known == 1


class TestNamingTheAccount:
    def test_lets_the_intake_go_on_by_itself(self, books_open: Ctx, account: int) -> None:
        second = open_account(books_open, "5020-1842")
        keep(books_open, account)
        one = taken(books_open, SECOND)
        named = commands.name_account(books_open, statement_id=one.statement_id, account_id=second)
        assert every(books_open, f"SELECT state FROM banking_statement WHERE id = {one.statement_id}") == [
            ("received",)
        ]
        event = "SELECT max(id) FROM base_event WHERE type = 'banking.FileReceived'"
        ((event_id,),) = every(books_open, event)
        job.handle_event(tenant_id=books_open.tenant_id, event_id=event_id, subscriber="banking.take_file_in")
        assert (named.account_id, lines_on(books_open, second)) == (second, 1)
        waits = every(books_open, "SELECT state, outcome FROM work_item WHERE reason_code = 'banking.which_account'")
        assert waits == [("done", "banking.account_named")]
        assert every(books_open, "SELECT DISTINCT state FROM banking_intake") == [("done",)]

    def test_is_refused_a_second_time_and_for_what_does_not_wait(self, books_open: Ctx, account: int) -> None:
        second = open_account(books_open, "5020-1842")
        keep(books_open, account)
        one = taken(books_open, SECOND)
        commands.name_account(books_open, statement_id=one.statement_id, account_id=second)
        with pytest.raises(commands.AccountKnown):
            commands.name_account(replace(books_open, key=None), statement_id=one.statement_id, account_id=account)

    def test_is_refused_for_no_account_of_the_companys(self, books_open: Ctx, account: int, cilla: Ctx) -> None:
        open_account(books_open, "5020-1842")
        keep(books_open, account)
        one = taken(books_open, SECOND)
        with pytest.raises(commands.AccountDoesNotFit):
            commands.name_account(books_open, statement_id=one.statement_id, account_id=account + 1000)
        with pytest.raises(commands.NoSuchStatement):
            commands.name_account(cilla, statement_id=one.statement_id, account_id=account)
        with pytest.raises(commands.NoSuchAccount):
            jobs.import_file(books_open, file(SECOND), name="later.csv", account_id=account + 1000)

    def test_changes_no_currency_of_a_settled_statement(self, books_open: Ctx, account: int) -> None:
        keep(books_open, account)
        with tenant.scope(books_open.tenant_id), pytest.raises(DatabaseError, match="settled"), transaction.atomic():
            rows.run("UPDATE banking_statement SET currency = 'EUR'", [])


class TestALargeFile:
    def test_is_shown_by_its_head_and_taken_in_whole(self, books_open: Ctx, account: int) -> None:
        row = b"2026-03-%02d;1,00;Customer number %06d of a long name\n"
        data = b"When;How much;Who\n" + b"".join(row % (n % 28 + 1, n) for n in range(50_000))
        assert len(data) > 2_000_000
        head = guide.head(data[at : at + 65_536] for at in range(0, len(data), 65_536))
        assert len(head) < 250_000
        assert head.endswith(b"\n")
        shown = guide.preview(head, OURS)
        assert shown.is_usable
        keep(books_open, account, OURS, data)
        assert lines_on(books_open, account) == 50_000
