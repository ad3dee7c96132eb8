"""The archive: what is filed is found and kept, once by content, until its time is over."""

from dataclasses import replace
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

import psycopg
import pytest
from django.db.utils import DatabaseError

from archived import DAY, YESTERDAY, new_file
from cast import keyed
from documents.conftest import Look
from kvit.base import rows, tenant
from kvit.base.command import Ctx, KeyReused
from kvit.documents import commands, queries
from kvit.documents.domain.files import S3
from kvit.documents.events import FilesErased
from kvit.documents.queries import Sought
from owner import Owner, as_tenant

if TYPE_CHECKING:
    from collections.abc import Sequence

PDF = b"%PDF-1.7 an invoice"


def archive(ctx: Ctx, *contents: bytes, **given: object) -> tuple[int, ...]:
    files = tuple(new_file(content, **given) for content in contents)  # type: ignore[arg-type]
    return commands.archive(ctx, new_files=files).file_ids


def events(ctx: Ctx) -> "Sequence[str]":
    with tenant.scope(ctx.tenant_id):
        return [row[0] for row in rows.select("SELECT type FROM base_event WHERE type LIKE 'documents.%%' ORDER BY id")]


class TestArchiving:
    def test_keeps_a_file_with_its_bytes(self, anna: Ctx, looking: Look) -> None:
        new = new_file(PDF, subject_id=17)
        done = commands.archive(anna, new_files=(new,))
        assert done.new == 1
        found = looking(queries.file, new.sha256)
        assert (found.id, found.size, found.media_type) == (done.file_ids[0], len(PDF), "application/pdf")
        assert looking(queries.content, new.sha256) == PDF
        (filing,) = looking(queries.files_of, "invoice", 17)
        assert (filing.number, filing.kind, filing.name, filing.file) == (
            "F2026-000017",
            "invoice",
            "Faktura-17.pdf",
            found,
        )

    def test_the_same_content_again_keeps_it_once_and_files_it_under_both(self, anna: Ctx, looking: Look) -> None:
        (first,) = archive(anna, PDF, subject_id=1)
        again = commands.archive(anna, new_files=(new_file(PDF, subject_id=1), new_file(PDF, subject_id=2)))
        assert (again.file_ids, again.new) == ((first, first), 0)
        assert len(looking(queries.files_of, "invoice", 1)) == len(looking(queries.files_of, "invoice", 2)) == 1
        assert looking(queries.verify) == ()

    def test_the_same_content_again_keeps_it_as_long_as_the_longer_term_says(self, anna: Ctx, looking: Look) -> None:
        sha256 = new_file(PDF).sha256
        for term in (date(2030, 12, 31), date(2035, 6, 30), date(2031, 12, 31)):
            archive(anna, PDF, keep_until=term)
        assert looking(queries.file, sha256).keep_until == date(2035, 6, 30)

    def test_with_the_same_key_twice_is_done_once(self, anna: Ctx) -> None:
        ctx = keyed(anna, "k1")
        first = commands.archive(ctx, new_files=(new_file(PDF),))
        assert commands.archive(ctx, new_files=(new_file(PDF),)) == first
        with pytest.raises(KeyReused):
            commands.archive(ctx, new_files=(new_file(b"other"),))

    @pytest.mark.parametrize(
        "bad",
        [
            replace(new_file(PDF), content=b"other"),
            replace(new_file(PDF), sha256="0" * 64),
            replace(new_file(PDF), size=1),
            replace(new_file(PDF), name=" "),
            new_file(b""),
            replace(new_file(PDF), store=S3),
        ],
        ids=["content", "hash", "size", "name", "empty", "two places"],
    )
    def test_of_what_is_not_what_it_says_is_refused_and_leaves_nothing(
        self, anna: Ctx, looking: Look, bad: object
    ) -> None:
        with pytest.raises(commands.BadFile):
            commands.archive(anna, new_files=(new_file(b"good"), bad))  # type: ignore[arg-type]
        assert looking(queries.search) == ()

    def test_of_what_lies_in_a_store_keeps_where(self, anna: Ctx, looking: Look) -> None:
        outside = replace(new_file(PDF), content=b"", store=S3)
        commands.archive(anna, new_files=(outside,))
        assert looking(queries.file, outside.sha256).store == S3
        assert looking(queries.content, outside.sha256) is None
        assert looking(queries.verify) == ()

    def test_is_unseen_by_another_company(self, anna: Ctx, cilla: Ctx) -> None:
        archive(anna, PDF)
        hers = commands.archive(cilla, new_files=(new_file(PDF),))
        assert hers.new == 1
        with tenant.scope(cilla.tenant_id):
            assert len(queries.search()) == 1


class TestSearching:
    def test_finds_by_number_kind_and_day_the_latest_first(self, anna: Ctx, looking: Look) -> None:
        days = [DAY, DAY - timedelta(days=40), DAY - timedelta(days=400)]
        for place, day in enumerate(days, 1):
            archive(anna, b"%d" % place, subject_id=place, day=day, kind="invoice" if place < 3 else "reminder")
        numbers = [f"F2026-{place:06d}" for place in (1, 2, 3)]

        def found(below: object = None, **given: Any) -> list[str]:
            return [each.number for each in looking(queries.search, Sought(**given), below=below)]

        assert found() == numbers
        assert found(number="F2026-00000") == numbers
        assert found(number="F2026-000002") == numbers[1:2]
        assert found(number="G") == []
        assert found(kind="reminder") == numbers[2:]
        assert found(since=days[1], until=days[0] - timedelta(days=1)) == numbers[1:2]
        first = looking(queries.search, limit=1)[0]
        assert found(below=(first.document_date, first.id)) == numbers[1:]


class TestErasing:
    def test_lets_a_content_go_whose_time_is_over_and_remembers_that_it_was(self, anna: Ctx, looking: Look) -> None:
        (old,) = archive(anna, PDF, keep_until=YESTERDAY)
        assert [each.id for each in looking(queries.due_for_erasure, DAY, limit=9)] == [old]
        assert commands.erase(anna, file_ids=(old,)).count == 1
        found = looking(queries.files_of, "invoice", 1)[0].file
        assert (found.erased_date, looking(queries.content, found.sha256)) == (DAY, None)
        assert commands.erase(anna, file_ids=(old,)).count == 0
        assert looking(queries.due_for_erasure, DAY, limit=9) == ()
        assert looking(queries.verify) == ()
        assert events(anna) == []

    @pytest.mark.parametrize("until", [DAY, date(2033, 12, 31)])
    def test_before_the_time_is_over_is_refused_for_all(self, anna: Ctx, looking: Look, until: date) -> None:
        old, new = archive(anna, PDF, keep_until=YESTERDAY) + archive(anna, b"new", keep_until=until, subject_id=2)
        with pytest.raises(commands.MustBeKept, match=f"until {until}"):
            commands.erase(anna, file_ids=(old, new))
        assert looking(queries.content, new_file(PDF).sha256) == PDF

    def test_what_is_not_there_is_refused(self, anna: Ctx, cilla: Ctx) -> None:
        (old,) = archive(anna, PDF, keep_until=YESTERDAY)
        with pytest.raises(commands.NoSuchFile):
            commands.erase(cilla, file_ids=(old,))

    def test_of_what_lies_in_a_store_tells_the_store(self, anna: Ctx) -> None:
        outside = replace(new_file(PDF, keep_until=YESTERDAY), content=b"", store=S3)
        (old,) = commands.archive(anna, new_files=(outside,)).file_ids
        commands.erase(anna, file_ids=(old,))
        assert events(anna) == ["documents.FilesErased"]
        assert FilesErased((outside.sha256,)).sha256s == (outside.sha256,)

    def test_is_undone_where_the_same_content_comes_again(self, anna: Ctx, looking: Look) -> None:
        (old,) = archive(anna, PDF, keep_until=YESTERDAY)
        commands.erase(anna, file_ids=(old,))
        assert archive(anna, PDF) == (old,)
        assert looking(queries.content, new_file(PDF).sha256) == PDF
        assert looking(queries.verify) == ()


class TestTheDatabase:
    @pytest.mark.parametrize(
        "statement",
        [
            "DELETE FROM documents_content",
            "UPDATE documents_file SET keep_until = '2000-01-01'",
            "UPDATE documents_file SET erased_date = keep_until",
            "DELETE FROM documents_file",
            "UPDATE documents_file SET sha256 = repeat('0', 64)",
            "UPDATE documents_filing SET number = 'x'",
            "UPDATE documents_content SET content = 'x'",
        ],
    )
    def test_refuses_the_application_what_the_law_forbids(self, anna: Ctx, statement: str) -> None:
        archive(anna, PDF)
        with pytest.raises(DatabaseError), tenant.scope(anna.tenant_id):
            rows.run(statement)  # type: ignore[arg-type]

    def test_lets_contents_go_without_its_trigger(self, anna_live: Ctx, owner: Owner) -> None:
        """The planted fault: the trigger is dropped, and the content can be deleted before its time."""
        archive(anna_live, PDF)
        as_tenant(owner, anna_live.tenant_id)
        with pytest.raises(psycopg.errors.RestrictViolation), owner.transaction():
            owner.execute("DELETE FROM documents_content")
        owner.execute("DROP TRIGGER kept ON documents_content")
        assert owner.execute("DELETE FROM documents_content").rowcount == 1

    def test_lets_terms_be_shortened_without_its_trigger(self, anna_live: Ctx, owner: Owner) -> None:
        """The planted fault: the trigger is dropped, and a term can be shortened."""
        archive(anna_live, PDF)
        as_tenant(owner, anna_live.tenant_id)
        shortened = "UPDATE documents_file SET keep_until = '2000-01-01'"
        with pytest.raises(psycopg.errors.RestrictViolation), owner.transaction():
            owner.execute(shortened)
        owner.execute("DROP TRIGGER kept ON documents_file")
        assert owner.execute(shortened).rowcount == 1


class TestVerifying:
    def test_finds_contents_that_changed_went_or_belong_to_nothing(self, anna_live: Ctx, owner: Owner) -> None:
        """The planted faults: as the owner, without triggers."""
        changed, gone = archive(anna_live, b"one", b"two", subject_id=3)
        as_tenant(owner, anna_live.tenant_id)
        owner.execute("ALTER TABLE documents_content DISABLE TRIGGER USER")
        owner.execute("UPDATE documents_content SET content = 'eno' WHERE sha256 = %s", [new_file(b"one").sha256])
        owner.execute(
            "UPDATE documents_content SET sha256 = repeat('0', 64) WHERE sha256 = %s", [new_file(b"two").sha256]
        )
        from kvit.documents.queries import verification

        found = [text.format(*row) for text, query in verification._CHECKS for row in owner.execute(query).fetchall()]  # type: ignore[call-overload]
        assert f"file {changed} (Faktura-3.pdf): its content is not what was filed" in found
        assert f"file {gone} (Faktura-3.pdf): its content is not there" in found
        assert f"content {'0' * 64}: no file has it" in found
        assert len(found) == 3


class TestTheLook:
    def test_is_chosen_for_what_is_frozen_from_then_on(self, anna: Ctx, looking: Look) -> None:
        logo = new_file(b"<svg/>", subject_kind="company", kind="logo")
        commands.archive(anna, new_files=(logo,))
        commands.choose_look(anna, colour=" #0E5A3C ", logo_sha256=logo.sha256)
        assert (looking(queries.look).colour, looking(queries.look).logo_sha256) == ("#0e5a3c", logo.sha256)
        commands.choose_look(anna, colour="", logo_sha256="")
        assert looking(queries.look).colour == ""

    @pytest.mark.parametrize(("colour", "logo"), [("green", ""), ("#fff", ""), ("", "0" * 64), ("", "../logo.png")])
    def test_that_is_none_is_refused(self, anna: Ctx, colour: str, logo: str) -> None:
        with pytest.raises(commands.BadLook):
            commands.choose_look(anna, colour=colour, logo_sha256=logo)
