"""Whether an account's statements follow each other, and how far behind they are."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from kvit.banking.domain import AccountKind
from kvit.banking.domain.chain import Break, Chained
from kvit.banking.domain.chain import breaks as found_breaks
from kvit.banking.domain.freshness import Freshness, bank_country, freshness
from kvit.base import rows

CHAIN_LENGTH = 1000
"""So many statements are looked at, the latest; some years of them."""


@dataclass(frozen=True, slots=True)
class AccountFreshness:
    """How far an account is known, and whether all of its statements follow each other up to there."""

    account_id: int
    known: Freshness
    is_whole: bool


@dataclass(frozen=True, slots=True)
class AcceptedBreak:
    """A break that a person left as it is."""

    before_id: int
    after_id: int
    reason: str
    actor: str


def chain(account_id: int) -> tuple[Chained, ...]:
    """The account's statements with both balances, held ones too, by their last day. Needs the tenant's scope.

    What a bank says in the course of a day (camt.052, camt.054, MT942) does not belong to the chain.
    """
    found = rows.select(
        """
        SELECT s.id, s.sequence_number, coalesce(s.from_date, s.to_date), coalesce(s.to_date, s.from_date),
               s.opening_minor, s.closing_minor
        FROM banking_statement s JOIN banking_intake i ON i.id = s.intake_id
        WHERE s.account_id = %s AND s.state IN ('booked', 'held') AND s.opening_minor IS NOT NULL
          AND s.closing_minor IS NOT NULL AND coalesce(s.to_date, s.from_date) IS NOT NULL
          AND i.format NOT IN ('camt.052', 'camt.054', 'mt942')
        ORDER BY coalesce(s.to_date, s.from_date) DESC, s.id DESC LIMIT %s
        """,
        [account_id, CHAIN_LENGTH],
    )
    return tuple(Chained(row[0], row[1], *sorted(row[2:4]), *row[4:]) for row in reversed(found))


def breaks(account_id: int) -> tuple[Break, ...]:
    """Where the chain is broken and nobody has accepted it, the earliest first. Needs the tenant's scope."""
    accepted = {(one.before_id, one.after_id) for one in accepted_breaks(account_id)}
    return tuple(b for b in found_breaks(chain(account_id)) if (b.before.id, b.after.id) not in accepted)


def accepted_breaks(account_id: int) -> tuple[AcceptedBreak, ...]:
    """The breaks that people left as they are, the latest first. Needs the tenant's scope."""
    found = rows.select(
        """
        SELECT b.before_id, b.after_id, b.reason, c.actor FROM banking_acceptedbreak b
        JOIN banking_statement s ON s.id = b.before_id JOIN base_command c ON c.id = b.command_id
        WHERE s.account_id = %s ORDER BY b.id DESC
        """,
        [account_id],
    )
    return tuple(AcceptedBreak(*row) for row in found)


def accounts_of_intake(intake_id: int) -> Sequence[int]:
    """The accounts whose chains a file has made longer. Needs the tenant's scope."""
    found = rows.select(
        """
        SELECT DISTINCT account_id FROM banking_statement
        WHERE intake_id = %s AND account_id IS NOT NULL AND opening_minor IS NOT NULL ORDER BY 1
        """,
        [intake_id],
    )
    return [row[0] for row in found]


def account_freshness(*, today: date, country: str) -> dict[int, AccountFreshness]:
    """How far each of the company's accounts is known, in its bank's days; `country` is the company's.

    Nothing may be chased on the word of an account that is behind, or not whole. Needs the tenant's scope.
    """
    found = rows.select(
        """
        SELECT a.id, a.number, a.kind, (
            SELECT max(coalesce(s.to_date, s.from_date, (
                SELECT max(l.booking_date) FROM banking_line l WHERE l.statement_id = s.id)))
            FROM banking_statement s WHERE s.account_id = a.id AND s.state = 'booked')
        FROM banking_account a ORDER BY a.id
        """
    )
    return {
        account_id: AccountFreshness(
            account_id,
            freshness(known, today=today, country=bank_country(number, AccountKind(kind), company=country)),
            not breaks(account_id),
        )
        for account_id, number, kind, known in found
    }
