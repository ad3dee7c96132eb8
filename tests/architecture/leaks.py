"""What must not stand in any tracked file: secrets, hosts of package registries, paths of the machine at hand."""

import re
import subprocess
from collections.abc import Iterator
from pathlib import Path

from architecture.source import Finding

SECRETS = {
    "a private key": re.compile(r"-----BEGIN [A-Z ]*PRIVATE KEY-----"),
    "an AWS key": re.compile(r"\b(AKIA|ASIA)[0-9A-Z]{16}\b"),
    "a GitHub token": re.compile(r"\b(gh[pousr]_[A-Za-z0-9]{36}|github_pat_\w{40,})"),
    "a payment provider's live key": re.compile(r"\b[rs]k_live_[A-Za-z0-9]{16,}"),
    "a Slack token": re.compile(r"\bxox[baprs]-[A-Za-z0-9-]{10,}"),
    "a Google key": re.compile(r"\bAIza[0-9A-Za-z_-]{35}\b"),
    "a signed token": re.compile(r"\beyJ[A-Za-z0-9_-]{10,}\.eyJ[A-Za-z0-9_-]{10,}\.[A-Za-z0-9_-]{10,}"),
    "a password in an address": re.compile(r"\b\w+://[^/\s:@'\"{<…]+:(?!password|secret)[^/\s:@'\"{<…]{6,}@[\w\[{]"),
}
REGISTRIES = re.compile(
    r"\b(pypi\.org|pythonhosted\.org|registry\.(npmjs|yarnpkg)\.(org|com)|proxy\.golang\.org|index\.crates\.io"
    r"|(repo\.)?maven\.org|rubygems\.org|ghcr\.io|docker\.io|deb\.debian\.org)\b|--(extra-)?index-url|/simple/\s*$",
    re.MULTILINE,
)
COMMON_FOLDERS = ("bin", "boot", "dev", "etc", "home", "lib", "media", "mnt", "opt", "root", "run", "srv", "sys")
EVERYWHERE = frozenset(["/", *(f"/{name}" for name in (*COMMON_FOLDERS, "tmp", "usr", "var"))])


def tracked_files(root: Path) -> list[Path]:
    """Files that git tracks or would; without git, every file that is not hidden."""
    if (root / ".git").exists():
        listed = subprocess.run(
            [
                "git",
                "-c",
                "safe.directory=*",
                "-C",
                str(root),
                "ls-files",
                "-z",
                "--cached",
                "--others",
                "--exclude-standard",
            ],
            capture_output=True,
            check=True,
        ).stdout.decode()
        return sorted({root / name for name in listed.split("\0") if name and (root / name).is_file()})
    hidden = {p for p in root.rglob("*") if any(part.startswith(".") for part in p.relative_to(root).parts)}
    return sorted(p for p in root.rglob("*") if p.is_file() and p not in hidden)


def _lines(root: Path) -> Iterator[tuple[str, int, str]]:
    for path in tracked_files(root):
        try:
            text = path.read_text(encoding="utf-8")
        except UnicodeDecodeError:
            continue
        for number, line in enumerate(text.splitlines(), 1):
            yield path.relative_to(root).as_posix(), number, line


def secrets(root: Path) -> list[Finding]:
    """Lines that look like a secret."""
    return [
        Finding(path, "secret", f"looks like {what}", number)
        for path, number, line in _lines(root)
        for what, pattern in SECRETS.items()
        if pattern.search(line)
    ]


def registry_hosts(root: Path) -> list[Finding]:
    """Lines that name the host of a package registry or point a tool at one."""
    return [
        Finding(path, found.group(), "names a package registry", number)
        for path, number, line in _lines(root)
        if (found := REGISTRIES.search(line))
    ]


def machine_paths(root: Path, *, own: Path | None = None) -> list[Finding]:
    """Lines that name the folder the checkout lies in (`own`, by default the root), or what lies beside it.

    Folders every machine has are no secret; `/work` alone may be the path of a page.
    """
    here = own or root
    above = [folder for folder in here.parents if str(folder) not in EVERYWHERE]
    named = {str(here), *(str(child) for folder in above for child in folder.iterdir() if child.is_dir())}
    pattern = re.compile("|".join(rf"(?<![\w.]){re.escape(name)}(?![\w-])" for name in sorted(named)))
    return [
        Finding(path, found.group(), "is a path of one machine", number)
        for path, number, line in _lines(root)
        if (found := pattern.search(line))
    ]
