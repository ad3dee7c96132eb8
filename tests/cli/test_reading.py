"""`kvit bank read`: what a file holds, as people and programs want it."""

from pathlib import Path
from typing import Any

import pytest

from shared_folder import SHARED, needs_shared

pytestmark = pytest.mark.database
LINE = {
    "booking_date",
    "value_date",
    "amount_minor",
    "currency",
    "counterparty_name",
    "counterparty_account",
    "reference",
    "text",
    "bank_id",
}


@needs_shared
class TestReadingABankFile:
    def test_prints_exactly_the_published_shape(self, installation: Any) -> None:
        assert SHARED is not None
        file = SHARED / "conformance" / "iso20022" / "samples" / "viafintech" / "053" / "valid_example.xml"
        found = installation.ok("bank", "read", str(file), "--json").json
        assert set(found) == {"format", "statements", "problems"}
        assert found["format"] == "camt.053"
        (statement,) = found["statements"]
        assert set(statement) == {"account", "currency", "opening_minor", "closing_minor", "lines"}
        assert all(set(line) == LINE for line in statement["lines"])
        assert (
            statement["opening_minor"] + sum(line["amount_minor"] for line in statement["lines"])
            == statement["closing_minor"]
        )

    @pytest.mark.parametrize(
        ("folder", "name", "file_format"),
        [
            ("mt940/samples/poland-mbank", "MT940_multiple_accounts.txt", "mt940"),
            ("mt940/samples/wolph/mBank", "mt942.sta", "mt942"),
        ],
    )
    def test_prints_the_same_shape_for_other_statements(
        self, installation: Any, folder: str, name: str, file_format: str
    ) -> None:
        assert SHARED is not None
        found = installation.ok("bank", "read", str(SHARED / "conformance" / folder / name), "--json").json
        assert set(found) == {"format", "statements", "problems"}
        assert found["format"] == file_format
        assert all(set(line) == LINE for statement in found["statements"] for line in statement["lines"])

    @pytest.mark.parametrize("as_json", [True, False])
    def test_prints_the_records_of_a_report(self, installation: Any, as_json: bool) -> None:
        assert SHARED is not None
        file = SHARED / "conformance/bankgirot/autogiro/ny_layout/autogiro_exempelfil_bet-spec-o-tk_sv.txt"
        done = installation.ok("bank", "read", str(file), *(["--json"] if as_json else []))
        if as_json:
            assert (done.json["format"], done.json["statements"]) == ("autogiro", [])
            assert len(done.json["records"][0]["entries"]) == 18
        else:
            assert "payment_specification" in done.out

    def test_prints_a_table_for_people(self, installation: Any) -> None:
        assert SHARED is not None
        file = SHARED / "conformance" / "bankgirot" / "bgmax" / "BgMaxfil4.txt"
        assert "bgmax" in installation.ok("bank", "read", str(file)).out


class TestAFileThatCannotBeRead:
    @pytest.mark.parametrize("content", [b"", b"\x00\xff" * 5000, b"<?xml version='1.0'?><other/>", b"hello"])
    def test_gives_exit_code_2_and_a_reason_with_its_place(
        self, installation: Any, tmp_path: Path, content: bytes
    ) -> None:
        file = tmp_path / "file"
        file.write_bytes(content)
        answer = installation.kvit("bank", "read", str(file), "--json")
        assert answer.code == 2
        assert answer.json["statements"] == []
        assert all(p["place"] and p["reason"] for p in answer.json["problems"])
        assert answer.json["problems"]
