"""Verification of what was said about claims: each check finds the fault that is planted for it, and nothing else."""

from dataclasses import dataclass

import pytest

from invoicing.claims import Talk
from invoicing.company import DAY, Company, days
from kvit.invoicing import commands, queries
from kvit.invoicing.domain import DisputeReason
from kvit.invoicing.domain.facts import LineInDispute
from ledger.books import unguarded

TABLES = ("base_event", "base_statechange", "invoicing_claimfact", "invoicing_disputedline")


@dataclass(frozen=True)
class Said:
    """A dispute that was answered and asked back about, a remittance that went stale, a promise, a request for time."""

    dispute: int
    remittance: int
    promise: int
    extension: int
    invoice: int


@pytest.fixture
def said(shop_live: Company) -> Said:
    talk = Talk(shop_live)
    invoice_id, other = shop_live.invoice(), shop_live.invoice()
    dispute = commands.open_dispute(
        talk.bo, invoice_id=invoice_id, reason=DisputeReason.PRICE, words="less", lines=(LineInDispute(1, 5_000),)
    ).fact_id
    commands.answer_dispute(talk.anna, fact_id=dispute, words="why?")
    commands.remark(talk.bo, invoice_id=invoice_id, words="because", fact_id=dispute)
    remittance = talk.paid(other, 2_500).fact_id
    talk.review(other, day=20)
    promise = talk.promises(other, 1_000, days(3)).fact_id
    extension = talk.asks(invoice_id, DAY + (days(40) - DAY)).fact_id
    return Said(dispute, remittance, promise, extension, invoice_id)


FAULTS = {
    "a state that nobody moved it to": (
        "UPDATE invoicing_claimfact SET state = 'confirmed' WHERE id = {s.remittance}",
        ["fact {s.remittance}: it stands at confirmed, its history ends at stale"],
    ),
    "a state without any history": (
        "UPDATE invoicing_claimfact SET state = 'kept' WHERE id = {s.promise}",
        ["fact {s.promise}: it stands at kept, its history ends at open"],
    ),
    "a move that is gone": (
        "DELETE FROM base_statechange WHERE object_id = {s.dispute} AND kind = 'invoicing.dispute' "
        "AND to_state = 'answered'",
        ["fact {s.dispute}: it was moved from answered, where it did not stand"],
    ),
    "a history of no fact": (
        "UPDATE base_statechange SET object_id = 999999, to_state = 'stale' "
        "WHERE object_id = {s.remittance} AND kind = 'invoicing.remittance'",
        ["fact {s.remittance}: it stands at stale, its history ends at open",
         "there is a history of a fact 999999 (remittance), and no such fact",
         "fact 999999: it was moved by command"],
    ),
    "a move that was not announced": (
        "DELETE FROM base_event WHERE type = 'invoicing.FactsMoved' AND body -> 'fact_ids' @> '[{s.remittance}]'",
        ["fact {s.remittance}: it was moved by command"],
    ),
    "a fact that was not announced": (
        "DELETE FROM base_event WHERE type = 'invoicing.FactStated' AND body ->> 'fact_id' = '{s.promise}'",
        ["fact {s.promise}: 0 events say that it was stated, on its invoice and by its command"],
    ),
    "a fact that was announced of another invoice": (
        "UPDATE base_event SET body = body || '{{\"invoice_id\": 77}}' "
        "WHERE type = 'invoicing.FactStated' AND body ->> 'fact_id' = '{s.extension}'",
        ["fact {s.extension}: 0 events say that it was stated, on its invoice and by its command"],
    ),
    "an announcement of no fact": (
        "INSERT INTO base_event (tenant_id, command_id, type, body, at) "
        "SELECT tenant_id, command_id, type, body || '{{\"fact_id\": 999999}}', at FROM base_event "
        "WHERE type = 'invoicing.FactStated' AND body ->> 'fact_id' = '{s.promise}'",
        ["an event says that fact 999999 was stated, and there is no such fact"],
    ),
    "lines that do not make the amount": (
        "UPDATE invoicing_disputedline SET amount_minor = 4000 WHERE fact_id = {s.dispute}",
        ["fact {s.dispute}: 5000 are disputed, which is more than its lines make: 4000"],
    ),
}  # fmt: skip


class TestVerificationOfFacts:
    def test_of_sound_facts_finds_nothing(self, shop_live: Company, said: Said) -> None:
        assert [fact.state.value for fact in Talk(shop_live).facts(said.invoice)] == ["open", "open"]
        assert shop_live.problems() == []

    @pytest.mark.parametrize("fault", FAULTS)
    def test_finds(self, shop_live: Company, said: Said, monkeypatch: pytest.MonkeyPatch, fault: str) -> None:
        statement, expected = FAULTS[fault]
        with unguarded(shop_live.ctx, monkeypatch, *TABLES) as cursor:
            cursor.execute(statement.format(s=said))
            assert cursor.rowcount > 0
            found = sorted(problem.reason for problem in queries.verify())
        wanted = sorted(text.format(s=said) for text in expected)
        assert len(found) == len(wanted)
        assert all(reason.startswith(text) for reason, text in zip(found, wanted, strict=True))
        assert shop_live.problems() == []
