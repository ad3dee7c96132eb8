"""The names that CII's writer and reader share."""

from typing import Final

RSM: Final = "urn:un:unece:uncefact:data:standard:CrossIndustryInvoice:100"
RAM: Final = "urn:un:unece:uncefact:data:standard:ReusableAggregateBusinessInformationEntity:100"
UDT: Final = "urn:un:unece:uncefact:data:standard:UnqualifiedDataType:100"
QDT: Final = "urn:un:unece:uncefact:data:standard:QualifiedDataType:100"

TAX_POINTS: Final = {"3": "5", "35": "29", "432": "72"}
"""BT-8: UNTDID 2005, as the model and UBL have it, to UNTDID 2475, as CII has it."""
OBJECT_TYPE: Final = "130"
TENDER_TYPE: Final = "50"
SUPPORTING_TYPE: Final = "916"
PROJECT_NAME: Final = "Project reference"
"""The name that the schema wants beside the number of a project."""
VAT_SCHEME: Final = "VA"
LOCAL_SCHEME: Final = "FC"
UNSPECIFIED_MEANS: Final = "1"
"""The means of payment "not defined", for a reference to quote (BT-83) that stands without any."""
