"""Who a party is: by id, by number, by name."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Final

from kvit.base import columns, rows
from kvit.parties.domain import identities
from kvit.parties.domain import names as spelling
from kvit.parties.domain.identities import IdentityKind
from kvit.parties.domain.lifecycle import IdentityState
from kvit.parties.domain.register import Language, PartyKind, PostalAddress

_LAST: Final = "\U0010ffff"  # sorts behind everything that may follow a prefix
_STARTS_READ: Final = 8  # a name is found at up to eight of its words


@dataclass(frozen=True)
class Identity:
    """A party's number, and how far it may be relied on; `checked_date` is the day of the last check."""

    id: int
    kind: IdentityKind
    value: str
    state: IdentityState
    source: str
    checked_date: date | None


@dataclass(frozen=True)
class Party:
    """A company or a person as known now. `erased_at` is set where a person's data are gone."""

    id: int
    kind: PartyKind
    name: str
    name_key: str
    country: str
    language: Language
    is_own: bool
    erased_at: datetime | None
    address: PostalAddress | None
    identities: tuple[Identity, ...]


@dataclass(frozen=True)
class Holder:
    """A party that has a number; several may claim one, a verified one has a single holder."""

    party_id: int
    identity_id: int
    value: str
    state: IdentityState


@dataclass(frozen=True)
class NameHit:
    """A party found by name; `name` is the present one even where a former one matched."""

    party_id: int
    kind: PartyKind
    name: str
    country: str


def party(party_id: int) -> Party | None:
    """One party, or None. Needs the tenant's scope."""
    return parties([party_id]).get(party_id)


def parties(party_ids: Sequence[int]) -> dict[int, Party]:
    """A set of parties by id, in two statements whatever their number; unknown ids are left out.

    Needs the tenant's scope.
    """
    # A join with the ids, not `= ANY`: fast also right after a bulk load, before there are statistics.
    wanted = list(set(party_ids))
    numbers: dict[int, list[Identity]] = {}
    for holder, *number in rows.select(
        """
        SELECT party_id, id, kind, value, state, source, checked_date FROM parties_identity
        WHERE party_id IN (SELECT unnest(%s::bigint[])) ORDER BY party_id, kind, id
        """,
        [wanted],
    ):
        numbers.setdefault(holder, []).append(_identity(number))
    return {
        party_id: Party(
            id=party_id,
            kind=PartyKind(kind),
            name=name,
            name_key=key,
            country=country,
            language=Language(language),
            is_own=is_own,
            erased_at=erased_at,
            address=PostalAddress(*address) if address[0] is not None else None,
            identities=tuple(numbers.get(party_id, ())),
        )
        for party_id, kind, name, key, country, language, is_own, erased_at, *address in rows.select(
            """
            SELECT p.id, p.kind, p.name, p.name_key, p.country, p.language, p.is_own, p.erased_at,
                   a.street, a.postal_code, a.city, a.country
            FROM parties_party p LEFT JOIN parties_address a ON a.party_id = p.id AND a.closed_at IS NULL
            WHERE p.id IN (SELECT unnest(%s::bigint[])) ORDER BY p.id
            """,
            [wanted],
        )
    }


def names(party_ids: Sequence[int]) -> dict[int, str]:
    """The present names of a set of parties, by id. Needs the tenant's scope."""
    found = rows.select(
        "SELECT id, name FROM parties_party WHERE id IN (SELECT unnest(%s::bigint[]))", [list(set(party_ids))]
    )
    return {row[0]: row[1] for row in found}


def holders_of_names(written: Sequence[str]) -> dict[str, tuple[int, ...]]:
    """Parties whose present name is one of these, legal forms and marks aside, by the name as it was given.

    Needs the tenant's scope.
    """
    asked: dict[str, set[str]] = {}
    for name in written:
        for key in {spelling.fold(name), spelling.name_key(name, is_person=False)} - {""}:
            asked.setdefault(key, set()).add(name)
    found: dict[str, set[int]] = {}
    for key, party_id in rows.select(
        """
        SELECT name_key, id FROM parties_party
        WHERE name_key IN (SELECT unnest(%s::text[])) AND erased_at IS NULL AND NOT is_own
        """,
        [list(asked)],
    ):
        for name in asked[key]:
            found.setdefault(name, set()).add(party_id)
    return {name: tuple(sorted(ids)) for name, ids in found.items()}


def name_columns(party_ids: Sequence[int]) -> columns.Table:
    """Present names of parties that were not erased: a table of columns of party_id and name, by id."""
    return columns.read(
        "SELECT i.id, i.name "
        + rows.looked_up("parties_party", "id = wanted.value")
        + "WHERE i.erased_at IS NULL ORDER BY i.id",
        {"wanted": list(party_ids)},
        {"party_id": columns.LONG, "name": columns.TEXT},
    )


def account_columns() -> columns.Table:
    """Accounts that a source verified to be a party's: a table of columns of party_id and account, by party."""
    return columns.read(
        """
        SELECT party_id, value FROM parties_identity
        WHERE kind IN ('iban', 'bankgiro', 'plusgiro') AND state = 'verified' ORDER BY party_id, id
        """,
        (),
        {"party_id": columns.LONG, "account": columns.TEXT},
    )


def own_parties() -> tuple[int, ...]:
    """The ids of the tenant's own companies, in the order of registration. Needs the tenant's scope."""
    return tuple(row[0] for row in rows.select("SELECT id FROM parties_party WHERE is_own ORDER BY id"))


def holders(kind: IdentityKind, value: str) -> tuple[Holder, ...]:
    """Who has this number, however it is written; refuted claims are left out, a verified one comes first.

    Needs the tenant's scope.
    """
    return holders_of(kind, [identities.compacted(kind, value)])


def holders_of(kind: IdentityKind, values: Sequence[str]) -> tuple[Holder, ...]:
    """The same for a set of compact values, in one statement. Needs the tenant's scope."""
    return tuple(
        Holder(party_id, identity_id, value, IdentityState(state))
        for party_id, identity_id, value, state in rows.select(
            """
            SELECT party_id, id, value, state FROM parties_identity
            WHERE kind = %s AND value IN (SELECT unnest(%s::text[])) AND state <> 'refuted'
            ORDER BY value, state <> 'verified', party_id
            """,
            [kind.value, list(set(values))],
        )
    )


def search(words: str, *, limit: int = 20) -> tuple[NameHit, ...]:
    """Parties of whom a name, present or former, has a word that begins so; in the order of what matched.

    `"kowal"` finds Jan Kowalski, `"lodzkie zak"` and `"Łódzkie Zakłady S.A."` find Łódzkie Zakłady Sp. z o.o.;
    letters are compared without marks and case, a legal form counts only where it is part of the name. A
    range of an index, not LIKE, which row-level security would keep from it (RELIABILITY 11). Needs the
    tenant's scope.
    """
    prefix = spelling.fold(words)
    if not prefix:
        return ()
    bare = spelling.name_key(words, is_person=False)
    return _found(prefix, limit) or (_found(bare, limit) if bare != prefix else ())


def _found(prefix: str, limit: int) -> tuple[NameHit, ...]:
    return tuple(
        NameHit(party_id, PartyKind(kind), name, country)
        for party_id, kind, name, country in rows.select(
            """
            SELECT p.id, p.kind, p.name, p.country
            FROM (
                SELECT party_id, min(key) AS key FROM (
                    SELECT party_id, key FROM parties_namestart WHERE key >= %(from)s AND key < %(to)s
                    ORDER BY key, party_id LIMIT %(read)s
                ) first GROUP BY party_id
            ) found JOIN parties_party p ON p.id = found.party_id
            ORDER BY found.key, p.id LIMIT %(limit)s
            """,
            {"from": prefix, "to": prefix + _LAST, "read": limit * _STARTS_READ, "limit": limit},
        )
    )


def _identity(row: Sequence[Any]) -> Identity:
    identity_id, kind, value, state, source, checked_date = row
    return Identity(identity_id, IdentityKind(kind), value, IdentityState(state), source, checked_date)
