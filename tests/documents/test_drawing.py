"""Sheets are frozen, drawn after commit and filed, whatever goes wrong on the way."""

from collections.abc import Iterator
from dataclasses import replace

import pytest
from django.db.utils import DatabaseError

import document_samples as samples
from archived import new_file, new_sheet
from cast import keyed
from document_logo import LOGO
from documents import reading
from documents.conftest import Look
from documents.test_store import opened
from kvit.base import rows, tenant
from kvit.base.command import Ctx, KeyReused
from kvit.base.lifecycle import NotMovable
from kvit.documents import commands, jobs, queries
from kvit.documents.commands import NewSheet
from kvit.documents.domain import stores
from kvit.documents.domain.checks import BadSheet
from kvit.documents.domain.files import S3
from kvit.documents.domain.lifecycle import RenderingState
from kvit.documents.domain.ports import Attached
from kvit.documents.domain.refusals import NotRenderable
from kvit.documents.domain.sheet import EInvoice, Sheet, Total
from kvit.documents.events import FilesErased, RenderingsWanted
from kvit.world.simulators import s3
from kvit.world.simulators.s3 import Store

SOUND = new_sheet()
XML = b'<?xml version="1.0"?><Invoice/>'


def frozen(ctx: Ctx, *sheets: NewSheet) -> tuple[int, ...]:
    return commands.freeze(ctx, sheets=sheets or (SOUND,)).rendering_ids


def events(ctx: Ctx, kind: str) -> list[dict[str, object]]:
    import json

    with tenant.scope(ctx.tenant_id):
        return [
            json.loads(row[0])
            for row in rows.select("SELECT body FROM base_event WHERE type = %s ORDER BY id", [f"documents.{kind}"])
        ]


class Broken:
    """A renderer that draws nothing of one number."""

    def __init__(self, number: str) -> None:
        self.number = number

    def pdf(self, sheet: Sheet, *, logo: bytes | None = None, attached: Attached | None = None) -> bytes:
        if sheet.number == self.number:
            raise NotRenderable("made up")
        return jobs._renderer.pdf(sheet, logo=logo, attached=attached)


@pytest.fixture
def bucket() -> Iterator[Store]:
    with Store().running() as running, stores.using(opened(running)):
        yield running


class TestFreezing:
    def test_keeps_the_sheet_as_it_is_and_wants_it_drawn(self, anna: Ctx, looking: Look) -> None:
        (rendering,) = frozen(anna)
        assert looking(queries.sheet_of, "invoice", 1) == SOUND.sheet
        assert looking(queries.sheet_of, "invoice", 1).canonical() == SOUND.sheet.canonical()
        assert looking(queries.standing_of, "invoice", 1).state is RenderingState.WANTED
        assert events(anna, "RenderingsWanted") == [{"rendering_ids": [rendering]}]

    def test_the_same_sheet_again_changes_nothing(self, anna: Ctx) -> None:
        first = frozen(anna)
        assert frozen(anna) == first
        assert len(events(anna, "RenderingsWanted")) == 1

    def test_with_the_same_key_twice_is_done_once(self, anna: Ctx) -> None:
        ctx = keyed(anna, "k")
        assert frozen(ctx) == frozen(ctx)
        with pytest.raises(KeyReused):
            frozen(ctx, new_sheet(2))

    def test_of_what_does_not_add_up_is_refused_and_leaves_nothing(self, anna: Ctx, looking: Look) -> None:
        net, *rest = SOUND.sheet.totals
        wrong = replace(SOUND, sheet=replace(SOUND.sheet, totals=(Total(net.name, net.amount_minor + 1), *rest)))
        with pytest.raises(BadSheet, match="its lines make"):
            frozen(anna, new_sheet(2), wrong)
        assert looking(queries.left_to_draw, limit=9) == ()

    def test_is_for_good(self, anna: Ctx) -> None:
        frozen(anna)
        with pytest.raises(DatabaseError), tenant.scope(anna.tenant_id):
            rows.run("UPDATE documents_sheet SET body = ''")

    def test_is_unseen_by_another_company(self, anna: Ctx, cilla: Ctx) -> None:
        renderings = frozen(anna)
        assert jobs.draw_all(cilla, renderings) == 0
        with tenant.scope(cilla.tenant_id):
            assert queries.sheet_of("invoice", 1) is None


class TestDrawing:
    def test_files_the_pdf_under_its_subject_for_as_long_as_the_law_wants(self, anna: Ctx, looking: Look) -> None:
        renderings = frozen(anna)
        assert jobs.draw_all(anna, renderings) == 1
        (filing,) = looking(queries.files_of, "invoice", 1)
        assert filing.name == "Faktura-F2026-000001-Nordljus-Telekom-AB.pdf"
        assert (str(filing.file.keep_until), filing.language) == ("2034-12-31", "sv")
        pdf = looking(queries.content, filing.file.sha256)
        assert pdf == jobs._renderer.pdf(SOUND.sheet)
        assert looking(queries.standing_of, "invoice", 1).state is RenderingState.DONE
        assert looking(queries.verify) == ()

    def test_twice_files_it_once(self, anna: Ctx, looking: Look) -> None:
        renderings = frozen(anna)
        assert jobs.draw_all(anna, renderings) + jobs.draw_all(anna, renderings) == 1
        assert len(looking(queries.search)) == 1

    def test_by_two_workers_at_once_files_it_once(self, anna: Ctx, looking: Look) -> None:
        (rendering,) = frozen(anna)
        drawn = commands.Drawn(rendering, new_file())
        assert [commands.file_drawn(anna, drawn=(drawn,)).count for _ in range(2)] == [1, 0]
        assert len(events(anna, "SheetsFiled")) == 1

    def test_takes_large_sets_chunk_by_chunk(self, anna: Ctx, looking: Look, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(jobs, "CHUNK", 2)
        renderings = frozen(anna, *(new_sheet(place) for place in range(1, 6)))
        assert jobs.draw_all(anna, renderings) == 5
        assert [len(each["rendering_ids"]) for each in events(anna, "SheetsFiled")] == [2, 2, 1]  # type: ignore[arg-type]

    def test_that_broke_off_goes_on_with_what_is_left(self, anna: Ctx, looking: Look) -> None:
        first, second = frozen(anna, new_sheet(1), new_sheet(2))
        jobs.draw_all(anna, [first])
        jobs.draw(anna, RenderingsWanted((first, second)))
        assert looking(queries.left_to_draw, limit=9) == ()

    def test_that_was_left_lying_is_done_by_the_clock(self, anna: Ctx, looking: Look) -> None:
        frozen(anna)
        jobs.draw_left.func(0)
        assert looking(queries.standing_of, "invoice", 1).state is RenderingState.DONE

    def test_puts_the_archived_logo_and_e_invoice_in(self, anna: Ctx, looking: Look) -> None:
        logo = new_file(LOGO, subject_kind="company", kind="logo", media_type="image/svg+xml")
        xml = new_file(XML, kind="einvoice", media_type="application/xml")
        commands.archive(anna, new_files=(logo, xml))
        sheet = replace(
            SOUND.sheet,
            look=samples.Look("#0e5a3c", logo.sha256),
            einvoice=EInvoice(xml.sha256, "EN 16931"),
        )
        jobs.draw_all(anna, frozen(anna, NewSheet("invoice", 1, sheet)))
        pdf = looking(queries.content, looking(queries.files_of, "invoice", 1, kind="invoice")[0].file.sha256)
        assert pdf == jobs._renderer.pdf(sheet, logo=LOGO, attached=Attached(XML))
        assert reading.attachments(pdf) == {"factur-x.xml": XML}


class TestADocumentInTrouble:
    def test_whose_logo_cannot_be_read_is_made_without_it_and_says_so(self, anna: Ctx, looking: Look) -> None:
        logo = new_file(b"no picture", subject_kind="company", kind="logo")
        commands.archive(anna, new_files=(logo,))
        sheet = replace(SOUND.sheet, look=samples.Look("", logo.sha256))
        (rendering,) = frozen(anna, NewSheet("invoice", 1, sheet))
        jobs.draw_all(anna, [rendering])
        assert looking(queries.standing_of, "invoice", 1).state is RenderingState.DONE
        (said,) = events(anna, "RenderingTroubled")
        assert (said["is_drawn"], said["reason_code"]) == (True, "documents.unreadable_logo")

    def test_that_cannot_be_drawn_fails_alone_with_its_reason(self, anna: Ctx, looking: Look) -> None:
        renderings = frozen(anna, new_sheet(1), new_sheet(2), new_sheet(3))
        assert jobs.draw_all(anna, renderings, renderer=Broken("F2026-000002")) == 2
        standing = looking(queries.standing_of, "invoice", 2)
        assert (standing.state, standing.reason) == (RenderingState.FAILED, "made up")
        assert looking(queries.sheet_of, "invoice", 2) == new_sheet(2).sheet
        (said,) = events(anna, "RenderingTroubled")
        assert (said["subject_id"], said["is_drawn"]) == (2, False)

    def test_is_drawn_again_when_somebody_says_so(self, anna: Ctx, looking: Look) -> None:
        (rendering,) = frozen(anna)
        jobs.draw_all(anna, [rendering], renderer=Broken("F2026-000001"))
        commands.draw_again(anna, rendering_ids=(rendering,))
        jobs.draw_all(anna, [rendering])
        assert looking(queries.standing_of, "invoice", 1).state is RenderingState.DONE
        with pytest.raises(NotMovable):
            commands.draw_again(anna, rendering_ids=(rendering,))

    def test_whose_e_invoice_is_not_in_the_archive_waits(self, anna: Ctx, looking: Look) -> None:
        sheet = replace(SOUND.sheet, einvoice=EInvoice("0" * 64, "EN 16931"))
        jobs.draw_all(anna, frozen(anna, NewSheet("invoice", 1, sheet)))
        assert looking(queries.standing_of, "invoice", 1).state is RenderingState.FAILED

    def test_that_is_done_is_not_said_to_have_failed(self, anna: Ctx) -> None:
        (rendering,) = frozen(anna)
        jobs.draw_all(anna, [rendering])
        done = commands.record_trouble(anna, rendering_id=rendering, reason_code="documents.x", reason="late")
        assert not done.is_failed


class TestAStoreOutside:
    def test_has_the_content_and_the_database_what_it_is(self, anna: Ctx, looking: Look, bucket: Store) -> None:
        jobs.draw_all(anna, frozen(anna))
        (filing,) = looking(queries.files_of, "invoice", 1)
        assert (filing.file.store, looking(queries.content, filing.file.sha256)) == (S3, None)
        ((content, media_type),) = bucket.objects.values()
        assert (content, media_type) == (jobs._renderer.pdf(SOUND.sheet), "application/pdf")
        assert looking(queries.verify) == ()

    def test_that_is_silent_leaves_the_sheet_wanted(self, anna: Ctx, looking: Look, bucket: Store) -> None:
        renderings = frozen(anna)
        bucket.troubles.append(s3.BUSY)
        with pytest.raises(jobs.StoreSilent):
            jobs.draw_all(anna, renderings)
        assert looking(queries.left_to_draw, limit=9) == renderings
        assert jobs.draw_all(anna, renderings) == 1

    def test_has_the_logo_too(self, anna: Ctx, looking: Look, bucket: Store) -> None:
        logo = new_file(LOGO, subject_kind="company", kind="logo")
        commands.archive(anna, new_files=(replace(logo, content=b"", store=S3),))
        opened(bucket).put(logo.sha256, LOGO, media_type="image/svg+xml")
        sheet = replace(SOUND.sheet, look=samples.Look("", logo.sha256))
        jobs.draw_all(anna, frozen(anna, NewSheet("invoice", 1, sheet)))
        assert events(anna, "RenderingTroubled") == []

    def test_lets_go_what_was_erased(self, anna: Ctx, looking: Look, bucket: Store) -> None:
        jobs.draw_all(anna, frozen(anna))
        file = looking(queries.files_of, "invoice", 1)[0].file
        much_later = replace(anna, now=anna.now.replace(year=2040))
        jobs.erase_contents(anna, FilesErased((file.sha256,)))
        assert len(bucket.objects) == 1  # nothing was erased yet
        commands.erase(much_later, file_ids=(file.id,))
        jobs.erase_contents(anna, FilesErased((file.sha256,)))
        assert bucket.objects == {}
        assert looking(queries.sheet_of, "invoice", 1) is None
        assert looking(queries.verify) == ()
