"""Sessions and who they belong to, each read by one plain statement: every page asks for both."""

from typing import Any

from allauth.account.auth_backends import AuthenticationBackend
from django.contrib.auth import get_user_model
from django.contrib.sessions.backends import db
from django.db import DEFAULT_DB_ALIAS
from typing_extensions import override

from kvit.base import rows

_SESSION = "SELECT session_data FROM django_session WHERE session_key = %s AND expire_date > clock_timestamp()"
_FIELDS = ("id", "password", "last_login", "email", "full_name", "language", "is_active")
_PERSON = "SELECT id, password, last_login, email, full_name, language, is_active FROM base_user WHERE id = %s"


class SessionStore(db.SessionStore):
    """Django's own; a session is loaded without an object of it being made."""

    @override
    def load(self) -> dict[str, Any]:
        found = rows.select(_SESSION, [self.session_key])
        if not found:
            self._session_key = None
            return {}
        return self.decode(found[0][0])


class Backend(AuthenticationBackend):  # type: ignore[misc]  # allauth has no types
    """Allauth's own; the person of a session is loaded without a query being composed."""

    @override
    def get_user(self, user_id: int) -> Any:
        found = rows.select(_PERSON, [user_id])
        if not found:
            return None
        user = get_user_model().from_db(DEFAULT_DB_ALIAS, _FIELDS, found[0])
        return user if self.user_can_authenticate(user) else None
