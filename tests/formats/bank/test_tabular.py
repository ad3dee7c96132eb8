"""Bank CSV by profile, the nine that are shipped, and making one by looking at a file."""

import json
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kvit.formats import bank
from kvit.formats.bank.statement import Statement
from kvit.formats.bank.tabular import guide, profile, read
from kvit.formats.bank.tabular.profile import Role, UnusableProfile
from kvit.formats.bank.tabular.shipped import SHIPPED
from kvit.kernel.results import Read

MBANK = (
    "mBank S.A. Bankowość Detaliczna;\n#Numer rachunku;\n11 1140 2004 0000 3002 0135 5387;\n#Waluta;\nPLN;\n"
    "#Data księgowania;#Data operacji;#Opis operacji;#Tytuł;#Nadawca/Odbiorca;#Numer konta;#Kwota;#Saldo po operacji;\n"
    "2026-03-02;2026-03-01;PRZELEW;\"Faktura; nr 7\";ŻAK SP. Z O.O.;'61109010140000071219812874';1 234,56;1 334,56;\n"
    "2026-03-03;2026-03-03;OPŁATA;;;;-4,00;1 330,56;\n\n;;;;;;#Saldo końcowe;1 330,56 PLN;\n"
)
PKO = (
    '"Data operacji","Data waluty","Typ transakcji","Kwota","Waluta","Saldo po transakcji","Opis transakcji","","",""\n'
    '"2026-03-03","2026-03-03","Przelew","-4.00","PLN","+96.00","Tytuł: opłata","","",""\n'
    '"2026-03-02","2026-03-02","Wpływ","+50.00","PLN","+100.00",'
    '"Rachunek nadawcy: 61 1090 1014","Nazwa nadawcy: Jan","Tytuł: FV 7",""\n'
)
ING_PL = (
    "Data transakcji;Data księgowania;Dane kontrahenta;Tytuł;Nr rachunku;Nazwa banku;Szczegóły;Nr transakcji;"
    "Kwota transakcji (waluta rachunku);Waluta;Kwota blokady;Waluta;Saldo po transakcji;Waluta\n"
    "2026-03-01;2026-03-02;Jan;FV 7;'6110';mB;PRZELEW;'123';50,00;PLN;;;150,00;PLN\n"
)
SWEDBANK = (
    "* Transaktionsrapport Period 2026-03-01\nRadnummer,Clearingnummer,Kontonummer,Produkt,Valuta,Bokföringsdag,"
    "Transaktionsdag,Valutadag,Referens,Beskrivning,Belopp,Bokfört saldo\n"
    '1,8327-9,123456789,Företag,SEK,2026-03-02,2026-03-02,2026-03-02,"Åke","Insättning",50.00,150.00\n'
)
NORDEA = (
    "Bokföringsdag;Belopp;Avsändare;Mottagare;Namn;Rubrik;Saldo;Valuta;\n"
    "Reserverad;-9,00;;;;Kort;;SEK;\n2026/03/02;50,00;;;Bo Ek;Faktura 7;150,00;SEK;\n"
)
SEB = "Bokföringsdatum;Valutadatum;Verifikationsnummer;Text;Belopp;Saldo\n2026-03-02;2026-03-02;55;Bo Ek;50,00;150,00\n"
BT = (
    "Numar cont:,RO49BTRL0000000000000000\nData tranzactie,Data valuta,Descriere,Referinta tranzactiei,Debit,Credit,"
    'Sold contabil\n2026-03-02,2026-03-02,"Plata; factura 7",REF1,,"1,050.00","1,150.00"\n'
)
RAIFFEISEN = (
    "Data inregistrare;Data tranzactiei;Suma debit;Suma credit;Nr. OP;Cod fiscal beneficiar;Ordonator final;Beneficiar "
    "final;Nume/Denumire ordonator/beneficiar;Denumire banca ordonator/ beneficiar;Nr. cont in/din care se efectueaza "
    "tranzactiile;Descrierea tranzactiei\n02/03/2026;02/03/2026;;50.00;7;;;;Țesături SRL;BT;RO49;factura 7\n"
)
ING_RO = (
    "numar cont,data procesarii,suma,valuta,tip tranzactie,nume beneficiar/ordonator,adresa beneficiar/ordonator,"
    "cont beneficiar/ordonator,banca beneficiar/ordonator,detalii tranzactie,sold intermediar,CUI Contrapartida\n"
    "RO49INGB,20260302,50.00,RON,Incasare,Acme SRL,,RO50,ING,factura 7,150.00,RO123\n"
)
FILES = {
    "pl-mbank": (MBANK, "cp1250", 123456),
    "pl-pko": (PKO, "cp1250", -400),
    "pl-ing": (ING_PL, "cp1250", 5000),
    "se-swedbank": (SWEDBANK, "cp1252", 5000),
    "se-nordea": (NORDEA, "utf-8", 5000),
    "se-seb": (SEB, "utf-8", 5000),
    "ro-transilvania": (BT, "utf-8", 105000),
    "ro-raiffeisen": (RAIFFEISEN, "utf-8", 5000),
    "ro-ing": (ING_RO, "utf-8", 5000),
}


def _read(text: str, encoding: str = "utf-8") -> Read[Statement]:
    file = bank.read(text.encode(encoding))
    assert file.format is bank.Format.CSV
    return file.read


class TestAShippedProfile:
    def test_is_one_of_three_for_each_country(self) -> None:
        assert sorted(one.country for one in SHIPPED) == ["PL"] * 3 + ["RO"] * 3 + ["SE"] * 3
        assert {one.key for one in SHIPPED} == set(FILES)

    @pytest.mark.parametrize("key", FILES)
    @pytest.mark.parametrize("ends", ["\n", "\r\n"])
    def test_reads_its_bank(self, key: str, ends: str) -> None:
        text, encoding, minor = FILES[key]
        found = read.fitting(text, SHIPPED)
        assert found is not None
        assert found.key == key
        whole = _read(text.replace("\n", ends).rstrip("\r\n"), encoding)
        (statement,) = whole.records
        assert statement.lines[0].amount_minor == minor
        assert [p.place for p in whole.problems] == (["line 2"] if key == "se-nordea" else [])

    @pytest.mark.parametrize("key", FILES)
    def test_comes_back_from_json(self, key: str) -> None:
        one = next(one for one in SHIPPED if one.key == key)
        assert profile.from_plain(json.loads(json.dumps(profile.to_plain(one)))) == one


class TestAStatement:
    def test_of_mbank_has_account_balances_and_texts(self) -> None:
        (statement,) = _read(MBANK, "cp1250").records
        assert (statement.account, statement.currency) == ("11114020040000300201355387", "PLN")
        assert (statement.opening_minor, statement.closing_minor) == (10000, 133056)
        line = statement.lines[0]
        assert (line.counterparty_name, line.text) == ("ŻAK SP. Z O.O.", "Faktura; nr 7")
        assert (line.counterparty_account, line.bank_text) == ("61109010140000071219812874", "PRZELEW")

    def test_with_the_newest_row_first_is_seen_from_its_balances(self) -> None:
        (statement,) = _read(PKO, "cp1250").records
        assert (statement.opening_minor, statement.closing_minor) == (5000, 9600)
        line = statement.lines[1]
        assert (line.counterparty_name, line.counterparty_account, line.text) == ("Jan", "6110901014", "FV 7")

    def test_with_a_row_missing_says_where(self) -> None:
        rows = "".join(
            f"2026-03-{day:02d};2026-03-{day:02d};{day};x;10,00;{100 + 10 * day},00\n" for day in range(1, 8)
        )
        text = SEB.splitlines()[0] + "\n" + rows
        assert _read(text).problems == ()
        (problem, *_) = _read(text.replace("2026-03-04;2026-03-04;4;x;10,00;140,00\n", "")).problems
        assert problem.place == "line 1"
        assert "first at line 5" in problem.reason

    def test_begins_anew_where_the_account_changes(self) -> None:
        row = SWEDBANK.splitlines()[2]
        other = row.replace("123456789", "987654321")
        read_ = _read(SWEDBANK + other + "\n")
        assert [one.account for one in read_.records] == ["123456789", "987654321"]

    def test_with_a_quote_that_nothing_closes_loses_only_that_row(self) -> None:
        rows = "".join(f"2026-03-02;2026-03-02;{n};Bo;1,00;\n" for n in range(60))
        whole = _read(SEB + rows[:200].replace("Bo", '"Bo', 1) + rows[200:])
        (statement,) = whole.records
        assert len(statement.lines) + len(whole.problems) == 61
        assert len(whole.problems) == 1

    @pytest.mark.parametrize(
        ("cells", "reason"),
        [
            ("02.03.2026;;1;x;1,00;", "is not a date"),
            ("2026-03-02;;1;x;1.00;", "is not an amount"),
            ("2026-03-02;;1;x;;", "is not an amount"),
            ("2026-03-02;;1;x;1,000;", "more decimals"),
            ("2026-02-30;;1;x;1,00;", "not a day of the calendar"),
            ("2026-03-02;;1;x;1,00;;;y", "cells stand here"),
        ],
    )
    def test_has_a_problem_for_a_row_that_cannot_be_read(self, cells: str, reason: str) -> None:
        whole = _read(SEB + cells + "\n")
        assert [p.place for p in whole.problems] == ["line 3"]
        assert reason in whole.problems[0].reason
        assert len(whole.records[0].lines) == 1

    def test_never_takes_a_thousands_sign_for_a_decimal_one(self) -> None:
        whole = _read(BT.replace('"1,050.00"', '"1,05"'))
        assert whole.records[0].lines == ()
        assert "is not an amount" in whole.problems[0].reason

    @given(minors=st.lists(st.integers(-(10**9), 10**9), min_size=1, max_size=12))
    def test_adds_up_whatever_its_amounts(self, minors: list[int]) -> None:
        total, rows = 0, ""
        for minor in minors:
            total += minor
            told = [f"{'-' if n < 0 else ''}{abs(n) // 100},{abs(n) % 100:02d}" for n in (minor, total)]
            rows += f"2026-03-02;2026-03-02;1;x;{told[0]};{told[1]}\n"
        whole = _read(SEB.splitlines()[0] + "\n" + rows)
        (statement,) = whole.records
        assert whole.problems == ()
        assert [line.amount_minor for line in statement.lines] == minors
        assert statement.closing_minor == (statement.opening_minor or 0) + total


class TestAProfile:
    @pytest.mark.parametrize(
        ("change", "reason"),
        [
            ({"columns": ((Role.AMOUNT, "b"),)}, "booking date"),
            ({"columns": ((Role.BOOKING_DATE, "a"),)}, "amount"),
            ({"columns": ((Role.BOOKING_DATE, "a"), (Role.AMOUNT, "A "))}, "two roles"),
            ({"decimal": ";"}, "decimal sign"),
            ({"delimiter": "x"}, "separated"),
            ({"date_format": "YY"}, "dates"),
            ({"currency": "XXX"}, "not a currency"),
        ],
    )
    def test_that_cannot_read_anything_is_refused(self, change: dict[str, object], reason: str) -> None:
        good = profile.to_plain(SHIPPED[5])
        with pytest.raises(UnusableProfile, match=reason):
            profile.from_plain({**good, **change})

    def test_with_unknown_fields_is_refused(self) -> None:
        with pytest.raises(UnusableProfile, match="colour"):
            profile.from_plain({**profile.to_plain(SHIPPED[0]), "colour": "red"})


class TestTheGuide:
    TEXT = (
        "Konto: 123\nTransaktionsdatum|Meddelande|Insättning/Uttag|Saldo|Valuta\n"
        "31.01.2026|Hyra|-1.250,50|98.749,50|SEK\n02.02.2026|Faktura 7|500,00|99.249,50|SEK\n"
    )

    def _proposed(self, text: str) -> guide.Proposal:
        return guide.propose(text.encode(), key="own", name="My bank", country="SE", currency="SEK")

    def test_proposes_what_the_file_shows(self) -> None:
        text = self.TEXT.replace("Insättning/Uttag", "Belopp")
        found = self._proposed(text)
        assert found.profile is not None
        assert (found.delimiter, found.header_line, found.profile.date_format) == ("|", 2, "DD.MM.YYYY")
        assert (found.profile.decimal, found.profile.thousands) == (",", ".")
        preview = guide.preview(text.encode(), found.profile)
        assert preview.is_usable
        assert [line.amount_minor for line in preview.lines] == [-125050, 50000]
        assert all(column.readable == 2 for column in preview.columns)

    def test_says_what_is_to_be_chosen(self) -> None:
        found = self._proposed(self.TEXT.replace("Insättning/Uttag", "Xyz"))
        assert found.profile is None
        assert "amount" in found.problem
        assert [column.name for column in found.columns][:2] == ["Transaktionsdatum", "Meddelande"]

    @pytest.mark.parametrize("text", ["", "hello", "a;b;c\n1;2;3\n", '"'])
    def test_says_when_a_file_is_none(self, text: str) -> None:
        assert self._proposed(text).problem

    def test_shows_which_column_a_wrong_profile_cannot_read(self) -> None:
        found = self._proposed(self.TEXT.replace("Insättning/Uttag", "Belopp"))
        assert found.profile is not None
        wrong = replace(found.profile, date_format="YYYY-MM-DD")
        preview = guide.preview(self.TEXT.replace("Insättning/Uttag", "Belopp").encode(), wrong)
        assert not preview.is_usable
        (date,) = [column for column in preview.columns if column.role is Role.BOOKING_DATE]
        assert (date.readable, date.unreadable) == (0, 2)
        assert "line 3" in date.first_problem

    @given(text=st.text(st.sampled_from(list('a1;,"\n\t2-.|Åkwota data')), max_size=120))
    def test_never_raises(self, text: str) -> None:
        found = self._proposed(text)
        if found.profile is not None:
            guide.preview(text.encode(), found.profile)
