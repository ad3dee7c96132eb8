"""Say that a movement at the bank is no customer's, and which account it belongs to."""

from kvit.base.command import Ctx, command
from kvit.ledger import commands as ledger
from kvit.matching.commands.lines import NotLinkable, free_line
from kvit.matching.commands.linking import Linked
from kvit.matching.commands.writing import NewLink, write_links
from kvit.matching.domain import Evidence, LinkKind
from kvit.matching.domain.adjustments import ASIDE_ACCOUNTS


@command
def set_aside(ctx: Ctx, *, line_id: int, account: str, reason: str) -> Linked:
    """Book a line, in or out, to an account of `ASIDE_ACCOUNTS`: fees, taxes, wages, own transfers, suppliers.

    Undone like every link. Refuses `NotLinkable`, `AlreadyLinked`.
    """
    if account not in ASIDE_ACCOUNTS:
        raise NotLinkable(f"{account} is no account that a movement is set aside to")
    if not reason.strip():
        raise NotLinkable("say what the movement is")
    line = free_line(line_id)
    ledger.open_account(ctx, code=account, name=ASIDE_ACCOUNTS[account])
    (link_id,) = write_links(
        ctx,
        [
            NewLink(
                line_id=line_id,
                amount_minor=line.amount_minor,
                currency=line.currency,
                booking_date=line.booking_date,
                shares=(),
                evidence=Evidence("set_aside", reason.strip()[:300], {"account": account}),
                kind=LinkKind.ASIDE,
                adjustments=((account, -line.amount_minor),),
            )
        ],
    )
    return Linked(link_id, 0)
