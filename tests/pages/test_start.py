"""The first pages: signing in, the desk, errors in the reader's words."""

from django.test import Client

from kvit.base.command import Ctx
from surfaces import SignIn


class TestAVisitor:
    def test_signs_in_first(self, anna: Ctx, anonymous: Client) -> None:
        answer = anonymous.get("/desk/")
        assert (answer.status_code, answer["Location"]) == (302, "/sign-in/?next=/desk/")
        assert b"Sign in" in anonymous.get("/sign-in/").content

    def test_who_works_here_sees_the_desk(self, anna: Ctx, sign_in: SignIn) -> None:
        assert b"Nordvik AB" in sign_in(anna).get("/desk/").content
