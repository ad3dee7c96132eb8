"""How documents look: tried on an example, saved, refused in words; and the archive they end up in."""

import base64
import re
from dataclasses import replace

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from desk import Desk
from document_logo import LOGO, PNG
from kvit.base import tenant
from kvit.base.login import Role
from kvit.documents import jobs, queries
from kvit.documents.domain.sheet import Look
from kvit.pages.read import archive
from simulated_registers import work_off
from surfaces import SignIn

CHOOSE, LOOK = "/desk/settings/documents/choose/", "/desk/settings/documents/"


@pytest.fixture
def owner(office: Desk, sign_in: SignIn) -> Client:
    return sign_in(office.ctx, role=Role.OWNER)


def logo(content: bytes = LOGO, name: str = "logo.svg") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, content)


def look(office: Desk) -> Look:
    with tenant.scope(office.ctx.tenant_id):
        return queries.look()


def picture(page: str) -> bytes:
    found = re.search(r'src="data:image/png;base64,([^"]+)"', page)
    assert found is not None
    return base64.b64decode(found[1])


class TestTheLook:
    def test_is_shown_on_an_example(self, browser: Client) -> None:
        page = browser.get(LOOK).content.decode()
        example = browser.get(f"{LOOK}example/")
        assert f'src="{LOOK}example/"' in page
        assert (example["Content-Type"], example.content[:4]) == ("image/png", b"\x89PNG")
        assert "In force" in page
        assert "Use it from now on" not in page

    def test_is_tried_before_it_holds(self, office: Desk, owner: Client) -> None:
        before = owner.get(f"{LOOK}example/").content
        page = owner.post(CHOOSE, {"swatch": "#0e5a3c", "logo": logo(), "try": "1"}).content.decode()
        assert "Not saved yet" in page
        assert picture(page) != before
        assert look(office) == Look()
        kept = re.search(r'name="logo_sha256" value="([0-9a-f]{64})"', page)
        assert kept is not None
        owner.post(CHOOSE, {"swatch": "#0e5a3c", "logo_sha256": kept[1], "save": "1"})
        assert look(office) == Look("#0e5a3c", kept[1])
        assert "Not saved yet" not in owner.get(LOOK).content.decode()

    @pytest.mark.parametrize(("content", "name"), [(LOGO, "a.svg"), (PNG, "a.png")])
    def test_is_saved_at_once(self, office: Desk, owner: Client, content: bytes, name: str) -> None:
        owner.post(CHOOSE, {"swatch": "own", "colour": "#123456", "logo": logo(content, name), "save": "1"})
        assert look(office).colour == "#123456"
        with tenant.scope(office.ctx.tenant_id):
            assert queries.content(look(office).logo_sha256) == content
        owner.post(CHOOSE, {"swatch": "", "logo_sha256": look(office).logo_sha256, "without_logo": "on", "save": "1"})
        assert look(office) == Look()

    @pytest.mark.parametrize(
        ("content", "words"),
        [
            (b"MZ\x90 a program", "bring a PNG, a JPEG, or an SVG"),
            (b"<svg xmlns='http://www.w3.org/2000/svg'", "bring a PNG, a JPEG, or an SVG"),
            (b"<svg><script>x</script></svg>", "outside of itself, or runs things"),
            (b"<svg>" + b" " * 1_000_001, "at most 1 MB"),
        ],
        ids=["program", "damaged", "script", "large"],
    )
    def test_refuses_what_is_no_logo_in_words(self, office: Desk, owner: Client, content: bytes, words: str) -> None:
        answer = owner.post(CHOOSE, {"swatch": "", "logo": logo(content), "save": "1"})
        assert answer.status_code == 422
        assert words in answer.content.decode()
        assert look(office) == Look()
        with tenant.scope(office.ctx.tenant_id):
            assert queries.search() == ()

    def test_refuses_a_colour_that_cannot_be_read_and_names_one_that_can(self, office: Desk, owner: Client) -> None:
        answer = owner.post(CHOOSE, {"swatch": "own", "colour": "#ffd500", "save": "1"})
        assert answer.status_code == 422
        assert "too light to be read" in answer.content.decode()
        assert re.search(r"The nearest that can be read is #[0-9a-f]{6}", answer.content.decode())
        assert look(office) == Look()

    def test_is_not_changed_by_a_clerk(self, browser: Client) -> None:
        assert browser.post(CHOOSE, {"swatch": "", "save": "1"}).status_code == 403


class TestTheArchive:
    def test_shows_what_was_issued_until_when_it_is_kept(self, office: Desk, browser: Client) -> None:
        invoice = office.invoice(12_500)
        work_off(office.ctx)
        page = browser.get("/desk/archive/").content.decode()
        assert f"Invoice {invoice.number}" in page
        assert "Bo Ek" in page
        assert "31 Dec 2034" in page or "31/12/2034" in page
        (address,) = re.findall(r'href="(/desk/archive/\d+/content/)"', page)
        answer = browser.get(address)
        assert answer["Content-Disposition"].startswith("attachment")
        assert answer.content.startswith(b"%PDF")

    @pytest.mark.parametrize(
        ("query", "is_found"),
        [
            ("number=F2026", True),
            ("number=X", False),
            ("customer=Bo", True),
            ("customer=Nobody", False),
            ("kind=invoice", True),
            ("kind=reminder", False),
            ("amount=125.00", True),
            ("amount=125.01", False),
            ("since={day}&until={day}", True),
            ("since=2126-03-03", False),
        ],
    )
    def test_finds_by_number_customer_kind_sum_and_day(
        self, office: Desk, browser: Client, query: str, is_found: bool
    ) -> None:
        invoice = office.invoice(12_500)
        work_off(office.ctx)
        answer = browser.get(f"/desk/archive/?{query.format(day=invoice.issue_date)}")
        assert answer.status_code == 200
        assert ("F2026-000001" in answer.content.decode()) is is_found
        assert ("Nothing fits" in answer.content.decode()) is not is_found

    def test_goes_on_page_by_page(self, office: Desk, browser: Client, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(archive, "SHOWN", 2)
        for amount in (100, 200, 300):
            office.invoice(amount)
        work_off(office.ctx)
        first = browser.get("/desk/archive/").content.decode()
        assert "F2026-000001" not in first
        older = re.search(r'rel="next" href="([^"]+)"', first)
        assert older is not None
        rest = browser.get(older[1].replace("&amp;", "&")).content.decode()
        assert "F2026-000001" in rest
        assert "F2026-000003" not in rest

    def test_says_what_was_erased_and_hands_it_out_no_more(self, office: Desk, browser: Client) -> None:
        office.invoice(100)
        work_off(office.ctx)
        page = browser.get("/desk/archive/").content.decode()
        (address,) = re.findall(r'href="(/desk/archive/\d+/content/)"', page)
        assert jobs.erase_over(replace(office.ctx, now=office.ctx.now.replace(year=2040))) == 1
        assert "Erased" in browser.get("/desk/archive/").content.decode()
        assert browser.get(address).status_code == 404

    def test_is_a_company_s_own(self, office: Desk, browser: Client, stranger: Client) -> None:
        office.invoice(100)
        work_off(office.ctx)
        (address,) = re.findall(r'href="(/desk/archive/\d+/content/)"', browser.get("/desk/archive/").content.decode())
        assert stranger.get(address).status_code == 404
        assert "F2026-000001" not in stranger.get("/desk/archive/").content.decode()
