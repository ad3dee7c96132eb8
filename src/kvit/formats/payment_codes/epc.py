"""The code of a SEPA credit transfer in euro (European Payments Council, EPC069-12, version 002)."""

from typing import Final

from kvit.formats.payment_codes.refusals import DoesNotFit
from kvit.kernel.identifiers import iban as iban_number
from kvit.kernel.identifiers import rf

_LONGEST_NAME: Final = 70
_LONGEST_TEXT: Final = 140
_HIGHEST_MINOR: Final = 99_999_999_999
_MOST_BYTES: Final = 331


def text(*, name: str, iban: str, amount_minor: int, reference: str) -> str:
    """Lines of the code; the amount is in euro cents, the reference is structured where it is an RF reference.

    UTF-8, no BIC (not needed within the EEA). Refuses `DoesNotFit`, `InvalidIdentifier`.
    """
    if not 0 < amount_minor <= _HIGHEST_MINOR:
        raise DoesNotFit("a SEPA code takes 0.01 to 999 999 999.99 euro")
    payee = " ".join(name.split())[:_LONGEST_NAME]
    if not payee:
        raise DoesNotFit("a SEPA code names the payee")
    structured = rf.compact(reference) if rf.is_valid(reference) else ""
    free = "" if structured else " ".join(reference.split())[:_LONGEST_TEXT]
    major, cents = divmod(amount_minor, 100)
    lines = ("BCD", "002", "1", "SCT", "", payee, iban_number.validate(iban), f"EUR{major}.{cents:02d}", "")
    code = "\n".join((*lines, structured, free)).rstrip("\n")
    if len(code.encode()) > _MOST_BYTES:
        raise DoesNotFit("the code would be larger than bank apps read")
    return code
