"""How people sign in: by invitation only, with secrets of second factors encrypted at rest."""

import base64
import hashlib
from collections.abc import Mapping
from typing import Any, Final

from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.forms import default_token_generator
from allauth.account.utils import user_pk_to_url_str
from allauth.mfa.adapter import DefaultMFAAdapter
from cryptography.fernet import Fernet, InvalidToken
from django.conf import settings
from django.contrib import messages
from django.contrib.auth import get_user_model
from django.http import HttpRequest
from django.urls import reverse
from typing_extensions import override

from kvit.pages.words import N_, gettext

KEY_ID: Final = "k1"
BACKEND: Final = "kvit.pages.session.Backend"
"""Who signs somebody in without a password (the first owner, the cast of the demo) says that it was this one."""
DONE: Final[Mapping[str, str]] = {
    "account/messages/password_changed.txt": N_("The password is changed."),
    "account/messages/password_set.txt": N_("The password is kept."),
    "mfa/messages/recovery_codes_generated.txt": N_("New recovery codes are made; the old ones no longer work."),
    "mfa/messages/totp_activated.txt": N_("The app with codes is on."),
    "mfa/messages/totp_deactivated.txt": N_("The app with codes is off."),
    "mfa/messages/webauthn_added.txt": N_("The passkey is added."),
    "mfa/messages/webauthn_removed.txt": N_("The passkey is removed."),
}
"""What allauth would say in its own words, by the name of its template; what is not here goes without saying."""


class AccountAdapter(DefaultAccountAdapter):  # type: ignore[misc]  # allauth has no types
    """Logins are made by the company (`kvit.base.login`), never by a stranger."""

    @override
    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return False

    @override
    def add_message(
        self,
        request: HttpRequest,
        level: int,
        message_template: str | None = None,
        message_context: dict[str, Any] | None = None,
        extra_tags: str = "",
        message: str | None = None,
    ) -> None:
        known = DONE.get(message_template or "")
        said = gettext(known) if known else message
        if said:
            messages.add_message(request, level, said, extra_tags=extra_tags)


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


def account_of(request: HttpRequest, credentials: Mapping[str, str] | None) -> str:
    """Whose tries are counted: the address, in lower case, whether or not it has a login."""
    given = credentials or {}
    return str(given.get("email") or request.POST.get("login") or "").strip().lower()


def invitation(user_id: int) -> str:
    """The address at which a person chooses their password, once and within a week; whoever has it can.

    It ends with the next sign-in or change of the password, and signs in who uses it.
    """
    user = get_user_model().objects.get(pk=user_id)
    key = default_token_generator.make_token(user)
    return reverse("account_reset_password_from_key", kwargs={"uidb36": user_pk_to_url_str(user), "key": key})
