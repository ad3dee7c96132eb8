"""Companies with customers and issued invoices, and what their books say, for tests."""

import itertools
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from kvit.banking import commands as banking
from kvit.banking import queries as banking_queries
from kvit.base import rows, tenant
from kvit.base.command import Ctx
from kvit.invoicing import commands as invoicing
from kvit.invoicing import queries as invoicing_queries
from kvit.invoicing.domain import Draft, DraftLine
from kvit.invoicing.queries import InvoiceRow
from kvit.kernel.results import Problem
from kvit.ledger import commands as ledger
from kvit.ledger import queries as ledger_queries
from kvit.ledger.domain import CHART, Accounts, bank_account
from kvit.matching import queries as matching_queries
from kvit.parties import commands as parties
from kvit.parties.domain.register import PartyKind

ISSUED = date(2026, 2, 1)
_numbers = itertools.count(1)

BOOK_TABLES = (
    "banking_account",
    "banking_intake",
    "banking_statement",
    "banking_line",
    "banking_readingproblem",
    "banking_paymentfile",
    "banking_paymentsignature",
    "banking_payment",
    "ledger_account",
    "ledger_entry",
    "ledger_line",
    "ledger_openitem",
    "ledger_allocation",
    "ledger_balance",
    "matching_link",
    "work_item",
)


@dataclass(frozen=True)
class Customer:
    """A customer and the party behind it."""

    id: int
    party_id: int


def open_books(ctx: Ctx) -> Ctx:
    """The chart of accounts, and the company itself as a party."""
    ledger.open_chart(ctx)
    parties.register_party(ctx, kind=PartyKind.COMPANY, name="Nordvik AB", country="SE", is_own=True)
    return ctx


def new_customer(ctx: Ctx, name: str = "Bo Ek", *, currency: str = "SEK") -> Customer:
    """A person who owes."""
    party_id = parties.register_party(ctx, kind=PartyKind.PERSON, name=name, country="SE").party_id
    new = invoicing.NewCustomer(party_id, f"K{next(_numbers)}", currency)
    return Customer(invoicing.register_customers(ctx, customers=(new,)).customer_ids[0], party_id)


def issue(ctx: Ctx, customer: Customer, *gross_minor: int, references: tuple[str, ...] = ()) -> tuple[InvoiceRow, ...]:
    """Issued invoices of these amounts, without VAT; under the references given, else under their own."""
    given = references or ("",) * len(gross_minor)
    drafts = tuple(
        Draft(
            customer.id,
            (DraftLine("Goods", Decimal(1), Decimal(gross).scaleb(-2), Decimal(0)),),
            payment_reference=reference,
        )
        for gross, reference in zip(gross_minor, given, strict=True)
    )
    ids = invoicing.draft_invoices(ctx, drafts=drafts, day=ISSUED).invoice_ids
    invoicing.issue_invoices(ctx, invoice_ids=ids, issue_date=ISSUED)
    with tenant.scope(ctx.tenant_id):
        return invoicing_queries.invoices(ids)


def open_account(ctx: Ctx, number: str, currency: str = "SEK") -> int:
    """A bank account of the company."""
    return banking.open_bank_account(ctx, number=number, currency=currency, name="Main account").account_id


def problems(ctx: Ctx) -> tuple[Problem, ...]:
    """What any context's verification finds."""
    with tenant.scope(ctx.tenant_id):
        return (
            *ledger_queries.verify(),
            *invoicing_queries.verify(),
            *banking_queries.verify(),
            *matching_queries.verify(),
        )


def open_minor(ctx: Ctx, invoice: InvoiceRow) -> int:
    """What is still to be paid of an invoice, by the ledger."""
    with tenant.scope(ctx.tenant_id):
        return matching_queries.receivables([invoice.id])[invoice.id].open_minor


def balance(ctx: Ctx, account: str, currency: str = "SEK") -> int:
    """A ledger account's balance."""
    with tenant.scope(ctx.tenant_id):
        return ledger_queries.account_balance(account, currency).balance_minor


def bank_balance(ctx: Ctx, account_id: int, currency: str = "SEK") -> int:
    """What the books say stands on a bank account."""
    return balance(ctx, bank_account(account_id), currency)


@dataclass(frozen=True)
class Books:
    """Everything the ledger's queries say, as a value: open items, what parties owe, what stands on accounts."""

    items: tuple[ledger_queries.Item, ...]
    parties: tuple[tuple[int, tuple[ledger_queries.AccountBalance, ...]], ...]
    accounts: tuple[ledger_queries.AccountBalance, ...]


def books(ctx: Ctx, currency: str = "SEK") -> Books:
    """The books of now."""
    with tenant.scope(ctx.tenant_id):
        codes = [code for code, _, control in CHART if not control]
        codes += [bank_account(account_id) for account_id in banking_queries.accounts()]
        party_ids = [row[0] for row in rows.select("SELECT id FROM parties_party ORDER BY id")]
        return Books(
            items=ledger_queries.open_items(),
            parties=tuple((party_id, ledger_queries.party_balances(party_id)) for party_id in party_ids),
            accounts=tuple(ledger_queries.account_balance(code, currency) for code in codes),
        )


def counts(ctx: Ctx) -> dict[str, int]:
    """How many rows each table of the books has."""
    with tenant.scope(ctx.tenant_id):
        found: list[tuple[str, int]] = []
        for table in BOOK_TABLES:
            ((count,),) = rows.select("SELECT count(*) FROM " + table)
            found.append((table, count))
        return dict(found)


def ledger_is_empty(ctx: Ctx) -> bool:
    """Nothing was booked."""
    found = counts(ctx)
    return found["ledger_entry"] == found["ledger_line"] == 0


def unallocated(ctx: Ctx, currency: str = "SEK") -> int:
    """Bank movements that are not yet allocated, as money in (minor units)."""
    return -balance(ctx, Accounts.UNALLOCATED, currency)


def every(ctx: Ctx, query: Any, params: Any = ()) -> list[Any]:
    """The rows of a statement in the tenant's scope."""
    with tenant.scope(ctx.tenant_id):
        return rows.select(query, params)
