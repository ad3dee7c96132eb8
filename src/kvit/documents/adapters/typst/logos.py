"""A company's logo as one kind of picture: whatever it came as, Typst is handed an SVG."""

import base64
import re
import struct
from functools import lru_cache
from typing import Final

from kvit.documents.domain.refusals import LogoReachesOut, LogoTooLarge, UnreadableLogo

_PNG: Final = b"\x89PNG\r\n\x1a\n"
_JPEG: Final = b"\xff\xd8\xff"
_LARGEST_BYTES: Final = 1_000_000
_LARGEST_SIDE: Final = 4000
_FRAMES: Final = frozenset({*range(0xC0, 0xD0)} - {0xC4, 0xC8, 0xCC})
# An SVG may reach out of itself or run things; nothing of that belongs in a logo.
_REACHES_OUT: Final = re.compile(rb"<!DOCTYPE|<!ENTITY|<script|<foreignObject|href\s*=\s*[\"'](?!#|data:image/)", re.I)


@lru_cache(32)
def svg(content: bytes) -> str:
    """The logo as SVG; a PNG or JPEG is wrapped. Refuses `UnreadableLogo`, in words for who uploaded it."""
    if len(content) > _LARGEST_BYTES:
        raise LogoTooLarge(f"the logo has {len(content)} bytes; at most {_LARGEST_BYTES} are drawn")
    if content.startswith(_PNG):
        return _wrapped(content, "png", _png_size(content))
    if content.startswith(_JPEG):
        return _wrapped(content, "jpeg", _jpeg_size(content))
    if b"<svg" in content[:1000]:
        if _REACHES_OUT.search(content):
            raise LogoReachesOut("the logo is an SVG that refers to something outside of itself")
        try:
            return content.decode("utf-8")
        except UnicodeDecodeError as error:
            raise UnreadableLogo("the logo is an SVG in another encoding than UTF-8") from error
    raise UnreadableLogo("the logo is neither PNG nor JPEG nor SVG")


def _wrapped(content: bytes, kind: str, size: tuple[int, int]) -> str:
    width, height = size
    if not (0 < width <= _LARGEST_SIDE and 0 < height <= _LARGEST_SIDE):
        raise LogoTooLarge(f"the logo measures {width} by {height} dots; at most {_LARGEST_SIDE} are drawn")
    data = base64.b64encode(content).decode()
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" width="{width}" height="{height}">'
        f'<image width="{width}" height="{height}" href="data:image/{kind};base64,{data}"/></svg>'
    )


def _png_size(content: bytes) -> tuple[int, int]:
    if len(content) < 33 or content[12:16] != b"IHDR":
        raise UnreadableLogo("the logo is a PNG that breaks off")
    width, height = struct.unpack(">II", content[16:24])
    return width, height


def _jpeg_size(content: bytes) -> tuple[int, int]:
    """By the frame header (ITU-T T.81, B.2.2)."""
    at = 2
    while at + 9 < len(content) and content[at] == 0xFF:
        marker = content[at + 1]
        if marker in _FRAMES:
            height, width = struct.unpack(">HH", content[at + 5 : at + 9])
            return width, height
        at += 2 + struct.unpack(">H", content[at + 2 : at + 4])[0]
    raise UnreadableLogo("the logo is a JPEG without a picture")
