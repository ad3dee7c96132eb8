"""What a camt reader must make of signs, dates, statuses, parties and batches, shown on altered foreign samples."""

import datetime
from decimal import Decimal

import pytest

from bank_samples import camt_complaints, sample
from kvit.formats import bank
from kvit.formats.bank.statement import Line, Part, Statement
from kvit.kernel.results import Read
from shared_folder import needs_shared

pytestmark = needs_shared

MULTI = "iso20022/samples/genkgo/camt053.v2.multi.statement.xml"
BATCH = "iso20022/samples/oca/test-camt053-txdtls"
PARTIES = "iso20022/samples/genkgo/camt053.v8.xml"
FIVE = "iso20022/samples/genkgo/camt053.v2.five.decimals.xml"
TOTALS = "iso20022/samples/moov/FI_camt_054_sample.xml.xml"
RETURN = "iso20022/samples/moov/camt054-returns_p_ch5109000000250092291_1110097606_0_2020112500512470.xml"
SUMS = "iso20022/samples/viafintech/053/valid_example_with_instdamt.xml"


def _altered(file: str, *changes: tuple[bytes, bytes]) -> bytes:
    """A sample with the first occurrence of each text replaced; a text that is not there is a broken test."""
    data = sample(file)
    for old, new in changes:
        assert old in data, old
        data = data.replace(old, new, 1)
    return data


def _read(data: bytes) -> Read[Statement]:
    read = bank.read(data).read
    assert camt_complaints(data, read) == []
    return read


def _first(data: bytes) -> Line:
    return _read(data).records[0].lines[0]


def _reasons(data: bytes, place: str) -> list[str]:
    return [problem.reason for problem in _read(data).problems if problem.place == place]


class TestAnAmount:
    def test_is_positive_for_a_credit_and_negative_for_a_debit(self) -> None:
        first, second = (statement.lines[0].amount_minor for statement in _read(sample(MULTI)).records)
        assert (first, second) == (885, -700)

    def test_keeps_its_sign_when_the_entry_is_a_reversal(self) -> None:
        data = _altered(MULTI, (b"<RvslInd>false</RvslInd>", b"<RvslInd>true</RvslInd>"))
        line = _first(data)
        assert (line.amount_minor, line.is_reversal) == (885, True)

    def test_may_have_zeros_beyond_the_currencys_decimals(self) -> None:
        assert b">8.850<" in sample(FIVE)
        assert _first(sample(FIVE)).amount_minor == 885
        assert _first(_altered(FIVE, (b">8.850<", b">8.85000<"))).amount_minor == 885

    @pytest.mark.parametrize(
        "text", [b"8.855", b"8,85", b"-8.85", b"", b"8.8.5", b"1e3", b"0x10", b"8 .85", b"\xd9\xa8"]
    )
    def test_that_is_no_exact_amount_is_a_problem_and_never_a_zero(self, text: bytes) -> None:
        data = _altered(FIVE, (b'<Ntry>\n                <Amt Ccy="EUR">8.850', b'<Ntry><Amt Ccy="EUR">' + text))
        read = bank.read(data).read
        assert read.records[0].lines == ()
        assert [problem.place for problem in read.problems][:1] == ["Stmt[1]/Ntry[1]"]

    @pytest.mark.parametrize("currency", [b"", b"eur", b"EURO", b"XXX", b"XYZ"])
    def test_in_no_currency_is_a_problem(self, currency: bytes) -> None:
        old = b'<Ntry>\n                <Amt Ccy="EUR">'
        data = _altered(FIVE, (old, b'<Ntry>\n                <Amt Ccy="' + currency + b'">'))
        assert [problem.place for problem in bank.read(data).read.problems][:1] == ["Stmt[1]/Ntry[1]"]

    def test_without_a_direction_is_a_problem(self) -> None:
        data = _altered(FIVE, (b"8.850</Amt>\n                <CdtDbtInd>CRDT</CdtDbtInd>", b"8.850</Amt>"))
        assert _reasons_raw(data)[0] == 'CdtDbtInd is neither CRDT nor DBIT: ""'

    def test_that_stands_twice_and_differs_is_a_problem(self) -> None:
        data = _altered(FIVE, (b"8.850</Amt>", b'8.850</Amt><Amt Ccy="EUR">9.85</Amt>'))
        assert _reasons_raw(data)[0] == "Amt is given twice and differs"

    def test_with_an_element_inside_is_a_problem(self) -> None:
        assert "<x>" in _reasons_raw(_altered(FIVE, (b"8.850", b"8<x>0</x>.85")))[0]

    def test_in_yen_has_no_decimals(self) -> None:
        line = _first(_altered(FIVE, (b'Ccy="EUR">8.850', b'Ccy="JPY">2700')))
        assert (line.amount_minor, line.currency) == (2700, "JPY")

    def test_in_another_currency_than_the_accounts_is_remarked(self) -> None:
        data = _altered(FIVE, (b'Ccy="EUR">8.850', b'Ccy="SEK">8.85'))
        assert _reasons(data, "Stmt[1]/Ntry[1]/Amt") == ["SEK on an account kept in EUR"]


def _reasons_raw(data: bytes) -> list[str]:
    return [problem.reason for problem in bank.read(data).read.problems]


class TestADay:
    def test_is_the_booking_date_as_the_bank_wrote_it(self) -> None:
        data = _altered(
            MULTI,
            (b"<Dt>2014-12-31</Dt>\n                </BookgDt>", b"<DtTm>2014-12-31T23:59:59-08:00</DtTm></BookgDt>"),
        )
        assert _first(data).booking_date == datetime.date(2014, 12, 31)

    def test_falls_back_to_the_value_date(self) -> None:
        line = _first(_altered(MULTI, (b"<BookgDt>", b"<Nope>"), (b"</BookgDt>", b"</Nope>")))
        assert line.booking_date == line.value_date == datetime.date(2015, 1, 2)

    def test_is_not_invented_where_there_is_none(self) -> None:
        changes = [
            (b"<BookgDt>", b"<Nope>"),
            (b"</BookgDt>", b"</Nope>"),
            (b"<ValDt>", b"<Nope>"),
            (b"</ValDt>", b"</Nope>"),
        ]
        read = _read(_altered(MULTI, *changes))
        assert read.records[0].lines == ()
        assert _reasons(_altered(MULTI, *changes), "Stmt[1]/Ntry[1]")

    def test_of_value_is_left_out_where_it_is_missing_or_unreadable(self) -> None:
        missing = _altered(MULTI, (b"<ValDt>", b"<Nope>"), (b"</ValDt>", b"</Nope>"))
        broken = _altered(MULTI, (b"2015-01-02", b"2015-13-02"))
        assert _first(missing).value_date is None
        assert _first(broken).value_date is None
        assert len(_reasons(broken, "Stmt[1]/Ntry[1]/ValDt")) == 1

    @pytest.mark.parametrize("text", [b"2014-02-30", b"31.12.2014", b"20141231", b"2014-12-31x", b"0000-01-01"])
    def test_of_booking_that_cannot_be_read_is_a_problem(self, text: bytes) -> None:
        old = b"<Dt>2014-12-31</Dt>\n                </BookgDt>"
        data = _altered(MULTI, (old, b"<Dt>" + text + b"</Dt></BookgDt>"))
        assert len(_reasons(data, "Stmt[1]/Ntry[1]")) == 1

    def test_far_from_any_bank_day_is_remarked(self) -> None:
        old = b"<Dt>2014-12-31</Dt>\n                </BookgDt>"
        data = _altered(MULTI, (old, b"<Dt>1014-12-31</Dt></BookgDt>"))
        assert len(_reasons(data, "Stmt[1]/Ntry[1]/BookgDt")) == 1


class TestAStatus:
    @pytest.mark.parametrize("status", [b"PDNG", b"INFO", b"FUTR", b"book", b"<Cd>PDNG</Cd>"])
    def test_other_than_booked_gives_a_problem_and_no_line(self, status: bytes) -> None:
        read = _read(_altered(MULTI, (b"<Sts>BOOK", b"<Sts>" + status)))
        assert read.records[0].lines == ()
        assert read.problems[0].place == "Stmt[1]/Ntry[1]"

    def test_may_be_missing_in_a_statement_but_not_in_a_notification(self) -> None:
        assert _first(_altered(MULTI, (b"<Sts>BOOK</Sts>", b""))).amount_minor == 885
        read = _read(_altered(RETURN, (b"<Sts>BOOK</Sts>", b"")))
        assert read.records[0].lines == ()


class TestTheOtherParty:
    def test_of_a_credit_is_the_debtor(self) -> None:
        line = _first(sample(PARTIES))
        assert (line.counterparty_name, line.counterparty_account) == ("NAME NAME", "NL56AGDH9619008421")

    def test_of_a_debit_is_the_creditor(self) -> None:
        line = _read(sample(MULTI)).records[1].lines[0]
        assert (line.counterparty_name, line.counterparty_account) == ("Company Name 2", "NL56AGDH9619008421")

    def test_of_a_reversed_debit_is_whom_the_debit_had_gone_to(self) -> None:
        data = sample(MULTI).replace(b"<RvslInd>false", b"<RvslInd>true").replace(b">DBIT<", b">CRDT<")
        assert bank.read(data).read.records[1].lines[0].counterparty_name == "Company Name 2"

    def test_is_not_guessed_from_the_wrong_side(self) -> None:
        assert _read(sample(MULTI)).records[0].lines[0].counterparty_name == ""

    def test_may_be_known_only_as_the_ultimate_one(self) -> None:
        line = _first(sample("iso20022/samples/genkgo/camt053.v2.minimal.ultimate.xml"))
        assert line.counterparty_name == line.ultimate_party_name == "DEBTOR NAME NM"


class TestABatch:
    def test_whose_payments_add_up_gives_a_line_for_each(self) -> None:
        (statement,) = _read(sample(BATCH)).records
        assert [line.place for line in statement.lines] == ["Stmt[1]/Ntry[1]/TxDtls[1]", "Stmt[1]/Ntry[1]/TxDtls[2]"]
        assert [line.amount_minor for line in statement.lines] == [218_700, 129_600]
        assert [(line.batch_position, line.batch_size) for line in statement.lines] == [(1, 2), (2, 2)]
        assert [line.reference for line in statement.lines] == [
            "302388292000011111111111111",
            "302388292000022222222222222",
        ]

    def test_takes_a_payment_that_runs_against_it_with_its_own_sign(self) -> None:
        data = _altered(
            BATCH,
            (b'"CHF">3483.00', b'"CHF">891.00'),
            (b"1296.00</Amt>\n            <CdtDbtInd>CRDT", b"1296.00</Amt><CdtDbtInd>DBIT"),
        )
        (statement,) = _read(data).records
        assert [line.amount_minor for line in statement.lines] == [218_700, -129_600]

    @pytest.mark.parametrize("amount", [b"1296.01", b"twelve", b"1296.001"])
    def test_that_does_not_add_up_stays_one_line_and_loses_no_reference(self, amount: bytes) -> None:
        data = _altered(BATCH, (b">1296.00<", b">" + amount + b"<"))
        (line,) = _read(data).records[0].lines
        assert line.amount_minor == 348_300
        assert [part.reference for part in line.parts] == ["302388292000011111111111111", "302388292000022222222222222"]
        assert len(_reasons(data, "Stmt[1]/Ntry[1]/NtryDtls")) == 1
        assert line.counterparty_name == "Banque Cantonale Vaudoise"
        assert line.counterparty_account == ""

    def test_in_another_currency_stays_one_line(self) -> None:
        data = sample(BATCH).replace(b'<Amt Ccy="CHF">1296', b'<Amt Ccy="EUR">1296')
        assert len(_read(data).records[0].lines) == 1

    def test_takes_the_transaction_amount_where_the_version_has_no_other(self) -> None:
        (statement,) = _read(sample("iso20022/samples/moov/FI_camt_054_sample.xml.xml")).records
        assert [line.amount_minor for line in statement.lines[:2]] == [190_000, 10_000]
        assert statement.lines[0].parts == (Part("3900", 250_000), Part("12344", -60_000))


class TestTheTotals:
    def test_that_agree_are_silent(self) -> None:
        assert _read(sample(MULTI)).problems == ()

    def test_report_a_balance_that_the_lines_do_not_explain(self) -> None:
        data = _altered(MULTI, (b">8.85<", b">8.84<"))
        assert _reasons(data, "Stmt[1]") == [
            "opening balance 18.15 EUR and lines of 8.84 EUR make 26.99 EUR, the closing balance is 27.00 EUR:"
            " a difference of 0.01 EUR"
        ]

    def test_are_not_asked_for_where_a_balance_is_missing(self) -> None:
        data = _altered(MULTI, (b"<Cd>OPBD</Cd>", b"<Cd>OPAV</Cd>"), (b">8.85<", b">8.84<"))
        assert _reasons(data, "Stmt[1]") == []

    def test_take_the_previous_closing_balance_as_opening(self) -> None:
        data = _altered(MULTI, (b"<Cd>OPBD</Cd>", b"<Cd>PRCD</Cd>"))
        assert _read(data).records[0].opening_minor == 1815

    def test_have_the_sign_of_the_balance(self) -> None:
        statement = _read(sample("iso20022/samples/viafintech/053/valid_example_with_debit.xml")).records[0]
        assert (statement.opening_minor, statement.closing_minor) == (-3306, 2306)

    def test_declared_for_the_entries_are_compared(self) -> None:
        assert _reasons(sample(SUMS), "Stmt[1]/TxsSummry") == []
        data = sample(SUMS).replace(b"<Sum>4500.00", b"<Sum>4500.01").replace(b"<NbOfNtries>1<", b"<NbOfNtries>2<")
        reasons = _reasons(data, "Stmt[1]/TxsSummry")
        assert reasons == [
            "2 credits are declared, 1 stand in the statement",
            "4500.01 CHF is declared as the sum of credits, the entries make 4500.00 CHF",
        ]


class TestAFile:
    @pytest.mark.parametrize("prefix", [b"ns2", b"x"])
    def test_may_carry_any_prefix(self, prefix: bytes) -> None:
        data = (
            sample(BATCH)
            .replace(b"xmlns=", b"xmlns:" + prefix + b"=")
            .replace(b"xsi:schemaLocation", b"schemaLocation")
        )
        data = data.replace(b"</", b"</" + prefix + b":")
        for letter in b"ABCDEFGHIJKLMNOPQRSTUVWXYZ":
            data = data.replace(b"<" + bytes([letter]), b"<" + prefix + b":" + bytes([letter]))
        assert bank.recognise(data) is bank.Format.CAMT_053
        assert _read(data) == _read(sample(BATCH))

    def test_may_mix_prefixes(self) -> None:
        data = sample(BATCH).replace(b"<Ntry>", b'<y:Ntry xmlns:y="urn:iso">').replace(b"</Ntry>", b"</y:Ntry>")
        assert bank.read(data).read == _read(sample(BATCH))

    def test_may_have_no_namespace_and_an_unknown_version(self) -> None:
        none = sample(BATCH).replace(b' xmlns="urn:iso:std:iso:20022:tech:xsd:camt.053.001.04"', b"")
        new = sample(BATCH).replace(b"camt.053.001.04", b"camt.053.001.99")
        assert _read(none) == _read(new) == _read(sample(BATCH))

    def test_may_stand_in_an_envelope(self) -> None:
        body = sample(BATCH).partition(b"?>")[2]
        data = b"<Envelope><AppHdr><BizMsgIdr>1</BizMsgIdr></AppHdr>" + body + b"</Envelope>"
        assert bank.read(data).read == _read(sample(BATCH))

    @pytest.mark.parametrize(
        "encoding", ["utf-16", "utf-16-le", "iso-8859-1", "iso-8859-2", "windows-1252", "utf-8-sig"]
    )
    def test_may_be_in_the_encoding_it_declares(self, encoding: str) -> None:
        text = sample(MULTI).decode().replace("Company Name 2", "Müller & Söhne".replace("&", "&amp;"))
        declared = "utf-16" if "16" in encoding else encoding.removesuffix("-sig")
        data = text.replace('encoding="UTF-8"', f'encoding="{declared}"').encode(encoding)
        assert bank.recognise(data) is bank.Format.CAMT_053
        assert bank.read(data).read.records[1].lines[0].counterparty_name == "Müller & Söhne"

    def test_that_is_cut_keeps_what_stands_before_the_cut(self) -> None:
        data = sample(MULTI)
        before = data[: data.rindex(b"<CdtDbtInd>")]
        read = bank.read(before).read
        assert [len(statement.lines) for statement in read.records] == [1, 0]
        cut = read.problems[0]
        assert cut.place == "Stmt[2]/Ntry[1]"
        assert f"line {len(before.splitlines())}, byte {len(before)}" in cut.reason
        assert read.problems[1].place == "Stmt[2]"

    def test_that_names_an_element_wrongly_is_not_read_in_silence(self) -> None:
        data = _altered(MULTI, (b"<Ntry>", b"<Entry>"), (b"</Ntry>", b"</Entry>"))
        assert "Stmt[1]/Entry" in [problem.place for problem in bank.read(data).read.problems]

    def test_with_an_entry_in_a_wrong_place_is_not_read_in_silence(self) -> None:
        nested = _altered(MULTI, (b"<Sts>BOOK</Sts>", b"<Sts>BOOK</Sts><Ntry/><Other><Ntry/></Other>"))
        places = [problem.place for problem in bank.read(nested).read.problems]
        assert places == ["Stmt[1]/Ntry[1]/Ntry", "Stmt[1]/Ntry[1]/Ntry"]

    def test_without_an_account_says_so(self) -> None:
        data = _altered(MULTI, (b"<IBAN>NL26VAYB8060476890</IBAN>", b""))
        assert _reasons(data, "Stmt[1]/Acct") == ["the account is missing"]

    def test_says_what_the_bank_said_about_it(self) -> None:
        statement = _read(sample(MULTI)).records[0]
        assert statement.statement_id == "253EURNL26VAYB8060476890"
        assert (statement.sequence_number, statement.copy_code) == ("12312", "CODU")
        assert statement.message_id == "CAMT053RIB000000000001"
        assert statement.closing_date == datetime.date(2014, 12, 31)


class TestTheText:
    def test_joins_what_the_payer_wrote(self) -> None:
        data = _altered(
            FIVE, (b"<Ustrd>Transaction Description</Ustrd>", b"<Ustrd>Faktura\n 12</Ustrd><Ustrd>och 13</Ustrd>")
        )
        assert _first(data).text == "Faktura 12 och 13"

    def test_is_the_banks_where_the_payer_wrote_nothing(self) -> None:
        data = _altered(
            FIVE,
            (b"<Ustrd>Transaction Description</Ustrd>", b""),
            (b"</NtryDtls>", b"</NtryDtls><AddtlNtryInf>GIRO</AddtlNtryInf>"),
        )
        line = _first(data)
        assert line.text == line.bank_text == "GIRO"

    def test_has_the_document_numbers_too_and_parts_their_amounts(self) -> None:
        strd = b"<Strd><RfrdDocInf><Nb>%b</Nb></RfrdDocInf><RfrdDocAmt>%b</RfrdDocAmt></Strd>"
        paid, credited = b'<RmtdAmt Ccy="EUR">9.85</RmtdAmt>', b'<CdtNoteAmt Ccy="EUR">1.00</CdtNoteAmt>'
        strd = strd % (b"F-17", paid) + strd % (b"K-3", credited)
        line = _first(_altered(FIVE, (b"<Ustrd>Transaction Description</Ustrd>", strd)))
        assert line.text == "F-17 K-3"
        assert line.parts == (Part("F-17", 985), Part("K-3", -100))
        assert sum(Decimal(part.amount_minor or 0) for part in line.parts) == line.amount_minor

    def test_leaves_out_an_end_to_end_id_that_says_there_is_none(self) -> None:
        assert _first(sample(FIVE)).end_to_end_id == "000000001"
        assert _first(_altered(FIVE, (b"000000001</EndToEndId>", b"NOTPROVIDED</EndToEndId>"))).end_to_end_id == ""
