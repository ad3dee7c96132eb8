"""What the engine decided of each payment, by the ids of the books, with the evidence as it is kept."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache
from typing import Final

from kvit.matching.domain.engine import DecisionKind, Decisions, Index, Prior, RivalReason
from kvit.matching.domain.engine.evidence import Code
from kvit.matching.domain.engine.wording import reason_of
from kvit.matching.domain.evidence import Evidence, Reason, Rival, speaks_for_two
from kvit.matching.domain.rule import WHOLE_PPM


class Outcome(StrEnum):
    """What becomes of a payment. Twice and closed go to the customer's account; unsure and nothing wait."""

    BOOKED = "booked"
    TWICE = "twice"
    CLOSED = "closed"
    UNSURE = "unsure"
    NOTHING = "nothing"


_NOTHING: Final = Evidence("nothing_found", "no open item explains the payment", change=("reference", "known_account"))


@dataclass(frozen=True, slots=True)
class Decided:
    """One payment: items (of the ledger) with minor units, credit notes negative; of whom; how sure, in millionths.

    `about_item` is the closed item that the payment quotes, `about_line` the payment of this batch that closed it.
    """

    line_id: int
    outcome: Outcome
    party_id: int = 0
    items: tuple[tuple[int, int], ...] = ()
    confidence_ppm: int = 0
    evidence: Evidence = _NOTHING
    about_item: int = 0
    about_line: int = 0


_OUTCOMES: Final = {
    DecisionKind.NONE: Outcome.NOTHING,
    DecisionKind.SUGGEST: Outcome.UNSURE,
    DecisionKind.AUTO: Outcome.BOOKED,
    DecisionKind.DUPLICATE: Outcome.TWICE,
    DecisionKind.ACCOUNT: Outcome.CLOSED,
}
_LAST_QUOTED: Final = Code.QUOTED_AND_REST
_EQUAL: Final = frozenset({Code.AMOUNT_EQUAL, Code.SUM_EQUAL})
_KNOWN: Final = frozenset({Code.VIRTUAL_ACCOUNT, Code.ACCOUNT_KNOWN})


def threshold(prior: Prior, target_ppm: int) -> tuple[int, int]:
    """(numerator, denominator) of the least confidence of an automatic decision for this precision.

    Beyond the strictest target that the prior was measured at, what is missing to certainty shrinks in proportion.
    """
    target, last = target_ppm / WHOLE_PPM, prior.targets[-1].item()
    least = prior.threshold(min(target, last))
    if target > last:
        least = 1 - (1 - least) * (1 - target) / (1 - last)
    return round(least * WHOLE_PPM), WHOLE_PPM


def decided(decisions: Decisions, index: Index, *, decimals: Sequence[int]) -> Iterator[Decided]:
    """What was decided of each payment, in their order; `decimals` is how many each one's currency has."""
    kinds, customers = decisions.decision.tolist(), decisions.customer.tolist()
    links, said = decisions.links.tolist(), decisions.evidence.tolist()
    codes, parameters = decisions.code.tolist(), decisions.parameter.tolist()
    ids, amounts = index.item_ids[decisions.item].tolist(), decisions.amount_minor.tolist()
    sure, lines = (decisions.confidence * WHOLE_PPM).round().astype(int).tolist(), decisions.payment_id.tolist()
    for row, line_id in enumerate(lines):
        outcome = _OUTCOMES[DecisionKind(kinds[row])]
        if outcome is Outcome.NOTHING:
            yield Decided(line_id, outcome)
            continue
        party = int(index.customer_ids[customers[row]]) if customers[row] >= 0 else 0
        pairs = tuple(zip(codes[said[row] : said[row + 1]], parameters[said[row] : said[row + 1]], strict=True))
        if outcome in (Outcome.TWICE, Outcome.CLOSED):
            yield _closed(line_id, outcome, party, pairs[0], index, lines)
            continue
        items = tuple(zip(ids[links[row] : links[row + 1]], amounts[links[row] : links[row + 1]], strict=True))
        evidence = _evidence(decisions, row, index, pairs, decimals[row])
        if outcome is Outcome.BOOKED and not speaks_for_two(evidence.reasons):
            outcome = Outcome.UNSURE
        yield Decided(line_id, outcome, party, items, min(sure[row], WHOLE_PPM), evidence)


def _closed(
    line_id: int, outcome: Outcome, party: int, said: tuple[int, int], index: Index, lines: Sequence[int]
) -> Decided:
    code, parameter = said
    if code == Code.PAID_IN_THIS_BATCH and parameter >= 0:
        evidence = Evidence("paid_twice", "the same was paid before", reasons=(("paid_twice", lines[parameter]),))
        return Decided(line_id, outcome, party, evidence=evidence, about_line=lines[parameter])
    item = int(index.item_ids[index.order[parameter]])
    evidence = Evidence("item_closed", "what it quotes is paid already", change=("reopen",))
    return Decided(line_id, outcome, party, evidence=evidence, about_item=item)


def _evidence(
    decisions: Decisions, row: int, index: Index, pairs: tuple[tuple[int, int], ...], decimals: int
) -> Evidence:
    code, words, reasons, change = _said(pairs, decimals, int(decisions.decision[row]))
    begin, end = int(decisions.rivals[row]), int(decisions.rivals[row + 1])
    if begin == end:
        return Evidence(code, words, reasons=reasons, change=change)
    rival = Rival(
        tuple(index.item_ids[decisions.rival[begin:end]].tolist()),
        round(decisions.rival_confidence[row].item() * WHOLE_PPM),
        RivalReason(int(decisions.rival_reason[row])).name.lower(),
    )
    return Evidence(code, words, reasons=reasons, rival=rival, change=change)


@lru_cache(maxsize=20_000)
def _said(
    pairs: tuple[tuple[int, int], ...], decimals: int, kind: int
) -> tuple[str, str, tuple[Reason, ...], tuple[str, ...]]:
    """First code, words, reasons and what would change it; the same few combinations come again and again."""
    codes = [Code(code) for code, _ in pairs]
    reasons = tuple((code.name.lower(), parameter) for code, (_, parameter) in zip(codes, pairs, strict=True))
    told = (reason_of(code, parameter, decimals) for code, (_, parameter) in zip(codes, pairs, strict=True))
    words = ", ".join(reason.words for reason in told)
    return reasons[0][0] if reasons else "engine", words, reasons, _change(DecisionKind(kind), frozenset(codes))


def _change(kind: DecisionKind, codes: frozenset[Code]) -> tuple[str, ...]:
    """Codes of what would turn the decision, from what is missing in the evidence."""
    if kind is DecisionKind.AUTO:
        return ("closer_reference", "other_item")
    missing = []
    if not any(code <= _LAST_QUOTED for code in codes):
        missing.append("reference")
    if not codes & _EQUAL:
        missing.append("equal_amount")
    if not codes & _KNOWN:
        missing.append("known_account")
    return tuple(missing) or ("confirmation",)
