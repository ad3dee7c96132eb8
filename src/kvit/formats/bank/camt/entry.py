"""One entry (Ntry) of a camt file as lines: sign, status, dates, and the splitting of a batch.

Source: ISO 20022 message definition reports for camt.052, camt.053 and camt.054, element ReportEntry.
"""

from typing import Any, Final

from kvit.formats.bank import fields as values
from kvit.formats.bank.camt import payment as payments
from kvit.formats.bank.camt.payment import Entry
from kvit.formats.bank.camt.walk import Fields
from kvit.formats.bank.fields import Unreadable, shown
from kvit.kernel.results import Problem

_MUST_AGREE: Final = {
    "amount": "Amt",
    "indicator": "CdtDbtInd",
    "status": "Sts",
    "reversal": "RvslInd",
    "booking_date": "BookgDt",
    "value_date": "ValDt",
}
_TRUTH: Final = {"": False, "false": False, "0": False, "true": True, "1": True}


def read(fields: Fields, *, place: str, is_booked_by_default: bool) -> Entry:
    """The lines of one entry, or the problem why it gives none.

    - The sign is that of CdtDbtInd, also for a reversal: RvslInd says that the entry takes back an earlier
      one of the opposite sign; the amount is booked as it stands.
    - Only status BOOK gives lines. PDNG, INFO and FUTR are announcements: a problem with the entry's place.
      Without a status an entry of camt.053 counts as booked, for that message holds only booked entries.
    - The booking day is BookgDt, or ValDt where there is none; without both it is a problem.
    - A batch (two or more TxDtls) is split when every TxDtls states an amount in the entry's currency and
      they add up, with sign, to the entry. Otherwise it stays one line and loses nothing: references go to
      `parts`, texts are joined, and a name is given only where all agree.
    """
    entry = Entry(place, fields)
    try:
        twice = fields.get("twice")
        if twice in _MUST_AGREE:
            raise Unreadable(f"{_MUST_AGREE[twice]} is given twice and differs")
        entry.amount_minor, entry.currency = signed(fields)
        entry.is_credit = fields["indicator"] == "CRDT"
        _check_booked(entry, is_booked_by_default)
        _read_dates(entry)
    except Unreadable as refusal:
        entry.problems.append(Problem(place, str(refusal)))
        return entry
    if "reversal" in fields:
        _read_reversal(entry)
    details = fields.get("details", ())
    if len(details) > 1 or "overfull" in fields:
        _split(entry, details)
    else:
        size = max(_batch_size(fields), 1) if "batch_size" in fields else 1
        only = details[0] if details else {}
        entry.lines.append(payments.line(entry, only, amount_minor=entry.amount_minor, size=size))
    return entry


def signed(fields: Fields) -> tuple[int, str]:
    """The amount of an entry or a balance with the sign of its CdtDbtInd, and its currency.

    Refuses Unreadable.
    """
    currency, _, text = fields.get("amount", "").partition(" ")
    if not text:
        raise Unreadable("the amount (Amt) is missing")
    amount_minor = values.amount_minor(text, currency)
    indicator = fields.get("indicator", "")
    if indicator == "CRDT":
        return amount_minor, currency
    if indicator == "DBIT":
        return -amount_minor, currency
    raise Unreadable(f"CdtDbtInd is neither CRDT nor DBIT: {shown(indicator)}")


def _check_booked(entry: Entry, by_default: bool) -> None:
    status = entry.fields.get("status", "")
    entry.is_booked = status == "BOOK" or (not status and by_default)
    if not entry.is_booked:
        raise Unreadable(f"not booked, so no money has moved yet: status {shown(status)}")


def _read_dates(entry: Entry) -> None:
    booked, valued = entry.fields.get("booking_date", ""), entry.fields.get("value_date", "")
    if valued:
        try:
            entry.value_date = values.day(valued)
        except Unreadable as refusal:
            if not booked:
                raise
            entry.remark("ValDt", f"{refusal}; the line has no value date")
    if booked:
        entry.booking_date = values.day(booked)
    elif entry.value_date is None:
        raise Unreadable("there is no booking date (BookgDt) and no value date (ValDt)")
    else:
        entry.booking_date = entry.value_date
    if reason := values.doubt(entry.booking_date):
        entry.remark("BookgDt", reason)


def _read_reversal(entry: Entry) -> None:
    reversal = entry.fields.get("reversal", "")
    if reversal not in _TRUTH:
        entry.remark("RvslInd", f"{shown(reversal)} is neither true nor false; taken as no reversal")
    entry.is_reversal = _TRUTH.get(reversal, False)


def _batch_size(fields: Fields) -> int:
    declared = fields.get("batch_size", "")
    return int(declared) if declared.isascii() and declared.isdigit() and len(declared) < 10 else 0


def _split(entry: Entry, details: list[Any]) -> None:
    size = _batch_size(entry.fields)
    shares = [payments.share(entry, payment) for payment in details]
    if "overfull" in entry.fields:
        entry.remark("NtryDtls", "too much stands in this entry to read all of it; kept as one line")
        shares = []
    elif size and size != len(shares):
        entry.remark("NtryDtls", f"the batch declares {size} payments, {len(shares)} stand here")
    own = [share for share in shares if share is not None]
    if own and len(own) == len(shares) and sum(own) == entry.amount_minor:
        for position, (payment, amount_minor) in enumerate(zip(details, own, strict=True), start=1):
            entry.lines.append(
                payments.line(entry, payment, amount_minor=amount_minor, size=len(own), position=position)
            )
        return
    if own:
        total = values.decimal_text(sum(own), entry.currency)
        entry.remark("NtryDtls", f"the payments of the batch state {total} together; kept as one line")
    together = payments.merged(entry, details)
    size = max(size, len(details))
    entry.lines.append(payments.line(entry, together, amount_minor=entry.amount_minor or 0, size=size))
