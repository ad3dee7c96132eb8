"""A ledger of open invoices, a batch of payments and the truth: generated, saved and loaded.

Tables (money in whole minor units, all ids integers)
customers      customer_id, customer_no, name, is_company, country, virtual_account
payer_history  customer_id, iban, payer_name, times        what earlier confirmed payments taught
invoices       invoice_id, customer_id, invoice_no, ref_kind, reference, amount, currency, issue_date, due_date;
               all are open, a negative amount is a credit note
payments       payment_id, booking_date, amount, currency, to_account, payer_name, payer_iban, ref_struct, ref_text;
               in the order of booking
truth          payment_id, scenario, matchable, ref_given, payer_signal, error_kind, customer_id (-1: nobody's)
truth_links    payment_id, invoice_id, amount

The shares are assumptions for a stress test, not facts about a market: results are told per scenario, so that anybody
can weigh them anew.
"""

import random
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.csv
import pyarrow.parquet

from benchmarks.matching import ledger
from benchmarks.matching.columns import Integers
from benchmarks.matching.options import Options
from benchmarks.matching.payers import Habits
from benchmarks.matching.references import KINDS
from benchmarks.matching.scenarios import Drawing

IN_TABLES = ("customers", "payer_history", "invoices", "payments")
TABLES = (*IN_TABLES, "truth", "truth_links")


@dataclass(frozen=True)
class Workload:
    """The tables by name."""

    tables: Mapping[str, pa.Table]

    def column(self, table: str, name: str) -> Integers:
        """A column of integers, as NumPy sees it."""
        found: Integers = self.tables[table].column(name).to_numpy()
        return found

    def save(self, folder: Path, *, csv: bool = False) -> None:
        """One file per table."""
        folder.mkdir(parents=True, exist_ok=True)
        for name, table in self.tables.items():
            if csv:
                pyarrow.csv.write_csv(table, folder / f"{name}.csv")
            else:
                pyarrow.parquet.write_table(table, folder / f"{name}.parquet")


def load(folder: Path) -> Workload:
    """What `save` wrote as Parquet."""
    return Workload({name: pyarrow.parquet.read_table(folder / f"{name}.parquet") for name in TABLES})


def generate(options: Options) -> Workload:
    """The workload of these options; equal options give equal rows."""
    rng, chance = random.Random(options.seed), np.random.default_rng(options.seed)
    customers, counts = ledger.customers_and_counts(options, rng, chance)
    items = ledger.items(options, customers, counts, chance)
    habits = Habits(options, customers, items, rng)
    batch = Drawing(habits, chance).draw()
    tables = {**_customers(customers), "invoices": _invoices(customers, items), **batch.tables()}
    return Workload(_permuted(tables, chance) if options.permuted else tables)


def _texts(values: list[str]) -> pa.Array:
    return pa.array(values, pa.large_string())


def _customers(customers: ledger.Customers) -> dict[str, pa.Table]:
    history = customers.history
    return {
        "customers": pa.table(
            {
                "customer_id": np.arange(len(customers)),
                "customer_no": _texts(customers.numbers),
                "name": _texts(customers.names),
                "is_company": customers.is_company,
                "country": _texts([land.code for land in customers.country]),
                "virtual_account": _texts(customers.virtual),
            }
        ),
        "payer_history": pa.table(
            {
                "customer_id": pa.array(history.customer, pa.int64()),
                "iban": _texts(history.account),
                "payer_name": _texts(history.name),
                "times": pa.array(history.times, pa.int64()),
            }
        ),
    }


def _invoices(customers: ledger.Customers, items: ledger.Items) -> pa.Table:
    kinds = _texts(list(KINDS)).take(pa.array(customers.kinds[items.owner]))
    return pa.table(
        {
            "invoice_id": np.arange(items.amount.size),
            "customer_id": items.owner,
            "invoice_no": items.number,
            "ref_kind": kinds,
            "reference": items.reference,
            "amount": items.amount,
            "currency": _texts(["SEK"]).take(pa.array(np.zeros(items.amount.size, np.int64))),
            "issue_date": pa.array(items.issued.astype(np.int32), pa.date32()),
            "due_date": pa.array(items.due.astype(np.int32), pa.date32()),
        }
    )


def _permuted(tables: Mapping[str, pa.Table], chance: np.random.Generator) -> dict[str, pa.Table]:
    """Ids without order, rows of customers, history and invoices shuffled; payments stay in the order of booking."""
    fresh = {
        f"{of}_id": chance.permutation(tables[table].num_rows * 3 + 7)[: tables[table].num_rows] + 1
        for of, table in (("customer", "customers"), ("invoice", "invoices"), ("payment", "payments"))
    }
    found = {}
    for name, table in tables.items():
        for column in fresh.keys() & set(table.column_names):
            old = table.column(column).to_numpy()
            new = np.where(old < 0, old, fresh[column][old])
            table = table.set_column(table.column_names.index(column), column, pa.array(new))
        if name in ("customers", "payer_history", "invoices"):
            table = table.take(pa.array(chance.permutation(table.num_rows)))
        found[name] = table
    return found
