"""Writes a camt.053 statement of any length, as a bank would, for the benchmarks of reading and importing."""

import datetime
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import BinaryIO

_NAMESPACE = "urn:iso:std:iso:20022:tech:xsd:camt.053.001.08"
_STREETS = ("Storgatan", "ul. Krakowska", "Strada Lungă", "Lillvägen", "Plac Wolności")
_TOWNS = ("Umeå", "Łódź", "Brașov", "Göteborg", "Kraków")
_NAMES = ("Kalles Plåt AB", "Piekarnia Żuraw s.c.", "Țesături Brașov SRL", "Berits Garn HB", "Åkeri Öst AB")

_HEAD = """<?xml version="1.0" encoding="UTF-8"?>
<Document xmlns="{namespace}"><BkToCstmrStmt><GrpHdr><MsgId>{message_id}</MsgId>\
<CreDtTm>{day}T22:05:03+01:00</CreDtTm></GrpHdr><Stmt><Id>{message_id}-1</Id>\
<ElctrncSeqNb>1</ElctrncSeqNb><CreDtTm>{day}T22:05:03+01:00</CreDtTm>\
<Acct><Id><IBAN>{account}</IBAN></Id><Ccy>{currency}</Ccy></Acct>
"""
_BALANCE = """<Bal><Tp><CdOrPrtry><Cd>{kind}</Cd></CdOrPrtry></Tp><Amt Ccy="{currency}">{amount:018.2f}</Amt>\
<CdtDbtInd>CRDT</CdtDbtInd><Dt><Dt>{day}</Dt></Dt></Bal>
"""
_TOTALS = """<TxsSummry><TtlCdtNtries><NbOfNtries>{count:015d}</NbOfNtries><Sum>{sum:018.2f}</Sum>\
</TtlCdtNtries></TxsSummry>
"""
_ENTRY = """<Ntry><Amt Ccy="{currency}">{amount:.2f}</Amt><CdtDbtInd>CRDT</CdtDbtInd><Sts><Cd>BOOK</Cd></Sts>\
<BookgDt><Dt>{day}</Dt></BookgDt><ValDt><Dt>{day}</Dt></ValDt><AcctSvcrRef>B{number:015d}</AcctSvcrRef>\
<BkTxCd><Domn><Cd>PMNT</Cd><Fmly><Cd>RCDT</Cd><SubFmlyCd>ESCT</SubFmlyCd></Fmly></Domn></BkTxCd>\
<NtryDtls><TxDtls><Refs><EndToEndId>E{number:011d}</EndToEndId></Refs><RltdPties>\
<Dbtr><Pty><Nm>{name}</Nm><PstlAdr><StrtNm>{street}</StrtNm><TwnNm>{town}</TwnNm></PstlAdr></Pty></Dbtr>\
<DbtrAcct><Id><IBAN>SE{number:022d}</IBAN></Id></DbtrAcct></RltdPties>\
<RmtInf><Strd><CdtrRefInf><Ref>{reference}</Ref></CdtrRefInf></Strd></RmtInf></TxDtls></NtryDtls></Ntry>
"""
_TAIL = "</Stmt></BkToCstmrStmt></Document>\n"


@dataclass(frozen=True, slots=True)
class Written:
    """What the file holds: entries, its size in bytes, and the sum credited in minor units."""

    entries: int
    size: int
    credited_minor: int


def amount_of(number: int) -> int:
    """A price for the entry of this number, in minor units: 100.00 to 5099.99, spread but repeatable."""
    return 10_000 + number * 7_919 % 500_000


def name_of(number: int) -> str:
    """Who pays with the entry of this number, as far as the bank says: somebody who is in no books."""
    return f"{_NAMES[number % 5]} {number % 9973}"


def write(
    path: Path,
    *,
    references: Iterable[str],
    amount_minor: Callable[[int], int] = amount_of,
    payer: Callable[[int], str] = name_of,
    account: str = "SE3550000000054910000003",
    day: datetime.date = datetime.date(2026, 11, 20),
) -> Written:
    """Write one statement at `path` with one credit entry of about 700 bytes for each reference.

    Entry number n (from 0) has the amount `amount_minor(n)` in kronor and is of `payer(n)`. The
    opening balance is 1000.00; closing balance and declared totals agree with the entries.
    """
    common = {"currency": "SEK", "day": day.isoformat(), "account": account}
    opening_minor, credited_minor, number = 100_000, 0, 0
    with path.open("w+b") as file:
        _put(file, _HEAD.format(namespace=_NAMESPACE, message_id=f"M{day:%Y%m%d}", **common))
        totals_at = file.tell()
        _put(file, _totals(opening_minor, 0, 0, common))
        for number, reference in enumerate(references, start=1):
            amount = amount_minor(number - 1)
            credited_minor += amount
            _put(file, _entry(number, reference, Decimal(amount) / 100, {**common, "name": payer(number - 1)}))
        _put(file, _TAIL)
        size = file.tell()
        file.seek(totals_at)  # all numbers in it have a fixed width, so it can be written over
        _put(file, _totals(opening_minor, credited_minor, number, common))
    return Written(entries=number, size=size, credited_minor=credited_minor)


def _put(file: BinaryIO, text: str) -> None:
    file.write(text.encode())


def _totals(opening_minor: int, credited_minor: int, count: int, common: dict[str, str]) -> str:
    opening, credited = Decimal(opening_minor) / 100, Decimal(credited_minor) / 100
    return (
        _BALANCE.format(kind="OPBD", amount=opening, **common)
        + _BALANCE.format(kind="CLBD", amount=opening + credited, **common)
        + _TOTALS.format(count=count, sum=credited)
    )


def _entry(number: int, reference: str, amount: Decimal, common: dict[str, str]) -> str:
    return _ENTRY.format(
        number=number,
        reference=reference,
        amount=amount,
        street=f"{_STREETS[number % 5]} {number % 199}",
        town=_TOWNS[number % 5],
        **common,
    )
