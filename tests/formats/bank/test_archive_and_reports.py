"""A ZIP of bank files under a budget, payment status reports, and what opening a file gives for each kind."""

import io
import zipfile

import pytest

from bank_files import Pay, Stmt, bgmax, camt
from kvit.formats import bank
from kvit.formats.bank import Format, archive
from kvit.formats.bank.pain.records import Level
from kvit.kernel.results import Problem

STATUS = """<?xml version="1.0"?><Document xmlns="urn:iso:std:iso:20022:tech:xsd:pain.002.001.{}"><CstmrPmtStsRpt>
<GrpHdr><MsgId>S1</MsgId></GrpHdr><OrgnlGrpInfAndSts><OrgnlMsgId>M1</OrgnlMsgId><GrpSts>PART</GrpSts>
</OrgnlGrpInfAndSts><OrgnlPmtInfAndSts><OrgnlPmtInfId>B1</OrgnlPmtInfId>
<TxInfAndSts><OrgnlEndToEndId>E1</OrgnlEndToEndId><TxSts>RJCT</TxSts><StsRsnInf><Rsn><Cd>AC04</Cd></Rsn>
<AddtlInf>closed</AddtlInf></StsRsnInf><OrgnlTxRef><Amt><InstdAmt Ccy="SEK">10.00</InstdAmt></Amt></OrgnlTxRef>
</TxInfAndSts>
<TxInfAndSts><OrgnlEndToEndId>E2</OrgnlEndToEndId><TxSts>ACSP</TxSts></TxInfAndSts></OrgnlPmtInfAndSts>
</CstmrPmtStsRpt></Document>"""
AUTOGIRO = f"0120260302AUTOGIRO{'':44}4711170009912346\n".encode()


def _zip(files: dict[str, bytes], method: int = zipfile.ZIP_DEFLATED) -> bytes:
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", method) as packed:
        for name, data in files.items():
            packed.writestr(name, data)
    return target.getvalue()


def _problems(data: bytes, max_bytes: int = 200_000_000) -> list[Problem]:
    return list(bank.read(data, max_bytes=max_bytes).read.problems)


class TestAZip:
    def test_gives_its_files_one_after_the_other_with_their_names(self) -> None:
        file = bank.read(
            _zip({"a.xml": camt(Stmt([Pay(100)])), "b.txt": bgmax([Pay(200)]), "c.txt": AUTOGIRO, "d": b"hello"})
        )
        assert file.format is Format.ZIP
        assert [one.place for one in file.read.records] == ["a.xml: Stmt[1]", "b.txt: line 2"]
        assert [one.place for one in file.records] == ["c.txt: line 1"]
        assert [p.place for p in file.read.problems] == ["d: file"]

    def test_is_read_for_statements_only_when_these_are_wanted(self) -> None:
        data = _zip({"a.xml": camt(Stmt([Pay(100)])), "c.txt": AUTOGIRO})
        read = bank.collected(bank.open_reader(io.BytesIO(data)).events)
        assert len(read.records) == 1
        assert [p.place for p in read.problems] == ["c.txt"]

    def test_that_unfolds_to_more_than_the_budget_is_refused(self) -> None:
        data = _zip({f"{n}.txt": bgmax([Pay(100)] * 20) for n in range(5)})
        assert any("unfold to more than is allowed" in p.reason for p in _problems(data, max_bytes=6_000))

    @pytest.mark.parametrize(
        ("data", "reason"),
        [
            (_zip({"bomb": b"\0" * 30_000_000}), "more than 100 times"),
            (_zip({f"{n}": b"" for n in range(1_001)}), "1000 are allowed"),
            (_zip({"in.zip": _zip({"x": b"y"})}), "inside an archive"),
            (_zip({"in.dat": _zip({"x": b"y"})}), "inside an archive"),
            (_zip({"x": b"y"}, zipfile.ZIP_BZIP2), "in a way that is not read"),
            (_zip({"x.txt": b"y" * 500})[:-40], "cannot be opened"),
            (_zip({}), "holds no files"),
        ],
    )
    def test_that_is_hostile_or_broken_is_refused(self, data: bytes, reason: str) -> None:
        assert any(reason in p.reason for p in _problems(data))

    def test_whose_directory_lies_about_sizes_is_stopped_where_it_unfolds(self) -> None:
        data = bytearray(_zip({"bomb": b"01BGMAX \n" + b" " * 30_000_000}))
        at = data.rfind(b"PK\x01\x02")
        data[at + 24 : at + 28] = (1000).to_bytes(4, "little")
        assert _problems(bytes(data))

    def test_would_unfold_without_the_guard(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(archive, "_refused", lambda *_: "")
        monkeypatch.setattr(archive, "MAX_RATIO", 10**6)
        assert not any("100 times" in p.reason for p in _problems(_zip({"bomb": b"\0" * 30_000_000})))


class TestAStatusReport:
    @pytest.mark.parametrize("version", ["02", "03", "10", "14"])
    def test_says_what_became_of_each_payment(self, version: str) -> None:
        file = bank.read(STATUS.format(version).encode())
        assert (file.format, file.read.problems) == (Format.PAIN_002, ())
        whole, rejected, taken, batch = file.records
        levels = [one.level for one in (whole, rejected, taken, batch)]  # type: ignore[union-attr]
        assert levels == [Level.FILE, Level.PAYMENT, Level.PAYMENT, Level.BATCH]
        plain = bank.plain(file.format, file.read, file.records)["records"]
        assert plain[1]["reasons"] == [{"record": "Reason", "code": "AC04", "text": "closed"}]  # type: ignore[index]
        assert (plain[1]["amount_minor"], plain[1]["payment_information_id"]) == (1000, "B1")  # type: ignore[index]

    def test_cut_anywhere_keeps_what_was_whole_and_says_so(self) -> None:
        data = STATUS.format("03").encode()
        for cut in range(150, len(data) - 20, 11):
            file = bank.read(data[:cut])
            assert file.read.problems
            ended = data[:cut].count(b"</TxInfAndSts>")
            assert sum(one.level is Level.PAYMENT for one in file.records) == ended  # type: ignore[union-attr]

    def test_with_an_amount_that_is_none_keeps_the_status(self) -> None:
        file = bank.read(STATUS.format("03").replace("10.00", "ten").encode())
        assert len(file.records) == 4
        assert file.read.problems[0].place.endswith(", amount")
