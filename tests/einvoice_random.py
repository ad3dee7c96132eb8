"""Random invoices for properties: every field of the semantic model filled or empty, in normal form."""

import datetime
from dataclasses import replace
from decimal import Decimal
from typing import TypeVar

from hypothesis import strategies as st

from kvit.formats.einvoice.calculation import calculate, normalize
from kvit.formats.einvoice.model import (
    Account,
    Address,
    Adjustment,
    Card,
    Classification,
    Contact,
    Delivery,
    DirectDebit,
    Identifier,
    Invoice,
    ItemAttribute,
    Line,
    Note,
    Party,
    Payee,
    PaymentMeans,
    Period,
    PrecedingInvoice,
    SupportingDocument,
    TaxRepresentative,
    Totals,
)

T = TypeVar("T")
_CHARACTERS = st.characters(
    codec="utf-8", exclude_categories=("Cc", "Cs", "Zl", "Zp", "Zs"), exclude_characters="\ufffe\uffff"
)
WORD = st.text(_CHARACTERS, min_size=1, max_size=12).filter(
    lambda told: not told.startswith("#") and told.strip() == told
)
TEXT = st.one_of(st.just(""), WORD, st.builds("{} {}".format, WORD, WORD))
DAYS = st.dates(datetime.date(2020, 1, 1), datetime.date(2035, 12, 31))
MONEY = st.integers(0, 10**10)
QUANTITY = st.decimals(Decimal("-10000"), Decimal("10000"), places=4)
PRICE = st.decimals(Decimal(0), Decimal("100000"), places=6)
RATE = st.sampled_from([Decimal(25), Decimal("5.5"), Decimal(12)])
CODE = st.text("ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789", min_size=2, max_size=3)


def _maybe(strategy: st.SearchStrategy[T]) -> st.SearchStrategy[T | None]:
    return st.one_of(st.none(), strategy)


def _few(strategy: st.SearchStrategy[T]) -> st.SearchStrategy[tuple[T, ...]]:
    return st.lists(strategy, max_size=2).map(tuple)


def _told(strategy: st.SearchStrategy[T]) -> st.SearchStrategy[T | None]:
    """A value that says something, or None: an element with nothing in it cannot be written."""
    return _maybe(strategy).map(lambda one: None if one is None or one == type(one)() else one)


IDENTIFIER = st.builds(Identifier, value=WORD, scheme=st.sampled_from(["", "0088", "0007"]))
ADDRESS = st.builds(
    Address,
    line1=TEXT,
    line2=TEXT,
    line3=TEXT,
    city=TEXT,
    postcode=TEXT,
    subdivision=TEXT,
    country=st.sampled_from(["SE", "PL", "RO"]),
)
PERIOD = st.builds(Period, start=_maybe(DAYS), end=_maybe(DAYS))
PARTY = st.builds(
    Party,
    name=TEXT,
    trading_name=TEXT,
    identifiers=_few(IDENTIFIER),
    registration=_maybe(IDENTIFIER),
    vat_number=st.sampled_from(["", "SE556012579001"]),
    tax_registration=TEXT,
    legal_form=TEXT,
    electronic_address=_maybe(IDENTIFIER),
    address=_maybe(ADDRESS),
    contact=_told(st.builds(Contact, name=TEXT, phone=TEXT, email=TEXT)),
)
_LINE_ADJUSTMENT = st.builds(
    Adjustment, amount_minor=MONEY, base_minor=_maybe(MONEY), percent=_maybe(RATE), reason=TEXT, reason_code=TEXT
)
_ADJUSTMENT = st.builds(
    Adjustment,
    amount_minor=MONEY,
    base_minor=_maybe(MONEY),
    percent=_maybe(RATE),
    reason=TEXT,
    reason_code=TEXT,
    vat_category=st.just("S"),
    vat_rate=RATE,
)
_PLAIN_LINE = st.builds(
    Line,
    name=TEXT,
    quantity=QUANTITY,
    unit=CODE,
    price=PRICE,
    vat_category=st.sampled_from(["S", "S", "E", "AE"]),
    vat_rate=RATE,
    description=TEXT,
    note=TEXT,
    object=_maybe(IDENTIFIER),
    order_line=TEXT,
    accounting_reference=TEXT,
    period=_told(PERIOD),
    allowances=_few(_LINE_ADJUSTMENT),
    charges=_few(_LINE_ADJUSTMENT),
    price_quantity=_maybe(st.decimals(Decimal(1), Decimal(1000), places=1)),
    seller_item=TEXT,
    buyer_item=TEXT,
    standard_item=_maybe(IDENTIFIER),
    classifications=_few(st.builds(Classification, code=WORD, list_id=CODE, list_version=TEXT)),
    origin=st.sampled_from(["", "IT"]),
    attributes=_few(st.builds(ItemAttribute, name=WORD, value=WORD)),
)


def _priced(line: Line, discount: Decimal | None) -> Line:
    """At the rate that its category has, and with a gross price or without."""
    rated = line if line.vat_category == "S" else replace(line, vat_rate=Decimal(0))
    if discount is None or line.price is None:
        return rated
    return replace(rated, gross_price=line.price + discount, price_discount=discount)


LINE = st.builds(_priced, _PLAIN_LINE, _maybe(PRICE))
_MEANS = st.one_of(
    st.builds(
        PaymentMeans,
        code=st.just("30"),
        text=TEXT,
        reference=TEXT,
        account=st.builds(Account, number=WORD, name=TEXT, bank=TEXT),
    ),
    st.builds(PaymentMeans, code=st.just("48"), card=st.builds(Card, number=WORD, holder=TEXT)),
    st.builds(PaymentMeans, code=st.just("59"), direct_debit=st.builds(DirectDebit, mandate=WORD, account=TEXT)),
    st.builds(PaymentMeans, code=st.just("10"), text=TEXT),
)
_INSIDE = st.builds(
    SupportingDocument,
    reference=WORD,
    description=TEXT,
    content=st.binary(min_size=1, max_size=20),
    media_type=st.just("text/csv"),
    file_name=WORD,
)
_BESIDE = st.builds(SupportingDocument, reference=WORD, description=TEXT, url=TEXT)
_WHOLE = st.builds(
    Invoice,
    number=WORD,
    issue_date=DAYS,
    kind=st.sampled_from(["380", "381", "384", "386", "389", "261"]),
    currency=st.sampled_from(["SEK", "PLN", "RON", "EUR", "JPY"]),
    tax_point_date=_maybe(DAYS),
    due_date=_maybe(DAYS),
    buyer_reference=TEXT,
    project=TEXT,
    contract=TEXT,
    order=TEXT,
    sales_order=TEXT,
    receiving_advice=TEXT,
    despatch_advice=TEXT,
    tender=TEXT,
    object=_maybe(IDENTIFIER),
    accounting_reference=TEXT,
    payment_terms=TEXT,
    notes=_few(st.builds(Note, text=WORD, subject=st.sampled_from(["", "AAI"]))),
    process=TEXT,
    specification=TEXT,
    preceding=_few(st.builds(PrecedingInvoice, number=WORD, issue_date=_maybe(DAYS))),
    seller=PARTY,
    buyer=PARTY,
    payee=_maybe(st.builds(Payee, name=WORD, identifier=_maybe(IDENTIFIER), registration=_maybe(IDENTIFIER))),
    tax_representative=_maybe(
        st.builds(TaxRepresentative, name=WORD, vat_number=st.just("SE556012579001"), address=_maybe(ADDRESS))
    ),
    delivery=_told(
        st.builds(Delivery, name=TEXT, location=_maybe(IDENTIFIER), date=_maybe(DAYS), address=_maybe(ADDRESS))
    ),
    period=_told(PERIOD),
    payment_means=_few(_MEANS),
    allowances=_few(_ADJUSTMENT),
    charges=_few(_ADJUSTMENT),
    totals=st.builds(Totals, prepaid_minor=_maybe(MONEY), rounding_minor=_maybe(st.integers(-99, 99))),
    supporting=_few(st.one_of(_INSIDE, _BESIDE)),
    lines=st.lists(LINE, min_size=1, max_size=3).map(tuple),
)
INVOICES: st.SearchStrategy[Invoice] = _WHOLE.map(normalize).map(calculate)
"""Whole invoices, normalised and calculated."""
