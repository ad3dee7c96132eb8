"""What was found in the text about a payment, whatever bank wrote it."""

import re
from dataclasses import dataclass
from typing import Final

_ALONE: Final = re.compile(r"\d{4,25}|RF\d{2}[A-Z0-9]{1,21}", re.ASCII)
_NOT_PROVIDED: Final = frozenset({"NOTPROVIDED", "NOT PROVIDED", "NONREF", "NOREF", ""})


@dataclass(slots=True, kw_only=True)
class Details:
    """A text that is not there is "". `text` is what the payer wrote, `bank_text` what the bank wrote."""

    name: str = ""
    account: str = ""
    counterparty_id: str = ""
    address: tuple[str, ...] = ()
    ultimate_party: str = ""
    text: str = ""
    bank_text: str = ""
    reference: str = ""
    end_to_end_id: str = ""
    transaction_id: str = ""
    payment_information_id: str = ""
    mandate_id: str = ""
    code: str = ""
    reason_code: str = ""

    def structured_reference(self) -> str:
        """The reference, or the text where it is nothing but one."""
        if self.reference:
            return self.reference
        compact = self.text.replace(" ", "")
        return compact if _ALONE.fullmatch(compact) and self.text.count(" ") <= len(compact) // 3 else ""


def stated(text: str) -> str:
    """An id without blanks around it; "" for the words banks put where there is none."""
    text = text.strip()
    return "" if text.upper() in _NOT_PROVIDED else text


def joined(*texts: str) -> str:
    """The texts on one line, with single blanks."""
    return " ".join(" ".join(texts).split())
