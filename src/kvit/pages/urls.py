"""Routes of pages that belong to no surface."""

from allauth.account import views as account
from allauth.mfa.base import views as mfa
from allauth.mfa.recovery_codes import views as recovery_codes
from allauth.mfa.totp import views as totp
from allauth.mfa.webauthn import views as passkeys
from django.urls import path, re_path

from kvit.pages import access
from kvit.pages.access import Access, View
from kvit.pages.views import design, health, start

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
    path("design/", design.design, name="design"),
    path("sign-in/", _theirs(account.login, _ANYONE), name="account_login"),
    path("sign-in/passkey/", _theirs(passkeys.login_webauthn, _ANYONE), name="mfa_login_webauthn"),
    path("sign-in/second-step/", _theirs(mfa.authenticate, _ANYONE), name="mfa_authenticate"),
    path("sign-in/closed/", _theirs(account.account_inactive, _ANYONE), name="account_inactive"),
    re_path(
        r"^sign-in/password/(?P<uidb36>[0-9A-Za-z]+)-(?P<key>.+)/$",
        _theirs(account.password_reset_from_key, _ANYONE),
        name="account_reset_password_from_key",
    ),
    path(
        "sign-in/password/done/",
        _theirs(account.password_reset_from_key_done, _ANYONE),
        name="account_reset_password_from_key_done",
    ),
    path("sign-out/", _theirs(account.logout, _PERSON), name="account_logout"),
    path("account/", _theirs(mfa.index, _PERSON), name="mfa_index"),
    path("account/password/", _theirs(account.password_change, _PERSON), name="account_change_password"),
    path("account/password/new/", _theirs(account.password_set, _PERSON), name="account_set_password"),
    path("account/confirm/", _theirs(account.reauthenticate, _PERSON), name="account_reauthenticate"),
    path("account/confirm/code/", _theirs(mfa.reauthenticate, _PERSON), name="mfa_reauthenticate"),
    path(
        "account/confirm/passkey/",
        _theirs(passkeys.reauthenticate_webauthn, _PERSON),
        name="mfa_reauthenticate_webauthn",
    ),
    path("account/app/", _theirs(totp.activate_totp, _PERSON), name="mfa_activate_totp"),
    path("account/app/remove/", _theirs(totp.deactivate_totp, _PERSON), name="mfa_deactivate_totp"),
    path("account/passkeys/", _theirs(passkeys.list_webauthn, _PERSON), name="mfa_list_webauthn"),
    path("account/passkeys/add/", _theirs(passkeys.add_webauthn, _PERSON), name="mfa_add_webauthn"),
    path("account/passkeys/<int:pk>/", _theirs(passkeys.edit_webauthn, _PERSON), name="mfa_edit_webauthn"),
    path("account/passkeys/<int:pk>/remove/", _theirs(passkeys.remove_webauthn, _PERSON), name="mfa_remove_webauthn"),
    path("account/codes/", _theirs(recovery_codes.view_recovery_codes, _PERSON), name="mfa_view_recovery_codes"),
    path(
        "account/codes/new/",
        _theirs(recovery_codes.generate_recovery_codes, _PERSON),
        name="mfa_generate_recovery_codes",
    ),
]
