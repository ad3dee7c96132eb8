"""A file from outside is kept whole and once, in parts, and a crash half-way costs nothing."""

import hashlib
import io
import os
from typing import Any

import pytest

from cast import in_threads
from kvit.base import files, rows, tenant
from kvit.base.command import Ctx
from kvit.base.files import PART_BYTES, Kept

THREE_PARTS = os.urandom(PART_BYTES) + b"\0" * PART_BYTES + b"the end"


class Crash(BaseException):
    """The process is gone."""


def keep(ctx: Ctx, content: bytes, name: str = "bank.txt") -> Kept:
    return files.keep(ctx, io.BytesIO(content), name=name)


def read(ctx: Ctx, sha256: str) -> bytes:
    with tenant.scope(ctx.tenant_id):
        return b"".join(files.read_parts(sha256))


def count(ctx: Ctx, table: str) -> int:
    with tenant.scope(ctx.tenant_id):
        return int(rows.select(f"SELECT count(*) FROM {table}")[0][0])


class TestAFile:
    @pytest.mark.parametrize(
        ("content", "parts"),
        [(b"", 0), (b"x", 1), (b"\0" * PART_BYTES, 1), (b"x" * (PART_BYTES + 1), 2), (THREE_PARTS, 3)],
        ids=["empty", "one byte", "one part", "a byte more", "three parts"],
    )
    def test_comes_back_as_it_was(self, content: bytes, parts: int, anna: Ctx) -> None:
        kept = keep(anna, content)
        assert kept.sha256 == hashlib.sha256(content).hexdigest()
        assert read(anna, kept.sha256) == content
        assert count(anna, "base_filepart") == parts

    def test_has_a_row_with_its_name_size_and_command(self, anna: Ctx) -> None:
        kept = keep(anna, b"content", "n" * 300)
        with tenant.scope(anna.tenant_id):
            ((name, size, at, by),) = rows.select(
                "SELECT f.name, f.size, f.at, c.name FROM base_file f JOIN base_command c ON c.id = f.command_id "
                "WHERE f.id = %s",
                [kept.file_id],
            )
        assert (name, size, at, by) == ("n" * 255, 7, anna.now, "base.keep_file")

    def test_is_rewound_for_who_reads_it_next(self, anna: Ctx) -> None:
        source = io.BytesIO(THREE_PARTS)
        source.seek(5)
        files.keep(anna, source, name="a")
        assert source.tell() == 0

    def test_is_deflated(self, anna: Ctx) -> None:
        keep(anna, b"\0" * PART_BYTES)
        with tenant.scope(anna.tenant_id):
            ((size,),) = rows.select("SELECT sum(length(content)) FROM base_filepart")
        assert size < PART_BYTES // 100

    def test_leaves_its_content_out_of_the_audit(self, anna: Ctx) -> None:
        keep(anna, THREE_PARTS)
        with tenant.scope(anna.tenant_id):
            ((longest,),) = rows.select("SELECT max(length(input::text)) FROM base_command")
        assert longest < 1000

    def test_that_came_before_is_kept_once_under_its_first_name(self, anna: Ctx) -> None:
        first = keep(anna, THREE_PARTS, "monday.txt")
        again = keep(anna, THREE_PARTS, "tuesday.txt")
        assert (first.is_new, again.is_new) == (True, False)
        assert again.file_id == first.file_id
        assert (count(anna, "base_file"), count(anna, "base_filepart")) == (1, 3)

    def test_of_another_tenant_is_neither_found_nor_shared(self, anna: Ctx, cilla: Ctx) -> None:
        kept = keep(anna, b"secret of Nordvik")
        assert read(cilla, kept.sha256) == b""
        assert keep(cilla, b"secret of Nordvik").is_new

    @pytest.mark.race
    def test_that_comes_sixteen_times_at_once_is_kept_once(self, anna_live: Ctx) -> None:
        answers = [a for a in in_threads(16, lambda _: keep(anna_live, THREE_PARTS)) if isinstance(a, Kept)]
        assert sorted(answer.is_new for answer in answers) == [False] * 15 + [True]
        assert len({answer.file_id for answer in answers}) == 1
        assert (count(anna_live, "base_file"), count(anna_live, "base_filepart")) == (1, 3)


class TestACrash:
    @pytest.mark.parametrize("at", [0, 1, 2])
    def test_between_the_parts_leaves_no_file_and_the_next_try_completes_it(
        self, at: int, anna_live: Ctx, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        with monkeypatch.context() as patch:
            patch.setattr(files, "keep_part", _crashing(at))
            with pytest.raises(Crash):
                keep(anna_live, THREE_PARTS)
        assert (count(anna_live, "base_file"), count(anna_live, "base_filepart")) == (0, at)
        kept = keep(anna_live, THREE_PARTS)
        assert kept.is_new
        assert read(anna_live, kept.sha256) == THREE_PARTS

    def test_before_the_row_of_the_file_leaves_the_parts_to_the_next_try(
        self, anna_live: Ctx, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        with monkeypatch.context() as patch:
            patch.setattr(files, "keep_file", _crashing(0))
            with pytest.raises(Crash):
                keep(anna_live, THREE_PARTS)
        assert (count(anna_live, "base_file"), count(anna_live, "base_filepart")) == (0, 3)
        assert read(anna_live, keep(anna_live, THREE_PARTS).sha256) == THREE_PARTS
        assert count(anna_live, "base_filepart") == 3

    def test_after_the_row_would_lose_content_if_the_row_came_first(
        self, anna_live: Ctx, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        """The planted fault: the row of the file first, the parts after it."""
        sha256, size = files.digest(io.BytesIO(THREE_PARTS))
        files.keep_file(anna_live, sha256=sha256, name="a", size=size)
        monkeypatch.setattr(files, "keep_part", _crashing(1))
        with pytest.raises(Crash):
            keep(anna_live, THREE_PARTS)
        assert count(anna_live, "base_file") == 1
        assert read(anna_live, sha256) != THREE_PARTS


def _crashing(after: int) -> Any:
    real, done = files.keep_part, iter(range(after))

    def crash(ctx: Ctx, **given: Any) -> Any:
        if next(done, None) is None:
            raise Crash
        return real(ctx, **given)

    return crash
