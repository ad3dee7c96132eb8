"""The Swedish code of an invoice paid by bankgiro, plusgiro or IBAN (UsingQR, "QR-kod på faktura", version 1)."""

import json
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Final

from kvit.formats.payment_codes.refusals import DoesNotFit

_LONGEST_NAME: Final = 70
_HIGHEST_MINOR: Final = 99_999_999_999


class PaysTo(StrEnum):
    """The kind of account, as the field `pt` says it."""

    BANKGIRO = "BG"
    PLUSGIRO = "PG"
    IBAN = "IBAN"


@dataclass(frozen=True, slots=True)
class Payee:
    """Who is paid and where; `organisation` is the organisation number and may be empty."""

    name: str
    organisation: str
    pays_to: PaysTo
    account: str


def text(payee: Payee, *, amount_minor: int, reference: str, due_date: date) -> str:
    """One line of JSON: `{"uqr":1,"tp":1,"nme":…,"cid":…,"iref":…,"ddt":"20260401","due":12.50,"pt":"BG","acc":…}`.

    In kronor. Refuses `DoesNotFit`.
    """
    if not 0 < amount_minor <= _HIGHEST_MINOR:
        raise DoesNotFit("a Swedish invoice code takes 0.01 to 999 999 999.99 kr")
    name = " ".join(payee.name.split())[:_LONGEST_NAME]
    if not name:
        raise DoesNotFit("a Swedish invoice code names the payee")
    fields: list[tuple[str, str | int]] = [("uqr", 1), ("tp", 1), ("nme", name)]
    fields += [("cid", payee.organisation)] if payee.organisation else []
    fields += [("iref", reference), ("ddt", f"{due_date:%Y%m%d}")]
    before = json.dumps(dict(fields), ensure_ascii=False, separators=(",", ":"))[:-1]
    after = json.dumps({"pt": payee.pays_to.value, "acc": payee.account}, separators=(",", ":"))[1:]
    major, cents = divmod(amount_minor, 100)
    # The amount is a JSON number: written from whole minor units, for a float would not be exact.
    return f'{before},"due":{major}.{cents:02d},{after}'
