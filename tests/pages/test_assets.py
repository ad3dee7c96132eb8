"""What pages ask for is put ready once: nothing that no page names, and nothing twice."""

import re
from pathlib import Path
from typing import Any

import pytest
from django.contrib.staticfiles import finders

from kvit.pages import assets

KVIT = Path(assets.__file__).parents[1]
PLAIN = "django.contrib.staticfiles.storage.StaticFilesStorage"
NAMED = re.compile(r"""static\("([^"]+)"\)|url\("\.\./(fonts/[^"]+)"\)""")


@pytest.fixture
def root(settings: Any, tmp_path: Path) -> Path:
    settings.STATIC_ROOT = tmp_path / "static"
    return tmp_path / "static"


@pytest.fixture
def collected(monkeypatch: pytest.MonkeyPatch) -> list[list[str]]:
    """What each run leaves out, in place of the run."""
    runs: list[list[str]] = []
    monkeypatch.setattr(assets, "call_command", lambda _name, **given: runs.append(given["ignore_patterns"]))
    return runs


def asked_for() -> set[str]:
    """Every name in a template or a stylesheet."""
    files = [*KVIT.rglob("*.html"), *KVIT.rglob("*.css")]
    return {one or other for file in files for one, other in NAMED.findall(file.read_text())}


class TestWhatIsPutReady:
    def test_is_all_that_pages_ask_for(self, root: Path, collected: list[list[str]]) -> None:
        assets.prepare()
        (left_out,) = collected
        names = asked_for()
        assert {"kvit/kvit.css", "fonts/SourceSansPro-Regular.ttf", "django_htmx/htmx-2.min.js"} <= names
        assert [name for name in names if finders.find(name) is None] == []
        assert [name for name in names if name in left_out or name.partition("/")[2] in left_out] == []
        assert {name for name in names if name.startswith(assets.LIBRARIES)} == {
            name for name in assets.USED if not name.endswith(".txt")
        }

    def test_is_put_there_once(self, root: Path, collected: list[list[str]]) -> None:
        assets.prepare()
        assets.prepare()
        assert len(collected) == 1

    def test_is_put_there_again_when_a_file_has_changed(
        self, root: Path, collected: list[list[str]], settings: Any, tmp_path: Path
    ) -> None:
        own = tmp_path / "own"
        own.mkdir()
        (own / "a.css").write_text("a {}")
        settings.STATICFILES_DIRS = [*settings.STATICFILES_DIRS, own]
        finders.get_finder.cache_clear()
        try:
            assets.prepare()
            (own / "a.css").write_text("a { color: red }")
            assets.prepare()
        finally:
            finders.get_finder.cache_clear()
        assert len(collected) == 2

    def test_is_little(self, root: Path) -> None:
        """Little work, too: with the fonts and scripts that no page names it were many times as much."""
        assets.prepare()
        files = [path for path in root.rglob("*") if path.is_file()]
        assert sum(path.stat().st_size for path in files) < 2_000_000
        assert len(files) < 100
        assert len(list(root.rglob("SourceSansPro-*.ttf"))) == 2

    def test_would_be_much_with_all_that_libraries_bring(
        self, root: Path, settings: Any, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        """The planted fault; copied only, for to compress it all takes longer than a hundred tests."""
        settings.STORAGES = {**settings.STORAGES, "staticfiles": {"BACKEND": PLAIN}}
        monkeypatch.setattr(assets, "LIBRARIES", ("nothing/",))
        assets.prepare()
        assert sum(path.stat().st_size for path in root.rglob("*") if path.is_file()) > 2_000_000
