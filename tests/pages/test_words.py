"""The reader's language: which one it is, and that a text is found in it."""

import pytest
from django.test import Client

from kvit.base import rows
from kvit.base.command import Ctx
from kvit.kernel.refusals import DomainError
from kvit.pages import reasons, refusals, words
from surfaces import SignIn, add_person, client_of


class TestTheLanguage:
    @pytest.mark.parametrize(
        ("header", "language"),
        [
            ("sv", "sv"),
            ("sv-FI, en;q=0.8", "sv"),
            ("de, pl;q=0.7, en;q=0.8", "en"),
            ("de;q=1.0, fr", None),
            ("ro;q=0, pl", "pl"),
            ("mo", "ro"),
            ("", None),
            ("*", None),
            ("pl;q=x, sv;q=0.1", "sv"),
            ("a" * 100_000, None),
        ],
    )
    def test_is_taken_from_what_the_browser_accepts(self, header: str, language: str | None) -> None:
        assert words.accepted(header) == language

    def test_is_that_of_the_browser_for_a_stranger(self, anonymous: Client) -> None:
        answer = anonymous.get("/sign-in/", headers={"accept-language": "sv-SE"})
        assert (answer["Content-Language"], "Logga in" in answer.content.decode()) == ("sv", True)

    def test_is_that_of_the_country_where_nobody_chose(self, anna: Ctx, sign_in: SignIn) -> None:
        assert sign_in(anna, language="de").get("/desk/")["Content-Language"] == "sv"

    def test_once_chosen_stays_on_every_browser(self, anna: Ctx) -> None:
        from kvit.base.login import Role

        user_id = add_person(anna, role=Role.CLERK)
        answer = client_of(user_id).post("/language/", {"language": "ro", "next": "/account/"})
        assert answer["Location"] == "/account/"
        assert client_of(user_id, language="sv").get("/account/")["Content-Language"] == "ro"

    @pytest.mark.parametrize("wish", ["xx", "", "sv" * 50, "../../etc"])
    def test_that_we_do_not_have_is_not_chosen(self, anonymous: Client, wish: str) -> None:
        answer = anonymous.post("/language/", {"language": wish, "next": "//elsewhere.example/"})
        assert (answer["Location"], answer.cookies) == ("/", {})

    def test_is_left_behind_at_the_end(self) -> None:
        with words.reading("pl"):
            assert words.gettext("Sign in") == "Zaloguj się"
            with words.reading("sv"):
                assert words.gettext("Sign in") == "Logga in"
            assert words.current() == "pl"
        assert words.gettext("Sign in") == "Sign in"

    @pytest.mark.parametrize(
        ("language", "forms"),
        [
            ("en", {1: "1 passkey", 5: "5 passkeys"}),
            ("pl", {1: "1 klucz dostępu", 3: "3 klucze dostępu", 5: "5 kluczy dostępu", 22: "22 klucze dostępu"}),
            ("ro", {1: "1 cheie de acces", 5: "5 chei de acces", 20: "20 de chei de acces"}),
        ],
    )
    def test_has_its_own_forms_for_numbers(self, language: str, forms: dict[int, str]) -> None:
        with words.reading(language):
            said = {n: words.ngettext("%(num)s passkey", "%(num)s passkeys", n) % {"num": n} for n in forms}
        assert said == forms


def every_refusal(kind: type[DomainError] = DomainError, package: str = "kvit.") -> set[str]:
    """The codes of all refusals of a package, after the whole product is loaded."""
    found = {each.code for each in kind.__subclasses__() if each.__module__.startswith(package)}
    return found.union(*(every_refusal(each, package) for each in kind.__subclasses__()))


NEVER_ON_A_PAGE = (
    *("cli.", "http.", "postgres.", "base.database_not_ready"),  # said to operators and jobs
    "pages.not_an_amount",  # the field that asks has words for it
    "base.key_too_long",  # the edge cuts keys
    *(
        "matching.columns_differ",
        "matching.unknown_item",
        "matching.unreadable_prior",
        "no_rate",
        "world.",
        "einvoice.not_writable",
        "formats.already_sealed",
        "formats.bad_seal_key",
    ),  # said to programs
)


class TestARefusal:
    def test_has_words_of_its_own(self) -> None:
        missing = {code for code in every_refusal() if not code.startswith(NEVER_ON_A_PAGE)} - set(refusals.TEXTS)
        assert missing == set()

    def test_without_words_would_be_found(self) -> None:
        """Planted fault: a refusal that nobody has words for."""

        class Planted(DomainError):
            code = "planted.fault"

        Planted.__module__ = "planted.commands"
        assert every_refusal(package="planted.") - set(refusals.TEXTS) == {"planted.fault"}

    def test_is_said_in_the_readers_language(self) -> None:
        from kvit.ledger.commands import NothingOpen

        with words.reading("sv"):
            assert refusals.text(NothingOpen("item 7")) == "Så mycket är inte längre öppet. Ladda om sidan."

    def test_that_nobody_knows_says_its_own_words(self) -> None:
        assert refusals.text(DomainError("the printer is on fire")) == "the printer is on fire"


class TestAReason:
    def test_is_filled_with_what_it_speaks_of(self) -> None:
        params = {"invoice": "F2026-000017", "open_minor": 144875}
        with words.reading("sv"):
            said = reasons.text("matching.amount_differs", params, currency="SEK", english="x")
        assert said == "Beloppet skiljer sig från 1\u00a0448,75\u00a0kr som är öppet på F2026-000017."

    @pytest.mark.parametrize(("code", "params"), [("matching.unheard_of", {}), ("matching.already_paid", {})])
    def test_that_cannot_be_said_is_said_in_english(self, code: str, params: dict[str, str]) -> None:
        assert reasons.text(code, params, currency="SEK", english="paid already") == "paid already"


class TestAChoice:
    def test_of_appearance_is_kept_by_the_browser(self, anonymous: Client) -> None:
        anonymous.post("/appearance/", {"theme": "dark", "next": "/sign-in/"})
        assert b'data-theme="dark"' in anonymous.get("/sign-in/").content
        anonymous.post("/appearance/", {"theme": "pink"})
        assert b'data-theme="dark"' in anonymous.get("/sign-in/").content

    def test_of_a_company_is_one_of_ones_own(self, anna: Ctx, cilla: Ctx) -> None:
        from kvit.base import login

        user_id = add_person(anna, role=login.Role.CLERK, email="both@nordvik.example")
        client = client_of(user_id)
        client.post("/company/", {"tenant": cilla.tenant_id})
        assert b"Nordvik AB" in client.get("/desk/").content
        login.add_member(cilla, email="both@nordvik.example", full_name="Both", role=login.Role.CLERK)
        client.post("/company/", {"tenant": cilla.tenant_id})
        ((name,),) = rows.select("SELECT name FROM base_places(%s) WHERE tenant_id = %s", [user_id, cilla.tenant_id])
        assert name.encode() in client.get("/desk/").content
