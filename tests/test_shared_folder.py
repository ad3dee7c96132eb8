"""The locator of the shared folder finds it from any depth and never skips by mistake."""

from pathlib import Path

import pytest

import shared_folder


class TestTheSharedFolder:
    def test_is_found_from_a_worktree_that_lies_deeper(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.delenv("KVIT_SHARED", raising=False)
        (tmp_path / "shared" / "conformance").mkdir(parents=True)
        deep = tmp_path / "trees" / "one" / "tests" / "file.py"
        assert shared_folder.find(deep) == (tmp_path / "shared").resolve()

    def test_is_none_where_there_is_none(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.delenv("KVIT_SHARED", raising=False)
        (tmp_path / "shared").mkdir()
        assert shared_folder.find(tmp_path / "file.py") is None

    def test_can_be_named_by_the_environment(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        (tmp_path / "conformance").mkdir()
        monkeypatch.setenv("KVIT_SHARED", str(tmp_path))
        assert shared_folder.find(Path(__file__)) == tmp_path

    def test_is_an_error_when_the_environment_names_something_else(
        self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setenv("KVIT_SHARED", str(tmp_path))
        with pytest.raises(RuntimeError, match="KVIT_SHARED"):
            shared_folder.find(Path(__file__))
