"""The names that UBL's writer and reader share."""

from dataclasses import dataclass
from typing import Final

CAC: Final = "urn:oasis:names:specification:ubl:schema:xsd:CommonAggregateComponents-2"
CBC: Final = "urn:oasis:names:specification:ubl:schema:xsd:CommonBasicComponents-2"
INVOICE: Final = "urn:oasis:names:specification:ubl:schema:xsd:Invoice-2"
CREDIT_NOTE: Final = "urn:oasis:names:specification:ubl:schema:xsd:CreditNote-2"

OBJECT_TYPE: Final = "130"
"""DocumentTypeCode of an invoiced object (BT-18, BT-128)."""
PROJECT_TYPE: Final = "50"
"""DocumentTypeCode of a project (BT-11) in a credit note, which has no element of its own for it."""
NO_ORDER: Final = "NA"
"""What stands for the purchase order where there is a sales order only: the schema wants an ID."""
UNSPECIFIED_MEANS: Final = "1"
"""The means of payment "not defined" around the due date of a credit note without payment instructions."""
CREDITOR_SCHEME: Final = "SEPA"


@dataclass(frozen=True, slots=True)
class Document:
    """What the two kinds of document call their parts."""

    root: str
    type_code: str
    line: str
    quantity: str
