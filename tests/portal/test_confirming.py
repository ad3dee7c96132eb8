"""A customer answers a balance confirmation on a link: agrees, differs line by line, or brings its ledger in."""

import io
import re
from dataclasses import dataclass
from datetime import timedelta

import pytest
from django.test import Client

from kvit.base import tenant
from kvit.invoicing import commands, queries
from kvit.invoicing.domain.confirmations import ConfirmationState, DifferenceKind
from kvit.invoicing.queries import AnswerRow, ConfirmationRow
from kvit.pages.buyers.tokens import new_token
from portal.buyer import Buyer


@dataclass(frozen=True)
class Asked:
    """Bo's letter of 900 kr, and where he answers it."""

    bo: Buyer
    id: int
    token: str
    link_id: int

    @property
    def at(self) -> str:
        return f"/c/{self.token}/"

    def row(self) -> ConfirmationRow:
        with tenant.scope(self.bo.ctx.tenant_id):
            found = queries.confirmation(self.id)
        assert found is not None
        return found

    def answers(self) -> tuple[AnswerRow, ...]:
        with tenant.scope(self.bo.ctx.tenant_id):
            return queries.answers_of(self.id)

    def form(self, **given: object) -> dict[str, object]:
        known: dict[str, object] = {"seen": self.row().sha256, "name": "Bo Ek", "role": "Owner", "answer": "differs"}
        return known | {"item-0": "900.00"} | given


@pytest.fixture
def asked(bo: Buyer, assets: None) -> Asked:
    day = bo.ctx.now.date()
    (letter,) = commands.ask_confirmations(
        bo.ctx,
        customer_ids=(bo.desk.bo.id,),
        as_of_date=day - timedelta(days=2),
        reply_by_date=day + timedelta(days=14),
        signed_by="Anna Berg",
    ).confirmation_ids
    token = new_token()
    (link,) = commands.open_confirmation_links(bo.ctx, confirmation_ids=(letter,), tokens=(token,)).link_ids
    return Asked(bo, letter, token, link)


def seen(client: Client, address: str) -> str:
    page = client.get(address).content.decode().replace("\u00a0", " ").replace("&nbsp;", " ")
    return re.sub(r'<span class="(money|cents|currency)">|</span>', "", page)


class TestThePage:
    def test_shows_the_letter_and_who_signed_it(self, asked: Asked, anonymous: Client) -> None:
        page = seen(anonymous, asked.at)
        assert "900.00 SEK" in page
        assert asked.bo.invoice.number in page
        assert "Signed by Anna Berg" in page
        assert asked.row().sha256 in page

    def test_goes_to_nobody_as_a_referrer_and_sets_no_cookie(self, asked: Asked, anonymous: Client) -> None:
        response = anonymous.get(asked.at)
        assert (response["Referrer-Policy"], response["X-Robots-Tag"]) == ("no-referrer", "noindex, nofollow")
        assert not response.cookies

    def test_writes_nothing_by_being_looked_at(self, asked: Asked, anonymous: Client) -> None:
        anonymous.get(asked.at)
        assert asked.row().state is ConfirmationState.OPEN
        assert asked.answers() == ()

    @pytest.mark.parametrize("path", ["", "pdf/"])
    def test_is_not_there_for_a_token_that_was_never_one_or_is_an_invoices(
        self, asked: Asked, anonymous: Client, path: str
    ) -> None:
        for token in ("x" * 32, asked.bo.token):
            assert anonymous.get(f"/c/{token}/{path}").status_code == 404
        assert anonymous.get(f"/i/{asked.token}/").status_code == 404

    def test_is_not_there_once_the_link_is_taken_back_or_old(self, asked: Asked, anonymous: Client) -> None:
        asked.bo.clock.forward(days=366)
        assert anonymous.get(asked.at).status_code == 404
        asked.bo.clock.forward(days=-366)
        commands.revoke_link(asked.bo.ctx, link_id=asked.link_id)
        assert anonymous.get(asked.at).status_code == 404
        assert anonymous.post(f"{asked.at}answer/", asked.form(answer="agrees")).status_code == 404


class TestAnAnswer:
    def test_that_agrees_is_signed(self, asked: Asked, anonymous: Client) -> None:
        response = anonymous.post(f"{asked.at}answer/", asked.form(answer="agrees"))
        assert (response.status_code, response["Location"]) == (302, asked.at)
        (answer,) = asked.answers()
        assert (answer.agrees, answer.name, answer.role, answer.link_id) == (True, "Bo Ek", "Owner", asked.link_id)
        page = seen(anonymous, asked.at)
        assert "You have confirmed this balance." in page
        assert "Confirm the balance" not in page

    def test_that_differs_is_kept_line_by_line(self, asked: Asked, anonymous: Client) -> None:
        form = asked.form(
            **{
                "item-0": "850",
                "note-0": "one hour less",
                "extra_number": ["X-17", "", ""],
                "extra_amount": ["12.50", "", ""],
                "extra_note": ["paid in cash", "", ""],
            }
        )
        assert anonymous.post(f"{asked.at}answer/", form).status_code == 302
        (answer,) = asked.answers()
        first, second = answer.differences
        assert (first.kind, first.our_minor, first.their_minor, first.note) == (
            DifferenceKind.AMOUNT, 90_000, 85_000, "one hour less",
        )  # fmt: skip
        assert (second.kind, second.number, second.their_minor) == (DifferenceKind.NOT_OURS, "X-17", 1_250)
        assert answer.their_balance_minor == 86_250
        assert asked.row().state is ConfirmationState.DIFFERS
        assert "We look into it." in seen(anonymous, asked.at)

    def test_with_an_empty_amount_says_that_they_do_not_have_it(self, asked: Asked, anonymous: Client) -> None:
        anonymous.post(f"{asked.at}answer/", asked.form(**{"item-0": ""}))
        assert [each.kind for each in asked.answers()[0].differences] == [DifferenceKind.NOT_THEIRS]

    @pytest.mark.parametrize(
        ("given", "said"),
        [
            ({}, "Nothing differs yet"),
            ({"item-0": "many"}, "Write every amount in figures"),
            ({"item-0": "850", "name": " "}, ""),
            ({"item-0": "850", "seen": "0" * 64}, "answered for good"),
        ],
    )
    def test_that_says_nothing_is_refused_and_nothing_typed_is_lost(
        self, asked: Asked, anonymous: Client, given: dict[str, object], said: str
    ) -> None:
        form = asked.form(**{"note-0": "why not", "extra_number": "X-9", "extra_amount": "0", "extra_note": ""} | given)
        response = anonymous.post(f"{asked.at}answer/", form)
        page = response.content.decode()
        assert response.status_code == 422
        assert said in page
        assert 'value="X-9"' in page
        assert asked.answers() == ()

    def test_sent_twice_is_one(self, asked: Asked, anonymous: Client) -> None:
        form = asked.form(idempotency_key="k", **{"item-0": "850"})
        for _ in range(2):
            anonymous.post(f"{asked.at}answer/", form)
        assert len(asked.answers()) == 1

    def test_with_hostile_words_is_shown_as_words(self, asked: Asked, anonymous: Client) -> None:
        form = asked.form(name="<script>x</script>", **{"item-0": "850", "note-0": "<b>"})
        anonymous.post(f"{asked.at}answer/", form)
        page = anonymous.get(asked.at).content.decode()
        assert "<script>x" not in page
        assert "&lt;script&gt;x" in page


class TestBringingALedgerIn:
    def upload(self, content: bytes, name: str = "reskontra.csv") -> dict[str, io.BytesIO]:
        file = io.BytesIO(content)
        file.name = name
        return {"ledger": file}

    def test_shows_the_differences_and_answers_nothing(self, asked: Asked, anonymous: Client) -> None:
        text = f"Fakturanr;Belopp\n{asked.bo.invoice.number};850,00\nX-17;12,50\n"
        response = anonymous.post(f"{asked.at}compare/", self.upload(text.encode()))
        page = response.content.decode().replace("\u00a0", " ")
        assert response.status_code == 200
        assert "2 differences" in page
        assert 'name="item-0" value="850.00"' in page
        assert 'value="X-17"' in page
        assert asked.answers() == ()

    def test_goes_with_the_answer(self, asked: Asked, anonymous: Client) -> None:
        text = f"Fakturanr;Belopp\n{asked.bo.invoice.number};850,00\n"
        page = anonymous.post(f"{asked.at}compare/", self.upload(text.encode())).content.decode()
        found = re.search(r'name="file" value="(\d+)"', page)
        assert found is not None
        anonymous.post(f"{asked.at}answer/", asked.form(**{"item-0": "850", "file": found[1]}))
        assert asked.answers()[0].file_id == int(found[1])

    def test_does_not_take_a_file_of_somebody_else(self, asked: Asked, anonymous: Client) -> None:
        with tenant.scope(asked.bo.ctx.tenant_id):
            from kvit.base import rows

            foreign = rows.select("SELECT max(id) FROM base_file")[0][0] or 1
        anonymous.post(f"{asked.at}answer/", asked.form(**{"item-0": "850", "file": str(foreign)}))
        assert asked.answers()[0].file_id is None

    def test_is_compared_and_not_kept_for_ever(
        self, asked: Asked, anonymous: Client, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr("kvit.portal.confirming.MOST_LEDGERS", 1)
        for minor, is_kept in ((850, True), (851, False)):
            text = f"Fakturanr;Belopp\n{asked.bo.invoice.number};{minor},00\n"
            page = anonymous.post(f"{asked.at}compare/", self.upload(text.encode())).content.decode()
            assert "1 difference" in page
            assert bool(re.search(r'name="file" value="\d+"', page)) is is_kept

    def test_that_agrees_says_so(self, asked: Asked, anonymous: Client) -> None:
        text = f"Fakturanr;Belopp\n{asked.bo.invoice.number};-900,00\n"
        page = anonymous.post(f"{asked.at}compare/", self.upload(text.encode())).content.decode()
        assert "Your ledger says the same" in page

    @pytest.mark.parametrize(
        "content", [b"", b"PK\x03\x04garbage", b"\x00\xff" * 50, b"a;b\n1;2\n", b"Fakturanr;Belopp\n;;\n"]
    )
    def test_that_cannot_be_read_is_refused_in_words(self, asked: Asked, anonymous: Client, content: bytes) -> None:
        response = anonymous.post(f"{asked.at}compare/", self.upload(content))
        assert response.status_code == 422
        assert 'role="alert"' in response.content.decode()

    def test_without_a_file_says_what_to_choose(self, asked: Asked, anonymous: Client) -> None:
        response = anonymous.post(f"{asked.at}compare/")
        assert response.status_code == 422
        assert "Choose a CSV or XLSX file" in response.content.decode()
