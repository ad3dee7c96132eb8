"""Keep suppliers and customers as they stand when documents are issued: each state of a party once."""

import hashlib
from collections.abc import Collection, Mapping

from kvit.base import rows
from kvit.base.command import Ctx
from kvit.formats.einvoice import model
from kvit.invoicing.domain import ports, sides
from kvit.invoicing.queries.papers import known
from kvit.parties import queries as parties
from kvit.parties.domain.lifecycle import IdentityState
from kvit.parties.queries import Party


def _own_accounts(party: Party) -> tuple[model.Account, ...]:
    found = [(one.kind, one.value) for one in party.identities if one.state is not IdentityState.REFUTED]
    return sides.accounts_of(found)


def keep(
    ctx: Ctx, *, suppliers: Collection[tuple[int, str]], customers: Collection[int], found: Mapping[int, Party]
) -> tuple[dict[tuple[int, str], int], dict[int, int]]:
    """The copies of suppliers by (party, currency), and of customers by party.

    We are paid to our accounts in the currency; a supplier that we bill in the name of (no currency) to its own.
    `found` are parties that were asked for already.
    """
    wanted = {party_id for party_id, _ in suppliers} | set(customers)
    people = {**found, **parties.parties([party_id for party_id in wanted if party_id not in found])}
    paid_to = {currency: ports.accounts(currency) for currency in {currency for _, currency in suppliers} - {""}}
    told: dict[tuple[int, str], str] = {}
    for party_id, currency in suppliers:
        accounts = paid_to[currency] if currency else _own_accounts(people[party_id])
        told[party_id, currency] = sides.spelled(sides.Copy(known(people[party_id]), accounts))
    bought = {party_id: sides.spelled(sides.Copy(known(people[party_id]))) for party_id in customers}
    ids = _kept(ctx, {(party_id, text) for (party_id, _), text in told.items()} | set(bought.items()))
    return (
        {key: ids[key[0], text] for key, text in told.items()},
        {party_id: ids[party_id, text] for party_id, text in bought.items()},
    )


def _kept(ctx: Ctx, wanted: Collection[tuple[int, str]]) -> dict[tuple[int, str], int]:
    """The id of each (party, content); what is not there yet is written."""
    texts = {(party_id, hashlib.sha256(text.encode()).hexdigest()[:32]): text for party_id, text in wanted}
    keys = sorted(texts)
    found = _look_up(keys)
    if missing := [key for key in keys if key not in found]:
        rows.insert(
            "invoicing_partycopy",
            {
                "tenant_id": ("int", [ctx.tenant_id] * len(missing)),
                "party_id": ("bigint", [key[0] for key in missing]),
                "digest": ("text", [key[1] for key in missing]),
                "content": ("jsonb", [texts[key] for key in missing]),
            },
            tail="ON CONFLICT (tenant_id, party_id, digest) DO NOTHING",
        )
        found |= _look_up(missing)
    return {(key[0], texts[key]): found[key] for key in keys}


def _look_up(keys: list[tuple[int, str]]) -> dict[tuple[int, str], int]:
    found = rows.select(
        """
        SELECT k.party_id, k.digest, k.id FROM unnest(%s::bigint[], %s::text[]) AS w (party_id, digest)
        CROSS JOIN LATERAL (SELECT party_id, digest, id FROM invoicing_partycopy
                            WHERE party_id = w.party_id AND digest = w.digest OFFSET 0) k
        """,
        [rows.array("bigint", [key[0] for key in keys]), rows.array("text", [key[1] for key in keys])],
    )
    return {(party_id, digest): copy_id for party_id, digest, copy_id in found}
