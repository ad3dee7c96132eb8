"""What stands in a PDF: its text as a person copies it, its standards, what is attached."""

import io
import re

import page
import pikepdf
import pypdfium2

KNOWN_FALSE = "STREAM-LENGTH-001"
"""page-validation 0.11 takes a stream whose last byte looks like a line's end for one byte too long; see `excused`."""


def text(pdf: bytes, *, page_number: int | None = None) -> str:
    """The text of all pages, or of one, in the order in which it is written; spaces are plain ones."""
    with pypdfium2.PdfDocument(pdf) as found:
        pages = [found[page_number - 1]] if page_number else list(found)
        return plain("\n".join(each.get_textpage().get_text_range() for each in pages)).replace("\r\n", "\n")


def height_of(pdf: bytes, words: str) -> tuple[float, float]:
    """Where words stand on the first page: the bottom and the top of their letters in points, from its foot up."""
    with pypdfium2.PdfDocument(pdf) as found:
        text = found[0].get_textpage()
        place = text.search(words).get_next()
        assert place is not None, words
        boxes = [text.get_charbox(index) for index in range(place[0], sum(place))]
        return min(box[1] for box in boxes), max(box[3] for box in boxes)


def plain(value: str) -> str:
    """Spaces of every kind as plain ones."""
    return re.sub(r"[\u00a0\u202f]", " ", value).replace("\u200b", "")


def dense(value: str) -> str:
    """The text without any spaces: how wide a gap must be to be one is a matter of taste."""
    return "".join(plain(value).split())


def page_count(pdf: bytes) -> int:
    """How many pages there are."""
    with pikepdf.open(io.BytesIO(pdf)) as found:
        return len(found.pages)


def attachments(pdf: bytes) -> dict[str, bytes]:
    """What is attached, by name."""
    with pikepdf.open(io.BytesIO(pdf)) as found:
        return {name: each.get_file().read_bytes() for name, each in found.attachments.items()}


def failures(pdf: bytes, profile: str) -> list[str]:
    """What page-validation finds wrong by a profile (3a, ua1), the false report left out where it is false."""
    found = page.validate_pdf_bytes(pdf, profile=profile).failures
    return [f"{each.rule_id}: {each.message}" for each in found if not (KNOWN_FALSE in each.rule_id and excused(pdf))]


def excused(pdf: bytes) -> bool:
    """Whether every stream is as long as it says: `endstream` follows behind so many bytes (ISO 32000-1, 7.3.8.1)."""
    heads = list(re.finditer(rb"\d+ 0 obj\n<<(?:(?!endobj).)*?/Length (\d+)(?:(?!endobj).)*?>>\nstream\n", pdf, re.S))
    return bool(heads) and all(pdf[each.end() + int(each[1]) :].startswith(b"\nendstream\nendobj") for each in heads)
