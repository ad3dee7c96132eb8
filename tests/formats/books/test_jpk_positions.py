"""The sales register of Poland: each VAT category in its position, and nothing guessed."""

import csv
import datetime
import io
from dataclasses import replace
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

import jpk_schema
from kvit.formats.books.jpk import positions, read, tables
from kvit.formats.books.jpk.positions import Buyer, CategorySum
from kvit.formats.books.jpk.records import RegisterRow
from kvit.formats.books.jpk.tables import SalesRow
from shared_folder import needs_shared

DAY = datetime.date(2026, 3, 2)
HOME = Buyer("PL", "PL", "5260250274")
PERSON = Buyer("PL", "", "")
SWEDE = Buyer("SE", "SE", "556677889901")
GREEK = Buyer("GR", "EL", "094019245")
SWEDISH_PERSON = Buyer("SE", "", "")
AMERICAN = Buyer("US", "", "")
POLE_ABROAD = Buyer("DE", "PL", "5260250274")


def of(category: str, base: int, *, rate: str = "0", vat: int = 0) -> CategorySum:
    return CategorySum(category, Decimal(rate), base, vat)


def row(number: str, buyer: Buyer, *sums: CategorySum) -> SalesRow:
    return SalesRow(
        number=number, issue_date=DAY, sale_date=None, currency="PLN", document_currency="PLN", exchange_rate=None,
        buyer_name="Kontrahent & Syn", buyer=buyer, is_correction=False, goods=(), sums=sums,
    )  # fmt: skip


def table(*rows: SalesRow) -> list[dict[str, str]]:
    out = io.BytesIO()
    tables.write_sales(out, rows)
    return list(csv.DictReader(io.StringIO(out.getvalue().decode("utf-8-sig"), newline=""), delimiter=";"))


REGISTER = (
    # Three rates and zero on one invoice: 1000.00 + 230.00, 500.00 + 40.00, 200.00 + 10.00, 70.00.
    row("F1", HOME, of("S", 100_000, rate="23", vat=23_000), of("S", 50_000, rate="8", vat=4_000),
        of("S", 20_000, rate="5", vat=1_000), of("Z", 7_000)),
    row("F2", PERSON, of("E", 12_345)),
    row("F3", SWEDE, of("AE", 80_000)),
    row("F4", SWEDE, of("K", 90_000)),
    row("F5", AMERICAN, of("G", 60_000)),
    row("F6", AMERICAN, of("O", 11_000), of("AE", 4_000)),
    replace(row("K1", HOME, of("S", -100_000, rate="23", vat=-23_000)), is_correction=True, goods=("GTU_06", "GTU_12")),
    replace(row("F7", GREEK, of("K", 43_210)), document_currency="EUR", exchange_rate=Decimal("4.321"),
            sale_date=datetime.date(2026, 2, 27)),
)  # fmt: skip
EXPECTED = [
    {"K_19": "1000,00", "K_20": "230,00", "K_17": "500,00", "K_18": "40,00", "K_15": "200,00", "K_16": "10,00",
     "K_13": "70,00"},
    {"K_10": "123,45"},
    {"K_11": "800,00", "K_12": "800,00"},
    {"K_21": "900,00"},
    {"K_22": "600,00"},
    {"K_11": "150,00"},
    {"K_19": "-1000,00", "K_20": "-230,00"},
    {"K_21": "432,10"},
]  # fmt: skip


class TestTheRegister:
    def test_has_each_category_in_its_position(self) -> None:
        found = table(*REGISTER)
        assert [{n: r[n] for n in positions.AMOUNTS if r[n]} for r in found] == EXPECTED
        assert {r["DoSprawdzenia"] for r in found} == {""}

    def test_names_buyers_as_vat_knows_them(self) -> None:
        found = table(*REGISTER)
        assert [(r["KodKrajuNadaniaTIN"], r["NrKontrahenta"]) for r in found[:3]] == [
            ("PL", "5260250274"),
            ("", "BRAK"),
            ("SE", "556677889901"),
        ]
        assert found[7]["KodKrajuNadaniaTIN"] == "EL"

    def test_marks_corrections_goods_and_the_rate_of_another_currency(self) -> None:
        found = table(*REGISTER)
        assert (found[6]["Korekta"], found[6]["GTU_06"], found[6]["GTU_12"], found[6]["GTU_01"]) == ("1", "1", "1", "")
        assert [found[7][n] for n in ("WalutaDokumentu", "KursWaluty", "KodWaluty")] == ["EUR", "4,321", "PLN"]
        assert (found[7]["DataSprzedazy"], found[0]["DataSprzedazy"]) == ("2026-02-27", "")

    @needs_shared
    def test_is_valid_under_the_official_structure(self) -> None:
        data = jpk_schema.file_of(table(*REGISTER))
        assert jpk_schema.wrong_in(data) == []
        records = read.read(data)
        assert records.problems == ()
        sales = [one for one in records.records if isinstance(one, RegisterRow)]
        assert dict(sales[0].amounts)["K_20"] == 23_000
        assert sum(minor for one in sales for name, minor in one.amounts if name in ("K_16", "K_18", "K_20")) == 5_000

    @needs_shared
    def test_would_not_be_if_a_position_stood_elsewhere(self) -> None:
        """The planted fault: VAT without its base, and a position that the structure does not have."""
        rows = table(REGISTER[0])
        assert jpk_schema.wrong_in(jpk_schema.file_of([rows[0] | {"K_19": ""}]))
        assert jpk_schema.wrong_in(jpk_schema.file_of([{n.replace("K_13", "K_9"): v for n, v in rows[0].items()}]))


class TestWhatNobodyCanTell:
    @pytest.mark.parametrize(
        ("buyer", "one"),
        [
            (SWEDE, of("Z", 100)),
            (SWEDE, of("E", 100)),
            (HOME, of("AE", 100)),
            (POLE_ABROAD, of("AE", 100)),
            (SWEDISH_PERSON, of("AE", 100)),
            (SWEDISH_PERSON, of("K", 100)),
            (HOME, of("K", 100)),
            (PERSON, of("O", 100)),
            (HOME, of("S", 100, rate="25", vat=25)),
            (HOME, of("L", 100, rate="7", vat=7)),
        ],
    )
    def test_has_no_position_and_is_said_with_its_amounts(self, buyer: Buyer, one: CategorySum) -> None:
        (found,) = table(row("F1", buyer, one, of("S", 500, rate="23", vat=115)))
        assert {n: found[n] for n in positions.AMOUNTS if found[n]} == {"K_19": "5,00", "K_20": "1,15"}
        assert found["DoSprawdzenia"].startswith(f"{one.category} {one.vat_rate}%: podstawa 1,00, VAT ")

    def test_is_all_of_a_document_in_a_currency_without_a_rate(self) -> None:
        foreign = replace(row("F1", AMERICAN, of("G", 100)), currency="USD", document_currency="USD")
        (found,) = table(foreign)
        assert not any(found[name] for name in positions.AMOUNTS)
        assert found["DoSprawdzenia"] == "kwoty w USD, brak kursu; G 0%: podstawa 1,00, VAT 0,00"

    @given(
        sums=st.lists(
            st.builds(
                CategorySum,
                st.sampled_from(["S", "Z", "E", "AE", "K", "G", "O", "L"]),
                st.sampled_from([Decimal(n) for n in (0, 5, 7, 8, 19, 22, 23)]),
                st.integers(-(10**9), 10**9),
                st.just(0),
            )
        ),
        buyer=st.sampled_from([HOME, PERSON, SWEDE, GREEK, SWEDISH_PERSON, AMERICAN, POLE_ABROAD]),
    )
    def test_and_what_has_a_position_are_together_the_whole_document(
        self, sums: list[CategorySum], buyer: Buyer
    ) -> None:
        found, undecided = positions.positions(sums, buyer)
        bases = set(positions.AMOUNTS) - {"K_12", "K_16", "K_18", "K_20"}
        placed = sum(minor for name, minor in found.items() if name in bases)
        assert placed + sum(one.base_minor for one in undecided) == sum(one.base_minor for one in sums)
