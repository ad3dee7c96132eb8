"""Why a line was linked as it was, or waits: evidence, the best alternative and why it lost, what would change it."""

from dataclasses import dataclass

from kvit.matching.domain.evidence import Evidence
from kvit.matching.queries.suggestions import SuggestedItem


@dataclass(frozen=True, slots=True)
class Explained:
    """One line: its live link (`link_id`) or what the robot suggests, and what speaks for it.

    `outcome` is linked, aside, suggested or waiting. `items` are open items with what of them is (or would be) paid;
    `evidence.rival` is the best alternative with the code why it lost, `evidence.change` codes of what would turn the
    decision: closer_reference, other_item, undo_first, reopen, reference, equal_amount, known_account, confirmation.
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


def explain(line_id: int) -> Explained | None:
    """What is known of the decision about a line; None for a line there is not. Needs the tenant's scope."""
    from kvit.matching.queries.links import made_links
    from kvit.matching.queries.suggestions import suggestions

    live = next((k for k in made_links([line_id]) if k.state == "live"), None)
    if live is not None:
        return Explained(
            line_id,
            "aside" if live.kind == "aside" else "linked",
            live.id,
            live.by_robot,
            live.party_id,
            (),
            Evidence(live.evidence_code, live.evidence, {}, live.reasons),
            live.confidence_ppm,
            live.threshold_ppm,
            None,
        )
    one = next(iter(suggestions([line_id])), None)
    if one is None:
        return Explained(
            line_id,
            "waiting",
            None,
            False,
            0,
            (),
            Evidence("nothing_found", "", change=("reference",)),
            None,
            None,
            None,
        )
    return Explained(
        line_id, "suggested", None, True, one.party_id, one.items, one.evidence, one.confidence_ppm, None, None
    )
