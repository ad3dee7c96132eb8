"""BgMax, the clearing house's file of payments to a bankgiro: 80 columns, one deposit a day.

Source: Bankgirot, Bankgiro Inbetalningar, technical manual, chapter 3.
"""

from collections.abc import Iterator
from datetime import date
from itertools import groupby
from typing import Final

from kvit.kernel.identifiers import se_ocr
from kvit.world.bank_days import Movement
from kvit.world.bank_files.page import Page

_WIDTH: Final = 80
_NAME: Final = 35
_TEXT: Final = 50
_CHANNEL: Final = "2"  # paid electronically, the payer named
_NO_REFERENCE, _CORRECT, _NOT_CORRECT = "1", "2", "3"


def write(page: Page) -> bytes:
    """The file of some days; a day without payments has no deposit."""
    lines = [f"01{'BGMAX':<20}01{page.written_at:%Y%m%d%H%M%S}000000P"]
    deposits = 0
    for day, group in groupby(page.movements, key=lambda movement: movement.day):
        deposits += 1
        lines += _section(page, day, list(group), deposits)
    extra = sum(len(movement.parts) for movement in page.movements)
    lines.append(f"70{len(page.movements):08d}{0:08d}{extra:08d}{deposits:08d}")
    return "".join(f"{line:<{_WIDTH}}\r\n" for line in lines).encode("iso-8859-1", "replace")


def _section(page: Page, day: date, movements: list[Movement], number: int) -> Iterator[str]:
    yield f"05{page.account.number:0>10}{'':10}{page.company.currency}"
    for movement in movements:
        yield from _payment(movement)
    total = sum(movement.amount_minor for movement in movements)
    yield (
        f"15{page.account.deposit_account:0>35}{day:%Y%m%d}{number:05d}{total:018d}{page.company.currency}"
        f"{len(movements):08d} "
    )


def _payment(movement: Movement) -> Iterator[str]:
    yield _amount("20", movement, movement.reference, movement.amount_minor)
    for reference, amount in movement.parts:
        yield _amount("22", movement, reference, amount)
    for start in range(0, len(movement.text), _TEXT):
        yield f"25{movement.text[start : start + _TEXT]}"
    yield f"26{movement.other.name[:_NAME]}"
    street, postal_code, town = movement.address
    if street:
        yield f"27{street[:_NAME]:<{_NAME}}{postal_code.replace(' ', ''):<9}"
        yield f"28{town[:_NAME]}"
    if movement.tax_number:
        yield f"29{movement.tax_number:0>12}"


def _amount(code: str, movement: Movement, reference: str, amount: int) -> str:
    kind = _NO_REFERENCE
    if reference:
        kind = _CORRECT if se_ocr.is_valid(reference) else _NOT_CORRECT
    return f"{code}{movement.other.giro:0>10}{reference:>25}{amount:018d}{kind}{_CHANNEL}{movement.bank_id}0"
