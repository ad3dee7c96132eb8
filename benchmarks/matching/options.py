"""What a workload is generated from: the profile's shares, the mix of errors and words, sizes and the seed."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from benchmarks.matching.words import USUAL, Words

SCENARIOS = (
    *("exact", "typo", "noref", "partial", "short", "over", "lump", "netting"),
    *("duplicate", "closed", "unrelated"),
)
MUST_NOT_MATCH = ("duplicate", "closed", "unrelated")
MOST_PAID = 0.4  # payments per open invoice: the scenarios need unpaid invoices left over


@dataclass(frozen=True)
class Profile:
    """A kind of creditor: shares of scenarios and of reference kinds, and how its payers are."""

    scenarios: Mapping[str, float]
    kinds: Mapping[str, float]
    third_party: float
    foreign: float
    virtual: float
    companies: float


def _shares(values: str) -> dict[str, float]:
    return dict(zip(SCENARIOS, map(float, values.split()), strict=True))


PROFILES = {
    "mixed": Profile(
        _shares(".60 .10 .05 .04 .02 .01 .06 .01 .02 .03 .06"),
        {"ocr": 0.50, "rf": 0.20, "free": 0.30},
        third_party=0.05,
        foreign=0.04,
        virtual=0.08,
        companies=0.45,
    ),
    "retail": Profile(
        _shares(".86 .04 .01 .01 .005 .01 .015 0 .01 .015 .025"),
        {"ocr": 0.80, "rf": 0.15, "free": 0.05},
        third_party=0.06,
        foreign=0.01,
        virtual=0.05,
        companies=0.10,
    ),
    "b2b": Profile(
        _shares(".45 .08 .08 .05 .04 .01 .18 .03 .015 .025 .04"),
        {"ocr": 0.20, "rf": 0.20, "free": 0.60},
        third_party=0.04,
        foreign=0.08,
        virtual=0.10,
        companies=0.95,
    ),
}

# Shares within the ranges that Verhoeff (1969) found, as cited by Wagner and Putter, CACM 32(1), 1989. Truncation, two
# errors at once and another number than the reference are assumptions of ours.
USUAL_ERRORS = {
    "substitution": 0.600,
    "transposition": 0.110,
    "omission": 0.085,
    "doubling": 0.030,
    "insertion": 0.025,
    "jump_transposition": 0.010,
    "twin": 0.010,
    "jump_twin": 0.005,
    "phonetic": 0.005,
    "two_errors": 0.035,
    "truncation": 0.025,
    "other_number": 0.060,
}
# Another hand: fewer wrong digits, more that are left out, put in or swapped, more that cannot be put right.
OTHER_ERRORS = {
    "substitution": 0.450,
    "transposition": 0.140,
    "omission": 0.130,
    "doubling": 0.050,
    "insertion": 0.050,
    "jump_transposition": 0.015,
    "twin": 0.015,
    "jump_twin": 0.010,
    "phonetic": 0.010,
    "two_errors": 0.050,
    "truncation": 0.030,
    "other_number": 0.050,
}
# Kept from training, as the words `UNSEEN` are.
UNSEEN_ERRORS = {
    "substitution": 0.520,
    "transposition": 0.170,
    "omission": 0.070,
    "doubling": 0.020,
    "insertion": 0.060,
    "jump_transposition": 0.005,
    "twin": 0.020,
    "jump_twin": 0.005,
    "phonetic": 0.020,
    "two_errors": 0.045,
    "truncation": 0.015,
    "other_number": 0.050,
}
ERRORS = {"usual": USUAL_ERRORS, "other": OTHER_ERRORS, "unseen": UNSEEN_ERRORS}


@dataclass(frozen=True)
class Options:
    """The whole input: equal options give equal rows.

    `dense` references count up, one per invoice, a third of them open; else they are spread over 10**11 numbers.
    `permuted` gives customers, invoices and payments ids without any order, and the rows of invoices and customers too.
    """

    items: int = 100_000
    payments: int = 0
    seed: int = 1
    profile: str = "mixed"
    dense: bool = True
    permuted: bool = False
    errors: Mapping[str, float] = field(default_factory=lambda: USUAL_ERRORS)
    words: Words = USUAL

    def __post_init__(self) -> None:
        if self.profile not in PROFILES:
            raise ValueError(f"no profile {self.profile!r}; there is {', '.join(PROFILES)}")
        if self.items < 1 or self.payments < 0:
            raise ValueError("a workload has at least one item, and not less than no payments")
        if self.payment_count > self.items * MOST_PAID:
            raise ValueError(f"at most {MOST_PAID} payments per open item: unpaid ones must be left over")

    @property
    def payment_count(self) -> int:
        """How many payments are asked for: a fifth of the items if nothing is said."""
        return self.payments or self.items // 5

    @property
    def shape(self) -> Profile:
        """The profile by its name."""
        return PROFILES[self.profile]
