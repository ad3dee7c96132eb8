"""Bank files as the simulated banks write them: camt.053 for an account, BgMax for a bankgiro."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from xml.sax.saxutils import escape

from kvit.kernel.money import Money


@dataclass(frozen=True, slots=True)
class Movement:
    """Money that moved on one of the company's accounts; minor units, negative when it went out."""

    day: date
    amount_minor: int
    payer: str
    payer_account: str
    reference: str = ""
    text: str = ""


def _amount(minor: int, currency: str) -> str:
    return f"{Money(abs(minor), currency).to_decimal():f}"


def camt053(
    movements: Sequence[Movement], *, account: str, currency: str, opening_minor: int, written_at: datetime
) -> bytes:
    """One statement over the days of its movements, with balances that add up."""
    closing = opening_minor + sum(m.amount_minor for m in movements)
    days = sorted(m.day for m in movements) or [written_at.date()]
    number = written_at.strftime("%Y%m%d%H%M%S")
    return "".join(
        (
            '<?xml version="1.0" encoding="UTF-8"?>\n'
            '<Document xmlns="urn:iso:std:iso:20022:tech:xsd:camt.053.001.08"><BkToCstmrStmt>\n'
            f"<GrpHdr><MsgId>M{number}</MsgId><CreDtTm>{written_at:%Y-%m-%dT%H:%M:%S}</CreDtTm></GrpHdr>\n"
            f"<Stmt><Id>S{number}</Id><CreDtTm>{written_at:%Y-%m-%dT%H:%M:%S}</CreDtTm>\n"
            f"<Acct><Id><IBAN>{account}</IBAN></Id><Ccy>{currency}</Ccy></Acct>\n",
            _balance("OPBD", opening_minor, currency, days[0]),
            _balance("CLBD", closing, currency, days[-1]),
            *(_entry(n, m, currency, number) for n, m in enumerate(movements, 1)),
            "</Stmt></BkToCstmrStmt></Document>\n",
        )
    ).encode()


def _balance(kind: str, minor: int, currency: str, day: date) -> str:
    sign = "CRDT" if minor >= 0 else "DBIT"
    return (
        f"<Bal><Tp><CdOrPrtry><Cd>{kind}</Cd></CdOrPrtry></Tp>"
        f'<Amt Ccy="{currency}">{_amount(minor, currency)}</Amt><CdtDbtInd>{sign}</CdtDbtInd>'
        f"<Dt><Dt>{day}</Dt></Dt></Bal>\n"
    )


def _entry(number: int, movement: Movement, currency: str, batch: str) -> str:
    came_in = movement.amount_minor >= 0
    party = "Dbtr" if came_in else "Cdtr"
    structured = f"<Strd><CdtrRefInf><Ref>{escape(movement.reference)}</Ref></CdtrRefInf></Strd>"
    remittance = (structured if movement.reference else "") + (
        f"<Ustrd>{escape(movement.text)}</Ustrd>" if movement.text else ""
    )
    return (
        f'<Ntry><Amt Ccy="{currency}">{_amount(movement.amount_minor, currency)}</Amt>'
        f"<CdtDbtInd>{'CRDT' if came_in else 'DBIT'}</CdtDbtInd><Sts><Cd>BOOK</Cd></Sts>"
        f"<BookgDt><Dt>{movement.day}</Dt></BookgDt><ValDt><Dt>{movement.day}</Dt></ValDt>"
        f"<AcctSvcrRef>{batch}-{number:06d}</AcctSvcrRef><NtryDtls><TxDtls>"
        f"<RltdPties><{party}><Pty><Nm>{escape(movement.payer)}</Nm></Pty></{party}>"
        f"<{party}Acct><Id><IBAN>{movement.payer_account}</IBAN></Id></{party}Acct></RltdPties>"
        + (f"<RmtInf>{remittance}</RmtInf>" if remittance else "")
        + "</TxDtls></NtryDtls></Ntry>\n"
    )


def bgmax(movements: Sequence[Movement], *, bankgiro: str, deposit_account: str, written_at: datetime) -> bytes:
    """A BgMax file with one deposit per day. Source: Bankgirot, Bankgiro Inbetalningar, technical manual."""
    lines = [f"01BGMAX               01{written_at:%Y%m%d%H%M%S}000000P"]
    days = sorted({m.day for m in movements})
    serial = 0
    for deposit, day in enumerate(days, 1):
        paid = [m for m in movements if m.day == day]
        lines.append(f"05{bankgiro:0>10}{'':10}SEK")
        for m in paid:
            serial += 1
            kind, reference = ("2", f"{m.reference:>25}") if m.reference else ("0", " " * 25)
            lines.append(f"20{0:010d}{reference}{m.amount_minor:018d}{kind}2{serial:012d}0")
            if m.text:
                lines.append(f"25{m.text[:50]}")
            lines.append(f"26{m.payer[:35]}")
        total = sum(m.amount_minor for m in paid)
        lines.append(f"15{deposit_account:0>35}{day:%Y%m%d}{deposit:05d}{total:018d}SEK{len(paid):08d}")
    lines.append(f"70{len(movements):08d}{0:08d}{0:08d}{len(days):08d}")
    return "".join(f"{line:<80}\r\n" for line in lines).encode("iso-8859-1", "replace")
