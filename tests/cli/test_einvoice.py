"""`kvit einvoice`: invoice files read and judged, without a database."""

import json
import sys
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner, Result

import official
from einvoice_homes import POLAND, SWEDEN, invoice, line
from kvit.cli.main import app
from kvit.formats import einvoice
from kvit.formats.einvoice import PEPPOL, Invoice, Syntax
from shared_folder import needs_shared


def made() -> Invoice:
    """A Swedish invoice under Peppol."""
    plain = invoice(SWEDEN, line(SWEDEN, "Rådgivning", "3", "1250.00"))
    return einvoice.under(einvoice.calculate(einvoice.normalize(plain)), PEPPOL)


def wrong() -> Invoice:
    """The same with a total that does not add up."""
    right = made()
    return replace(right, totals=replace(right.totals, due_minor=1))


def run(*words: str) -> Result:
    return CliRunner().invoke(app, ["einvoice", *words])


def saved(folder: Path, data: bytes) -> str:
    file = folder / "invoice.xml"
    file.write_bytes(data)
    return str(file)


class TestReading:
    @pytest.mark.parametrize("syntax", Syntax)
    def test_tells_what_an_invoice_holds(self, syntax: Syntax, tmp_path: Path) -> None:
        whole = einvoice.calculate(einvoice.normalize(invoice(POLAND, line(POLAND, "Usługa", "3", "1250.00"))))
        done = run("read", saved(tmp_path, einvoice.write(whole, syntax)))
        assert done.exit_code == 0
        assert "Usługa" in done.output
        assert "total 4612.50  to pay 4612.50 PLN" in done.output

    def test_prints_json_with_amounts_in_minor_units(self, tmp_path: Path) -> None:
        done = run("read", saved(tmp_path, einvoice.write(made(), Syntax.UBL)), "--json")
        found: dict[str, Any] = json.loads(done.output)
        assert (found["syntax"], found["profile"], found["problems"]) == ("ubl", "peppol", [])
        assert found["invoice"]["totals"]["gross_minor"] == 468750
        assert found["invoice"]["lines"][0]["price"] == "1250.00"
        assert found["invoice"]["issue_date"] == "2026-11-20"
        assert "payee" not in found["invoice"]

    @pytest.mark.parametrize("data", [b"", b"<a/>", b"hello"])
    def test_of_something_else_ends_with_two_and_says_why(self, data: bytes, tmp_path: Path) -> None:
        done = run("read", saved(tmp_path, data))
        assert done.exit_code == 2
        assert "SYNTAX  file:" in done.output


class TestChecking:
    def test_a_clean_invoice_ends_with_zero(self, tmp_path: Path) -> None:
        done = run("check", saved(tmp_path, einvoice.write(made(), Syntax.UBL)))
        assert done.exit_code == 0
        assert "no rule is broken" in done.output

    def test_a_wrong_one_ends_with_one_and_names_the_rule_the_place_and_the_amounts(self, tmp_path: Path) -> None:
        done = run("check", saved(tmp_path, einvoice.write(wrong(), Syntax.UBL)))
        assert done.exit_code == 1
        assert "BR-CO-16  totals: the amount due (BT-115) is given as 0.01 SEK" in done.output
        assert "no rule is broken" not in done.output

    def test_prints_json(self, tmp_path: Path) -> None:
        done = run("check", saved(tmp_path, einvoice.write(wrong(), Syntax.CII)), "--json")
        found = json.loads(done.output)
        assert done.exit_code == 1
        assert [one["rule"] for one in found["problems"]] == ["BR-CO-16"]
        assert found["problems"][0]["severity"] == "error"

    def test_of_something_else_ends_with_two(self, tmp_path: Path) -> None:
        assert run("check", saved(tmp_path, b"<a/>")).exit_code == 2


@needs_shared
class TestTheOfficialRules:
    def test_are_asked_by_syntax_and_profile(self, tmp_path: Path) -> None:
        folder = str(official.folder())
        done = run("check", saved(tmp_path, einvoice.write(made(), Syntax.UBL)), "--official", folder, "--json")
        found = json.loads(done.output)
        assert done.exit_code == 0
        assert set(found["official"]) == {
            "EN16931-UBL-validation.xslt",
            "CEN-EN16931-UBL.xslt",
            "PEPPOL-EN16931-UBL.xslt",
        }

    def test_tell_their_findings_beside_ours(self, tmp_path: Path) -> None:
        folder = str(official.folder("en16931"))
        done = run("check", saved(tmp_path, einvoice.write(wrong(), Syntax.CII)), "--official", folder)
        assert done.exit_code == 1
        assert done.output.count("BR-CO-16") > 1
        assert "asked: EN16931-CII-validation.xslt" in done.output

    def test_that_are_not_there_are_said_to_be_missing(self, tmp_path: Path) -> None:
        file = saved(tmp_path, einvoice.write(made(), Syntax.UBL))
        done = run("check", file, "--official", str(tmp_path))
        assert done.exit_code == 1
        assert "has no *.xslt" in str(done.exception)

    def test_without_the_package_are_refused_with_its_name(
        self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setitem(sys.modules, "saxonche", None)
        file = saved(tmp_path, einvoice.write(made(), Syntax.UBL))
        done = run("check", file, "--official", str(official.folder("en16931")))
        assert "kvit[official]" in str(done.exception)
