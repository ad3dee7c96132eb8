"""How people sign in: no open registration, secrets of second factors encrypted at rest."""

import base64
import hashlib
from typing import Final

from allauth.account.adapter import DefaultAccountAdapter
from allauth.mfa.adapter import DefaultMFAAdapter
from cryptography.fernet import Fernet, InvalidToken
from django.conf import settings
from django.http import HttpRequest
from typing_extensions import override

KEY_ID: Final = "k1"


class AccountAdapter(DefaultAccountAdapter):  # type: ignore[misc]  # allauth has no types
    """Logins are made by the company (`kvit.base.login`), never by a stranger."""

    @override
    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return False


class SecondFactors(DefaultMFAAdapter):  # type: ignore[misc]  # allauth has no types
    """Secrets of authenticator apps lie in the database encrypted; the key does not lie there (RELIABILITY 14)."""

    @override
    def encrypt(self, text: str) -> str:
        return f"{KEY_ID}:{_cipher().encrypt(text.encode()).decode()}"

    @override
    def decrypt(self, encrypted_text: str) -> str:
        key_id, _colon, token = encrypted_text.partition(":")
        if key_id != KEY_ID:
            raise InvalidToken(f"no key {key_id!r}")
        return _cipher().decrypt(token.encode()).decode()


def _cipher() -> Fernet:
    digest = hashlib.sha256(b"kvit second factors\0" + settings.SECRET_KEY.encode()).digest()
    return Fernet(base64.urlsafe_b64encode(digest))
