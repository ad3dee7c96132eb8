"""The one base class of everything the world may refuse."""

from typing import ClassVar


class DomainError(Exception):
    """An expected refusal: the world said no, nothing was changed.

    `code` is stable and part of the public interface; the text may change and is translated.
    Anything that is not a `DomainError` is a bug and crashes.
    """

    code: ClassVar[str] = "refused"
