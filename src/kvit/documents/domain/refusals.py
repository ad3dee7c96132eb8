"""Why a document cannot be drawn, kept or had; each is told to who asks in their own words."""

from typing import ClassVar

from kvit.kernel.refusals import DomainError


class NotRenderable(DomainError):
    """The sheet cannot be drawn; the text says what of it."""

    code: ClassVar[str] = "documents.not_renderable"


class UnreadableLogo(NotRenderable):
    """The logo is no picture that can be drawn."""

    code: ClassVar[str] = "documents.unreadable_logo"


class LogoTooLarge(UnreadableLogo):
    """The logo has more bytes or dots than are drawn."""

    code: ClassVar[str] = "documents.logo_too_large"


class LogoReachesOut(UnreadableLogo):
    """The logo is an SVG that refers to something outside of itself, or that runs things."""

    code: ClassVar[str] = "documents.logo_reaches_out"


class StoreUnreachable(DomainError):
    """The place where contents lie does not answer, or answers no."""

    code: ClassVar[str] = "documents.store_unreachable"


class ContentLost(DomainError):
    """The content is not where it was put, or is no longer what it was."""

    code: ClassVar[str] = "documents.content_lost"
