"""A file that is to be archived, and what it is filed under."""

import hashlib
import re
import unicodedata
from dataclasses import dataclass
from datetime import date
from typing import Final

from kvit.documents.domain.retention import RetentionClass

DATABASE: Final = "database"
S3: Final = "s3"
PDF: Final = "application/pdf"
XML: Final = "application/xml"
LARGEST_BYTES: Final = 50_000_000
LONGEST_NAME: Final = 255
_STRANGE: Final = re.compile(r"[^\w.+-]+")


@dataclass(frozen=True, slots=True)
class Subject:
    """What a file is of, without a key: `("invoice", 17)`, and what it is looked for by: number, day, party, sum."""

    kind: str
    id: int
    document_kind: str
    language: str
    number: str
    document_date: date
    party_id: int | None = None
    amount_minor: int | None = None
    currency: str = ""


@dataclass(frozen=True, slots=True)
class NewFile:
    """A file for the archive; `content` is empty where it lies in a store outside of the database already."""

    sha256: str
    size: int
    media_type: str
    name: str
    retention: RetentionClass
    keep_until: date
    subject: Subject
    content: bytes = b""
    store: str = DATABASE


def new_file(
    content: bytes, *, name: str, media_type: str, retention: RetentionClass, keep_until: date, subject: Subject
) -> NewFile:
    """A file with its hash, to lie in the database."""
    return NewFile(
        sha256=hashlib.sha256(content).hexdigest(),
        size=len(content),
        media_type=media_type,
        name=name,
        retention=retention,
        keep_until=keep_until,
        subject=subject,
        content=content,
    )


def file_name(*parts: str, suffix: str) -> str:
    """`Invoice-F2026-000001-Nordvik-AB.pdf`: a name that every file system and mail programme takes, letters kept."""
    words = [_STRANGE.sub("-", unicodedata.normalize("NFC", part)).strip("-._") for part in parts]
    stem = "-".join(word for word in words if word)
    return f"{stem[: LONGEST_NAME - len(suffix) - 1].rstrip('-._')}.{suffix}"
