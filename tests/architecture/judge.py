"""Findings against the list of exceptions, which may only shrink."""

from collections.abc import Iterable, Mapping

from architecture.source import REPOSITORY, Finding


def judge(findings: Iterable[Finding], allowed: Mapping[str, str] | None = None) -> list[str]:
    """What is wrong: findings that no exception covers, and exceptions that cover nothing any more.

    An exception is `path` or `path::name`, with its reason; a path that ends in `/` covers the folder.
    One whose path does not exist (yet) is left alone.
    """
    allowed = allowed or {}
    used: set[str] = set()
    wrong: list[str] = []
    for finding in sorted(findings):
        covering = [entry for entry in allowed if _covers(entry, finding)]
        used.update(covering)
        if not covering:
            wrong.append(str(finding))
    wrong += [
        f"the exception {entry!r} is needed no more: take it off the list"
        for entry in allowed
        if entry not in used and (REPOSITORY / entry.partition("::")[0]).exists()
    ]
    return wrong


def _covers(entry: str, finding: Finding) -> bool:
    path, _, name = entry.partition("::")
    if name and name != finding.name:
        return False
    return finding.path.startswith(path) if path.endswith("/") else finding.path == path
