"""Electronic invoices: writing and reading five lines in each syntax, and judging them by every own rule."""

import datetime
import time
from collections.abc import Callable, Iterator
from decimal import Decimal
from functools import partial
from typing import Final

from benchmarks.figures import Figure
from kvit.formats import einvoice
from kvit.formats.einvoice import PEPPOL, Invoice, Syntax
from kvit.formats.einvoice.model import (
    Account,
    Address,
    Contact,
    Identifier,
    Line,
    Party,
    PaymentMeans,
)

ROUNDS: Final = 400
LINES: Final = 5
GOALS: Final = {(Syntax.UBL, "written"): 2_000, (Syntax.UBL, "read"): 1_000}


def measure() -> Iterator[Figure]:
    """Each rate is the best of five times four hundred, by processor time; the invoices are already calculated."""
    whole = einvoice.under(einvoice.calculate(einvoice.normalize(_invoice())), PEPPOL)
    for syntax in Syntax:
        data = einvoice.write(whole, syntax)
        _same(einvoice.read(data).reading.invoice, whole)
        name = syntax.upper()
        goal = GOALS.get((syntax, "written"))
        yield Figure(
            f"{name} of {LINES} lines written", _rate(partial(einvoice.write, whole, syntax)), "invoices/s", goal=goal
        )
        goal = GOALS.get((syntax, "read"))
        yield Figure(f"{name} of {LINES} lines read", _rate(partial(_read, data, syntax)), "invoices/s", goal=goal)
    yield Figure(f"invoice of {LINES} lines judged by every own rule", _rate(lambda: _judge(whole)), "invoices/s")
    yield Figure(f"invoice of {LINES} lines calculated", _rate(lambda: _calculate(whole)), "invoices/s")


def _read(data: bytes, syntax: Syntax) -> None:
    from kvit.formats.einvoice import cii, ksef, ubl

    readers = {Syntax.UBL: ubl.read, Syntax.CII: cii.read, Syntax.FA3: ksef.read}
    if readers[syntax](data).invoice is None:
        raise RuntimeError("the invoice was not read")


def _judge(invoice: Invoice) -> None:
    if einvoice.validate(invoice):
        raise RuntimeError("the invoice breaks a rule")


def _calculate(invoice: Invoice) -> None:
    einvoice.calculate(invoice)


def _same(read: Invoice | None, written: Invoice) -> None:
    if read is None or read.totals.gross_minor != written.totals.gross_minor:
        raise RuntimeError("what was read is not what was written")


def _rate(work: Callable[[], object]) -> float:
    spent = []
    for _ in range(5):
        began = time.process_time()
        for _ in range(ROUNDS):
            work()
        spent.append(time.process_time() - began)
    return ROUNDS / min(spent)


def _invoice() -> Invoice:
    rates = [Decimal(25), Decimal(12), Decimal(6)]
    return Invoice(
        number="F2026-000017",
        issue_date=datetime.date(2026, 11, 20),
        due_date=datetime.date(2026, 12, 20),
        currency="SEK",
        buyer_reference="Kst 12",
        order="PO-778",
        seller=_party("Nordljus Telekom AB", "5560125790", "Luleå"),
        buyer=_party("Köparen i Örebro AB", "5565678959", "Örebro"),
        payment_means=(
            PaymentMeans(code="30", reference="2000123455", account=Account(number="9912346", bank="SE:BANKGIRO")),
        ),
        lines=tuple(
            Line(
                name=f"Samtal och data, avtal {n}",
                description="Fast avgift och rörlig del enligt specifikation",
                quantity=Decimal(n),
                unit="MON",
                price=Decimal("349.50"),
                vat_category="S",
                vat_rate=rates[n % 3],
                seller_item=f"T-{n}",
            )
            for n in range(1, LINES + 1)
        ),
    )


def _party(name: str, number: str, city: str) -> Party:
    return Party(
        name=name,
        registration=Identifier(value=number, scheme="0007"),
        vat_number=f"SE{number}01",
        electronic_address=Identifier(value=number, scheme="0007"),
        address=Address(line1="Storgatan 1", city=city, postcode="97231", country="SE"),
        contact=Contact(name="Ekonomi", email="faktura@example.org"),
    )
