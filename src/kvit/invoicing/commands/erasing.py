"""Take out what customers brought and how they signed, when the person they are of is erased."""

from dataclasses import dataclass, replace
from typing import Final

from kvit.base import codec, files, rows
from kvit.base.command import Ctx, command
from kvit.invoicing.domain.confirmations import restored_differences
from kvit.parties.domain.erasure import ERASED


@dataclass(frozen=True)
class UploadsErased:
    """How many files went."""

    count: int


@dataclass(frozen=True)
class AnswersErased:
    """How many answers to balance confirmations name nobody any more."""

    count: int


_HOLDERS: Final = ("invoicing_claimfact", "invoicing_confirmationanswer")
_UPLOADS: Final = """
    SELECT f.file_id, c.party_id FROM invoicing_claimfact f
    JOIN invoicing_invoice i ON i.tenant_id = f.tenant_id AND i.id = f.invoice_id
    JOIN invoicing_customer c ON c.tenant_id = i.tenant_id AND c.id = i.customer_id
    WHERE f.tenant_id = %(tenant)s AND f.file_id IS NOT NULL
    UNION
    SELECT a.file_id, c.party_id FROM invoicing_confirmationanswer a
    JOIN invoicing_confirmation l ON l.tenant_id = a.tenant_id AND l.id = a.confirmation_id
    JOIN invoicing_customer c ON c.tenant_id = l.tenant_id AND c.id = l.customer_id
    WHERE a.tenant_id = %(tenant)s AND a.file_id IS NOT NULL
"""


@command
def erase_uploads(ctx: Ctx, *, party_id: int) -> UploadsErased:
    """Take out the receipts and ledgers that were brought for a person's claims; that something was brought stays.

    A file that somebody else has brought too, or that is kept for other reasons, stays for their sake.
    """
    found = rows.select(
        f"SELECT file_id FROM ({_UPLOADS}) brought GROUP BY 1 HAVING bool_and(party_id = %(party)s) ORDER BY 1",
        {"tenant": ctx.tenant_id, "party": party_id},
    )
    erased = files.erase_files(
        replace(ctx, key=None), file_ids=tuple(file_id for (file_id,) in found), holders=_HOLDERS
    )
    return UploadsErased(len(erased.file_ids))


@command
def erase_answers(ctx: Ctx, *, party_id: int) -> AnswersErased:
    """Take out who answered a person's balance confirmations and in what words, there and in the audit.

    When it was answered, that it agrees or in which items it differs stays: it is evidence of the balance.
    """
    found = rows.select(
        """
        SELECT a.id, a.role, a.explanation, a.differences, a.command_id FROM invoicing_customer c
        JOIN invoicing_confirmation l ON l.tenant_id = c.tenant_id AND l.customer_id = c.id
        JOIN invoicing_confirmationanswer a ON a.tenant_id = l.tenant_id AND a.confirmation_id = l.id
        WHERE c.tenant_id = %s AND c.party_id = %s AND a.name <> %s ORDER BY a.id FOR NO KEY UPDATE OF a
        """,
        [ctx.tenant_id, party_id, ERASED],
    )
    rows.run(
        """
        UPDATE invoicing_confirmationanswer a
        SET name = %s, role = u.role, explanation = u.explanation, differences = u.differences
        FROM unnest(%s::bigint[], %s::text[], %s::text[], %s::text[]) AS u (id, role, explanation, differences)
        WHERE a.tenant_id = %s AND a.id = u.id
        """,
        [
            ERASED,
            [row[0] for row in found],
            [ERASED if row[1] else "" for row in found],
            [ERASED if row[2] else "" for row in found],
            [_without_notes(row[3]) for row in found],
            ctx.tenant_id,
        ],
    )
    rows.run(
        "DELETE FROM base_personalvalue WHERE command_id IN (SELECT unnest(%s::bigint[]))", [[row[4] for row in found]]
    )
    return AnswersErased(len(found))


def _without_notes(spelled: str) -> str:
    return codec.canonical(tuple(replace(each, note="") for each in restored_differences(spelled))).decode()
