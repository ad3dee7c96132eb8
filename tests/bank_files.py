"""Writes small bank files for tests: camt.053 statements and BgMax sections, as banks send them."""

import io
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from xml.sax.saxutils import escape

IBAN = "SE4550000000058398257466"
BANKGIRO = "9912346"
DAY = date(2026, 3, 2)


@dataclass(frozen=True)
class Pay:
    """One booked movement; minor units, positive when money came in."""

    amount_minor: int
    reference: str = ""
    text: str = ""
    name: str = "Bo Ek"
    bank_id: str = ""
    day: date = DAY
    currency: str = ""
    status: str = "BOOK"
    end_to_end_id: str = ""
    returned: str = ""
    transaction_code: str = ""
    is_reversal: bool = False
    account: str = ""


@dataclass(frozen=True)
class Stmt:
    """One camt.053 statement. The closing balance is what the movements make, plus `off_minor`."""

    pays: Sequence[Pay]
    account: str = IBAN
    currency: str = "SEK"
    opening_minor: int = 0
    off_minor: int = 0
    has_balances: bool = True
    number: str = ""
    day: date = DAY

    @property
    def closing_minor(self) -> int:
        """What the file states."""
        booked = sum(pay.amount_minor for pay in self.pays if pay.status == "BOOK")
        return self.opening_minor + booked + self.off_minor


def camt(*statements: Stmt) -> bytes:
    """A camt.053.001.08 file."""
    body = "".join(_statement(number, one) for number, one in enumerate(statements, 1))
    return (
        '<?xml version="1.0" encoding="UTF-8"?>\n'
        '<Document xmlns="urn:iso:std:iso:20022:tech:xsd:camt.053.001.08"><BkToCstmrStmt>'
        f"<GrpHdr><MsgId>M1</MsgId></GrpHdr>\n{body}</BkToCstmrStmt></Document>\n"
    ).encode()


def file(data: bytes) -> io.BytesIO:
    """The bytes as an open file."""
    return io.BytesIO(data)


def _statement(number: int, one: Stmt) -> str:
    account = f"<IBAN>{one.account}</IBAN>"
    balances = ""
    if one.has_balances:
        balances = _balance("OPBD", one.opening_minor, one) + _balance("CLBD", one.closing_minor, one)
    sequence = f"<ElctrncSeqNb>{one.number}</ElctrncSeqNb>" if one.number else ""
    entries = "".join(_entry(pay, one.currency) for pay in one.pays)
    return (
        f"<Stmt><Id>S{number}</Id>{sequence}<Acct><Id>{account}</Id><Ccy>{one.currency}</Ccy></Acct>"
        f"{balances}\n{entries}</Stmt>\n"
    )


def _balance(kind: str, minor: int, one: Stmt) -> str:
    return (
        f"<Bal><Tp><CdOrPrtry><Cd>{kind}</Cd></CdOrPrtry></Tp>{_amount(minor, one.currency)}"
        f"<Dt><Dt>{one.day.isoformat()}</Dt></Dt></Bal>"
    )


def _amount(minor: int, currency: str) -> str:
    sign = "CRDT" if minor >= 0 else "DBIT"
    return f'<Amt Ccy="{currency}">{abs(minor) // 100}.{abs(minor) % 100:02d}</Amt><CdtDbtInd>{sign}</CdtDbtInd>'


def _entry(pay: Pay, currency: str) -> str:
    party = "Dbtr" if pay.amount_minor >= 0 else "Cdtr"
    structured = f"<Strd><CdtrRefInf><Ref>{escape(pay.reference)}</Ref></CdtrRefInf></Strd>" if pay.reference else ""
    free = f"<Ustrd>{escape(pay.text)}</Ustrd>" if pay.text else ""
    remittance = f"<RmtInf>{free}{structured}</RmtInf>" if free or structured else ""
    number = f"<AcctSvcrRef>{escape(pay.bank_id)}</AcctSvcrRef>" if pay.bank_id else ""
    reversal = "<RvslInd>true</RvslInd>" if pay.is_reversal else ""
    party = "Dbtr" if pay.is_reversal else party
    own = f"<Refs><EndToEndId>{pay.end_to_end_id}</EndToEndId></Refs>" if pay.end_to_end_id else ""
    account = f"<{party}Acct><Id><IBAN>{pay.account}</IBAN></Id></{party}Acct>" if pay.account else ""
    reason = f"<RtrInf><Rsn><Cd>{pay.returned}</Cd></Rsn></RtrInf>" if pay.returned else ""
    domain, family, sub_family = pay.transaction_code.split("-") if pay.transaction_code else ("", "", "")
    codes = f"<Cd>{domain}</Cd><Fmly><Cd>{family}</Cd><SubFmlyCd>{sub_family}</SubFmlyCd></Fmly>"
    code = f"<BkTxCd><Domn>{codes}</Domn></BkTxCd>" if pay.transaction_code else ""
    return (
        f"<Ntry>{_amount(pay.amount_minor, pay.currency or currency)}{reversal}<Sts><Cd>{pay.status}</Cd></Sts>"
        f"<BookgDt><Dt>{pay.day.isoformat()}</Dt></BookgDt>{number}{code}<NtryDtls><TxDtls>{own}"
        f"<RltdPties><{party}><Pty><Nm>{escape(pay.name)}</Nm></Pty></{party}>{account}</RltdPties>{remittance}{reason}"
        "</TxDtls></NtryDtls></Ntry>\n"
    )


def bgmax(
    *sections: Sequence[Pay], is_test: bool = False, bankgiro: str = BANKGIRO, with_trailer: bool = True
) -> bytes:
    """A BgMax file, a section per sequence of payments; serial numbers as the clearing house gives them."""
    lines = [f"01BGMAX               0120260302173035010331{'T' if is_test else 'P'}"]
    count = serial = 0
    for number, pays in enumerate(sections, 1):
        lines.append(f"05{BANKGIRO:0>10}{'':10}SEK")
        for pay in pays:
            serial += 1
            lines.append(f"20{'3783511':0>10}{pay.reference:>25}{pay.amount_minor:018d}22{pay.bank_id or serial:0>12}0")
            lines.append(f"26{pay.name:<35}")
        total = sum(pay.amount_minor for pay in pays)
        lines.append(f"15{'58410000010098232':0>35}{DAY:%Y%m%d}{number:05d}{total:018d}SEK{len(pays):08d} ")
        count += len(pays)
    if with_trailer:
        lines.append(f"70{count:08d}{0:08d}{0:08d}{len(sections):08d}")
    return "".join(f"{line:<80}\r\n" for line in lines).encode("iso-8859-1")
