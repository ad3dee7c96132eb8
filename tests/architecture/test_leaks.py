"""Each kind of leak turns red when it is planted; the planted ones are put together here, so that none stands whole."""

import subprocess
from pathlib import Path

import pytest

from architecture import leaks
from architecture.planted import plant


class TestASecret:
    @pytest.mark.parametrize(
        "parts",
        [
            ("-----BEGIN RSA ", "PRIVATE KEY-----"),
            ("AKIA", "ABCDEFGHIJKLMNOP"),
            ("ghp_", "a" * 36),
            ("sk_live_", "a1" * 12),
            ("xoxb-", "123456789012"),
            ("AIza", "x" * 35),
            ("eyJhbGciOiJIUzI1.", "eyJzdWIiOiIxMjM0.abcdefghijklmnop"),
            ("postgresql://kvit:", "hunter2hunter2@[::1]/kvit"),
        ],
        ids=lambda parts: parts[0],
    )
    def test_is_found_in_any_file(self, parts: tuple[str, str], tmp_path: Path) -> None:
        plant(tmp_path, {"docs/a.md": f"one\nsee {''.join(parts)} here\n"})
        assert [f.line for f in leaks.secrets(tmp_path)] == [2]

    def test_is_not_seen_in_ordinary_text(self, tmp_path: Path) -> None:
        lines = ("postgresql://kvit:password@localhost/kvit", "https://example.org/a:b", "SE45500000000583", "a" * 64)
        plant(tmp_path, {"README.md": "\n".join(lines)})
        assert leaks.secrets(tmp_path) == []


class TestARegistry:
    @pytest.mark.parametrize("line", ["https://pypi%org/simple", "--extra-index%url x", "files.pythonhosted%org"])
    def test_is_found(self, line: str, tmp_path: Path) -> None:
        plant(tmp_path, {"requirements/runtime.lock": "a==1\n" + line.replace("%o", ".o").replace("%", "-")})
        assert [f.line for f in leaks.registry_hosts(tmp_path)] == [2]


class TestAPathOfThisMachine:
    def test_is_found_for_the_checkout_and_for_what_lies_beside_it(self, tmp_path: Path) -> None:
        checkout, beside = tmp_path / "checkout", tmp_path / "shared"
        beside.mkdir()
        lines = (f"{checkout}/src", f"{beside}/rules", "/elsewhere/x", "/usr/lib/x")
        plant(checkout, {"a.txt": "\n".join(lines)})
        assert [f.line for f in leaks.machine_paths(checkout)] == [1, 2]

    def test_is_not_seen_in_the_path_of_a_page(self, tmp_path: Path) -> None:
        plant(tmp_path, {"a.py": "url = '/work/items/'\n"})
        assert leaks.machine_paths(tmp_path) == []


class TestTrackedFiles:
    def test_are_what_git_knows_or_would_add(self, tmp_path: Path) -> None:
        plant(tmp_path, {"known.py": "", "new.py": "", "left.log": "", ".gitignore": "*.log\n"})
        for words in (["init", "-q"], ["add", "known.py"]):
            subprocess.run(["git", "-C", str(tmp_path), *words], check=True, capture_output=True)
        assert [p.name for p in leaks.tracked_files(tmp_path)] == [".gitignore", "known.py", "new.py"]

    def test_without_git_are_those_not_hidden(self, tmp_path: Path) -> None:
        plant(tmp_path, {"a.py": "", ".venv/b.py": ""})
        assert [p.name for p in leaks.tracked_files(tmp_path)] == ["a.py"]
