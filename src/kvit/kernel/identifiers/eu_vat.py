"""VAT numbers of the EU: two letters of the state, then the number that the state's own rule checks.

Whether a number is registered today only VIES can say; the rules here are those of python-stdnum. The
one-stop-shop numbers of sellers outside the EU (EU..., IM...) are no member state's and are refused.
"""

from typing import Final

from stdnum.eu import vat
from stdnum.util import clean

from kvit.kernel.identifiers import invalid

_NAME: Final = "an EU VAT number"

# VIES knows Greece as EL only, and Northern Ireland, whose numbers are British, as XI.
_GREECE, _GREECE_IN_ISO = "EL", "GR"
PREFIXES: Final = frozenset(state.upper() for state in vat.MEMBER_STATES) - {_GREECE_IN_ISO} | {_GREECE}


def compact(number: str) -> str:
    """The characters in capitals without separators, the state's letters first; GR becomes EL.

    What begins with no state's letters comes back without spaces.
    """
    text = clean(number, " -./").strip().upper()
    if text.startswith(_GREECE_IN_ISO):
        text = _GREECE + text[2:]
    return text


def is_valid(number: str) -> bool:
    """Whether `validate` takes the number."""
    return invalid.is_accepted(validate, number)


def validate(number: str) -> str:
    """The compact form with the state's letters. Refuses `InvalidIdentifier`.

    Some states' old short forms are completed (BE697449992 becomes BE0697449992).
    """
    text = compact(number)
    if text[:2] not in PREFIXES:
        raise invalid.WrongPart("an EU VAT number begins with the two letters of a member state")
    return invalid.by_stdnum(f"a VAT number of {text[:2]}", vat.validate, text)


def format(number: str) -> str:
    """As VIES writes it: the compact form."""
    return compact(number)
