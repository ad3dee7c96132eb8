"""What a BgMax reader must make of records, counts and damage, shown on altered foreign samples."""

import datetime

import pytest

from bank_samples import bgmax_complaints, sample
from kvit.formats import bank
from kvit.formats.bank.bgmax import reader
from kvit.formats.bank.statement import Line, Part, Statement
from kvit.kernel.results import Read
from shared_folder import needs_shared

pytestmark = needs_shared

FULL = "bankgirot/bgmax/BgMaxfil4.txt"
DEDUCTION = "bankgirot/bgmax/bankgiroinbetalningar_exempelfil_avtal-om-ocr-kontroll_checksiffra_langd_sv.txt"
MINIMAL = "bankgirot/bgmax/minimal.txt"
AUTOGIRO = "bankgirot/autogiro/ny_layout/autogiro_exempelfil_bg-max-forma_sv.txt"
NEW_LAYOUT = "bankgirot/autogiro/ny_layout/autogiro_exempelfil_bet-spec-o-tk_sv.txt"


def _read(data: bytes) -> Read[Statement]:
    read = reader.read(data)
    assert bgmax_complaints(data, read) == []
    return read


def _lines(data: bytes) -> dict[str, Line]:
    return {line.place: line for statement in _read(data).records for line in statement.lines}


def _altered(file: str, old: bytes, new: bytes) -> bytes:
    data = sample(file)
    assert old in data
    return data.replace(old, new, 1)


def _rows(file: str) -> list[bytes]:
    return sample(file).splitlines(keepends=True)


class TestAPayment:
    def test_has_its_payer_reference_and_day(self) -> None:
        line = _lines(sample(FULL))["line 14"]
        assert (line.amount_minor, line.currency, line.booking_date) == (190_000, "SEK", datetime.date(2004, 5, 25))
        assert (line.counterparty_name, line.counterparty_account) == ("Olles färg AB", "97012333")
        assert line.counterparty_address == ("Lillagatan 3", "12345", "Storåker")
        assert (line.reference, line.reference_type, line.bank_id) == ("524967", "OCR", "000000000019")
        assert line.value_date is None

    def test_has_its_extra_references_with_their_amounts(self) -> None:
        parts = _lines(sample(FULL))["line 41"].parts
        assert parts == (
            Part("7495575", 100_000),
            Part("695668", 50_000),
            Part("8988777", 40_000),
            Part("74450", -50_000),
        )

    def test_has_extra_references_without_amounts_where_the_file_states_zero(self) -> None:
        line = _lines(sample(FULL))["line 3"]
        assert line.parts == tuple(Part(number) for number in ("665760", "665869", "665661", "657775"))
        assert line.text == "Betalning med extra refnr 665869 657775 665661 665760"

    def test_is_checked_only_with_the_codes_that_say_so(self) -> None:
        assert _lines(sample(FULL))["line 52"].reference_type == ""
        registered = _altered(FULL, b"524967000000000000190000210", b"524967000000000000190000410")
        assert _lines(registered)["line 14"].reference_type == "OCR"

    def test_may_have_several_references_in_its_one_field(self) -> None:
        line = _lines(sample("bankgirot/notima/BGMAX_Sample1.txt"))["line 3"]
        assert (line.reference, line.parts) == ("100252 1000014", (Part("100252"), Part("1000014")))

    def test_says_how_it_came_and_whether_there_is_an_image(self) -> None:
        lines = _lines(sample(FULL))
        assert (lines["line 3"].transaction_code, lines["line 21"].transaction_code) == ("BGMAX-2", "BGMAX-3")
        assert [lines["line 21"].has_image, lines["line 40"].has_image] == [True, False]
        assert {line.transaction_code for line in _lines(sample(AUTOGIRO)).values()} == {"BGMAX-4"}

    def test_has_the_payers_organisation_number_without_the_filling(self) -> None:
        assert _lines(sample(FULL))["line 21"].counterparty_id == "5500002222"

    def test_that_is_a_deduction_is_negative_with_its_code(self) -> None:
        line = _lines(sample(DEDUCTION))["line 8"]
        assert (line.amount_minor, line.reference, line.reason_code) == (-50_000, "89853", "0")

    @pytest.mark.parametrize(
        "amount", [b"00000000000011000A", b"                  ", b"-00000000000110000", b"0000000000001100.0"]
    )
    def test_without_a_readable_amount_is_a_problem_and_never_a_zero(self, amount: bytes) -> None:
        read = _read(_altered(MINIMAL, b"000000000000110000210", amount + b"210"))
        assert read.records[0].lines == ()
        assert read.problems[0].place == "line 3"

    @pytest.mark.parametrize("change", [(b"650861", b"65086"), (b"650861", b"6508611"), (b"650861", b"  650861")])
    def test_on_a_shifted_line_is_a_problem_and_no_other_amount(self, change: tuple[bytes, bytes]) -> None:
        read = reader.read(_altered(MINIMAL, *change))
        assert read.records[0].lines == ()
        assert "shifted" in read.problems[0].reason

    def test_whose_extra_references_do_not_add_up_is_kept_and_remarked(self) -> None:
        read = _read(_altered(FULL, b"573964000000000000170000", b"573964000000000000170001"))
        assert [problem.place for problem in read.problems] == ["line 21, extra references"]

    def test_keeps_an_extra_reference_whose_amount_is_unreadable(self) -> None:
        read = _read(_altered(FULL, b"573964000000000000170000", b"57396400000000000017000X"))
        assert [problem.place for problem in read.problems] == ["line 22", "line 21, extra references"]
        assert read.records[1].lines[0].parts == (Part("573964"), Part("573865", 30_000))


class TestASection:
    def test_is_a_statement_on_its_bankgiro_and_currency(self) -> None:
        first, *_, last = _read(sample(FULL)).records
        assert (first.account, first.currency, first.statement_id) == ("9912346", "SEK", "00056")
        assert (last.account, last.currency, last.deposit_account) == ("9912346", "EUR", "5841000001009823")
        assert (first.opening_minor, first.closing_minor) == (None, None)
        assert first.from_date == first.to_date == datetime.date(2004, 5, 25)
        assert (first.declared.count, first.declared.net_minor) == (2, 370_000)
        assert first.message_id == "20040525173035010331"

    def test_whose_sum_or_count_differs_from_its_deposit_is_reported(self) -> None:
        less = _altered(FULL, b"000000000000370000SEK00000002", b"000000000000360000SEK00000003")
        reasons = [problem.reason for problem in _read(less).problems]
        assert reasons == [
            "the deposit declares 3 payments, 2 stand in the section",
            "the deposit is 3600.00 SEK, the payments read make 3700.00 SEK",
        ]

    def test_without_a_deposit_has_no_day_and_so_no_lines(self) -> None:
        rows = _rows(FULL)
        assert rows[18].startswith(b"15")
        read = _read(b"".join(rows[:18] + rows[19:]))
        assert [len(statement.lines) for statement in read.records] == [0, 1, 4, 2]
        assert [problem.place for problem in read.problems] == ["line 2", "line 3", "line 14", "line 66"]

    @pytest.mark.parametrize("day", [b"20040230", b"2004052X", b"        "])
    def test_whose_day_is_unreadable_has_no_lines(self, day: bytes) -> None:
        read = _read(_altered(MINIMAL, b"20040525000740", day + b"000740"))
        assert read.records[0].lines == ()
        assert [problem.place for problem in read.problems] == ["line 4", "line 3", "line 4"]

    def test_whose_deposit_is_in_another_currency_is_reported(self) -> None:
        read = _read(_altered(MINIMAL, b"110000SEK", b"110000EUR"))
        assert read.problems[0].reason == "the deposit is in EUR, its section in SEK"


class TestAFile:
    def test_whose_counts_differ_from_its_trailer_is_reported(self) -> None:
        broken = _read(sample("bankgirot/bgmax/BgMaxfil4_broken.txt"))
        reasons = [problem.reason for problem in broken.problems if problem.place == "line 67"]
        assert reasons == [
            "8 payments (TK20) are declared, 9 stand in the file",
            "5 deposits (TK15) are declared, 4 stand in the file",
        ]

    def test_counts_deductions_and_both_kinds_of_extra_references(self) -> None:
        data = _altered(DEDUCTION, b"7000000008000000010000000900000003", b"7000000008000000000000000800000003")
        assert [problem.reason for problem in _read(data).problems] == [
            "0 deductions (TK21) are declared, 1 stand in the file",
            "8 extra references (TK22 and TK23) are declared, 9 stand in the file",
        ]

    def test_without_a_trailer_is_reported(self) -> None:
        data = b"".join(_rows(MINIMAL)[:-1])
        assert [problem.place for problem in _read(data).problems] == ["end of file"]

    def test_that_is_cut_keeps_the_sections_before_the_cut(self) -> None:
        data = sample(FULL)
        read = reader.read(data[: data.index(b"20000123456")])
        assert [len(statement.lines) for statement in read.records] == [2, 0]
        assert [problem.place for problem in read.problems] == ["line 20", "end of file"]

    def test_may_have_unix_line_ends_a_byte_order_mark_and_no_blanks_at_the_end(self) -> None:
        data = sample(FULL)
        unix = data.replace(b"\r\n", b"\n")
        bare = b"\n".join(row.rstrip() for row in data.splitlines()).rstrip()
        marked = b"\xef\xbb\xbf" + data
        assert _read(unix) == _read(bare) == _read(marked) == _read(data)
        assert bank.recognise(marked) is bank.Format.BGMAX

    def test_may_be_utf_8_or_iso_8859_1(self) -> None:
        data = sample(FULL)
        assert _read(data.decode("latin-1").encode("utf-8")) == _read(data)

    def test_may_begin_with_a_title_or_a_ruler(self) -> None:
        ruler = sample(NEW_LAYOUT).splitlines(keepends=True)[0]
        assert ruler.startswith(b"[---+")
        data = b"Exempelfil BgMax\r\n" + ruler + sample(MINIMAL)
        assert bank.recognise(data) is bank.Format.BGMAX
        assert _read(data).problems == ()
        assert list(_lines(data)) == ["line 5"]

    def test_that_calls_itself_a_test_is_marked(self) -> None:
        read = _read(_altered(MINIMAL, b"010331P", b"010331T"))
        assert read.records[0].is_test
        assert read.problems[0].place == "line 1"

    def test_reports_every_line_it_does_not_know(self) -> None:
        rows = _rows(MINIMAL)
        data = b"".join(
            [rows[0], b"99 what\r\n", rows[1], b"30 is\r\n", *rows[2:4], b"20 this\r\n", *rows[4:], b"42\r\n"]
        )
        places = [problem.place for problem in reader.read(data).problems]
        assert places == ["line 2", "line 4", "line 7", "line 8", "line 9"]

    def test_reports_characters_that_are_lost(self) -> None:
        data = _altered(MINIMAL, b"2000970123", b"2000\x00701 3").replace(b"SEK  ", b"SEK\x07 ", 1)
        assert [problem.place for problem in reader.read(data).problems][:1] == ["line 2, characters"]

    def test_may_be_two_files_one_after_the_other(self) -> None:
        read = reader.read(sample(MINIMAL) + sample(FULL))
        assert [len(statement.lines) for statement in read.records] == [1, 2, 1, 4, 2]
        assert read.problems == ()

    def test_without_a_start_record_is_still_read_and_reported(self) -> None:
        read = reader.read(b"".join(_rows(MINIMAL)[1:]))
        assert (len(read.records[0].lines), read.problems[0].place) == (1, "file")
