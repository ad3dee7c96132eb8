"""Which credits nobody has linked could be of these debtors: asked before anybody is reminded."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from kvit.banking import queries as banking
from kvit.banking.queries import BankLine
from kvit.ledger import queries as ledger
from kvit.matching.queries.links import waiting_lines
from kvit.matching.queries.payers import payers_of_lines
from kvit.matching.queries.suggestions import suggestions
from kvit.parties import queries as parties

_WEIGHTS: Final = {"account_known": 600_000, "name_known": 500_000, "name_equal": 450_000}
"""What a known account, a name learnt and the customer's own name are worth by themselves, in millionths."""
_AMOUNT: Final = 400_000
"""What an equal amount is worth, divided by how many customers have an open item of it."""
_WHOLE: Final = 1_000_000


@dataclass(frozen=True, slots=True)
class Plausible:
    """A waiting credit that may be this customer's: `weight_ppm` in millionths says how plausible, `reasons` why.

    Reasons are codes: suggested (the robot's suggestion or its runner-up), amount_equal (an open item has the amount),
    account_known, name_known, name_equal.
    """

    party_id: int
    line_id: int
    amount_minor: int
    currency: str
    weight_ppm: int
    reasons: tuple[str, ...]


def could_be(party_ids: Sequence[int], *, least_ppm: int = 50_000) -> tuple[Plausible, ...]:
    """Unmatched credits that could plausibly be these customers', by customer, the weightiest first.

    For a run over all debtors: a few statements however many are asked for. Weights of reasons add up as chances do
    (1 - the product of what each leaves over). Needs the tenant's scope.
    """
    wanted = frozenset(party_ids)
    credits = {line.id: line for line in banking.lines(waiting_lines()) if line.amount_minor > 0}
    if not wanted or not credits:
        return ()
    found: dict[tuple[int, int], dict[str, int]] = {}
    for party_id, line_id, code, weight in (*_suggested(credits), *_of_amount(credits), *_of_payers(credits.values())):
        if party_id in wanted:
            reasons = found.setdefault((party_id, line_id), {})
            reasons[code] = max(weight, reasons.get(code, 0))
    told = (
        Plausible(
            party_id,
            line_id,
            credits[line_id].amount_minor,
            credits[line_id].currency,
            _together(reasons.values()),
            tuple(sorted(reasons, key=lambda code: -reasons[code])),
        )
        for (party_id, line_id), reasons in found.items()
    )
    return tuple(
        sorted(
            (one for one in told if one.weight_ppm >= least_ppm), key=lambda p: (p.party_id, -p.weight_ppm, p.line_id)
        )
    )


_Found = Iterator[tuple[int, int, str, int]]
"""(party, line, reason, weight in millionths)"""


def _suggested(credits: dict[int, BankLine]) -> _Found:
    for one in suggestions(list(credits)):
        yield one.party_id, one.line_id, "suggested", one.confidence_ppm


def _of_amount(credits: dict[int, BankLine]) -> _Found:
    """Customers with an open item of exactly the amount; the more have one, the less it says."""
    lines: dict[tuple[int, str], list[int]] = {}
    for line in credits.values():
        lines.setdefault((line.amount_minor, line.currency), []).append(line.id)
    for amount, currency, holders in ledger.holders_of_amounts(list(lines)):
        for line_id in lines[amount, currency]:
            for party_id in holders:
                yield party_id, line_id, "amount_equal", _AMOUNT // len(holders)


def _of_payers(credits: Iterable[BankLine]) -> _Found:
    payers = [(line.id, line.counterparty_account, line.counterparty_name) for line in credits]
    for line_id, party_id, by_account, holders in payers_of_lines(payers):
        code = "account_known" if by_account else "name_known"
        yield party_id, line_id, code, _WEIGHTS[code] // holders
    names: dict[str, list[int]] = {}
    for line_id, _, name in payers:
        if name.strip():
            names.setdefault(name, []).append(line_id)
    for name, holders_of_name in parties.holders_of_names(list(names)).items():
        for party_id in holders_of_name:
            for line_id in names[name]:
                yield party_id, line_id, "name_equal", _WEIGHTS["name_equal"] // len(holders_of_name)


def _together(weights: Iterable[int]) -> int:
    left = _WHOLE
    for weight in weights:
        left = left * (_WHOLE - min(weight, _WHOLE)) // _WHOLE
    return _WHOLE - left
