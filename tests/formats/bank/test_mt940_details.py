"""What MT940 says about a payment, told apart for each family of banks; dates, signs and code pages."""

import datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kvit.formats.bank.mt940 import reader
from kvit.formats.bank.statement import Line, Statement
from kvit.kernel.results import Read

HEAD = ":20:ST1\n:25:PL61109010140000071219812874\n:28C:14/1\n:60F:C260301PLN100,00\n"
ENTRY = ":61:2603020302C25,50NTRFREF1//B1\n"


def _read(text: str, encoding: str = "utf-8") -> Read[Statement]:
    return reader.read((HEAD + text + "-\n").encode(encoding))


def _line(about: str, entry: str = ENTRY, encoding: str = "utf-8") -> Line:
    (line,) = _read(f"{entry}:86:{about}\n", encoding).records[0].lines
    return line


class TestAPolishBank:
    @pytest.mark.parametrize("separator", ["^", "~", "<", "?"])
    def test_writes_subfields_with_a_sign_of_its_own(self, separator: str) -> None:
        text = "020^00PRZELEW^20Faktura FV/2026/15^3010901014^31109010140000071219812874^32Jan Żak^33ul. Polna 1"
        line = _line((text + "^38PL61109010140000071219812874").replace("^", separator))
        assert (line.counterparty_name, line.text) == ("Jan Żak ul. Polna 1", "Faktura FV/2026/15")
        assert (line.counterparty_account, line.bank_text) == ("PL61109010140000071219812874", "PRZELEW")

    def test_may_put_the_name_where_others_have_text(self) -> None:
        line = _line("020<00PRZELEW<20za prad<27ENERGA SA<28ul. Zielona 2<2980-001 GDANSK<31109010140000071219812874")
        assert (line.counterparty_name, line.text) == ("ENERGA SA", "za prad")
        assert line.counterparty_address == ("ul. Zielona 2", "80-001 GDANSK")

    def test_like_mbank_writes_labels_and_semicolons(self) -> None:
        line = _line(
            "911 TRANSAKCJA COLLECT; ID IPH: XX01; Z RACH.: \n5611401081; OD: JAN NOWAK; TYT.: CZYNSZ; TNR: 17.01"
        )
        assert (line.counterparty_name, line.counterparty_account) == ("JAN NOWAK", "5611401081")
        assert (line.text, line.reference, line.transaction_id) == ("CZYNSZ", "XX01", "17.01")
        assert (line.bank_text, line.proprietary_code) == ("TRANSAKCJA COLLECT", "911")

    @pytest.mark.parametrize("encoding", ["utf-8", "cp1250", "cp852", "iso8859-2"])
    def test_may_use_any_of_its_code_pages(self, encoding: str) -> None:
        line = _line("020^00PRZELEW^20Zażółć gęślą jaźń^32Łódzka Spółka Ćma", encoding=encoding)
        assert (line.text, line.counterparty_name) == ("Zażółć gęślą jaźń", "Łódzka Spółka Ćma")


class TestAGermanBank:
    def test_writes_sepa_labels_over_pieces_of_27_columns(self) -> None:
        line = _line(
            "166?00SEPA-GUTSCHRIFT?20EREF+E2E-2026-000000000017?21KREF+K1?22SVWZ+Rechnung 4711 vom 01\n"
            ".?2303.2026?30DEUTDEFF?31DE89370400440532013000?32Erika Muster?33mann GmbH"
        )
        assert (line.end_to_end_id, line.payment_information_id) == ("E2E-2026-000000000017", "K1")
        assert (line.text, line.counterparty_account) == ("Rechnung 4711 vom 01. 03.2026", "DE89370400440532013000")
        assert line.counterparty_name == "Erika Muster mann GmbH"

    def test_gives_the_reason_of_a_return(self) -> None:
        line = _line("109?00RUECKLASTSCHRIFT?20EREF+E1?34914", entry=":61:2603020302D25,50NRTIREF1\n")
        assert (line.reason_code, line.amount_minor) == ("914", -2550)


class TestADutchBank:
    def test_writes_code_words_between_slashes(self) -> None:
        about = "/TRTP/SEPA OVERBOEKING/IBAN/NL91ABNA0417164300/BIC/ABNANL2A/NAME/Kees de Wi\nt/REMI/factuur 12"
        line = _line(about + "/EREF/NOTPROVIDED")
        assert (line.counterparty_name, line.counterparty_account) == ("Kees de Wit", "NL91ABNA0417164300")
        assert (line.text, line.end_to_end_id, line.bank_text) == ("factuur 12", "", "SEPA OVERBOEKING")

    def test_states_a_structured_reference(self) -> None:
        line = _line("/CNTP/NL91INGB0001234567/INGBNL2A/Kees/Utrecht///REMI/STRD/CUR/RF18539007547034/")
        assert (line.reference, line.counterparty_name) == ("RF18539007547034", "Kees")

    def test_may_put_the_account_below_the_statement_line(self) -> None:
        line = _line("/ORDP//NAME/Kees/REMI/x", entry=":61:2603020302C25,50N541NONREF\nNL91ABNA0417164300\n")
        assert line.counterparty_account == "NL91ABNA0417164300"


class TestASwedishBank:
    def test_repeats_the_reference_and_puts_the_payer_below(self) -> None:
        line = _line(
            "DB faktura 1234567\nBo Ek\nStorgatan 2\n12345 UMEÅ", entry=":61:2603020302C25,50NMSCDB faktura//1234567\n"
        )
        assert (line.counterparty_name, line.text) == ("Bo Ek", "DB faktura 1234567")
        assert line.counterparty_address == ("Storgatan 2", "12345 UMEÅ")

    def test_gives_an_ocr_number_that_stands_alone_as_the_reference(self) -> None:
        assert _line("1234567897").reference == "1234567897"
        assert _line("faktura 1234567897").reference == ""


class TestARomanianBank:
    def test_writes_words_around_the_payer(self) -> None:
        line = _line("Incasare PLATITOR ACME SRL RO49AAAA1B31007593840000 BTRLRO22 DETALII INCASARE factura 7")
        assert (line.counterparty_name, line.counterparty_account) == ("ACME SRL", "RO49AAAA1B31007593840000")
        assert line.text == "factura 7"


class TestAStatementLine:
    @pytest.mark.parametrize(
        ("mark", "minor", "is_reversal"),
        [("C", 2550, False), ("D", -2550, False), ("RC", -2550, True), ("RD", 2550, True), ("CN", 2550, False)],
    )
    def test_has_the_sign_of_its_mark(self, mark: str, minor: int, is_reversal: bool) -> None:
        line = _line("x", entry=f":61:2603020302{mark}25,50NTRFREF\n")
        assert (line.amount_minor, line.is_reversal) == (minor, is_reversal)

    def test_that_is_only_expected_is_a_problem(self) -> None:
        read = _read(":61:260302EC25,50NTRFREF\n")
        assert read.records[0].lines == ()
        assert [p.place for p in read.problems] == ["line 5"]

    @pytest.mark.parametrize(
        ("valued", "entered", "booked"),
        [("260101", "1231", (2025, 12, 31)), ("251231", "0102", (2026, 1, 2)), ("260302", "", (2026, 3, 2))],
    )
    def test_is_booked_in_the_year_nearest_to_its_value_date(
        self, valued: str, entered: str, booked: tuple[int, int, int]
    ) -> None:
        assert _line("x", entry=f":61:{valued}{entered}C1,NTRFX\n").booking_date == datetime.date(*booked)

    def test_without_a_known_currency_gives_no_amount(self) -> None:
        read = reader.read(b":20:X\n:25:123\n:61:2603020302C25,50NTRFREF\n-\n")
        assert read.records[0].lines == ()
        assert "currency is not known" in read.problems[0].reason

    @given(minor=st.integers(0, 10**12))
    def test_has_the_amount_written(self, minor: int) -> None:
        assert _line("x", entry=f":61:2603020302C{minor // 100},{minor % 100:02d}NTRFX\n").amount_minor == minor


class TestAStatement:
    def test_whose_balances_do_not_agree_says_by_how_much(self) -> None:
        read = _read(ENTRY + ":62F:C260302PLN125,00\n")
        assert [p.place for p in read.problems] == ["line 1"]
        assert "-0.50 PLN" in read.problems[0].reason

    def test_would_be_taken_without_that_check(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr("kvit.formats.bank.balance.problems", lambda *_: iter(()))
        assert _read(ENTRY + ":62F:C260302PLN125,00\n").problems == ()

    def test_of_mt942_is_compared_with_its_totals(self) -> None:
        text = ":20:X\n:25:1\n:34F:PLN0,\n:13D:2603021200+0100\n" + ENTRY + ":90C:2PLN25,50\n:90D:0PLN0,\n-\n"
        read = reader.read(text.encode())
        assert [p.reason for p in read.problems] == ["2 credits are declared, 1 stand in the statement"]

    def test_keeps_an_iban_that_ends_like_a_currency(self) -> None:
        for account, told in (("RO49AAAA1B31007593840RON", None), ("1234567890EUR", "1234567890")):
            (statement,) = reader.read(f":20:X\n:25:{account}\n-\n".encode()).records
            assert statement.account == (told or statement.account)
        (statement,) = reader.read(b":20:X\n:25:RO87BUCU1052235283028RON\n-\n").records
        assert statement.account == "RO87BUCU1052235283028RON"

    def test_with_lines_of_no_message_around_it_reports_them(self) -> None:
        read = reader.read(b"Dear customer\nhere it is\n" + HEAD.encode() + b"-\n")
        assert [p.place for p in read.problems] == ["lines 1 to 2"]
