"""The page on cash application says what the desk says: every chip, every key, every mode."""

import re
from pathlib import Path

import pytest

from kvit.desk import choices
from kvit.pages import evidence, words

DOCS = Path(__file__).resolve().parents[2] / "docs"
TEMPLATE = Path(choices.__file__).parent / "templates" / "cash_parts.html"


def plain(text: str) -> str:
    """Without what differs from payment to payment: numbers and amounts."""
    return re.sub(r"\s*\d[\d.,]*( SEK|\xa0SEK)?", " #", text.replace("\xa0", " ")).strip()


def cells(first: str) -> list[list[str]]:
    """The rows of the page's table whose head begins so."""
    page = (DOCS / "cash-application.md").read_text("utf-8")
    lines = page[page.index(f"| {first} |") :].splitlines()[2:]
    rows = []
    for line in lines:
        if not line.startswith("|"):
            break
        rows.append([cell.strip() for cell in line.strip("|").split("|")])
    return rows


def untold(codes: set[str], told: set[str]) -> list[str]:
    """Codes of which no chip stands in the guide."""
    with words.reading("en"):
        chips = {code: plain(evidence.chip((code, n), "SEK")) for code in codes for n in (7,)}
        singular = {code: plain(evidence.chip((code, 1), "SEK")) for code in codes}
    return sorted(code for code in codes if not {chips[code], singular[code]} & told)


class TestTheGuide:
    def test_explains_every_chip(self) -> None:
        told = {plain(chip) for row in cells("chip") for chip in row[0].split(", ")}
        assert untold(evidence.CODES, told | {plain(row[0]) for row in cells("chip")}) == []

    def test_would_be_found_out_for_a_chip_that_is_new(self) -> None:
        """Planted fault: a code more than the guide knows."""
        told = {plain(row[0]) for row in cells("chip")}
        assert "moon_full" in untold(evidence.CODES | {"moon_full"}, told)

    def test_has_every_key_of_the_desk(self) -> None:
        keys = set(re.findall(r"<kbd>([^<]+)</kbd>", TEMPLATE.read_text("utf-8")))
        told = {key for row in cells("key") for key in re.findall(r"`([^`]+)`", row[0])}
        assert told >= keys >= {"j", "s", "u"}

    @pytest.mark.parametrize("language", ["en"])
    def test_has_every_mode(self, language: str) -> None:
        with words.reading(language):
            assert [row[0] for row in cells("mode")] == [name.lower() for _, name, _ in choices.modes()]
