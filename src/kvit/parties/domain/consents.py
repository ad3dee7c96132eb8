"""What somebody may agree to, and how they said so."""

from enum import StrEnum


class ConsentKind(StrEnum):
    """What is agreed to."""

    ELECTRONIC_INVOICES = "electronic_invoices"
    SMS = "sms"
    PHONE_CALLS = "phone_calls"
    CALL_RECORDING = "call_recording"
    MESSENGERS = "messengers"
    MARKETING = "marketing"
    DATA_SHARING = "data_sharing"


class ConsentMeans(StrEnum):
    """How somebody said it; the proof itself is the evidence beside it."""

    WEB_FORM = "web_form"
    EMAIL = "email"
    SMS = "sms"
    PHONE = "phone"
    LETTER = "letter"
    IN_PERSON = "in_person"
    CONTRACT = "contract"
    IMPORTED = "imported"
