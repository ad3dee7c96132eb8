"""Each rule on the shape of a command or a refusal turns red on a planted fault."""

from pathlib import Path
from textwrap import dedent

import pytest

from architecture import commands
from architecture.planted import plant

GOOD = """
    from dataclasses import dataclass
    from kvit.base.command import Ctx, command

    @dataclass(frozen=True)
    class Posted:
        entry_id: int

    @command
    def post(ctx: Ctx, *, amount_minor: int) -> Posted:
        return Posted(1)
"""


def planted(tmp_path: Path, old: str, new: str, path: str = "src/kvit/ledger/commands/posting.py") -> list[str]:
    text = dedent(GOOD)
    assert old in text
    plant(tmp_path, {path: text.replace(old, new)})
    return [finding.what for finding in commands.misshapen_commands(tmp_path)]


class TestACommand:
    def test_of_the_usual_shape_is_found_well(self, tmp_path: Path) -> None:
        assert planted(tmp_path, "@command", "@command") == []
        assert planted(tmp_path, "@command", "@command", "src/kvit/base/login.py") == []

    def test_may_answer_with_what_a_package_passes_on(self, tmp_path: Path) -> None:
        answers = "import dataclasses\n\n@dataclasses.dataclass(frozen=True, slots=True)\nclass Answer: ...\n"
        plant(tmp_path, {"src/kvit/ledger/domain/__init__.py": "from kvit.ledger.domain.answers import Answer\n"})
        plant(tmp_path, {"src/kvit/ledger/domain/answers.py": answers})
        assert planted(tmp_path, " -> Posted", " -> domain.Answer") != []  # nothing was imported
        text = "from kvit.ledger import domain\n" + dedent(GOOD).replace("-> Posted", "-> domain.Answer")
        plant(tmp_path, {"src/kvit/ledger/commands/posting.py": text})
        assert commands.misshapen_commands(tmp_path) == []

    @pytest.mark.parametrize("path", ["src/kvit/ledger/queries.py", "src/kvit/flows/a.py", "src/kvit/ledger/jobs.py"])
    def test_stands_in_commands(self, path: str, tmp_path: Path) -> None:
        assert planted(tmp_path, "@command", "@command", path) == ["is a command outside of `commands`"]

    @pytest.mark.parametrize(
        ("old", "new"),
        [
            (" -> Posted", ""),
            (" -> Posted", " -> int"),
            (" -> Posted", " -> Posted | None"),
            ("frozen=True", "slots=True"),
            ("frozen=True", "frozen=False"),
        ],
    )
    def test_answers_with_a_frozen_dataclass(self, old: str, new: str, tmp_path: Path) -> None:
        assert planted(tmp_path, old, new) == ["does not say that it answers with a frozen dataclass"]

    @pytest.mark.parametrize(
        ("old", "new", "wrong"),
        [
            ("ctx: Ctx, *, ", "ctx: Ctx, ", "takes something after ctx that is not keyword-only"),
            (
                "amount_minor: int",
                "amount_minor: int, **rest: int",
                "takes something after ctx that is not keyword-only",
            ),
            ("ctx: Ctx, *,", "*,", "does not take `ctx: Ctx` first"),
            ("ctx: Ctx", "ctx: int", "does not take `ctx: Ctx` first"),
            ("ctx: Ctx", "context: Ctx", "does not take `ctx: Ctx` first"),
            ("amount_minor: int", "amount_minor", "has an argument without a type"),
            ("def post", "async def post", "is async"),
        ],
    )
    def test_takes_ctx_and_typed_names(self, old: str, new: str, wrong: str, tmp_path: Path) -> None:
        assert planted(tmp_path, old, new) == [wrong]

    def test_is_known_under_another_name_too(self, tmp_path: Path) -> None:
        text = dedent(GOOD).replace("import Ctx, command", "import Ctx, command as act").replace("@command", "@act")
        plant(tmp_path, {"src/kvit/ledger/queries.py": text})
        assert len(commands.misshapen_commands(tmp_path)) == 1

    @pytest.mark.parametrize(
        "text",
        [
            "import httpx",
            "from urllib.request import urlopen",
            "import socket",
            "def f():\n    import smtplib",
            "from kvit.base import http",
            "from kvit.base.http import get",
            "from django.core.mail import send_mail",
        ],
    )
    def test_calls_nobody_outside(self, text: str, tmp_path: Path) -> None:
        plant(tmp_path, {"src/kvit/ledger/commands/a.py": text, "src/kvit/ledger/adapters/a.py": text})
        assert [f.path for f in commands.network_in_commands(tmp_path)] == ["src/kvit/ledger/commands/a.py"]

    def test_may_take_urls_apart(self, tmp_path: Path) -> None:
        plant(
            tmp_path, {"src/kvit/ledger/commands.py": "from urllib.parse import urlsplit\nfrom kvit.base import rows"}
        )
        assert commands.network_in_commands(tmp_path) == []


class TestARefusal:
    def found(self, tmp_path: Path, text: str, path: str = "src/kvit/ledger/domain/a.py") -> list[str]:
        plant(tmp_path, {path: "from kvit.kernel.refusals import DomainError\n" + dedent(text)})
        return [finding.name for finding in commands.misshapen_refusals(tmp_path)]

    def test_has_a_code_of_its_own(self, tmp_path: Path) -> None:
        text = """
            from typing import ClassVar
            class Unbalanced(DomainError):
                code: ClassVar[str] = "ledger.unbalanced"
            class Worse(Unbalanced):
                code = "ledger.worse"
            class NoRefusal(ValueError): ...
        """
        assert self.found(tmp_path, text) == []

    @pytest.mark.parametrize(
        "body",
        ["pass", 'code = ""', 'code = "unbalanced"', 'code = PREFIX + "x"', 'code = "Ledger.Unbalanced"', "code: str"],
    )
    def test_without_a_plain_code_is_found(self, body: str, tmp_path: Path) -> None:
        assert self.found(tmp_path, f"class Unbalanced(DomainError):\n    {body}\n") == ["Unbalanced"]

    def test_that_inherits_its_code_is_found_across_files(self, tmp_path: Path) -> None:
        self.found(
            tmp_path, 'class Unbalanced(DomainError):\n    code = "ledger.unbalanced"\n', "src/kvit/ledger/domain/z.py"
        )
        text = "from kvit.ledger.domain import z\nclass Worse(z.Unbalanced):\n    pass\n"
        assert self.found(tmp_path, text) == ["Worse"]

    def test_with_the_code_of_another_is_found(self, tmp_path: Path) -> None:
        text = 'class A(DomainError):\n    code = "ledger.a"\nclass B(DomainError):\n    code = "ledger.a"\n'
        assert self.found(tmp_path, text) == ["B"]

    def test_of_a_value_needs_no_prefix(self, tmp_path: Path) -> None:
        assert self.found(tmp_path, 'class A(DomainError):\n    code = "a"\n', "src/kvit/kernel/a.py") == []
