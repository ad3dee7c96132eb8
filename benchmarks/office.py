"""An office to measure in: an embedded server with every safeguard on, migrated, with a company in it."""

import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from kvit.base.command import Ctx

NOW = datetime(2026, 3, 2, 8, 0, tzinfo=UTC)

_superuser: dict[str, Any] = {}
"""How to reach the server of the office as its superuser."""


@contextmanager
def office(folder: Path) -> Iterator[None]:
    """Start a server as an installation would (fsync and synchronous_commit on) and migrate it."""
    from kvit.base import database, postgres

    os.environ |= {"KVIT_HOME": str(folder), "KVIT_SECRET_KEY": "measured", "DJANGO_SETTINGS_MODULE": "kvit.settings"}
    with postgres.Embedded(folder / "postgres") as server:
        _superuser.update(server.superuser_parameters("kvit"))
        os.environ["KVIT_DATABASE_URL"] = database.make_owner(
            server.superuser_parameters("postgres"), dbname="kvit", secret="measured"
        )
        import django

        django.setup()
        from django.db import connections

        from kvit.base.migrate import migrate

        migrate()
        yield
        connections.close_all()


@contextmanager
def scratch() -> Iterator[Path]:
    """A folder that the server's user may pass, on the disk that temporary files lie on."""
    folder = Path(tempfile.mkdtemp(prefix="kvit-bench-"))
    folder.chmod(0o755)
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def settle() -> None:
    """Vacuum, analyze and write to disk, as a server has done by next morning: nobody loads a million rows and goes on.

    Without it the server does so while something else is measured.
    """
    import psycopg

    with psycopg.connect(**_superuser, autocommit=True) as connection:
        connection.execute("VACUUM (ANALYZE)")
        connection.execute("CHECKPOINT")


def company(code: str) -> "Ctx":
    """A company with its chart of accounts and itself as a party."""
    from kvit.base import login
    from kvit.base.command import Ctx
    from kvit.ledger import commands as ledger
    from kvit.parties import commands as parties
    from kvit.parties.domain.register import PartyKind

    ctx = Ctx(tenant_id=login.draw_tenant_id(), actor="benchmark", now=NOW)
    login.open_tenant(ctx, code=code, name="Measured AB", country="SE", currency="SEK")
    ledger.open_chart(ctx)
    parties.register_party(ctx, kind=PartyKind.COMPANY, name="Measured AB", country="SE", is_own=True)
    return ctx


def customer_name(number: int) -> str:
    """What the customer of this number (from 0) is called."""
    return f"Kund {number} AB"


def customers(ctx: "Ctx", count: int) -> list[tuple[int, int]]:
    """So many customers: (customer id, party id)."""
    from kvit.invoicing import commands as invoicing
    from kvit.parties import commands as parties
    from kvit.parties.domain.register import NewParty, PartyKind

    found: list[tuple[int, int]] = []
    for start in range(0, count, 1000):
        numbers = range(start, min(start + 1000, count))
        party_ids = parties.register_parties(
            ctx, parties=[NewParty(kind=PartyKind.COMPANY, name=customer_name(n), country="SE") for n in numbers]
        ).party_ids
        customer_ids = invoicing.register_customers(
            ctx,
            customers=tuple(
                invoicing.NewCustomer(party_id, str(n), "SEK") for party_id, n in zip(party_ids, numbers, strict=True)
            ),
        ).customer_ids
        found += zip(customer_ids, party_ids, strict=True)
    return found


def draft(ctx: "Ctx", customer_ids: list[int], count: int) -> list[int]:
    """So many drafts of two lines, 1 000.00 to 9 999.00 before VAT, spread over the customers."""
    from kvit.invoicing import commands as invoicing
    from kvit.invoicing.domain import Draft, DraftLine

    ids: list[int] = []
    for start in range(0, count, 1000):
        drafts = tuple(
            Draft(
                customer_ids[n % len(customer_ids)],
                (
                    DraftLine("Broadband", Decimal(1), Decimal(1000 + n % 9000), Decimal(25)),
                    DraftLine("Support", Decimal("0.5"), Decimal("199.90"), Decimal(25), "h"),
                ),
            )
            for n in range(start, min(start + 1000, count))
        )
        ids += invoicing.draft_invoices(ctx, drafts=drafts, day=NOW.date()).invoice_ids
    return ids
