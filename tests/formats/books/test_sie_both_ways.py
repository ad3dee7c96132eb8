"""SIE 4: what is written reads back equal, whatever company, chart, balances and vouchers."""

import dataclasses
import datetime
from decimal import Decimal
from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from kvit.formats.books.sie import read, write
from kvit.formats.books.sie.records import (
    Account,
    AccountType,
    Balance,
    Dimension,
    FiscalYear,
    Object,
    ObjectRef,
    SieFile,
    Transaction,
    Voucher,
)
from payment_orders import words

FIRST, LAST = datetime.date(2026, 1, 1), datetime.date(2026, 12, 31)
SHOWN = frozenset("ABCXYZabcxyzÅÄÖåäöé0123456789 .,-/&%()+\"'")
texts = words(SHOWN, most=20)
named = words(SHOWN, least=1, most=20)
days = st.dates(FIRST, LAST)


@st.composite
def vouchers(draw: st.DrawFn, number: int, accounts: list[str]) -> Voucher:
    amounts = draw(st.lists(st.integers(-(10**9), 10**9), min_size=1, max_size=4))
    rows = tuple(
        Transaction(
            place="",
            account=draw(st.sampled_from(accounts)),
            amount_minor=amount,
            objects=draw(st.sampled_from([(), (ObjectRef("1", "Nord"),)])),
            date=draw(st.none() | days),
            text=draw(texts),
            quantity=draw(st.none() | st.integers(-99, 99).map(lambda whole: Decimal(whole) / 4)),
        )
        for amount in [*amounts, -sum(amounts)]
    )
    return Voucher(place="", series="A", number=str(number), date=draw(days), text=draw(texts), transactions=rows)


@st.composite
def books(draw: st.DrawFn) -> SieFile:
    accounts = [str(number) for number in draw(st.sets(st.integers(1000, 8999), min_size=1, max_size=5))]
    found = tuple(draw(vouchers(number, accounts)) for number in range(1, draw(st.integers(1, 4))))
    return SieFile(
        sie_type="4",
        program=draw(named),
        program_version=draw(texts),
        generated_date=draw(days),
        company_name=draw(named),
        years=(FiscalYear(index=0, from_date=FIRST, to_date=LAST),),
        accounts=tuple(
            Account(number=one, name=draw(texts), account_type=draw(st.none() | st.sampled_from(list(AccountType))))
            for one in accounts
        ),
        dimensions=(Dimension(number="1", name="Kostnadsställe"),),
        objects=(Object(dimension="1", number="Nord", name=draw(texts)),),
        balances=_balances(accounts, found, {one: draw(st.integers(-(10**9), 10**9)) for one in accounts}),
        vouchers=found,
    )


def _balances(accounts: list[str], found: tuple[Voucher, ...], opening: dict[str, int]) -> tuple[Balance, ...]:
    closing = dict(opening)
    for voucher in found:
        for row in voucher.transactions:
            closing[row.account] += row.amount_minor
    return tuple(
        Balance(place="", label=label, year=0, account=account, amount_minor=sums[account])
        for label, sums in (("IB", opening), ("UB", closing))
        for account in accounts
    )


def bare(found: Any) -> Any:
    """The same without places and without the code page that was guessed."""
    if isinstance(found, tuple):
        return tuple(bare(one) for one in found)
    if dataclasses.is_dataclass(found) and not isinstance(found, type):
        fields = {field.name: bare(getattr(found, field.name)) for field in dataclasses.fields(found)}
        fields |= {name: "" for name in ("place", "encoding") if name in fields}
        return dataclasses.replace(found, **fields)
    return found


class TestBooksInSie:
    @settings(max_examples=80, deadline=None, suppress_health_check=list(HealthCheck))
    @given(given_books=books())
    def test_read_back_as_they_were_written(self, given_books: SieFile) -> None:
        written = write.write(given_books)
        assert written.notes == ()
        read_back = read.read(written.content)
        assert read_back.problems == ()
        assert bare(read_back.records) == (bare(given_books),)
