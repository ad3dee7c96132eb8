"""Links that open one invoice to whoever holds them: how a token is kept, and how long it opens anything."""

import hashlib
import re
from enum import StrEnum
from typing import Final

LIFETIME_DAYS: Final = 365
LONGEST_LIFETIME_DAYS: Final = 10 * 365
_TOKEN: Final = re.compile(r"[A-Za-z0-9_-]{22,64}")
"""At least 128 bits of chance in URL-safe base64 (RELIABILITY 21)."""


class LinkState(StrEnum):
    """What a link is good for at an instant."""

    OPEN = "open"
    EXPIRED = "expired"
    REVOKED = "revoked"


def is_token(token: str) -> bool:
    """Whether this can be a token at all."""
    return _TOKEN.fullmatch(token) is not None


def token_hash(token: str) -> str:
    """SHA-256 in hex: all that is kept of a token (RELIABILITY 14)."""
    return hashlib.sha256(token.encode()).hexdigest()
