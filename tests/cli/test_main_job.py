"""The main job on the command line, on the clearing house's own file."""

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

import demo_home
from shared_folder import SHARED, needs_shared

pytestmark = pytest.mark.database

EXAMPLE = "bankgiroinbetalningar_exempelfil_avtal-om-ocr-kontroll_checksiffra_langd_sv-11e165.txt"
# Of the example: a payment in full, one over 1 100.00, one in part, and one nobody invoiced.
INVOICES = """invoice;customer_number;customer_name;country;currency;description;unit_price;vat_rate;payment_reference
a;1;Kalles Plåt AB;SE;SEK;Plåt;1000,00;0;655969
b;1;Kalles Plåt AB;SE;SEK;Skruv;880,00;25;650861
c;2;Olles Åkeri AB;SE;SEK;Frakt;800,00;25;659763
"""


@pytest.fixture(scope="class")
def company(installation: Any, request: pytest.FixtureRequest) -> Any:
    """A company for each class of tests, with three invoices and the bankgiro of the example."""
    code = request.node.name.lower()[:40]
    installation = replace(installation, company=code)
    listed = Path(installation.home) / "invoices.csv"
    listed.write_text(INVOICES)
    installation.ok("company", "open", code, "--name", "Nordvik AB", "--country", "SE", "--currency", "SEK")
    assert "3 drafts for 2 customers" in installation.ok("invoice", "import", str(listed), "--day", "2004-05-01").out
    assert "3 issued, F2004-000001 to F2004-000003" in installation.ok("invoice", "issue", "--day", "2004-05-01").out
    installation.ok("bank", "open-account", "991-2346", "SEK", "Bankgiro")
    return installation


@needs_shared
class TestTheClearingHousesExample:
    def test_pays_the_invoices_that_carry_its_references(self, company: Any) -> None:
        assert SHARED is not None
        file = SHARED / "conformance" / "bankgirot" / "bgmax" / EXAMPLE
        imported = company.ok("bank", "import", str(file)).out
        assert "9912346, 2 statements booked, 7 new and 0 known lines, 3 linked" in imported

        is_open = {d["invoice"]["number"]: d["open_minor"] for d in company.ok("invoice", "list", "--json").json}
        assert is_open == {"F2004-000001": 0, "F2004-000002": 0, "F2004-000003": 30_000}

        reasons = {w["code"]: w["reason"] for w in company.ok("match", "waiting", "--json").json}
        assert {"matching.outgoing", "matching.no_reference", "matching.unknown_reference"} <= reasons.keys()
        assert company.ok("verify", "--json").json == {"sound": True, "differences": []}

        again = company.ok("bank", "import", str(file)).out
        assert "nothing changed" in again

        line = next(
            w["line"]["id"]
            for w in company.ok("match", "waiting", "--json").json
            if w["code"] == "matching.unknown_reference"
        )
        said = company.ok("match", "explain", str(line)).out
        assert "would change it: With a reference of the document it would be sure." in said
        linked = company.ok("match", "link", str(line), "F2004-000003=300").out
        link_id = linked.split()[1].rstrip(";")
        assert "a person said so" in company.ok("match", "explain", str(line)).out
        company.ok("match", "undo", link_id, "--reason", "it was Olle's brother")
        assert "undone" in company.ok("match", "explain", str(line)).out
        is_open = {d["invoice"]["number"]: d["open_minor"] for d in company.ok("invoice", "list", "--json").json}
        assert is_open["F2004-000003"] == 30_000
        assert company.ok("verify").code == 0


class TestAFileThatNamesNoAccount:
    COLUMNS = "Bokföringsdatum;Valutadatum;Verifikationsnummer;Text;Belopp;Saldo\n"

    def test_waits_until_somebody_says_of_which_it_is(self, company: Any, tmp_path: Path) -> None:
        company.ok("bank", "open-account", "SE4550000000058398257466", "SEK", "Second account")
        file = tmp_path / "seb.csv"
        file.write_text(self.COLUMNS + "2004-05-14;2004-05-14;548;KALLES PLÅT;12,50;112,50\n")
        waits = company.ok("bank", "import", str(file)).out
        assert "1 statement held" in waits
        statement = next(word for word in waits.split() if word.endswith(":") and word[:-1].isdigit())[:-1]
        assert "[banking.no_such_account]" in company.kvit("bank", "name-account", statement, "1234").err
        named = company.ok("bank", "name-account", statement, "SE4550000000058398257466").out
        assert f"statement {statement} is booked, 1 line" in named
        assert company.ok("verify", "--json").json == {"sound": True, "differences": []}

    def test_is_taken_at_once_where_the_account_is_told(self, company: Any, tmp_path: Path) -> None:
        file = tmp_path / "seb2.csv"
        file.write_text(self.COLUMNS + "2004-05-17;2004-05-17;549;KALLES PLÅT;7,50;120,00\n")
        taken = company.ok("bank", "import", "--account", "991-2346 SEK", str(file)).out
        assert "1 statement booked, 1 new and 0 known lines" in taken


class TestACompanyOnTheCommandLine:
    def test_credits_and_moves_due_dates(self, company: Any) -> None:
        assert (
            "K2004-000001 credits F2004-000001"
            in company.ok("invoice", "credit", "F2004-000001", "--reason", "returned", "--day", "2004-06-01").out
        )
        moved = company.ok("invoice", "move-due", "F2004-000003", "2004-07-31", "--reason", "agreed by phone").out
        assert "due on 2004-07-31, not on 2004-05-31" in moved

    def test_is_refused_in_one_line_with_a_code(self, company: Any) -> None:
        twice = company.kvit("company", "open", company.company, "--name", "X", "--country", "SE", "--currency", "SEK")
        assert twice.code == 1
        assert "[base.tenant_code_taken]" in twice.err
        assert "Traceback" not in twice.err
        assert "[cli.no_such_number]" in company.kvit("invoice", "credit", "F1", "--reason", "x").err
        assert "[base.no_such_tenant]" in company.kvit("verify", "--company", "nobody").err
        assert "[base.not_in_test_mode]" in company.kvit("clock", "push", "--days", "1").err

    def test_is_told_what_to_do_where_the_database_is_not_ready(self, company: Any, tmp_path: Path) -> None:
        with demo_home.home(is_empty=True) as home:
            answer = replace(company, home=home).kvit("verify")
        assert answer.code == 1
        assert "run kvit migrate first" in answer.err
        assert "[base.database_not_ready]" in answer.err

    def test_imports_a_faulty_list_not_at_all(self, company: Any, tmp_path: Path) -> None:
        before = company.ok("invoice", "list", "--json").json
        listed = tmp_path / "faulty.csv"
        listed.write_text(INVOICES.replace("880,00", "acht").replace("655969", "700001"))
        refused = company.kvit("invoice", "import", str(listed))
        assert refused.code == 2
        assert "line 3, unit_price: 'acht' is not a number" in refused.err
        assert company.ok("invoice", "list", "--json").json == before
