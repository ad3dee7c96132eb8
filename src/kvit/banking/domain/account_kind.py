"""What kind of account a number names, as people write it."""

import re
from enum import StrEnum
from typing import Final

from kvit.kernel.identifiers import iban, pl_nrb, se_bankgiro, se_plusgiro

_DASH_BEFORE_CHECK_DIGIT: Final = re.compile(r"[\d ]*\d-\d")


class AccountKind(StrEnum):
    """How a payer's bank asks for the account."""

    IBAN = "iban"
    BANKGIRO = "bankgiro"
    PLUSGIRO = "plusgiro"
    NATIONAL = "national"


def account_kind(written: str) -> AccountKind:
    """The kind: `991-2346` is a bankgiro, `28 65 43-4` a plusgiro, 26 Polish digits are the number inside an IBAN.

    Seven and eight digits without a dash may be both; they are read as a bankgiro, which companies mostly have.
    """
    number = written.strip()
    if iban.is_valid(number) or pl_nrb.is_valid(number):
        return AccountKind.IBAN
    if _DASH_BEFORE_CHECK_DIGIT.fullmatch(number) and se_plusgiro.is_valid(number):
        return AccountKind.PLUSGIRO
    if se_bankgiro.is_valid(number):
        return AccountKind.BANKGIRO
    return AccountKind.PLUSGIRO if se_plusgiro.is_valid(number) else AccountKind.NATIONAL
