"""What the engine decided of each payment, by the ids of the books, with the evidence as it is kept."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
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


@dataclass(slots=True)
class Decided:
    """One payment: items (of the ledger) with minor units, credit notes negative; of whom; how sure, in millionths.

    `about_item` is the closed item that the payment quotes, `about_line` the payment of this batch that closed it.
    """

    line_id: int
    outcome: Outcome
    party_id: int = 0
    items: tuple[tuple[int, int], ...] = ()
    confidence_ppm: int = 0
    evidence: Evidence = field(default_factory=lambda: _NOTHING)
    about_item: int = 0
    about_line: int = 0


_OUTCOMES: Final[Mapping[int, Outcome]] = {
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
    columns = _Columns.of(decisions, index)
    for row, line_id in enumerate(columns.lines):
        kind = columns.kinds[row]
        outcome = _OUTCOMES[kind]
        if outcome is Outcome.NOTHING:
            yield Decided(line_id, outcome)
            continue
        party, pairs = columns.parties[row], columns.said(row)
        if outcome in (Outcome.TWICE, Outcome.CLOSED):
            yield _closed(line_id, outcome, party, pairs[0], index, columns.lines)
            continue
        evidence = _evidence(columns, row, pairs, decimals[row])
        if outcome is Outcome.BOOKED and not speaks_for_two(evidence.reasons):
            outcome = Outcome.UNSURE
        yield Decided(line_id, outcome, party, columns.items(row), columns.sure[row], evidence)


@dataclass(frozen=True, slots=True)
class _Columns:
    """Decisions as lists: one value of an array costs more to take than all of it to turn into a list."""

    lines: list[int]
    kinds: list[int]
    parties: list[int]
    sure: list[int]
    item_ids: list[int]
    amounts: list[int]
    links: list[int]
    codes: list[tuple[int, int]]
    evidence: list[int]
    rival_ids: list[int]
    rivals: list[int]
    rival_sure: list[int]
    rival_reasons: list[int]

    @classmethod
    def of(cls, decisions: Decisions, index: Index) -> "_Columns":
        """The same, by the ids of the books."""
        customers = decisions.customer
        known = index.customer_ids[customers.clip(0)] if len(index.customer_ids) else customers
        return cls(
            lines=decisions.payment_id.tolist(),
            kinds=decisions.decision.tolist(),
            parties=(known * (customers >= 0)).tolist(),
            sure=(decisions.confidence * WHOLE_PPM).round().astype(int).clip(max=WHOLE_PPM).tolist(),
            item_ids=index.item_ids[decisions.item].tolist(),
            amounts=decisions.amount_minor.tolist(),
            links=decisions.links.tolist(),
            codes=list(zip(decisions.code.tolist(), decisions.parameter.tolist(), strict=True)),
            evidence=decisions.evidence.tolist(),
            rival_ids=index.item_ids[decisions.rival].tolist(),
            rivals=decisions.rivals.tolist(),
            rival_sure=(decisions.rival_confidence * WHOLE_PPM).round().astype(int).tolist(),
            rival_reasons=decisions.rival_reason.tolist(),
        )

    def said(self, row: int) -> tuple[tuple[int, int], ...]:
        """Codes of evidence with their parameters."""
        return tuple(self.codes[self.evidence[row] : self.evidence[row + 1]])

    def items(self, row: int) -> tuple[tuple[int, int], ...]:
        """What is paid, with minor units."""
        begin, end = self.links[row], self.links[row + 1]
        return tuple(zip(self.item_ids[begin:end], self.amounts[begin:end], strict=True))


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


def _evidence(columns: _Columns, row: int, pairs: tuple[tuple[int, int], ...], decimals: int) -> Evidence:
    code, words, reasons, change = _said(pairs, decimals, columns.kinds[row])
    begin, end = columns.rivals[row], columns.rivals[row + 1]
    if begin == end:
        return Evidence(code, words, reasons=reasons, change=change)
    rival = Rival(
        tuple(columns.rival_ids[begin:end]),
        columns.rival_sure[row],
        RivalReason(columns.rival_reasons[row]).name.lower(),
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
