"""Reads payment status reports (pain.002) of any version: what became of orders, their batches, their payments."""

import io
from collections.abc import Iterable, Iterator
from typing import BinaryIO, Final

from kvit.formats.bank import elements
from kvit.formats.bank import fields as values
from kvit.formats.bank.elements import Element
from kvit.formats.bank.fields import Unreadable, shown
from kvit.formats.bank.pain.records import Level, OrderStatus, Reason
from kvit.formats.bank.pieces import MAX_BYTES, MAX_PROBLEMS, Stopped, pieces
from kvit.kernel.results import Problem, Read

MESSAGES: Final = ("CstmrPmtStsRpt", "PmtStsRpt")
_WANTED: Final = frozenset({"GrpHdr", "OrgnlGrpInfAndSts", "OrgnlPmtInfAndSts", "TxInfAndSts"})
_CODES: Final = "ACCC ACCP ACFC ACSC ACSP ACTC ACWC ACWP BLCK CANC PART PATC PDNG PRES RCVD RJCT"
_STATUSES: Final = frozenset(_CODES.split())


def read(data: bytes, *, max_bytes: int = MAX_BYTES) -> Read[OrderStatus]:
    """All statuses of a pain.002 file held in memory; see `stream`."""
    found = list(stream(io.BytesIO(data), max_bytes=max_bytes))
    return Read(
        tuple(one for one in found if isinstance(one, OrderStatus)),
        tuple(one for one in found if isinstance(one, Problem)),
    )


def stream(source: BinaryIO, *, max_bytes: int = MAX_BYTES) -> Iterator[OrderStatus | Problem]:
    """The statuses of a pain.002 and its problems; never raises on what the file holds.

    Every OrgnlGrpInfAndSts, OrgnlPmtInfAndSts and TxInfAndSts becomes a status with its place ("line 12") or a
    Problem there; a status code that ISO 20022 does not know is a remark and kept. A batch comes after its
    payments. Source: ISO 20022 pain.002.001.02 to .14; the XSD is never a condition.
    """
    return records(pieces(source, max_bytes))


def records(data: Iterable[bytes]) -> Iterator[OrderStatus | Problem]:
    """The same from pieces of bytes, which may refuse Stopped while they are read."""
    message_id = original = name = ""
    count = problem_count = 0
    try:
        for element in elements.walk(data, _WANTED):
            if element.name == "GrpHdr":
                message_id = element.value("MsgId")
                continue
            if element.name == "OrgnlGrpInfAndSts":
                original, name = element.value("OrgnlMsgId"), element.value("OrgnlMsgNmId")
            for found in _statuses(element, (message_id, original, name)):
                count += 1
                problem_count += isinstance(found, Problem)
                yield found
            if problem_count > MAX_PROBLEMS:
                raise Stopped(f"the file has more than {MAX_PROBLEMS} problems")
    except Stopped as refusal:
        yield Problem("file", f"reading stopped here: {refusal}; what stands before was kept")
        return
    if not count:
        yield Problem("file", "no status stands in this file")


def _statuses(element: Element, header: tuple[str, str, str]) -> Iterator[OrderStatus | Problem]:
    if element.name == "OrgnlPmtInfAndSts":
        yield from _status(element, Level.BATCH, header, element.value("OrgnlPmtInfId"))
    elif element.name == "TxInfAndSts":  # version .02 has no batches
        around = element.around
        batch = around.value("OrgnlPmtInfId") if around is not None else element.value("OrgnlPmtInfId")
        yield from _status(element, Level.PAYMENT, header, batch)
    else:
        yield from _status(element, Level.FILE, header, "")


def _status(
    element: Element, level: Level, header: tuple[str, str, str], batch: str
) -> Iterator[OrderStatus | Problem]:
    place = f"line {element.line}"
    code = element.value("GrpSts", "PmtInfSts", "TxSts")
    reasons = tuple(_reason(one) for one in element.all("StsRsnInf"))
    amount_minor, currency, remark = _amount(element)
    if remark:
        yield Problem(f"{place}, amount", remark)
    if code and code not in _STATUSES:
        yield Problem(f"{place}, status", f"{shown(code)} is no status of ISO 20022; kept as it stands")
    if not code and not reasons and level is Level.PAYMENT:
        yield Problem(place, "neither a status nor a reason stands here")
        return
    original = "OrgnlTxRef"
    yield OrderStatus(
        place=place,
        level=level,
        status=code,
        message_id=header[0],
        original_message_id=header[1],
        original_message_name=header[2],
        payment_information_id=batch,
        instruction_id=element.value("OrgnlInstrId"),
        end_to_end_id=element.value("OrgnlEndToEndId"),
        transaction_id=element.value("OrgnlTxId", "AcctSvcrRef"),
        amount_minor=amount_minor,
        currency=currency,
        count=_count(element.value("OrgnlNbOfTxs")),
        sum_text=element.value("OrgnlCtrlSum"),
        reasons=reasons,
        creditor_name=element.value(f"{original}/Cdtr/Nm", f"{original}/Cdtr/Pty/Nm"),
        creditor_account=_account(element, "CdtrAcct"),
        debtor_name=element.value(f"{original}/Dbtr/Nm", f"{original}/Dbtr/Pty/Nm"),
        debtor_account=_account(element, "DbtrAcct"),
    )


def _account(element: Element, name: str) -> str:
    return element.value(f"OrgnlTxRef/{name}/Id/IBAN", f"OrgnlTxRef/{name}/Id/Othr/Id")


def _reason(element: Element) -> Reason:
    text = " ".join(child.text for child in element.children if child.name in ("AddtlInf", "AddtlStsRsnInf"))
    return Reason(element.value("Rsn/Cd", "Rsn/Prtry", "StsRsn/Cd", "StsRsn/Prtry"), text)


def _amount(element: Element) -> tuple[int | None, str, str]:
    """The amount, its currency, and why it could not be read."""
    found = element.find("OrgnlTxRef/Amt/InstdAmt") or element.find("OrgnlTxRef/Amt/EqvtAmt/Amt")
    found = found or element.find("OrgnlTxRef/IntrBkSttlmAmt")
    if found is None:
        return None, "", ""
    currency = found.attributes.get("Ccy", "")
    try:
        return values.amount_minor(found.text, currency), currency, ""
    except Unreadable as refusal:
        return None, currency, str(refusal)


def _count(text: str) -> int | None:
    return int(text) if text.isascii() and text.isdecimal() and len(text) <= 15 else None
