"""Learn who pays for whom from what people say, and forget it again."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar, Final

from kvit.banking.queries import BankLine
from kvit.base import lifecycle, rows
from kvit.base.codec import Personal
from kvit.base.command import Ctx, command
from kvit.kernel.refusals import DomainError
from kvit.matching.domain import PAYER, PayerState
from kvit.matching.events import PayersChanged
from kvit.parties import queries as parties
from kvit.parties.domain.names import fold

BY_HAND: Final = "person"
"""Said by a person who linked a payment, or by itself."""
OF_HISTORY: Final = "history"
"""Told by the company's own history of confirmed links."""
_LONGEST_NAME: Final = 200
_LONGEST_ACCOUNT: Final = 60


class NotLearnable(DomainError):
    """There is no such customer, or neither an account nor a name to learn."""

    code: ClassVar[str] = "matching.not_learnable"


class NoSuchPayer(DomainError):
    """There is no such payer, or it was removed before."""

    code: ClassVar[str] = "matching.no_such_payer"


@dataclass(frozen=True)
class Learnt:
    """The payer as it is kept."""

    payer_id: int


@dataclass(frozen=True)
class Forgotten:
    """How many payers no longer count."""

    count: int


@command
def learn_payer(ctx: Ctx, *, party_id: int, account: Personal[str], name: Personal[str]) -> Learnt:
    """Keep that money from this account, in this name, is this customer's; either may be empty.

    One account may stand for many customers. Refuses `NotLearnable`.
    """
    if party_id not in parties.names([party_id]):
        raise NotLearnable(f"there is no customer {party_id}")
    if not account.strip() and not fold(name):
        raise NotLearnable("give the payer's account, or a name")
    (payer_id,) = _learn(ctx, [party_id], account, name)
    return Learnt(payer_id)


@command
def forget_payer(ctx: Ctx, *, payer_id: int, reason: str) -> Forgotten:
    """Let what was learnt of a payer count no more; it stays in the history. Refuses `NoSuchPayer`."""
    found = rows.select("SELECT party_id FROM matching_payer WHERE id = %s AND state = 'live'", [payer_id])
    if not found:
        raise NoSuchPayer(f"there is no payer {payer_id}")
    lifecycle.move(ctx, PAYER, [payer_id], to=PayerState.REMOVED)
    ctx.emit(PayersChanged((found[0][0],)))
    return Forgotten(1)


@command
def forget_person(ctx: Ctx, *, party_id: int) -> Forgotten:
    """A person was erased: what was learnt of who pays for them goes, removed rows too; twice changes nothing."""
    live = rows.select("SELECT id FROM matching_payer WHERE party_id = %s AND state = 'live' ORDER BY id", [party_id])
    if live:
        lifecycle.move(ctx, PAYER, [row[0] for row in live], to=PayerState.REMOVED)
    rows.run(
        """
        DELETE FROM base_personalvalue v USING base_command c
        WHERE c.tenant_id = v.tenant_id AND c.id = v.command_id
          AND c.name = 'matching.learn_payer' AND c.input ->> 'party_id' = %s
        """,
        [str(party_id)],
    )
    count = rows.run(
        "UPDATE matching_payer SET account = '', name = '', name_key = '' "
        "WHERE party_id = %s AND (account <> '' OR name <> '')",
        [party_id],
    )
    if count:
        ctx.emit(PayersChanged((party_id,)))
    return Forgotten(count)


def learn_from_line(ctx: Ctx, line: BankLine, party_ids: Sequence[int]) -> None:
    """What a person's link teaches: who sent the money pays for these customers."""
    if line.counterparty_account.strip() or fold(line.counterparty_name):
        _learn(ctx, party_ids, line.counterparty_account, line.counterparty_name)


def learn_past(ctx: Ctx, payers: Sequence[tuple[int, str, str, int]]) -> int:
    """Keep (party, account, name, how often) of a time past; what is known counts on. How many are known now."""
    wanted: dict[tuple[int, str, str], tuple[str, int]] = {}
    for party_id, account, name, times in payers:
        key = (party_id, compacted(account), fold(name)[:_LONGEST_NAME])
        if key[1] or key[2]:
            wanted[key] = (name.strip()[:_LONGEST_NAME], wanted.get(key, ("", 0))[1] + times)
    written = _write(ctx, sorted((*key, *value) for key, value in wanted.items()), OF_HISTORY)
    return len(written)


def count_again(ctx: Ctx, payments: Sequence[tuple[int, str]]) -> None:
    """Count what is known of (party, account) that paid once more by the robot; nothing new is learnt from it."""
    paid = [(party_id, compacted(account)) for party_id, account in payments if account.strip()]
    if paid:
        rows.run(
            """
            UPDATE matching_payer p SET times = p.times + t.times, last_command_id = %(command)s, last_at = %(now)s
            FROM (SELECT party_id, account, count(*)::int AS times
                  FROM unnest(%(parties)s::bigint[], %(accounts)s::text[]) AS u (party_id, account) GROUP BY 1, 2) t
            WHERE p.party_id = t.party_id AND p.account = t.account AND p.state = 'live'
            """,
            {
                "command": ctx.command_id,
                "now": ctx.now,
                "parties": [party_id for party_id, _ in paid],
                "accounts": [account for _, account in paid],
            },
        )


def forget_taught(ctx: Ctx, command_id: int) -> None:
    """Forget what one command alone has taught: the link that it made was wrong."""
    found = rows.select(
        "SELECT id, party_id FROM matching_payer WHERE first_command_id = %s AND last_command_id = %s "
        "AND state = 'live' ORDER BY id",
        [command_id, command_id],
    )
    if found:
        lifecycle.move(ctx, PAYER, [row[0] for row in found], to=PayerState.REMOVED)
        ctx.emit(PayersChanged(tuple(sorted({row[1] for row in found}))))


def compacted(account: str) -> str:
    """An account as it is kept and compared: capitals, without blanks."""
    return "".join(account.split()).upper()[:_LONGEST_ACCOUNT]


def _learn(ctx: Ctx, party_ids: Sequence[int], account: str, name: str) -> tuple[int, ...]:
    who = compacted(account), fold(name)[:_LONGEST_NAME], name.strip()[:_LONGEST_NAME]
    return _write(ctx, [(party_id, *who, 1) for party_id in sorted(set(party_ids))], BY_HAND)


def _write(ctx: Ctx, payers: Sequence[tuple[int, str, str, str, int]], source: str) -> tuple[int, ...]:
    """Insert or count on (party, account, the name's key, name, how often); tell of whom something new is known."""
    count = len(payers)
    if not count:
        return ()
    written = rows.insert(
        "matching_payer",
        {
            "tenant_id": ("int", [ctx.tenant_id] * count),
            "party_id": ("bigint", [one[0] for one in payers]),
            "account": ("text", [one[1] for one in payers]),
            "name": ("text", [one[3] for one in payers]),
            "name_key": ("text", [one[2] for one in payers]),
            "times": ("int", [one[4] for one in payers]),
            "source": ("text", [source] * count),
            "state": ("text", [PayerState.LIVE.value] * count),
            "first_command_id": ("bigint", [ctx.command_id] * count),
            "last_command_id": ("bigint", [ctx.command_id] * count),
            "learnt_at": ("timestamptz", [ctx.now] * count),
            "last_at": ("timestamptz", [ctx.now] * count),
        },
        tail="""
        ON CONFLICT (tenant_id, party_id, account, name_key) WHERE state = 'live' DO UPDATE SET
            times = matching_payer.times + excluded.times, last_command_id = excluded.last_command_id,
            last_at = excluded.last_at
        RETURNING id, xmax = 0, party_id
        """,
    )
    if new := tuple(sorted({row[2] for row in written if row[1]})):
        ctx.emit(PayersChanged(new))
    return tuple(row[0] for row in written)
