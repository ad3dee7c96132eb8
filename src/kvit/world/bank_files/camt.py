"""camt.053 (ISO 20022) as Swedish, Polish and Romanian banks write it; valid by the schemas of versions 02 and 08."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Final
from xml.sax.saxutils import escape, quoteattr

from kvit.world.bank_days import Movement, Sort
from kvit.world.bank_files.page import Page
from kvit.world.companies import Dialect
from kvit.world.names import without_marks

_LONGEST_TEXT: Final = 140
_LONGEST_NAME: Final = 140


@dataclass(frozen=True, slots=True)
class _Flavour:
    """What differs from bank to bank: the version, how parties are named, whether a day's payments stand together."""

    version: str
    bic: str
    speller: Callable[[Movement], str]
    incoming: tuple[str, str]
    outgoing: tuple[str, str]
    batches: bool = False

    @property
    def is_new(self) -> bool:
        """Version 08 wraps parties and codes in elements of their own."""
        return self.version == "08"


def _as_known(movement: Movement) -> str:
    return movement.other.name


def _surname_first(movement: Movement) -> str:
    """Polish banks: in capitals, a person's family name first, the address behind it."""
    words = movement.other.name.split()
    if movement.customer is not None and not movement.customer.is_firm and len(words) == 2:
        words.reverse()
    return " ".join(filter(None, (*words, *movement.address))).upper()


def _without_marks(movement: Movement) -> str:
    return without_marks(movement.other.name).upper()


_FLAVOURS: Final[Mapping[Dialect, _Flavour]] = {
    Dialect.CAMT_SE: _Flavour("02", "ESSESESS", _as_known, ("DMCT", ""), ("DMCT", "")),
    Dialect.CAMT_PL: _Flavour(
        "02",
        "WBKPPLPP",
        _surname_first,
        ("ESCT", "PRZELEW PRZYCHODZĄCY"),
        ("ESCT", "PRZELEW WYCHODZĄCY"),
        batches=True,
    ),
    Dialect.CAMT_RO: _Flavour(
        "08", "BTRLRO22", _without_marks, ("DMCT", "Incasare OP"), ("DMCT", "Plata OP interbancar")
    ),
}


def write(page: Page) -> bytes:
    """One statement with balances that add up."""
    flavour = _FLAVOURS[page.account.dialect]
    number = f"{page.last:%Y%m%d}{page.account.number[-6:]}"
    moment = f"{page.written_at:%Y-%m-%dT%H:%M:%S}+00:00"
    statement = _tag(
        "Stmt",
        _leaf("Id", f"S{number}"),
        _leaf("ElctrncSeqNb", str(page.last.toordinal())),
        _leaf("CreDtTm", moment),
        _tag(
            "FrToDt",
            _leaf("FrDtTm", f"{page.first}T00:00:00+00:00"),
            _leaf("ToDtTm", f"{page.last}T23:59:59+00:00"),
        ),
        _account(page, flavour),
        _balance(page, "OPBD", page.opening_minor, str(page.first)),
        _balance(page, "CLBD", page.closing_minor, str(page.last)),
        *_entries(page, flavour),
    )
    header = _tag("GrpHdr", _leaf("MsgId", f"M{number}"), _leaf("CreDtTm", moment))
    return (
        '<?xml version="1.0" encoding="UTF-8"?>\n'
        f'<Document xmlns="urn:iso:std:iso:20022:tech:xsd:camt.053.001.{flavour.version}">\n'
        f"{_tag('BkToCstmrStmt', header, statement)}</Document>\n"
    ).encode()


def _tag(name: str, *content: str) -> str:
    return f"<{name}>{''.join(content)}</{name}>" if any(content) else ""


def _leaf(name: str, text: str, **attributes: str) -> str:
    given = "".join(f" {key}={quoteattr(value)}" for key, value in attributes.items())
    return f"<{name}{given}>{escape(text)}</{name}>" if text else ""


def _money(page: Page, minor: int) -> str:
    return _leaf("Amt", page.decimal(minor), Ccy=page.company.currency)


def _indicator(minor: int) -> str:
    return _leaf("CdtDbtInd", "CRDT" if minor >= 0 else "DBIT")


def _account(page: Page, flavour: _Flavour) -> str:
    return _tag(
        "Acct",
        _tag("Id", _leaf("IBAN", page.account.number)),
        _leaf("Ccy", page.company.currency),
        _tag("Ownr", _leaf("Nm", page.company.name)),
        _tag("Svcr", _tag("FinInstnId", _leaf("BICFI" if flavour.is_new else "BIC", flavour.bic))),
    )


def _balance(page: Page, kind: str, minor: int, day: str) -> str:
    return "\n" + _tag(
        "Bal",
        _tag("Tp", _tag("CdOrPrtry", _leaf("Cd", kind))),
        _money(page, minor),
        _indicator(minor),
        _tag("Dt", _leaf("Dt", day)),
    )


def _entries(page: Page, flavour: _Flavour) -> Iterator[str]:
    """An entry for each movement; payments to virtual accounts of one day stand together where the bank does so."""
    for (day, batched), group in groupby(
        sorted(page.movements, key=lambda m: (m.day, _is_batched(m, flavour))),
        key=lambda m: (m.day, _is_batched(m, flavour)),
    ):
        together = list(group)
        if batched and len(together) > 1:
            head = f"{day:%Y%m%d}{page.account.number[-4:]}"
            yield _entry(page, flavour, together, bank_id=f"ZB{head}")
        else:
            for movement in together:
                yield _entry(page, flavour, [movement], bank_id=movement.bank_id)


def _is_batched(movement: Movement, flavour: _Flavour) -> bool:
    return flavour.batches and bool(movement.virtual_account)


def _entry(page: Page, flavour: _Flavour, movements: Sequence[Movement], *, bank_id: str) -> str:
    total = sum(movement.amount_minor for movement in movements)
    day = str(movements[0].day)
    code, words = flavour.incoming if total >= 0 else flavour.outgoing
    is_batch = len(movements) > 1
    batch = _tag(
        "Btch",
        _leaf("NbOfTxs", str(len(movements))),
        _leaf("TtlAmt", page.decimal(total), Ccy=page.company.currency),
        _indicator(total),
    )
    return "\n" + _tag(
        "Ntry",
        _money(page, total),
        _indicator(total),
        _tag("Sts", _leaf("Cd", "BOOK")) if flavour.is_new else _leaf("Sts", "BOOK"),
        _tag("BookgDt", _leaf("Dt", day)),
        _tag("ValDt", _leaf("Dt", day)),
        _leaf("AcctSvcrRef", bank_id),
        _transaction_code(code, total, is_fee=movements[0].sort is Sort.FEE),
        _tag("NtryDtls", batch if is_batch else "", *(_details(page, flavour, m, is_batch) for m in movements)),
        _leaf("AddtlNtryInf", "PRZELEWY MASOWE" if is_batch else words),
    )


def _transaction_code(code: str, total: int, *, is_fee: bool) -> str:
    family = "RCDT" if total >= 0 else "ICDT"
    domain, family, code = ("ACMT", "MDOP", "CHRG") if is_fee else ("PMNT", family, code)
    return _tag(
        "BkTxCd",
        _tag("Domn", _leaf("Cd", domain), _tag("Fmly", _leaf("Cd", family), _leaf("SubFmlyCd", code))),
    )


def _details(page: Page, flavour: _Flavour, movement: Movement, is_batch: bool) -> str:
    amounts = ""
    if is_batch:
        amounts = _tag("AmtDtls", _tag("TxAmt", _money(page, movement.amount_minor)))
    return _tag(
        "TxDtls",
        _tag(
            "Refs",
            _leaf("AcctSvcrRef", movement.bank_id) if is_batch else "",
            _leaf("EndToEndId", "NOTPROVIDED"),
        ),
        amounts,
        _parties(flavour, movement),
        _remittance(page, movement),
    )


def _parties(flavour: _Flavour, movement: Movement) -> str:
    role = "Dbtr" if movement.amount_minor >= 0 else "Cdtr"
    name = _leaf("Nm", flavour.speller(movement)[:_LONGEST_NAME])
    if flavour.is_new:
        name = _tag("Pty", name)
    return _tag(
        "RltdPties",
        _tag(role, name),
        _tag(f"{role}Acct", _tag("Id", _leaf("IBAN", movement.other.account))),
        _tag("CdtrAcct", _tag("Id", _leaf("IBAN", f"PL{movement.virtual_account}")))
        if movement.virtual_account
        else "",
    )


def _remittance(page: Page, movement: Movement) -> str:
    text = movement.text
    lines = [text[start : start + _LONGEST_TEXT] for start in range(0, len(text), _LONGEST_TEXT)]
    stated = [(movement.reference, None)] if movement.reference else []
    parts: list[tuple[str, int | None]] = [*stated, *movement.parts]
    return _tag(
        "RmtInf",
        *(_leaf("Ustrd", line) for line in lines),
        *(_structured(page, reference, amount) for reference, amount in parts),
    )


def _structured(page: Page, reference: str, amount: int | None) -> str:
    paid = "" if amount is None else _leaf("RmtdAmt", page.decimal(amount), Ccy=page.company.currency)
    return _tag(
        "Strd",
        _tag("RfrdDocAmt", paid),
        _tag("CdtrRefInf", _tag("Tp", _tag("CdOrPrtry", _leaf("Cd", "SCOR"))), _leaf("Ref", reference)),
    )
