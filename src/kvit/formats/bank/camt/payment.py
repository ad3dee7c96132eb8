"""One payment (TxDtls) inside a camt entry: the other party, the references, the texts."""

import datetime
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Final

from kvit.formats.bank import fields as values
from kvit.formats.bank.camt.walk import Fields
from kvit.formats.bank.fields import Unreadable
from kvit.formats.bank.statement import Line, Part
from kvit.kernel.results import Problem

_NOT_PROVIDED: Final = frozenset({"NOTPROVIDED", "NOT PROVIDED", "NONREF"})
_FIRST_OF_THEM: Final = frozenset("Nn")
_LISTS: Final = ("unstructured", "structured")


@dataclass(slots=True)
class Entry:
    """One Ntry while it is read, and what it gave: lines (one, or one per payment of a split batch), or a
    Problem with the entry's own place; other problems are remarks.

    `amount_minor` is signed; None where it cannot be read. The dates are set before any line is made.
    """

    place: str
    fields: Fields
    amount_minor: int | None = None
    currency: str = ""
    is_credit: bool = True
    is_reversal: bool = False
    is_booked: bool = True
    booking_date: datetime.date = field(init=False)  # unset until read: there is no day to fall back to
    value_date: datetime.date | None = None
    lines: list[Line] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)

    def remark(self, part: str, reason: str) -> None:
        """Report something about a part of the entry that does not keep it from being read."""
        self.problems.append(Problem(f"{self.place}/{part}", reason))


@dataclass(frozen=True, slots=True)
class _Keys:
    """The keys of one party's fields."""

    name: str
    account: str
    id: str
    address: str
    ultimate: str


_ROLES: Final = {
    role: _Keys(f"{role}_name", f"{role}_account", f"{role}_id", f"{role}_address", f"ultimate_{role}")
    for role in ("debtor", "creditor")
}


def share(entry: Entry, payment: Fields) -> int | None:
    """What this payment of a batch contributes, with sign; None where it says nothing usable.

    Taken from TxDtls/Amt, else AmtDtls/TxAmt, else AmtDtls/InstdAmt: the first in the entry's currency.
    Its own CdtDbtInd counts, else the entry's.
    """
    indicator = payment.get("indicator", "")
    if indicator not in ("", "CRDT", "DBIT") or payment.get("twice") in ("amount", "indicator"):
        return None
    is_credit = indicator == "CRDT" if indicator else entry.is_credit
    for key in ("amount", "booked", "instructed"):
        currency, _, text = payment.get(key, "").partition(" ")
        if currency == entry.currency:
            try:
                amount_minor = values.amount_minor(text, currency)
            except Unreadable:
                return None
            return amount_minor if is_credit else -amount_minor
    return None


def merged(entry: Entry, payments: Sequence[Fields]) -> Fields:
    """Several payments that stay one line: what all agree on, all their references and all their texts."""
    together: Fields = {}
    for key in {key for payment in payments for key in payment}.difference(_LISTS):
        first = payments[0].get(key)
        if first is not None and all(payment.get(key) == first for payment in payments):
            together[key] = first
    for key in _LISTS:
        together[key] = [item for payment in payments for item in payment.get(key, ())]
    role = _role(entry.is_credit, entry)
    for key in ("end_to_end_id", "transaction_id"):
        if key not in together:
            ids = dict.fromkeys(_stated(payment.get(key, "")) for payment in payments)
            together["structured"] += [{"documents": [number]} for number in ids if number]
    if f"{role}_name" not in together:
        names = dict.fromkeys(payment.get(f"{role}_name", "") for payment in payments)
        together["unstructured"] = [*filter(None, names), *together["unstructured"]]
    return together


def line(entry: Entry, payment: Fields, *, amount_minor: int, size: int, position: int = 0) -> Line:
    """The line for one payment of a split batch (`position` from 1), or for a whole entry (0)."""
    common, told = entry.fields.get, payment.get
    keys = _ROLES[_role(_is_credit(entry, payment, position), entry)]
    structured = payment.get("structured", ())
    own_text, common_text = told("additional", ""), common("additional", "")
    bank_text = ""
    if own_text or common_text:
        bank_text = _joined(own_text, common_text if common_text != own_text else "")
    instructed_minor, instructed_currency = _instructed(entry, told("instructed", ""))
    ultimate = _one_line(told(keys.ultimate, ""))
    reference = _reference(structured)
    bank_id, own_id = common("bank_id", ""), told("bank_id", "")
    return Line(
        place=f"{entry.place}/TxDtls[{position}]" if position else entry.place,
        booking_date=entry.booking_date,
        value_date=entry.value_date,
        amount_minor=amount_minor,
        currency=entry.currency,
        counterparty_name=_one_line(told(keys.name, "")) or ultimate,
        counterparty_account=told(keys.account, ""),
        counterparty_id=told(keys.id, ""),
        counterparty_address=tuple(told(keys.address, ())),
        ultimate_party_name=ultimate,
        reference=reference.get("reference", ""),
        reference_type=reference.get("reference_type", ""),
        parts=_parts(entry, structured, amount_minor < 0) if structured else (),
        text=_remittance(payment, structured) or bank_text,
        bank_text=bank_text,
        bank_id=(own_id or bank_id if position else bank_id or own_id) or common("entry_reference", ""),
        entry_reference=common("entry_reference", ""),
        end_to_end_id=_stated(told("end_to_end_id", "")),
        transaction_id=_stated(told("transaction_id", "")),
        instruction_id=_stated(told("instruction_id", "")),
        payment_information_id=_stated(told("payment_information_id", "") or common("payment_information_id", "")),
        mandate_id=_stated(told("mandate_id", "")),
        transaction_code=(_code(payment) if "domain" in payment else "") or _code(entry.fields),
        proprietary_code=told("proprietary_code") or common("proprietary_code", ""),
        reason_code=told("reason_code", ""),
        instructed_minor=instructed_minor,
        instructed_currency=instructed_currency,
        is_reversal=entry.is_reversal,
        batch_position=position,
        batch_size=size,
    )


def _is_credit(entry: Entry, payment: Fields, position: int) -> bool:
    """A payment inside a split batch may run against its entry; a whole entry has the entry's sign."""
    indicator = payment.get("indicator", "") if position else ""
    return indicator == "CRDT" if indicator else entry.is_credit


def _role(is_credit: bool, entry: Entry) -> str:
    """Who is on the other side: who paid a credit, who received a debit.

    The parties of a reversal are those of the movement it takes back, which had the other sign.
    """
    return "debtor" if is_credit != entry.is_reversal else "creditor"


def _stated(text: str) -> str:
    """An id, unless it is one of the words banks put where there is none."""
    return "" if text[:1] in _FIRST_OF_THEM and text.upper() in _NOT_PROVIDED else text


def _code(fields: Fields) -> str:
    if "domain" not in fields:
        return ""
    if "family" in fields and "subfamily" in fields:
        return f"{fields['domain']}-{fields['family']}-{fields['subfamily']}"
    return "-".join([fields[key] for key in ("domain", "family", "subfamily") if key in fields])


def _one_line(text: str) -> str:
    return " ".join(text.split()) if text else ""


def _joined(*texts: str) -> str:
    """The texts on one line, with single blanks."""
    return " ".join(" ".join(texts).split()) if any(texts) else ""


def _reference(structured: Sequence[Fields]) -> Fields:
    """The first group that has a creditor's reference, or an empty one."""
    for group in structured:
        if "reference" in group:
            return group
    return {}


def _remittance(payment: Fields, structured: Sequence[Fields]) -> str:
    """What the payer wrote: unstructured lines, then what structured ones add beside the reference."""
    texts = [*payment.get("unstructured", ())]
    for group in structured:
        texts += group.get("additional", ())
        texts += group.get("documents", ())
    return _joined(*texts) if texts else ""


def _parts(entry: Entry, structured: Sequence[Fields], is_debit: bool) -> tuple[Part, ...]:
    """References with what is paid of each; an amount is given only where it belongs to one reference."""
    parts = []
    for group in structured:
        references = [group["reference"]] if "reference" in group else group.get("documents", [])
        amount_minor = _paid(entry, group, is_debit) if len(references) == 1 else None
        parts += [Part(reference, amount_minor) for reference in references]
    return tuple(parts)


def _paid(entry: Entry, group: Fields, is_debit: bool) -> int | None:
    for key, is_negative in (("paid", is_debit), ("credited", not is_debit)):
        currency, _, text = group[key].partition(" ") if key in group else ("", "", "")
        if text and currency == entry.currency:
            try:
                amount_minor = values.amount_minor(text, currency)
                return -amount_minor if is_negative else amount_minor
            except Unreadable as refusal:
                entry.remark("NtryDtls/RmtInf", f"{refusal}; the reference stands without an amount")
    return None


def _instructed(entry: Entry, instructed: str) -> tuple[int | None, str]:
    if not instructed:
        return None, ""
    currency, _, text = instructed.partition(" ")
    try:
        return values.amount_minor(text, currency), currency
    except Unreadable as refusal:
        entry.remark("NtryDtls/AmtDtls", f"the instructed amount is left out: {refusal}")
        return None, ""
