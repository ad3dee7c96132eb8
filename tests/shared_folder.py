"""Finds the folder of rules and conformance files that stands beside the checkout, outside the repository."""

import csv
import os
from pathlib import Path

import pytest


def find(start: Path) -> Path | None:
    """The nearest `shared` folder with a `conformance` folder in it, beside `start` or above it.

    KVIT_SHARED overrides; if it names something else, that is an error and not a reason to skip.
    """
    override = os.environ.get("KVIT_SHARED")
    if override:
        if not (Path(override) / "conformance").is_dir():
            raise RuntimeError(f"KVIT_SHARED is {override}, which has no folder `conformance`")
        return Path(override)
    for parent in start.resolve().parents:
        if (parent / "shared" / "conformance").is_dir():
            return parent / "shared"
    return None


SHARED: Path | None = find(Path(__file__))

needs_shared = pytest.mark.skipif(
    SHARED is None, reason="the folder `shared` (rules, conformance) is not beside this checkout"
)


def rows(name: str) -> list[dict[str, str]]:
    """The rows of a comma-separated file, `rules/vat_rates.csv`; empty where the folder is absent."""
    if SHARED is None:
        return []
    with (SHARED / name).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))
