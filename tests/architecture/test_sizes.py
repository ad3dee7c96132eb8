"""Each limit of size turns red on the first line, branch or argument too many."""

from pathlib import Path

from architecture import sizes
from architecture.planted import plant


class TestAFile:
    def test_may_have_400_lines_and_not_one_more(self, tmp_path: Path) -> None:
        plant(tmp_path, {"src/kvit/a.py": "x = 1\n" * 400, "tests/test_b.py": "x = 1\n" * 401})
        assert [f.path for f in sizes.long_files(tmp_path)] == ["tests/test_b.py"]

    def test_of_a_migration_is_not_measured(self, tmp_path: Path) -> None:
        plant(tmp_path, {"src/kvit/base/migrations/0001_initial.py": "x = 1\n" * 401})
        assert sizes.long_files(tmp_path) == []


class TestAFunction:
    def test_may_have_50_lines_with_its_docstring_and_not_one_more(self, tmp_path: Path) -> None:
        body = '    """Docs."""\n' + "    x = 1\n"
        fits = "def fits():\n" + body + "    x = 1\n" * 47
        long = "class A:\n    async def long(self):\n" + "        x = 1\n" * 50
        plant(tmp_path, {"src/kvit/a.py": fits + long})
        assert [f.name for f in sizes.long_functions(tmp_path)] == ["A.long"]

    def test_may_have_8_branches_and_not_one_more_whatever_a_noqa_says(self, tmp_path: Path) -> None:
        for count, expected in ((8, 0), (9, 1)):
            branches = "".join(f"    if x == {i}:\n        print({i})\n" for i in range(count))
            plant(tmp_path, {"src/kvit/a.py": "def f(x):  # noqa: PLR0912\n" + branches})
            assert len(sizes.crowded_functions(tmp_path)) == expected

    def test_may_have_6_arguments_and_not_one_more_whatever_a_noqa_says(self, tmp_path: Path) -> None:
        text = "def fits(a, b, *, c, d, e, f): ...\n\n\ndef crowded(a, b, *, c, d, e, f, g): ...  # noqa: PLR0913\n"
        plant(tmp_path, {"src/kvit/a.py": text})
        assert [f.name for f in sizes.crowded_functions(tmp_path)] == ["crowded"]
