"""What documents ask of the world outside: something that draws, and a place for contents."""

from dataclasses import dataclass
from typing import Protocol

from kvit.documents.domain.sheet import Sheet


@dataclass(frozen=True, slots=True)
class Attached:
    """An e-invoice to go into the PDF: `profile` is Factur-X's conformance level (MINIMUM … EN 16931, XRECHNUNG)."""

    content: bytes
    profile: str = "EN 16931"
    name: str = "factur-x.xml"


class Renderer(Protocol):
    """Draws a sheet."""

    def pdf(self, sheet: Sheet, *, logo: bytes | None = None, attached: Attached | None = None) -> bytes:
        """The sheet as PDF/A-3a and PDF/UA-1; the same data give the same bytes. Refuses `NotRenderable`."""
        ...

    def picture(self, sheet: Sheet, *, logo: bytes | None = None) -> bytes:
        """The first page as PNG, to be looked at on a screen. Refuses `NotRenderable`."""
        ...


class Store(Protocol):
    """Keeps contents by their hash, outside of the database."""

    def put(self, sha256: str, content: bytes, *, media_type: str) -> None:
        """Keep a content; to keep it again changes nothing. Refuses `StoreUnreachable`."""
        ...

    def get(self, sha256: str) -> bytes:
        """The content, proven by its hash. Refuses `StoreUnreachable`, `ContentLost`."""
        ...

    def erase(self, sha256: str) -> None:
        """Let a content go; what is not there is gone already. Refuses `StoreUnreachable`."""
        ...
