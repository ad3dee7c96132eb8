"""What goes by itself when its term is over, what stays as long as it is used, what a store outside has lost."""

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest

from archived import DAY, YESTERDAY, new_file, new_sheet
from document_logo import LOGO
from documents.conftest import Look
from kvit.base.command import Ctx
from kvit.documents import commands, jobs, queries
from kvit.documents.commands import MustBeKept, NewSheet
from kvit.documents.domain import colours, stores
from kvit.documents.domain.colours import FaintColour
from kvit.documents.domain.files import S3
from kvit.documents.domain.refusals import ContentLost
from kvit.documents.domain.sheet import EInvoice


def archive(ctx: Ctx, *files: Any) -> tuple[int, ...]:
    return commands.archive(ctx, new_files=files).file_ids


def contents(looking: Look, *files: Any) -> list[bool]:
    return [looking(queries.content, file.sha256) is not None for file in files]


class TestEveryNight:
    def test_goes_what_is_over_and_nothing_else(self, anna: Ctx, looking: Look) -> None:
        terms = (YESTERDAY - timedelta(days=900), YESTERDAY, DAY, date(2033, 12, 31))
        files = [new_file(b"%d" % place, subject_id=place, keep_until=term) for place, term in enumerate(terms, 1)]
        archive(anna, *files)
        assert jobs.erase_over(anna) == 2
        assert contents(looking, *files) == [False, False, True, True]
        assert jobs.erase_over(anna) == 0
        assert looking(queries.verify) == ()

    def test_does_it_in_chunks(self, anna: Ctx, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(jobs, "LEFT_AT_ONCE", 2)
        archive(anna, *(new_file(b"%d" % place, subject_id=place, keep_until=YESTERDAY) for place in range(5)))
        assert jobs.erase_over(anna) == 5

    def test_would_be_stopped_if_it_asked_for_too_much(
        self, anna: Ctx, looking: Look, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        """The planted fault: the query names what must be kept; the command refuses it, and nothing goes."""
        file = new_file(keep_until=DAY)
        archive(anna, file)
        due = queries.due_for_erasure
        monkeypatch.setattr(queries, "due_for_erasure", lambda day, limit: due(day + timedelta(days=1), limit=limit))
        with pytest.raises(MustBeKept):
            jobs.erase_over(anna)
        assert contents(looking, file) == [True]


class TestWhatIsUsed:
    def test_stays_while_it_is_the_logo(self, anna: Ctx, looking: Look) -> None:
        logo, other = (new_file(content, keep_until=YESTERDAY, kind="logo") for content in (LOGO, LOGO + b"\n"))
        (logo_id, _) = archive(anna, logo, other)
        commands.choose_look(anna, colour="", logo_sha256=logo.sha256)
        assert jobs.erase_over(anna) == 1
        assert contents(looking, logo, other) == [True, False]
        with pytest.raises(MustBeKept, match="still drawn with it"):
            commands.erase(anna, file_ids=(logo_id,))
        commands.choose_look(anna, colour="", logo_sha256="")
        assert jobs.erase_over(anna) == 1

    def test_stays_until_the_sheet_that_names_it_is_drawn(self, anna: Ctx, looking: Look) -> None:
        xml = new_file(b"<Invoice/>", keep_until=YESTERDAY, kind="einvoice", media_type="application/xml")
        archive(anna, xml)
        new = new_sheet(7)
        sheet = replace(new.sheet, einvoice=EInvoice(xml.sha256, "EN 16931"))
        renderings = commands.freeze(anna, sheets=(NewSheet("invoice", 7, sheet),)).rendering_ids
        assert jobs.erase_over(anna) == 0
        assert jobs.draw_all(anna, renderings) == 1
        assert jobs.erase_over(anna) == 1
        assert contents(looking, xml) == [False]


class TestAColour:
    @pytest.mark.parametrize(
        ("colour", "contrast"), [("#ffffff", 1.0), ("#000000", 21.0), ("#777777", 4.48), ("#767676", 4.54)]
    )
    def test_has_the_contrast_of_the_standard(self, colour: str, contrast: float) -> None:
        """WCAG 2.2, relative luminance; #767676 is the lightest grey that small text may have on white."""
        assert round(float(colours.contrast(colour)), 2) == contrast

    @pytest.mark.parametrize("colour", ["#ffd500", "#ffffff", "#7fffd4", "#ff9900"])
    def test_that_is_too_light_is_refused_with_one_that_is_not(self, anna: Ctx, looking: Look, colour: str) -> None:
        near = colours.readable(colour)
        assert colours.is_readable(near)
        with pytest.raises(FaintColour, match=near):
            commands.choose_look(anna, colour=colour, logo_sha256="")
        assert looking(queries.look).colour == ""
        commands.choose_look(anna, colour=near, logo_sha256="")
        assert looking(queries.look).colour == near

    def test_would_be_taken_without_the_guard(self, anna: Ctx, monkeypatch: pytest.MonkeyPatch) -> None:
        """The planted fault: every colour counts as readable."""
        monkeypatch.setattr(colours, "is_readable", lambda colour: True)
        assert commands.choose_look(anna, colour="#ffd500", logo_sha256="").look_id


class Bucket:
    """A store in memory."""

    def __init__(self) -> None:
        self.contents: dict[str, bytes] = {}

    def put(self, sha256: str, content: bytes, *, media_type: str) -> None:
        self.contents[sha256] = content

    def get(self, sha256: str) -> bytes:
        if sha256 not in self.contents:
            raise ContentLost(f"content {sha256} is not there")
        return self.contents[sha256]

    def erase(self, sha256: str) -> None:
        self.contents.pop(sha256, None)


class TestAStoreOutside:
    def test_is_asked_for_every_file_that_lies_there(self, anna: Ctx, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(jobs, "LEFT_AT_ONCE", 1)
        files = [new_file(b"%d" % place, subject_id=place) for place in range(3)]
        archive(anna, *(replace(file, content=b"", store=S3) for file in files))
        bucket = Bucket()
        with stores.using(bucket):
            for file in files:
                bucket.put(file.sha256, b"x", media_type="")
            assert jobs.lost_outside(anna.tenant_id) == ()
            bucket.erase(files[1].sha256)
            (problem,) = jobs.lost_outside(anna.tenant_id)
        assert files[1].name in problem.reason
        assert "not there" in problem.reason

    def test_that_the_settings_do_not_name_is_told(self, anna: Ctx) -> None:
        archive(anna, replace(new_file(), content=b"", store=S3))
        (problem,) = jobs.lost_outside(anna.tenant_id)
        assert "settings do not name" in problem.reason
