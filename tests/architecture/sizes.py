"""How long a file and a function may be, how many branches and arguments it may have (DESIGN "Names and size")."""

import json
import subprocess
import sys
from pathlib import Path

from architecture.source import FOLDERS, Finding, functions, modules

FILE_LINES = 400
FUNCTION_LINES = 50
BRANCHES = 8
ARGUMENTS = 6


def long_files(root: Path) -> list[Finding]:
    """Files of more than 400 lines, tests included, migrations not."""
    return [
        Finding(m.path, "file", f"{lines} lines, {FILE_LINES} are allowed")
        for m in modules(root, *FOLDERS)
        if "migrations" not in m.parts and (lines := len(m.text.splitlines())) > FILE_LINES
    ]


def long_functions(root: Path) -> list[Finding]:
    """Functions of more than 50 lines from `def` to their last line, the docstring counted."""
    return [
        m.find(function, name, f"{lines} lines, {FUNCTION_LINES} are allowed")
        for m in modules(root, *FOLDERS)
        if "migrations" not in m.parts
        for name, function in functions(m)
        if (lines := (function.end_lineno or function.lineno) - function.lineno + 1) > FUNCTION_LINES
    ]


def crowded_functions(root: Path) -> list[Finding]:
    """Functions of `src` with more than 8 branches or 6 arguments, by ruff; a `noqa` does not help."""
    done = subprocess.run(
        [
            *(sys.executable, "-m", "ruff", "check", "--isolated", "--no-cache", "--ignore-noqa", "--exit-zero"),
            *("--select", "PLR0912,PLR0913", "--output-format", "json"),
            *("--config", f"lint.pylint.max-branches={BRANCHES}", "--config", f"lint.pylint.max-args={ARGUMENTS}"),
            str(root / "src"),
        ],
        capture_output=True,
        text=True,
        check=True,
    )
    names = {(m.path, node.lineno): name for m in modules(root) for name, node in functions(m)}
    found = []
    for report in json.loads(done.stdout):
        path, line = Path(report["filename"]).relative_to(root.resolve()).as_posix(), report["location"]["row"]
        found.append(Finding(path, names[path, line], report["message"], line))
    return found
