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

_DOCUMENTS: Final = ("Invoice", "CreditNote")
_ON_DOCUMENTS: Final = {
    "ContractDocumentReference": "UBL-SR-01",
    "ReceiptDocumentReference": "UBL-SR-02",
    "DespatchDocumentReference": "UBL-SR-03",
    "PaymentTerms": "UBL-SR-05",
    "InvoicePeriod": "UBL-SR-08",
    "Delivery": "UBL-SR-24",
    "ProjectReference": "UBL-SR-39",
    "DueDate": "UBL-SR-45",
    "TaxPointDate": "UBL-SR-49",
    "OriginatorDocumentReference": "UBL-SR-56",
}
_ON_LINES: Final = {
    "Note": "UBL-SR-34",
    "OrderLineReference": "UBL-SR-35",
    "InvoicePeriod": "UBL-SR-36",
    "DocumentReference": "UBL-SR-52",
}
ONCE: Final = {
    **{(document, name): rule for document in _DOCUMENTS for name, rule in _ON_DOCUMENTS.items()},
    **{(line, name): rule for line in ("InvoiceLine", "CreditNoteLine") for name, rule in _ON_LINES.items()},
    ("PartyLegalEntity", "RegistrationName"): "UBL-SR-09",
    ("PartyLegalEntity", "CompanyID"): "UBL-SR-11",
    ("PartyLegalEntity", "CompanyLegalForm"): "UBL-SR-14",
    ("Party", "PartyName"): "UBL-SR-10",
    ("PayeeParty", "PartyName"): "UBL-SR-19",
    ("TaxRepresentativeParty", "PartyName"): "UBL-SR-22",
    ("Delivery", "DeliveryParty"): "UBL-SR-25",
    ("PaymentMeans", "PaymentID"): "UBL-SR-26",
    ("PaymentMandate", "ID"): "UBL-SR-28",
    ("AllowanceCharge", "AllowanceChargeReason"): "UBL-SR-30",
    ("TaxCategory", "TaxExemptionReason"): "UBL-SR-32",
    ("AdditionalDocumentReference", "DocumentDescription"): "UBL-SR-33",
    ("Price", "AllowanceCharge"): "UBL-SR-37",
    ("Item", "ClassifiedTaxCategory"): "UBL-SR-48",
    ("Item", "Description"): "UBL-SR-50",
    ("PostalAddress", "AddressLine"): "UBL-SR-51",
    ("Address", "AddressLine"): "UBL-SR-51",
}
"""What the schema lets stand several times and EN 16931 once: parent, child, the rule's number."""


@dataclass(frozen=True, slots=True)
class Document:
    """What the two kinds of document call their parts."""

    root: str
    type_code: str
    line: str
    quantity: str
