"""Decisions in plain English: the reasons with their codes, the best alternative, what would change it."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from kvit.matching.domain.engine.evidence import Code, RivalReason
from kvit.matching.domain.engine.index import Index
from kvit.matching.domain.engine.tables import DecisionKind, Decisions

_WORDS: Final[Mapping[Code, str]] = {
    Code.REFERENCE_EQUAL: "reference equal",
    Code.REFERENCE_WITHOUT_CHECK_DIGITS: "reference equal without its check digits",
    Code.INVOICE_NUMBER_EQUAL: "invoice number equal",
    Code.DIGIT_WRONG: "digit {0} wrong",
    Code.DIGITS_SWAPPED: "digits {0} and {1} swapped",
    Code.DIGIT_MISSING: "digit {0} missing",
    Code.DIGIT_TOO_MANY: "digit {0} is one too many",
    Code.TWIN_DIGITS_WRONG: "equal digits {0} and {1} both wrong",
    Code.DIGITS_JUMPED: "digits {0} and {2} swapped or both wrong",
    Code.DIGIT_MISHEARD: "digits {0} and {1} misheard",
    Code.REFERENCE_CUT: "reference cut off at its end",
    Code.TWO_SLIPS: "reference with up to two errors",
    Code.THREE_SLIPS: "reference with three errors",
    Code.ALL_QUOTED: "all {0} items are quoted",
    Code.QUOTED_AND_REST: "{0} quoted, and others that make up the rest",
    Code.ALL_OPEN: "all {0} open items of the customer",
    Code.ALL_DEBTS: "all {0} open debts of the customer",
    Code.OLDEST_ITEMS: "the {0} oldest open items",
    Code.SUM_OF_ITEMS: "open items that add up, in {0} ways",
    Code.ALL_BUT_FEW: "all open items but one or two, in {0} ways",
    Code.AMOUNT_EQUAL: "amount equal",
    Code.AMOUNT_SHORT: "{0} too little",
    Code.AMOUNT_OVER: "{0} too much",
    Code.AMOUNT_PARTIAL: "a part, {0} stay open",
    Code.AMOUNT_MORE: "{0} more than is open",
    Code.SUM_EQUAL: "the sum of {0} items equal",
    Code.CREDIT_NOTES_NETTED: "{0} credit notes deducted",
    Code.AMOUNT_RARE: "open items with this amount: {0}",
    Code.OLDEST_OF_EQUALS: "the oldest of {0} equal debts",
    Code.VIRTUAL_ACCOUNT: "paid to the customer's own account number",
    Code.ACCOUNT_KNOWN: "payer's account known",
    Code.NAME_EQUAL: "payer's name equal",
    Code.NAME_LEARNT: "payer's name known from earlier payments",
    Code.NAME_NEAR: "payer's name near ({0} of 100)",
    Code.CUSTOMER_NUMBER_QUOTED: "customer number quoted",
    Code.PAYER_UNKNOWN: "payer not known",
    Code.PAYER_KNOWN_AS_OTHER: "payer known as somebody else",
    Code.PAID_IN_THIS_BATCH: "paid already by the payment in row {0}",
    Code.ITEM_CLOSED: "the item is closed",
}

_MONEY: Final = frozenset({Code.AMOUNT_SHORT, Code.AMOUNT_OVER, Code.AMOUNT_PARTIAL, Code.AMOUNT_MORE})

_LOST: Final[Mapping[RivalReason, str]] = {
    RivalReason.AMOUNT_DIFFERS: "its amount differs",
    RivalReason.WEAKER_REFERENCE: "its reference is quoted less exactly",
    RivalReason.WEAKER_PAYER: "less speaks for its customer as the payer",
    RivalReason.YOUNGER_DEBT: "of equal debts the older is paid first",
    RivalReason.LESS_LIKELY: "it is less likely in all",
}


@dataclass(frozen=True, slots=True)
class Reason:
    """One piece of evidence: its stable code, its parameter, and the words."""

    code: Code
    parameter: int
    words: str


@dataclass(frozen=True, slots=True)
class Explanation:
    """Why a payment was decided as it was; `items` and `rival_items` are ids, `would_change` what would turn it."""

    payment_id: int
    decision: DecisionKind
    confidence: float
    items: tuple[int, ...]
    reasons: tuple[Reason, ...]
    rival_items: tuple[int, ...]
    rival_confidence: float
    rival_reason: RivalReason
    would_change: str

    @property
    def words(self) -> str:
        """The reasons in one line."""
        return ", ".join(reason.words for reason in self.reasons)

    @property
    def rival_words(self) -> str:
        """The runner-up and why it lost; empty for none."""
        if self.rival_reason is RivalReason.NO_RIVAL:
            return ""
        return f"next best: {', '.join(map(str, self.rival_items))}; {_LOST[self.rival_reason]}"


def explain(decisions: Decisions, row: int, index: Index, *, decimals: int = 2) -> Explanation:
    """The decision about the payment in a row, in words; `decimals` is how many the currency has."""
    begin, end = int(decisions.evidence[row]), int(decisions.evidence[row + 1])
    pairs = zip(decisions.code[begin:end].tolist(), decisions.parameter[begin:end].tolist(), strict=True)
    reasons = tuple(reason_of(Code(code), parameter, decimals) for code, parameter in pairs)
    rivals = decisions.rival[decisions.rivals[row] : decisions.rivals[row + 1]]
    kind = DecisionKind(int(decisions.decision[row]))
    return Explanation(
        payment_id=int(decisions.payment_id[row]),
        decision=kind,
        confidence=float(decisions.confidence[row]),
        items=tuple(index.item_ids[decisions.items_of(row)].tolist()),
        reasons=reasons,
        rival_items=tuple(index.item_ids[rivals].tolist()),
        rival_confidence=float(decisions.rival_confidence[row]),
        rival_reason=RivalReason(int(decisions.rival_reason[row])),
        would_change=_change(kind, {reason.code for reason in reasons}),
    )


def reason_of(code: Code, parameter: int, decimals: int) -> Reason:
    """One piece of evidence in words; `decimals` is how many the currency has."""
    if code is Code.REFERENCE_EQUAL and parameter:
        return Reason(code, parameter, "reference equal, its check digits fit")
    if code in _MONEY:
        whole, part = divmod(parameter, 10**decimals)
        shown = f"{whole}.{part:0{decimals}d}" if decimals else str(whole)
        return Reason(code, parameter, _WORDS[code].format(shown))
    return Reason(code, parameter, _WORDS[code].format(parameter, parameter + 1, parameter + 2))


def _change(kind: DecisionKind, codes: set[Code]) -> str:
    """What would turn the decision, from what is missing in the evidence."""
    if kind is DecisionKind.AUTO:
        return "a closer reference or another open item with the same evidence would make it ask"
    if kind is DecisionKind.DUPLICATE:
        return "undoing the first payment's link would let this one pay the item"
    if kind is DecisionKind.ACCOUNT:
        return "opening the item again would let this payment pay it"
    if kind is DecisionKind.NONE:
        return "a reference, a known account or an open item of this amount would give it a candidate"
    missing = []
    if not codes & _QUOTED:
        missing.append("a reference")
    if not codes & _EQUAL_SUMS:
        missing.append("an equal amount")
    if not codes & _PAYERS:
        missing.append("the payer's account known for this customer")
    return f"{' or '.join(missing) or 'a confirmation'} would make it sure"


_QUOTED: Final = frozenset(code for code in Code if code < Code.ALL_OPEN)
_EQUAL_SUMS: Final = frozenset({Code.AMOUNT_EQUAL, Code.SUM_EQUAL})
_PAYERS: Final = frozenset({Code.VIRTUAL_ACCOUNT, Code.ACCOUNT_KNOWN})
