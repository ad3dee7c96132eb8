"""What a person at the desk may choose from for one line, found without the engine."""

from dataclasses import dataclass

from kvit.matching.domain.evidence import Reason


@dataclass(frozen=True, slots=True)
class CandidateItem:
    """An open item about a document: `open_minor` is open of it now, `amount_minor` what the line would pay of it.

    A credit note that would be netted has both negative.
    """

    item_id: int
    invoice_id: int
    amount_minor: int
    open_minor: int


@dataclass(frozen=True, slots=True)
class Candidate:
    """What the line may pay, of one customer: one item, or a set of them that is paid together.

    `rank` is that of the robot's suggestion, to be confirmed by `confirm_suggestion`; 0 where the robot did not
    suggest it. `found_by` is robot, account, number, amount, name or text; `reasons` are codes of evidence with
    their parameters. `confidence_ppm` is the robot's, in millionths, 0 for what it did not suggest.
    """

    rank: int
    party_id: int
    items: tuple[CandidateItem, ...]
    found_by: str
    reasons: tuple[Reason, ...]
    confidence_ppm: int


def candidates(line_id: int, text: str = "", *, limit: int = 20) -> tuple[Candidate, ...]:
    """What the line may pay, the likeliest first, with what is open now; empty for money that went out.

    The robot's suggestions as far as they are still open; then items of whom this account or name has paid for, of
    the number quoted, of the equal amount, of the payer's name. With `text` only what it finds: a number, or the
    beginning of a customer's name. Needs the tenant's scope.
    """
    raise NotImplementedError
