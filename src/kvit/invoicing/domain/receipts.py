"""What a customer may bring as proof of a payment: PDF, JPEG or PNG, known by its bytes and never by its name."""

from dataclasses import dataclass
from typing import ClassVar, Final

from kvit.kernel.refusals import DomainError

LARGEST_BYTES: Final = 5_000_000
HEAD_BYTES: Final = 1024
TAIL_BYTES: Final = 2048
_PNG: Final = b"\x89PNG\r\n\x1a\n"


class NotAReceipt(DomainError):
    """The file is empty, too large, cut off, or neither PDF nor JPEG nor PNG by its content."""

    code: ClassVar[str] = "invoicing.not_a_receipt"


@dataclass(frozen=True, slots=True)
class Receipt:
    """What a file is by its bytes."""

    media_type: str
    ending: str


PDF: Final = Receipt("application/pdf", "pdf")
JPEG: Final = Receipt("image/jpeg", "jpg")
PNG: Final = Receipt("image/png", "png")


def recognised(head: bytes, tail: bytes, size: int) -> Receipt:
    """What the file is, from its first 1024 and last 2048 bytes; what it calls itself does not count.

    Begins and ends as ISO 32000-1 (7.5.2, 7.5.5), ISO/IEC 10918-1 (SOI, EOI) and PNG (third edition, 5.2, IEND) say.
    Cameras write after the end of an image, so that its end may stand anywhere in the tail. Refuses `NotAReceipt`.
    """
    if not 0 < size <= LARGEST_BYTES:
        raise NotAReceipt(f"a receipt has 1 to {LARGEST_BYTES} bytes, not {size}")
    if head.startswith(b"%PDF-") and b"%%EOF" in tail:
        return PDF
    if head.startswith(b"\xff\xd8\xff") and b"\xff\xd9" in tail:
        return JPEG
    if head.startswith(_PNG) and head[12:16] == b"IHDR" and b"IEND" in tail:
        return PNG
    raise NotAReceipt("the file is no whole PDF, JPEG or PNG")
