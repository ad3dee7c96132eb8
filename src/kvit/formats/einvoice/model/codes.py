"""The codes that decide what an invoice is and how it is taxed: its kind, its VAT categories, its means of payment."""

from enum import StrEnum
from typing import Final


class Kind(StrEnum):
    """The kinds of document in use here (BT-3, UNTDID 1001). Others are read and kept as their bare code."""

    PARTIAL = "326"
    INVOICE = "380"
    CREDIT_NOTE = "381"
    DEBIT_NOTE = "383"
    CORRECTION = "384"
    ADVANCE = "386"
    SELF_BILLED = "389"
    SELF_BILLED_CREDIT_NOTE = "261"
    FACTORED_CREDIT_NOTE = "396"
    ACCOUNTING_ONLY = "751"


CREDIT_NOTES: Final = frozenset(
    {"81", "83", "261", "262", "296", "308", "381", "396", "420", "458", "502", "503", "532"}
)
"""Codes whose amounts count against the seller although they are written without a minus."""

SELF_BILLING: Final = frozenset({"261", "389", "471", "473", "500", "501", "502", "527"})
"""Codes of documents that the buyer makes out in the seller's name."""


class VatCategory(StrEnum):
    """VAT categories (BT-95, BT-102, BT-118, BT-151; UNTDID 5305 as EN 16931 restricts it)."""

    STANDARD = "S"
    """Taxed, at the standard rate or a reduced one."""
    ZERO = "Z"
    EXEMPT = "E"
    REVERSE_CHARGE = "AE"
    INTRA_COMMUNITY = "K"
    EXPORT = "G"
    OUTSIDE_SCOPE = "O"
    """Not subject to VAT; the only one without a rate."""
    CANARY_ISLANDS = "L"
    CEUTA_AND_MELILLA = "M"
    SPLIT_PAYMENT = "B"
    """Italy only. The Polish split payment (MPP) is no category; see `PolishTerms`."""


class MeansOfPayment(StrEnum):
    """The usual means of payment (BT-81, UNTDID 4461). Others are read and kept as their bare code."""

    CASH = "10"
    CHEQUE = "20"
    CREDIT_TRANSFER = "30"
    ACCOUNT = "42"
    CARD = "48"
    DIRECT_DEBIT = "49"
    CREDIT_CARD = "54"
    SEPA_TRANSFER = "58"
    SEPA_DEBIT = "59"
    ONLINE = "68"
    MUTUAL_SETTLEMENT = "97"
    AS_AGREED = "ZZZ"


TRANSFERS: Final = frozenset({"30", "58"})
DIRECT_DEBITS: Final = frozenset({"49", "59"})
CARDS: Final = frozenset({"48", "54", "55"})


class TaxPoint(StrEnum):
    """On which event VAT falls due (BT-8, UNTDID 2005 as UBL writes it)."""

    ISSUE = "3"
    DELIVERY = "35"
    PAYMENT = "432"
