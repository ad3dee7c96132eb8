"""What a customer reads about a payment with a slip: on the live page and in the portal, in four languages."""

import pytest

from bank_files import Pay
from browser.conftest import Open
from cast import open_company
from desk import open_desk
from kvit.base import tenant
from kvit.invoicing import commands as invoicing
from kvit.matching import queries as matching
from kvit.pages import words
from kvit.pages.buyers.tokens import new_token
from kvit.parties import commands as parties

LANGUAGES = ("en", "pl", "sv", "ro")
MISSING = "We found your payment although a digit of the reference was missing."


class TestAPaymentWithASlip:
    @pytest.mark.timeout(600)
    def test_is_explained_to_who_paid_in_plain_words_of_their_language(self, visit: Open, unblocked: None) -> None:
        office = open_desk(open_company())
        invoice = office.invoice(123_400)
        reference = invoice.payment_reference or ""
        (line,) = office.bank(Pay(123_400, reference[:4] + reference[5:], name="Bo Ek"))
        office.match([line])
        if not office.links(line):
            office.confirm(line)
        with tenant.scope(office.ctx.tenant_id):
            (made,) = matching.made_links([line])
        assert "digit_missing" in {code for code, _ in made.reasons}
        token = new_token()
        invoicing.open_link(office.ctx, invoice_id=invoice.id, token=token, valid_days=3650)
        bo = parties.open_login(office.ctx, party_id=office.bo.party_id, email="bo@found.example", full_name="Bo Ek")
        said = set()
        for language in LANGUAGES:
            with words.reading(language):
                sentence = words.gettext(MISSING)
            said.add(sentence)
            live = visit(width=360, language=language)
            page = live.open(f"/i/{token}/")
            assert page.locator("html").get_attribute("lang") == language
            assert page.locator(".timeline").get_by_text(sentence).count() == 1, (language, page.inner_text("main"))
            assert reference not in page.locator(".timeline").inner_text()
            assert live.violations() == []
            portal = visit(bo.user_id, language=language)
            page = portal.open("/portal/payments/")
            assert page.locator("main").get_by_text(sentence).count() == 1, (language, page.inner_text("main"))
            assert portal.violations() == []
            assert (live.complaints, portal.complaints) == ([], [])
        assert len(said) == len(LANGUAGES)
