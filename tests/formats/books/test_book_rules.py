"""SIE, JPK and exchange rates: what is refused, what is compared, and that each check can turn red."""

from collections.abc import Iterator
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kvit.formats.books.jpk import read as jpk
from kvit.formats.books.rates import read as rates
from kvit.formats.books.rates.records import Source
from kvit.formats.books.sie import read as sie
from kvit.formats.books.sie.line import Checksum, parse
from kvit.formats.books.sie.records import SieFile

HEAD = '#FLAGGA 0\n#FORMAT PC8\n#SIETYP 4\n#FNAMN "Åkeri Öst"\n'
VOUCHER = (
    '#VER A 1 20260302 "Kontant"\n{\n#TRANS 1910 {"1" "456"} -100.50 "" "Porto \\"B\\""\n#TRANS 6250 {} 100.50\n}\n'
)


def _sie(text: str, encoding: str = "cp437") -> tuple[SieFile, list[str]]:
    read_ = sie.read(text.encode(encoding))
    (file,) = read_.records
    return file, [f"{p.place}: {p.reason}" for p in read_.problems]


class TestASieFile:
    @pytest.mark.parametrize("encoding", ["cp437", "cp1252", "utf-8", "utf-8-sig"])
    @pytest.mark.parametrize("ends", ["\n", "\r\n", "\r"])
    def test_is_read_in_any_code_page_and_with_any_line_ends(self, encoding: str, ends: str) -> None:
        file, problems = _sie((HEAD + VOUCHER).replace("\n", ends), encoding)
        assert (file.company_name, problems) == ("Åkeri Öst", [])
        (voucher,) = file.vouchers
        assert [one.amount_minor for one in voucher.transactions] == [-10050, 10050]
        assert voucher.transactions[0].text == 'Porto "B"'
        assert [(ref.dimension, ref.number) for ref in voucher.transactions[0].objects] == [("1", "456")]

    def test_names_a_voucher_that_does_not_balance(self) -> None:
        file, problems = _sie(HEAD + VOUCHER.replace(" 100.50", " 100.40"))
        assert problems == ["line 5: voucher A 1 does not balance: its transactions make -0.10"]
        assert file.vouchers[0].sum_minor == -10

    def test_does_not_count_what_was_struck_out_or_added_twice(self) -> None:
        extra = "#BTRANS 1910 {} 5.00\n#RTRANS 1910 {} 7.00\n}"
        file, problems = _sie(HEAD + VOUCHER[:-2] + extra + "\n")
        assert problems == []
        assert len(file.vouchers[0].transactions) == 4

    def test_compares_its_balances_with_its_vouchers(self) -> None:
        balances = "#IB 0 1910 1000.00\n#UB 0 1910 {}\n#RES 0 6250 100.50\n#RES 0 3010 0\n"
        assert _sie(HEAD + balances.format("899.50") + VOUCHER)[1] == []
        (problem,) = _sie(HEAD + balances.format("899.40") + VOUCHER)[1]
        assert "#UB of account 1910 is 899.40, the vouchers make 899.50" in problem

    def test_has_a_checksum_that_is_verified(self) -> None:
        checksum = Checksum()
        for number, row in enumerate((HEAD + VOUCHER).splitlines(), start=1):
            if (line := parse(number, row)) is not None:
                checksum.add(line)
        text = "#KSUMMA\n" + HEAD + VOUCHER + f"#KSUMMA {checksum.value}\n"
        assert _sie(text)[1] == []
        changed = _sie(text.replace("Porto", "Parti"))[1]
        assert len(changed) == 1
        assert "the file was changed" in changed[0]

    @pytest.mark.parametrize(
        ("line", "reason"),
        [
            ("#TRANS 1910 {} 1.00\n", "stands in no voucher"),
            ("#KONTO\n", "account is missing"),
            ("#IB 0 1910 x\n", "not an amount"),
            ("#IB 0 1910 1.005\n", "more than two decimals"),
            ("#RAR 0 20260101 20261301\n", "not a day"),
            ("#NEW 1\n", "not known"),
            ("}\n", "belongs to no voucher"),
            ("hello\n", "without a label"),
            ('#KONTO 1910 "Kassa\n', "not closed"),
        ],
    )
    def test_has_a_problem_for_a_line_that_cannot_be_read(self, line: str, reason: str) -> None:
        problems = _sie(HEAD + line + VOUCHER)[1]
        assert len(problems) == 1
        assert problems[0].startswith("line 5: ")
        assert reason in problems[0]

    @given(minors=st.lists(st.integers(-(10**10), 10**10), min_size=1, max_size=8))
    def test_has_the_amounts_written(self, minors: list[int]) -> None:
        rows = "".join(f"#TRANS 1910 {{}} {Decimal(minor).scaleb(-2)}\n" for minor in minors)
        file, problems = _sie(HEAD + "#VER A 1 20260302\n{\n" + rows + "}\n")
        assert [one.amount_minor for one in file.vouchers[0].transactions] == minors
        assert bool(problems) == (sum(minors) != 0)


JPK = (
    '<JPK><Naglowek><KodFormularza kodSystemowy="JPK_V7M (2)">JPK_VAT</KodFormularza><CelZlozenia>1</CelZlozenia>'
    "<Rok>2026</Rok><Miesiac>3</Miesiac></Naglowek><Podmiot1><OsobaNiefizyczna><NIP>7018631981</NIP><PelnaNazwa>X"
    "</PelnaNazwa></OsobaNiefizyczna></Podmiot1><Deklaracja><PozycjeSzczegolowe><P_38>5</P_38><P_51>124</P_51>"
    "</PozycjeSzczegolowe></Deklaracja><Ewidencja><SprzedazWiersz><LpSprzedazy>1</LpSprzedazy><K_19>100.00</K_19>"
    "<K_20>-23.00</K_20></SprzedazWiersz><SprzedazCtrl><LiczbaWierszySprzedazy>1</LiczbaWierszySprzedazy>"
    "<PodatekNalezny>-23.00</PodatekNalezny></SprzedazCtrl></Ewidencja></JPK>"
)


class TestAJpk:
    def test_gives_head_declaration_and_rows(self) -> None:
        read_ = jpk.read(JPK.encode())
        assert [type(one).__name__ for one in read_.records] == ["Header", "Declaration", "RegisterRow"]
        assert read_.problems == ()

    @pytest.mark.parametrize(
        ("old", "new", "reason"),
        [
            ("<K_20>-23.00", "<K_20>-24.00", "PodatekNalezny declares -23.00 PLN, the records make -24.00 PLN"),
            ("Sprzedazy>1</LiczbaW", "Sprzedazy>2</LiczbaW", "declares 2, the records make 1"),
            ("<K_20>-23.00", "<K_20>x", "SprzedazWiersz: K_20"),
            ("<P_51>124", "<P_51>1,24", "Deklaracja: P_51"),
            ("JPK_VAT<", "XYZ<", "is no JPK"),
        ],
    )
    def test_says_what_cannot_be_read_or_does_not_agree(self, old: str, new: str, reason: str) -> None:
        assert old in JPK
        assert any(reason in p.reason for p in jpk.read(JPK.replace(old, new, 1).encode()).problems)

    def test_with_a_dtd_is_refused(self) -> None:
        data = b'<!DOCTYPE d [<!ENTITY x "y">]>' + JPK.encode()
        assert "DTD" in jpk.read(data).problems[0].reason

    def test_with_a_dtd_would_be_read_without_the_guard(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr("kvit.formats.bank.elements._Walker._doctype", lambda *_: None)
        assert jpk.read(b'<!DOCTYPE d [<!ENTITY x "y">]>' + JPK.encode()).problems == ()

    def test_keeps_what_stands_before_a_cut(self) -> None:
        for cut in range(0, len(JPK), 7):
            read_ = jpk.read(JPK[:cut].encode())
            assert read_.problems
            assert len(read_.records) <= 3


def _rates(text: str, series: str = "") -> Iterator[tuple[str, str, str, int]]:
    for rate in rates.read(text.encode(), series=series).records:
        yield rate.base, rate.quote, str(rate.rate), rate.multiplier


class TestRates:
    def test_of_the_riksbank_come_from_its_export_and_its_interface(self) -> None:
        export = "Datum;Grupp;Serie;Värde\n2026-03-02;Valutor;100 JPY;7,1021\n2026-03-07;Valutor;1 EUR;n/a\n"
        assert list(_rates(export)) == [("JPY", "SEK", "7.1021", 100)]
        assert list(_rates('[{"date":"2026-03-02","value":11.1345}]', "SEKEURPMI")) == [("EUR", "SEK", "11.1345", 1)]
        assert rates.read(b'[{"date":"2026-03-02","value":11.1}]').problems[0].reason.endswith("exchange rates")

    def test_of_nbp_come_in_both_its_forms(self) -> None:
        old = (
            "<tabela_kursow><numer_tabeli>1/A</numer_tabeli><data_publikacji>2026-03-02</data_publikacji><pozycja>"
            "<przelicznik>100</przelicznik><kod_waluty>HUF</kod_waluty><kurs_sredni>1,1005</kurs_sredni></pozycja>"
            "</tabela_kursow>"
        )
        assert list(_rates(old)) == [("HUF", "PLN", "1.1005", 100)]
        series = '{"table":"A","code":"USD","rates":[{"no":"1/A","effectiveDate":"2026-03-02","mid":3.9}]}'
        assert list(_rates(series)) == [("USD", "PLN", "3.9", 1)]

    def test_of_the_ecb_come_from_xml_too(self) -> None:
        text = '<Envelope><Cube><Cube time="2026-03-02"><Cube currency="SEK" rate="10.892"/></Cube></Cube></Envelope>'
        (rate,) = rates.read(text.encode()).records
        assert (rate.source, rate.base, rate.quote, rate.rate) == (Source.ECB, "EUR", "SEK", Decimal("10.892"))

    @pytest.mark.parametrize("mid", ["0", "-1", '"x"', "null", "1e400", "[]"])
    def test_that_are_none_are_problems(self, mid: str) -> None:
        text = '[{"effectiveDate":"2026-03-02","rates":[{"code":"USD","mid":' + mid + "}]}]"
        read_ = rates.read(text.encode())
        assert (read_.records, len(read_.problems)) == ((), 1)

    @pytest.mark.parametrize("year", ["0", "10000", "9" * 30, "9" * 5000])
    def test_of_a_year_that_no_calendar_has_are_problems(self, year: str) -> None:
        read_ = rates.read(f"Date,USD\n13 April {year},1.1\n".encode())
        assert (read_.records, len(read_.problems)) == ((), 1)

    @pytest.mark.parametrize("data", [b"[" * 100_000, b"", b"PK\x03\x04", b"<a>" * 1000, b"Date,USD\n,,,", b"hello"])
    def test_of_a_hostile_file_are_answered_by_a_problem(self, data: bytes) -> None:
        assert rates.read(data).problems
