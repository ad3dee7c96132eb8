"""Routes of pages that belong to no surface."""

from allauth.account import views as account
from allauth.mfa.base import views as mfa
from django.urls import path

from kvit.pages import access
from kvit.pages.access import Access, View
from kvit.pages.views import health, start

_ANYONE = Access("anyone", ("GET", "POST"))
_PERSON = Access("person", ("GET", "POST"))


def _theirs(view: View, rule: Access) -> View:
    """A view of allauth, which guards itself as the rule says."""
    return access.carried_by(view, rule)


urlpatterns = [
    path("", start.start, name="start"),
    path("nowhere/", start.nowhere, name="nowhere"),
    path("company/", start.choose_company, name="choose_company"),
    path("place/", start.choose_place, name="choose_place"),
    path("language/", start.choose_language, name="choose_language"),
    path("appearance/", start.choose_theme, name="choose_theme"),
    path("health/", health.health, name="health"),
    path("sign-in/", _theirs(account.login, _ANYONE), name="account_login"),
    path("sign-in/code/", _theirs(mfa.authenticate, _ANYONE), name="mfa_authenticate"),
    path("sign-out/", _theirs(account.logout, _PERSON), name="account_logout"),
    path("account/", _theirs(mfa.index, _PERSON), name="account"),
]
