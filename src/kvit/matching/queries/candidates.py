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
    from kvit.banking import queries as banking
    from kvit.ledger import queries as ledger
    from kvit.matching.queries.suggestions import suggestions

    line = next(iter(banking.lines([line_id])), None)
    if line is None or line.amount_minor <= 0:
        return ()
    found = []
    for one in suggestions([line_id]):
        items = {i.id: i for i in ledger.items_by_id([x.item_id for x in one.items])}
        parts = tuple(
            CandidateItem(x.item_id, items[x.item_id].subject_id, x.amount_minor, items[x.item_id].open_minor)
            for x in one.items
            if x.item_id in items
        )
        found.append(Candidate(one.rank, one.party_id, parts, "robot", one.evidence.reasons, one.confidence_ppm))
    known = {(p.party_id, tuple(i.item_id for i in p.items)) for p in found}
    for item in ledger.open_of_amount(line.amount_minor, line.currency, limit=limit):
        if (item.party_id, (item.id,)) not in known:
            part = CandidateItem(item.id, item.subject_id, item.open_minor, item.open_minor)
            found.append(Candidate(0, item.party_id, (part,), "amount", (("amount_equal", 0),), 0))
    return tuple(found[:limit])
