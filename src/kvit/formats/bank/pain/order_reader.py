"""Reads a pain.001 or pain.008 file back into the order it was written from, to show and to prove what it says.

A transfer or collection that cannot be read whole is a problem with its place; nothing is guessed.
"""

import datetime
import re
from collections.abc import Callable, Iterator
from decimal import Decimal, InvalidOperation
from typing import Final, TypeVar

from lxml import etree

from kvit.formats.bank.fields import Unreadable, amount_minor, day, shown
from kvit.formats.bank.pain import order
from kvit.formats.bank.pain.order import Party, Scheme
from kvit.kernel.identifiers import pl_ksef_number, rf
from kvit.kernel.money import Money
from kvit.kernel.results import Problem, Read

MAX_BYTES: Final = 50_000_000
_SPLIT: Final = re.compile(r"/VAT/([0-9]+,[0-9]{2})/IDC/([^/]*)/INV/(.*?)(?:/TXT/(.*))?", re.ASCII | re.DOTALL)
_KSEF_LENGTH: Final = 35
_COUNTRIES: Final = {"SE": Scheme.SWEDEN, "PL": Scheme.POLAND, "RO": Scheme.ROMANIA}
T = TypeVar("T")


class _Node:
    """An element with its place, asked by local names whatever the namespace."""

    def __init__(self, element: etree._Element, place: str) -> None:
        self.element = element
        self.place = place

    def all(self, name: str) -> list["_Node"]:
        found = [child for child in self.element if etree.QName(child).localname == name]
        return [_Node(child, f"{self.place}/{name}[{number}]".lstrip("/")) for number, child in enumerate(found, 1)]

    def find(self, path: str) -> "_Node | None":
        node: _Node | None = self
        for name in path.split("/"):
            node = next(iter(node.all(name)), None) if node is not None else None
        return node

    def text(self, path: str) -> str:
        node = self.find(path)
        return (node.element.text or "").strip() if node is not None else ""

    def need(self, path: str) -> "_Node":
        node = self.find(path)
        if node is None:
            raise Unreadable(f"{path} is missing")
        return node


def read_transfers(data: bytes) -> Read[order.TransferOrder]:
    """The order in a pain.001 file of any version; its payments that cannot be read are problems."""
    return _read(data, "CstmrCdtTrfInitn", _transfer_order)


def read_debits(data: bytes) -> Read[order.DebitOrder]:
    """The order in a pain.008 file of any version; see `read_transfers`."""
    return _read(data, "CstmrDrctDbtInitn", _debit_order)


def _read(data: bytes, message: str, read: Callable[[_Node, list[Problem]], T]) -> Read[T]:
    problems: list[Problem] = []
    try:
        root = _document(data)
        return Read((read(root.need(message), problems),), tuple(problems))
    except Unreadable as refusal:
        return Read((), (*problems, Problem("file", str(refusal))))


def _document(data: bytes) -> _Node:
    if len(data) > MAX_BYTES:
        raise Unreadable(f"more than {MAX_BYTES} bytes")
    parser = etree.XMLParser(resolve_entities=False, no_network=True, huge_tree=False, remove_comments=True)
    try:
        root = etree.fromstring(data, parser)
    except (etree.XMLSyntaxError, ValueError) as error:
        raise Unreadable(f"not well-formed XML: {shown(str(error))}") from None
    if root.getroottree().docinfo.internalDTD is not None:
        raise Unreadable("the file has a DTD (DOCTYPE), which no payment file has")
    return _Node(root, "")


def _each(nodes: list[_Node], read: Callable[[_Node], T], problems: list[Problem]) -> Iterator[T]:
    for node in nodes:
        try:
            yield read(node)
        except Unreadable as refusal:
            problems.append(Problem(node.place, str(refusal)))


def _transfer_order(message: _Node, problems: list[Problem]) -> order.TransferOrder:
    header = message.need("GrpHdr")
    batches = tuple(_each(message.all("PmtInf"), lambda node: _transfer_batch(node, problems), problems))
    found = order.TransferOrder(
        message_id=header.text("MsgId"),
        created_at=_instant(header.text("CreDtTm")),
        initiator=_party(header.need("InitgPty")),
        batches=batches,
    )
    _check(header, [transfer.amount for batch in batches for transfer in batch.transfers], problems)
    return found


def _transfer_batch(node: _Node, problems: list[Problem]) -> order.TransferBatch:
    account = _account(node.need("DbtrAcct"), node.find("DbtrAgt"))
    scheme = _scheme(node.text("PmtTpInf/SvcLvl/Cd"), account)
    transfers = tuple(_each(node.all("CdtTrfTxInf"), _transfer, problems))
    _check(node, [transfer.amount for transfer in transfers], problems)
    return order.TransferBatch(
        batch_id=node.text("PmtInfId"),
        scheme=scheme,
        execution_date=day(node.text("ReqdExctnDt/Dt") or node.text("ReqdExctnDt")),
        debtor=_party(node.need("Dbtr")),
        account=account,
        transfers=transfers,
    )


def _scheme(service_level: str, account: order.Account) -> Scheme:
    if service_level == "SEPA":
        return Scheme.SEPA
    country = account.number[:2] if isinstance(account, order.Iban) else "SE"
    if country not in _COUNTRIES:
        raise Unreadable(f"payments from an account of {shown(country)} follow no rules known here")
    return _COUNTRIES[country]


def _transfer(node: _Node) -> order.Transfer:
    remittance, ksef = _remittance(node)
    return order.Transfer(
        end_to_end_id=node.text("PmtId/EndToEndId"),
        amount=_amount(node.need("Amt/InstdAmt")),
        creditor=_party(node.need("Cdtr")),
        account=_account(node.need("CdtrAcct"), node.find("CdtrAgt")),
        remittance=remittance,
        ksef=ksef,
    )


def _remittance(node: _Node) -> tuple[order.Remittance, order.Ksef | None]:
    if reference := node.text("RmtInf/Strd/CdtrRefInf/Ref"):
        return (order.CreditorReference if rf.is_valid(reference) else order.Ocr)(reference), None
    text = node.text("RmtInf/Ustrd")
    if split := _SPLIT.fullmatch(text):
        ksef = order.KsefNumber(split[3]) if pl_ksef_number.is_valid(split[3]) else None
        vat = Money(amount_minor(split[1].replace(",", "."), "PLN"), "PLN")
        invoice, words = ("", split[4] or "") if ksef else (split[3], split[4] or "")
        return order.SplitPayment(vat, split[2], invoice, words), ksef
    if pl_ksef_number.is_valid(text[:_KSEF_LENGTH]):
        return order.Message(text[_KSEF_LENGTH:].strip()), order.KsefNumber(text[:_KSEF_LENGTH])
    return order.Message(text), None


def _debit_order(message: _Node, problems: list[Problem]) -> order.DebitOrder:
    header = message.need("GrpHdr")
    batches = tuple(_each(message.all("PmtInf"), lambda node: _debit_batch(node, problems), problems))
    found = order.DebitOrder(
        message_id=header.text("MsgId"),
        created_at=_instant(header.text("CreDtTm")),
        initiator=_party(header.need("InitgPty")),
        batches=batches,
    )
    _check(header, [debit.amount for batch in batches for debit in batch.debits], problems)
    return found


def _debit_batch(node: _Node, problems: list[Problem]) -> order.DebitBatch:
    debits = tuple(_each(node.all("DrctDbtTxInf"), _debit, problems))
    _check(node, [debit.amount for debit in debits], problems)
    try:
        scheme = order.DebitScheme(node.text("PmtTpInf/LclInstrm/Cd"))
        sequence = order.Sequence(node.text("PmtTpInf/SeqTp"))
    except ValueError as error:
        raise Unreadable(f"no kind of direct debit known here: {shown(str(error))}") from None
    return order.DebitBatch(
        batch_id=node.text("PmtInfId"),
        scheme=scheme,
        sequence=sequence,
        collection_date=day(node.text("ReqdColltnDt")),
        creditor=_party(node.need("Cdtr")),
        creditor_id=node.text("CdtrSchmeId/Id/PrvtId/Othr/Id"),
        account=_iban(node.need("CdtrAcct"), node.find("CdtrAgt")),
        debits=debits,
    )


def _debit(node: _Node) -> order.Debit:
    reference = node.text("RmtInf/Strd/CdtrRefInf/Ref")
    return order.Debit(
        end_to_end_id=node.text("PmtId/EndToEndId"),
        amount=_amount(node.need("InstdAmt")),
        debtor=_party(node.need("Dbtr")),
        account=_iban(node.need("DbtrAcct"), node.find("DbtrAgt")),
        mandate_id=node.text("DrctDbtTx/MndtRltdInf/MndtId"),
        mandate_date=day(node.text("DrctDbtTx/MndtRltdInf/DtOfSgntr")),
        remittance=order.CreditorReference(reference) if reference else order.Message(node.text("RmtInf/Ustrd")),
    )


def _amount(node: _Node) -> Money:
    currency = node.element.get("Ccy") or ""
    return Money(amount_minor((node.element.text or "").strip(), currency), currency)


def _party(node: _Node) -> Party:
    return Party(
        name=node.text("Nm"),
        street=node.text("PstlAdr/StrtNm"),
        building=node.text("PstlAdr/BldgNb"),
        postcode=node.text("PstlAdr/PstCd"),
        town=node.text("PstlAdr/TwnNm"),
        country=node.text("PstlAdr/Ctry"),
        identifier=node.text("Id/OrgId/Othr/Id"),
    )


def _iban(account: _Node, bank: _Node | None) -> order.Iban:
    institution = bank.find("FinInstnId") if bank is not None else None
    bic = (institution.text("BICFI") or institution.text("BIC")) if institution is not None else ""
    number = account.text("Id/IBAN")
    if not number:
        raise Unreadable("the IBAN is missing")
    return order.Iban(number, bic)


def _account(account: _Node, bank: _Node | None) -> order.Account:
    other = account.find("Id/Othr")
    if other is None:
        return _iban(account, bank)
    number, clearing = other.text("Id"), bank.text("FinInstnId/ClrSysMmbId/MmbId") if bank is not None else ""
    if other.text("SchmeNm/Prtry") == "BGNR":
        return order.Bankgiro(number)
    if not clearing or not number.startswith(clearing):
        raise Unreadable(f"the account {shown(number)} is of no kind known here")
    return order.SwedishAccount(clearing, number.removeprefix(clearing))


def _instant(text: str) -> datetime.datetime:
    try:
        return datetime.datetime.fromisoformat(text)
    except ValueError:
        raise Unreadable(f"{shown(text)} is not an instant") from None


def _check(node: _Node, amounts: list[Money], problems: list[Problem]) -> None:
    """The declared count and sum, where they are declared, against what was read."""
    count, total = node.text("NbOfTxs"), node.text("CtrlSum")
    if count and count != str(len(amounts)):
        problems.append(Problem(node.place, f"declares {shown(count)} payments; {len(amounts)} were read"))
    try:
        declared = Decimal(total) if total else None
    except InvalidOperation:
        problems.append(Problem(node.place, f"declares a sum of {shown(total)}"))
        return
    found = sum((amount.to_decimal() for amount in amounts), Decimal(0))
    if declared is not None and declared != found:
        problems.append(Problem(node.place, f"declares a sum of {total}; {found} was read"))
