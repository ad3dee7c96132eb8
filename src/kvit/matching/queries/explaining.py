"""Why a line was linked as it was, or waits: evidence, the best alternative and why it lost, what would change it."""

from dataclasses import dataclass

from kvit.banking import queries as banking
from kvit.base import codec, rows
from kvit.ledger import queries as ledger
from kvit.matching.domain.evidence import Evidence
from kvit.matching.queries.suggestions import SuggestedItem, suggestions
from kvit.work import queries as work


@dataclass(frozen=True, slots=True)
class Explained:
    """One line: its live link (`link_id`) or what the robot suggests, and what speaks for it.

    `outcome` is linked, aside, refund, suggested or waiting. `items` are open items with what of them is (or would be)
    paid; `evidence.rival` is the best alternative with the code why it lost, `evidence.change` codes of what would turn
    the decision: closer_reference, other_item, reopen, reference, equal_amount, known_account, confirmation.
    `confidence_ppm` of the decision and `threshold_ppm` that was asked are None where a person decided.
    """

    line_id: int
    outcome: str
    link_id: int | None
    by_robot: bool
    party_id: int
    items: tuple[SuggestedItem, ...]
    evidence: Evidence
    confidence_ppm: int | None
    threshold_ppm: int | None
    target_ppm: int | None


_OUTCOMES = {"payment": "linked", "refund": "refund", "aside": "aside"}


def explain(line_id: int) -> Explained | None:
    """What is known of the decision about a line; None for a line there is not. Needs the tenant's scope."""
    if not banking.lines([line_id]):
        return None
    return _linked(line_id) or _suggested(line_id) or _waiting(line_id)


def _linked(line_id: int) -> Explained | None:
    found = rows.select(
        """
        SELECT id, kind, by_robot, coalesce(party_id, 0), entry_id, evidence, confidence_ppm, threshold_ppm, target_ppm
        FROM matching_link WHERE line_id = %s AND state = 'live'
        """,
        [line_id],
    )
    if not found:
        return None
    link_id, kind, by_robot, party_id, entry_id, evidence, *sure = found[0]
    own = ledger.items_of_entries([entry_id])
    settled = [a for a in ledger.allocations_of([item.id for item in own]) if a.is_live]
    mine = {item.id for item in own}
    items = tuple(
        SuggestedItem(a.debit_item_id if a.debit_item_id not in mine else a.credit_item_id, a.amount_minor)
        for a in settled
    )
    said = codec.restore(evidence, Evidence)
    return Explained(line_id, _OUTCOMES[kind], link_id, by_robot, party_id, items, said, *sure)


def _suggested(line_id: int) -> Explained | None:
    first = next((one for one in suggestions([line_id]) if one.rank == 1), None)
    if first is None:
        return None
    sure = first.confidence_ppm
    return Explained(line_id, "suggested", None, True, first.party_id, first.items, first.evidence, sure, None, None)


def _waiting(line_id: int) -> Explained:
    item = next((i for i in work.items_about("bank_line", line_id) if i.closed_at is None), None)
    code, words = (item.reason_code.rpartition(".")[2], item.reason) if item else ("not_matched", "nobody looked yet")
    change = ("reference", "equal_amount", "known_account") if code != "outgoing" else ()
    return Explained(line_id, "waiting", None, False, 0, (), Evidence(code, words, change=change), None, None, None)
