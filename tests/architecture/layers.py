"""The layer list of pyproject.toml, read as the one truth on which context stands above which."""

import re
import tomllib
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from architecture.source import REPOSITORY

TOP_TO_BOTTOM = "Contexts point downwards only"
INSIDE = "Inside a context"


@dataclass(frozen=True)
class Layers:
    """Names by height: `rows[0]` is the top; names in one row are strangers."""

    rows: tuple[tuple[str, ...], ...]

    def __contains__(self, name: object) -> bool:
        return any(name in row for row in self.rows)

    def depth(self, name: str) -> int:
        """0 at the top. Refuses (ValueError) a name that is not listed."""
        for depth, row in enumerate(self.rows):
            if name in row:
                return depth
        raise ValueError(f"{name} is not on the layer list of pyproject.toml")

    def may_see(self, source: str, target: str) -> bool:
        """Whether an arrow from one context to another points down; within one context it always may."""
        return source == target or self.depth(source) < self.depth(target)

    def between(self, above: str, below: str) -> frozenset[str]:
        """Every name strictly between two others."""
        return frozenset(n for row in self.rows[self.depth(above) + 1 : self.depth(below)] for n in row)


def contract(name: str, pyproject: Path = REPOSITORY / "pyproject.toml") -> dict[str, Any]:
    """One contract of import-linter by its name."""
    read = tomllib.loads(pyproject.read_text(encoding="utf-8"))
    found = [c for c in read["tool"]["importlinter"]["contracts"] if c["name"] == name]
    if len(found) != 1:
        raise LookupError(f"{len(found)} contracts are named {name!r}")
    return dict(found[0])


def parse(rows: Sequence[str]) -> Layers:
    """`["(a) | (b)", "(c)"]` as import-linter writes layers."""
    return Layers(tuple(tuple(re.findall(r"\w+", row)) for row in rows))


LAYERS = parse(contract(TOP_TO_BOTTOM)["layers"])
"""All contexts."""

CONTEXTS = LAYERS.between("pages", "base")
"""Those that are built of commands, queries, models and so on."""

KINDS = frozenset(n for row in parse(contract(INSIDE)["layers"]).rows for n in row) | frozenset(
    contract(INSIDE)["exhaustive_ignores"]
)
"""What a context may consist of."""

INSIDE_CHECKED = frozenset(name.removeprefix("kvit.") for name in contract(INSIDE)["containers"])
"""The contexts whose inside import-linter looks at."""
