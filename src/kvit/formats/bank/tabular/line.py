"""One row of a bank's CSV as a line: which cell is what, by the header and the profile."""

import datetime
import re
from dataclasses import dataclass
from typing import Final

from kvit.formats.bank import sentences
from kvit.formats.bank.fields import Unreadable, doubt, shown, unreadable
from kvit.formats.bank.statement import Line
from kvit.formats.bank.tabular import cells
from kvit.formats.bank.tabular.cells import Row
from kvit.formats.bank.tabular.profile import Profile, Role, normal
from kvit.kernel import currencies
from kvit.kernel.results import Problem

_ACCOUNT: Final = re.compile(r"[^0-9A-Za-z]")


@dataclass(frozen=True, slots=True)
class Header:
    """Which column, from 0, holds what; `rest` are columns without a name."""

    profile: Profile
    places: dict[Role, tuple[int, ...]]
    rest: tuple[int, ...]
    width: int

    def cell(self, row: Row, role: Role) -> str:
        """The text of the columns of a role, "" where the row has none."""
        return " ".join(row.cells[at] for at in self.places.get(role, ()) if at < len(row.cells)).strip()

    def currency(self, row: Row) -> str:
        """The row's own currency, "" where it has none. Refuses Unreadable."""
        text = self.cell(row, Role.CURRENCY).upper()
        if text and text not in currencies.known():
            raise unreadable("not_a_currency", text=shown(text))
        return text


@dataclass(frozen=True, slots=True)
class Found:
    """A row that was read, with its balance where it states one, and remarks on what was left out."""

    line: Line
    balance_minor: int | None
    remarks: tuple[Problem, ...]


def header(row: Row, profile: Profile) -> Header:
    """What a header line says."""
    names = [normal(cell) for cell in row.cells]
    places: dict[Role, tuple[int, ...]] = {}
    for role, name in profile.columns:
        places[role] = (*places.get(role, ()), names.index(normal(name)))
    rest = tuple(at for at, name in enumerate(names) if not name) if profile.rest_is_text else ()
    return Header(profile, places, rest, len(names))


def read(row: Row, header: Header, currency: str) -> Found:
    """The line of a row. Refuses Unreadable: no day, no amount, not booked, more cells than columns."""
    profile = header.profile
    if any(row.cells[header.width :]) and not profile.rest_is_text:
        raise unreadable("too_many_cells", count=str(len(row.cells)), named=str(header.width))
    booked, valued = header.cell(row, Role.BOOKING_DATE), header.cell(row, Role.VALUE_DATE)
    if booked in profile.not_booked and booked:
        raise unreadable("not_booked", text=shown(booked))
    remarks: list[Problem] = []
    booking_date, value_date = _days(row, (booked, valued), profile, remarks)
    amount_minor = _amount(row, header, currency)
    balance_minor = _balance(row, header, currency, remarks)
    told = _told(row, header)
    line = Line(
        place=row.place,
        booking_date=booking_date,
        value_date=value_date,
        amount_minor=amount_minor,
        currency=currency,
        counterparty_name=told[Role.NAME],
        counterparty_account=_ACCOUNT.sub("", told[Role.ACCOUNT]),
        counterparty_id=told[Role.PARTY_ID],
        reference=told[Role.REFERENCE],
        text=told[Role.TEXT] or told[Role.BANK_TEXT],
        bank_text=told[Role.BANK_TEXT],
        bank_id=told[Role.BANK_ID].strip("'"),
    )
    return Found(line, balance_minor, tuple(remarks))


def _days(
    row: Row, texts: tuple[str, str], profile: Profile, remarks: list[Problem]
) -> tuple[datetime.date, datetime.date | None]:
    """Booking day and value day; the one stands for the other only where the file has no booking day."""
    booked, valued = texts
    value_date = None
    if valued:
        try:
            value_date = cells.day(valued, profile.date_format)
        except Unreadable as refusal:
            if not booked:
                raise
            remarks.append(refusal.left_out(f"{row.place}, value date"))
    if not booked and value_date is None:
        raise unreadable("no_booking_day")
    booking_date = cells.day(booked, profile.date_format) if booked or value_date is None else value_date
    if doubt(booking_date):
        place = f"{row.place}, booking date"
        remarks.append(sentences.problem(place, "unlikely_day", date=booking_date.isoformat()))
    return booking_date, value_date


def _amount(row: Row, header: Header, currency: str) -> int:
    profile = header.profile
    if Role.AMOUNT in header.places:
        amount_minor = cells.amount_minor(header.cell(row, Role.AMOUNT), profile, currency)
        if Role.MARK in header.places:
            return _marked(amount_minor, row, header)
        return -amount_minor if profile.outgoing_is_positive else amount_minor
    debit, credit = (header.cell(row, role) for role in (Role.DEBIT, Role.CREDIT))
    minors = [abs(cells.amount_minor(text, profile, currency)) if text else 0 for text in (debit, credit)]
    if not debit and not credit:
        raise unreadable("no_debit_nor_credit")
    if all(minors):
        raise unreadable("debit_and_credit", debit=shown(debit), credit=shown(credit))
    return minors[1] - minors[0]


def _marked(amount_minor: int, row: Row, header: Header) -> int:
    """The amount with the sign its mark says.

    A debit may carry its minus beside the mark. A credit with a minus is either of two things, so neither is taken.
    """
    mark = header.cell(row, Role.MARK)
    if mark in header.profile.debit_marks:
        return -abs(amount_minor)
    if mark not in header.profile.credit_marks:
        raise unreadable("no_mark", text=shown(mark))
    if amount_minor < 0:
        raise unreadable("mark_and_minus", text=shown(header.cell(row, Role.AMOUNT)), mark=shown(mark))
    return amount_minor


def _balance(row: Row, header: Header, currency: str, remarks: list[Problem]) -> int | None:
    text = header.cell(row, Role.BALANCE)
    try:
        return cells.amount_minor(text, header.profile, currency) if text else None
    except Unreadable as refusal:
        remarks.append(refusal.left_out(f"{row.place}, balance"))
        return None


def _told(row: Row, header: Header) -> dict[Role, str]:
    """The texts of a row, those behind a label of the profile where they belong."""
    roles = (Role.NAME, Role.ACCOUNT, Role.PARTY_ID, Role.REFERENCE, Role.TEXT, Role.BANK_TEXT, Role.BANK_ID)
    told = {role: header.cell(row, role) for role in roles}
    extra = [*header.rest, *range(header.width, len(row.cells))] if header.profile.rest_is_text else []
    if not header.profile.labels:
        return told
    texts = [told[Role.TEXT], *(row.cells[at] for at in extra if at < len(row.cells))]
    left: list[str] = []
    for text in filter(None, texts):
        for label, role in header.profile.labels:
            if text.startswith(label):
                value = text[len(label) :].strip()
                if role is Role.TEXT:
                    left.append(value)
                else:
                    told[role] = " ".join(filter(None, [told[role], value]))
                break
        else:
            left.append(text)
    told[Role.TEXT] = " ".join(left)
    return told
