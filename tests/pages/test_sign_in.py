"""Signing in: passwords, second steps, lock-out, invitations."""

import base64
import hashlib
import hmac
import struct
import time
from collections.abc import Callable
from typing import Any

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal import auth as totp
from cryptography.fernet import InvalidToken
from django.contrib.auth.hashers import MD5PasswordHasher
from django.test import Client

from kvit.base import login, rows
from kvit.base.command import Ctx
from kvit.pages import sign_in as signing

ADDRESS, PASSWORD = "anna@nordvik.example", "fyra oskyldiga ord här"


def code_of(secret: str, *, offset: int = 0) -> str:
    """RFC 6238 with SHA-1, six digits and steps of 30 s, computed here a second time; of so many steps from now."""
    counter = struct.pack(">Q", int(time.time() // 30) + offset)
    digest = hmac.new(base64.b32decode(secret), counter, hashlib.sha1).digest()
    start = digest[-1] & 15
    number = struct.unpack(">I", digest[start : start + 4])[0] & 0x7FFFFFFF
    return f"{number % 10**6:06d}"


@pytest.fixture(autouse=True)
def quick_hashes(settings: Any) -> None:
    """What a hash costs is not looked at here."""
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]


@pytest.fixture
def annas_login(anna: Ctx) -> int:
    """Anna's login, with a password."""
    added = login.add_member(anna, email=ADDRESS, full_name="Anna", role=login.Role.OWNER, password=PASSWORD)
    return added.user_id


def send(client: Client, password: str = PASSWORD, *, email: str = ADDRESS, back: str = "") -> Any:
    return client.post("/sign-in/", {"login": email, "password": password, "next": back})


class TestSigningIn:
    def test_opens_the_desk(self, anonymous: Client, annas_login: int) -> None:
        answer = send(anonymous)
        assert (answer.status_code, answer["Location"]) == (302, "/")
        assert anonymous.get("/", follow=True).request["PATH_INFO"] == "/desk/"

    @pytest.mark.parametrize("password", ["", "wrong", PASSWORD.upper(), PASSWORD + " "])
    def test_with_a_wrong_password_does_not(self, anonymous: Client, annas_login: int, password: str) -> None:
        assert send(anonymous, password).status_code == 200
        assert anonymous.get("/desk/").status_code == 302

    def test_says_the_same_of_an_address_nobody_has(self, anonymous: Client, annas_login: int) -> None:
        known, unknown = (send(anonymous, "wrong", email=email) for email in (ADDRESS, "nobody@nordvik.example"))
        assert _problems(known) == _problems(unknown) != ""

    def test_goes_back_to_where_one_was_sent_from_and_nowhere_else(self, anonymous: Client, annas_login: int) -> None:
        assert send(anonymous, back="/account/")["Location"] == "/account/"
        anonymous.logout()
        assert send(anonymous, back="https://elsewhere.example/")["Location"] == "/"

    def test_of_a_closed_login_is_refused(self, anonymous: Client, annas_login: int) -> None:
        rows.run("UPDATE base_user SET is_active = false WHERE id = %s", [annas_login])
        send(anonymous)
        assert anonymous.get("/desk/").status_code == 302


class TestTenWrongPasswords:
    def test_close_the_account_for_everybody_without_costing_a_hash(
        self, anonymous: Client, annas_login: int, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        answers = [send(anonymous, f"wrong {n}").status_code for n in range(10)]
        assert answers == [200] * 9 + [429]

        def verify(*_given: object) -> bool:
            raise AssertionError("a locked account costs a hash")

        monkeypatch.setattr(MD5PasswordHasher, "verify", verify)
        answer = send(Client(headers={"accept-language": "en"}), email=ADDRESS.upper())
        assert (answer.status_code, answer["Retry-After"]) == (429, "900")
        assert b"Too many tries" in answer.content

    def test_leave_others_alone(self, anonymous: Client, anna: Ctx, annas_login: int) -> None:
        login.add_member(anna, email="eva@nordvik.example", full_name="Eva", role=login.Role.CLERK, password=PASSWORD)
        for n in range(10):
            send(anonymous, f"wrong {n}")
        assert send(Client(), email="eva@nordvik.example")["Location"] == "/"

    def test_would_go_on_without_the_guard(self, anonymous: Client, annas_login: int, settings: Any) -> None:
        """Planted fault: the lock-out switched off; allauth's own limit is counted in another place."""
        settings.AXES_ENABLED = False
        settings.ACCOUNT_RATE_LIMITS = False
        assert [send(anonymous, f"wrong {n}").status_code for n in range(11)] == [200] * 11


class TestASecondStep:
    @pytest.fixture
    def secret(self, annas_login: int) -> str:
        """Anna's app."""
        from django.contrib.auth import get_user_model

        secret = totp.generate_totp_secret()
        totp.TOTP.activate(get_user_model().objects.get(pk=annas_login), secret)
        return str(secret)

    def test_is_asked_for(self, anonymous: Client, secret: str) -> None:
        assert send(anonymous)["Location"] == "/sign-in/second-step/"
        assert anonymous.get("/desk/").status_code == 302
        assert anonymous.post("/sign-in/second-step/", {"code": "000000"}).status_code == 200
        assert anonymous.get("/desk/").status_code == 302
        answer = anonymous.post("/sign-in/second-step/", {"code": code_of(secret)})
        assert (answer.status_code, anonymous.get("/desk/").status_code) == (302, 200)

    def test_is_skipped_where_nobody_asks(
        self, anonymous: Client, secret: str, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        """Planted fault: second steps count as not set up."""
        monkeypatch.setattr("allauth.mfa.stages.is_mfa_enabled", lambda *_given, **_named: False)
        assert send(anonymous)["Location"] == "/"

    def test_keeps_its_secret_encrypted(self, secret: str, monkeypatch: pytest.MonkeyPatch) -> None:
        (kept,) = Authenticator.objects.filter(type="totp").values_list("data", flat=True)
        assert secret not in str(kept)
        assert signing.SecondFactors().decrypt(kept["secret"]) == secret
        monkeypatch.setattr(signing.settings, "SECRET_KEY", "another")
        with pytest.raises(InvalidToken):
            signing.SecondFactors().decrypt(kept["secret"])

    def test_is_not_taken_away_without_confirming_who_one_is(self, anonymous: Client, secret: str) -> None:
        send(anonymous)
        anonymous.post("/sign-in/second-step/", {"code": code_of(secret)})
        assert anonymous.get("/account/app/remove/")["Location"].startswith("/account/confirm/")
        assert anonymous.post("/account/app/remove/")["Location"].startswith("/account/confirm/")
        assert Authenticator.objects.filter(type="totp").count() == 1
        anonymous.post("/account/confirm/", {"password": PASSWORD, "next": "/account/app/remove/"})
        assert Authenticator.objects.filter(type="totp").count() == 0

    def test_is_not_tried_for_ever(self, anonymous: Client, secret: str) -> None:
        send(anonymous)
        for _ in range(20):
            anonymous.post("/sign-in/second-step/", {"code": "000000"})
        anonymous.post("/sign-in/second-step/", {"code": code_of(secret)})
        assert anonymous.get("/desk/").status_code == 302


class TestAnInvitation:
    @pytest.fixture
    def link(self, anna: Ctx) -> str:
        """Eva's, who has no password yet."""
        added = login.add_member(anna, email="eva@nordvik.example", full_name="Eva", role=login.Role.CLERK)
        return signing.invitation(added.user_id)

    def test_lets_a_person_choose_a_password_once(self, anonymous: Client, link: str) -> None:
        form = anonymous.get(link)
        assert form.status_code == 302
        assert anonymous.get(form["Location"]).status_code == 200
        anonymous.post(form["Location"], {"password1": PASSWORD, "password2": PASSWORD})
        assert anonymous.get("/desk/").status_code == 200
        assert b"used up" in Client(headers={"accept-language": "en"}).get(link).content
        assert send(Client(), email="eva@nordvik.example")["Location"] == "/"

    def test_takes_no_password_that_is_guessed_first(self, anonymous: Client, link: str) -> None:
        place = anonymous.get(link)["Location"]
        answer = anonymous.post(place, {"password1": "Sommar2026!", "password2": "Sommar2026!"})
        assert b"One word is guessed first" in answer.content

    def test_made_up_opens_nothing(self, anonymous: Client, link: str) -> None:
        assert b"used up" in anonymous.get(link[:-2] + "x/").content


class TestRegistration:
    def test_is_nobodys_own_doing(self, anonymous: Client) -> None:
        assert anonymous.get("/sign-up/").status_code == 404
        assert not signing.AccountAdapter().is_open_for_signup(None)


Problems = Callable[[Any], str]


def _problems(answer: Any) -> str:
    return str(answer.context_data["form"].errors)
