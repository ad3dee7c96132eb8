"""Bank files in columns of their own: read by the profile that the company keeps."""

import pytest

from bank_files import IBAN, file
from kvit.banking import commands, jobs, queries
from kvit.banking.domain import StatementState
from kvit.base import tenant
from kvit.base.command import Ctx
from kvit.formats.bank.tabular.profile import Profile, Role, from_plain, to_plain
from receivables import every

OURS = Profile(
    key="own",
    name="Our bank",
    country="SE",
    currency="SEK",
    account=IBAN,
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
        commands.keep_profile(books_open, profile=OURS, intake_id=intake_of(books_open))
        first = jobs.import_file(books_open, file(FIRST), name="first.csv").statements
        assert [(one.state, one.taken, one.account) for one in first] == [(StatementState.BOOKED, 2, IBAN)]
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
