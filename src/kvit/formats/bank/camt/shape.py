"""Which elements of camt.052, camt.053 and camt.054 are read, and under which name each is kept."""

from collections.abc import Mapping
from typing import Final


class Shape(dict[str, "Shape"]):
    """An element that is known: its known children by local name, and what becomes of its text.

    `key`: the name its text is kept under, "" for a container. `many`: each occurrence is kept, else the
    first. `amount`: kept as "CCY text". `group`: it opens a dict of its own, kept in a list under this
    name. `complete`: a child that is not known is reported, for here an unknown child may be money.
    `around`: the shape this one stands in; the document stands in itself.
    """

    __slots__ = ("amount", "around", "complete", "group", "key", "many")

    def __init__(self) -> None:
        super().__init__()
        self.key = self.group = ""
        self.many = self.amount = self.complete = False
        self.around = self


# Element paths per kept name; alternatives are separated by a blank. A name ending in "*" keeps every
# occurrence, one ending in "@" is an amount with its currency.
_CODES: Final = {
    "domain": "BkTxCd/Domn/Cd",
    "family": "BkTxCd/Domn/Fmly/Cd",
    "subfamily": "BkTxCd/Domn/Fmly/SubFmlyCd",
    "proprietary_code": "BkTxCd/Prtry/Cd",
}
_STRUCTURED: Final = {
    "reference": "CdtrRefInf/Ref CdtrRefInf/CdtrRef",
    "reference_type": "CdtrRefInf/Tp/CdOrPrtry/Cd CdtrRefInf/Tp/CdOrPrtry/Prtry",
    "documents*": "RfrdDocInf/Nb",
    "paid@": "RfrdDocAmt/RmtdAmt",
    "credited@": "RfrdDocAmt/CdtNoteAmt",
    "additional*": "AddtlRmtInf",
}
_DETAIL: Final = _CODES | {
    "bank_id": "Refs/AcctSvcrRef",
    "payment_information_id": "Refs/PmtInfId",
    "instruction_id": "Refs/InstrId",
    "end_to_end_id": "Refs/EndToEndId",
    "transaction_id": "Refs/TxId",
    "mandate_id": "Refs/MndtId",
    "indicator": "CdtDbtInd",
    "amount@": "Amt",
    "booked@": "AmtDtls/TxAmt/Amt",
    "instructed@": "AmtDtls/InstdAmt/Amt",
    "ultimate_debtor": "RltdPties/UltmtDbtr/Nm RltdPties/UltmtDbtr/Pty/Nm",
    "ultimate_creditor": "RltdPties/UltmtCdtr/Nm RltdPties/UltmtCdtr/Pty/Nm",
    "unstructured*": "RmtInf/Ustrd",
    "reason_code": "RtrInf/Rsn/Cd RtrInf/Rsn/Prtry RtrInf/RtrRsn/Cd",
    "additional": "AddtlTxInf",
}
_ENTRY: Final = _CODES | {
    "entry_reference": "NtryRef",
    "bank_id": "AcctSvcrRef",
    "amount@": "Amt",
    "indicator": "CdtDbtInd",
    "reversal": "RvslInd",
    "status": "Sts Sts/Cd Sts/Prtry",
    "booking_date": "BookgDt/Dt BookgDt/DtTm",
    "value_date": "ValDt/Dt ValDt/DtTm",
    "batch_size": "NtryDtls/Btch/NbOfTxs",
    "payment_information_id": "NtryDtls/Btch/PmtInfId",
    "additional": "AddtlNtryInf",
}
_BALANCE: Final = {
    "kind": "Tp/CdOrPrtry/Cd Tp/Cd",
    "amount@": "Amt",
    "indicator": "CdtDbtInd",
    "date": "Dt/Dt Dt/DtTm",
}
_STATEMENT: Final = {
    "statement_id": "Id",
    "sequence_number": "ElctrncSeqNb LglSeqNb",
    "from_date": "FrToDt/FrDtTm FrToDt/FrDt",
    "to_date": "FrToDt/ToDtTm FrToDt/ToDt",
    "copy_code": "CpyDplctInd",
    "account": "Acct/Id/IBAN Acct/Id/Othr/Id Acct/Id/PrtryAcct/Id Acct/Id/BBAN",
    "currency": "Acct/Ccy",
    "account_owner": "Acct/Ownr/Nm Acct/Ownr/Pty/Nm",
    "count": "TxsSummry/TtlNtries/NbOfNtries",
    "sum": "TxsSummry/TtlNtries/Sum",
    "net": "TxsSummry/TtlNtries/TtlNetNtryAmt TxsSummry/TtlNtries/TtlNetNtry/Amt",
    "net_indicator": "TxsSummry/TtlNtries/CdtDbtInd TxsSummry/TtlNtries/TtlNetNtry/CdtDbtInd",
    "credit_count": "TxsSummry/TtlCdtNtries/NbOfNtries",
    "credit_sum": "TxsSummry/TtlCdtNtries/Sum",
    "debit_count": "TxsSummry/TtlDbtNtries/NbOfNtries",
    "debit_sum": "TxsSummry/TtlDbtNtries/Sum",
}
_IGNORED_IN_STATEMENT: Final = (
    "StmtPgntn RptPgntn NtfctnPgntn RptgSeq CreDtTm RptgSrc RltdAcct Intrst AddtlStmtInf AddtlRptInf "
    "AddtlNtfctnInf SplmtryData"
)

STATEMENTS: Final = frozenset({"Stmt", "Rpt", "Ntfctn"})
MESSAGES: Final = ("BkToCstmrStmt", "BkToCstmrAcctRpt", "BkToCstmrAcctRptV01", "BkToCstmrDbtCdtNtfctn")


def _party(role: str, element: str) -> dict[str, str]:
    """The paths of a debtor or creditor; up to version 7 directly, from version 8 below Pty or Agt."""
    party = f"RltdPties/{element}"
    address = ("AdrLine", "StrtNm", "BldgNb", "PstCd", "TwnNm", "Ctry")
    identity = ("Id/OrgId/Othr/Id", "Id/PrvtId/Othr/Id", "Id/OrgId/AnyBIC", "Id/OrgId/BICOrBEI")
    addresses = [f"{party}/{pty}PstlAdr/{part}" for part in address for pty in ("", "Pty/")]
    accounts = [f"{party}Acct/Id/{kind}" for kind in ("IBAN", "Othr/Id", "PrtryAcct/Id", "BBAN")]
    identities = [f"{party}/{pty}{path}" for path in identity for pty in ("", "Pty/")]
    return {
        f"{role}_name": f"{party}/Nm {party}/Pty/Nm {party}/Agt/FinInstnId/Nm",
        f"{role}_account": " ".join(accounts),
        f"{role}_id": " ".join(identities),
        f"{role}_address*": " ".join(addresses),
    }


def _descend(shape: Shape, path: str) -> Shape:
    for name in path.split("/"):
        shape = shape.setdefault(name, Shape())
    return shape


def _shape(fields: Mapping[str, str], groups: Mapping[str, tuple[str, Shape]] | None = None) -> Shape:
    """A Shape with these leaves and, at the given paths, these groups (path -> name, shape)."""
    top = Shape()
    for name, paths in fields.items():
        for path in paths.split():
            leaf = _descend(top, path)
            leaf.key, leaf.many, leaf.amount = name.rstrip("*@"), name.endswith("*"), name.endswith("@")
    for path, (name, group) in (groups or {}).items():
        parent, _, element = path.rpartition("/")
        group.group = name
        (_descend(top, parent) if parent else top)[element] = group
    return top


def _statement() -> Shape:
    detail = _shape(
        _DETAIL | _party("debtor", "Dbtr") | _party("creditor", "Cdtr"),
        {"RmtInf/Strd": ("structured", _shape(_STRUCTURED))},
    )
    statement = _shape(
        _STATEMENT,
        {
            "Bal": ("balances", _shape(_BALANCE)),
            "Ntry": ("entry", _shape(_ENTRY, {"NtryDtls/TxDtls": ("details", detail)})),
        },
    )
    statement.complete = True
    for name in _IGNORED_IN_STATEMENT.split():
        statement[name] = Shape()
    return statement


def _document() -> Shape:
    """What may stand outside a message (any envelope), and the messages in it."""
    top = Shape()
    for message_name in MESSAGES:
        message = top[message_name] = _shape({"message_id": "GrpHdr/MsgId"})
        message.group, message.complete = "message", True
        message["SplmtryData"] = Shape()
        for name in STATEMENTS:
            message[name] = _statement()
            message[name].group = "statement"
    return top


def prefixed(shape: Shape, prefix: str) -> Shape:
    """The same shape with `prefix` ("ns2:") before every element name, for files that write their names so."""
    copy = Shape()
    copy.key, copy.group, copy.around = shape.key, shape.group, shape.around
    copy.many, copy.amount, copy.complete = shape.many, shape.amount, shape.complete
    for name, child in shape.items():
        inner = copy[prefix + name] = prefixed(child, prefix)
        inner.around = copy
    return copy


def _rooted(shape: Shape) -> Shape:
    for child in shape.values():
        child.around = shape
        _rooted(child)
    return shape


DOCUMENT: Final = _rooted(_document())
