"""`kvit match`: match again, see what waits and why, link and undo by hand."""

from collections.abc import Sequence
from decimal import Decimal, InvalidOperation

from kvit.banking import queries as banking
from kvit.base import tenant
from kvit.cli.actions import show
from kvit.cli.boot import Edge
from kvit.invoicing import queries as invoicing
from kvit.kernel.money import Money
from kvit.kernel.refusals import DomainError
from kvit.ledger import queries as ledger
from kvit.matching import commands, queries
from kvit.pages import evidence
from kvit.work import queries as work

CHUNK = 1000
MOST_SHOWN = 200


class BadTarget(DomainError):
    """A target is not NUMBER or NUMBER=AMOUNT of an invoice there is."""

    code = "cli.bad_target"


def run(edge: Edge) -> None:
    """Match all that waits once more, chunk by chunk."""
    with tenant.scope(edge.tenant_id):
        line_ids = queries.waiting_lines()
    linked = 0
    with show.progress("matching", len(line_ids)) as bar:
        for start in range(0, len(line_ids), CHUNK):
            chunk = line_ids[start : start + CHUNK]
            linked += commands.match_lines(edge.ctx(), line_ids=chunk).linked
            bar.advance(len(chunk))
    show.say(f"{linked} linked, {len(line_ids) - linked} wait for a person")


def waiting(edge: Edge, *, as_json: bool, most: int = MOST_SHOWN) -> None:
    """Print what waits, with its reason."""
    ctx = edge.ctx()
    with tenant.scope(edge.tenant_id):
        items = work.waiting(now=ctx.now, limit=most, kinds=[commands.WAITS])
        lines = {line.id: line for line in banking.lines([item.subject_id for item in items])}
        total = len(queries.waiting_lines())
    if as_json:
        show.as_json([{"line": lines.get(i.subject_id), "code": i.reason_code, "reason": i.reason} for i in items])
        return
    show.table(
        f"{total} payments wait" + (f", the first {len(items)}:" if len(items) < total else ""),
        (">line", "booked", ">amount", "payer", "reference or text", "why"),
        (
            (
                str(line.id),
                line.booking_date.isoformat(),
                show.money(line.amount_minor, line.currency),
                line.counterparty_name,
                line.reference or line.text[:40],
                item.reason,
            )
            for item in items
            if (line := lines.get(item.subject_id))
        ),
    )


def link(edge: Edge, line_id: int, targets: Sequence[str]) -> None:
    """Link a payment to the invoices named; without an amount an invoice takes what is open of it."""
    with tenant.scope(edge.tenant_id):
        found = tuple(_target(text) for text in targets)
    linked = commands.link_payment(edge.ctx(), line_id=line_id, targets=found)
    rest = f"; {linked.advance_minor} minor units are the customer's advance" if linked.advance_minor else ""
    show.say(f"link {linked.link_id}{rest}")


def _target(text: str) -> commands.Target:
    number, _, amount = text.partition("=")
    invoice = invoicing.numbered(number)
    if invoice is None:
        raise BadTarget(f"no document has the number {number}")
    if not amount:
        items = ledger.items_of_subjects("invoice", [invoice.id])
        return commands.Target(invoice.id, sum(i.open_minor for i in items if i.side == "debit"))
    try:
        return commands.Target(invoice.id, Money.from_decimal(Decimal(amount), invoice.currency).minor)
    except InvalidOperation:
        raise BadTarget(f"{amount!r} is not an amount; write 150.00") from None


def undo(edge: Edge, link_id: int, reason: str) -> None:
    """Undo a link."""
    undone = commands.undo_link(edge.ctx(), link_id=link_id, reason=reason, on_date=edge.today())
    show.say(f"link {link_id} is undone; payment {undone.line_id} waits again")


def explain(edge: Edge, line_id: int) -> None:
    """Print why a payment is linked or waits, the best alternative, what would change it, and its history."""
    with tenant.scope(edge.tenant_id):
        found = queries.explain(line_id)
        if found is None:
            raise commands.NotLinkable(f"there is no booked line {line_id}")
        lines = banking.lines([line_id])
        currency = lines[0].currency
        shown = ", ".join(_items(found.items, currency)) or "nothing"
        show.say(f"{found.outcome}{' by the robot' if found.by_robot else ''}: {shown}")
        show.say(f"because: {found.evidence.words} [{', '.join(code for code, _ in found.evidence.reasons)}]")
        if found.confidence_ppm is not None:
            asked = "" if found.threshold_ppm is None else f", asked {_share(found.threshold_ppm)}"
            show.say(f"sure: {_share(found.confidence_ppm)}{asked}")
        rival = found.evidence.rival
        if rival.item_ids:
            others = ", ".join(_numbers(rival.item_ids))
            lost = evidence.lost(rival.reason) or rival.reason.replace("_", " ")
            show.say(f"next best: {others} ({_share(rival.confidence_ppm)}), lost: {lost}")
        elif found.evidence.reasons:
            show.say("next best: nothing else came near")
        if found.evidence.change:
            told = evidence.changes(found.evidence.change) or found.evidence.change
            show.say(f"would change it: {' '.join(told)}")
        for link in queries.links([line_id]):
            who = "robot" if link.by_robot else "person"
            show.say(f"link {link.id} ({link.state}, {who}): {link.evidence} [{link.evidence_code}]")
        for item in work.items_about(commands.LINE, line_id):
            show.say(f"{item.state}: {item.reason} [{item.reason_code}]")


def _items(items: Sequence[queries.SuggestedItem], currency: str) -> list[str]:
    numbers = _numbers([item.item_id for item in items])
    return [f"{number} {show.money(item.amount_minor, currency)}" for number, item in zip(numbers, items, strict=True)]


def _numbers(item_ids: Sequence[int]) -> list[str]:
    items = {item.id: item.subject_id for item in ledger.items_by_id(item_ids) if item.subject_kind == "invoice"}
    documents = {row.id: row.number or "" for row in invoicing.invoices(list(items.values()))}
    return [documents.get(items.get(item_id, 0), f"item {item_id}") for item_id in item_ids]


def _share(ppm: int) -> str:
    return f"{ppm // 10_000}.{ppm % 10_000:04d} %"
