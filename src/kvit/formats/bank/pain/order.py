"""What goes into a payment file: credit transfers and direct debits as plain values, whatever the version."""

import datetime
from dataclasses import dataclass
from enum import StrEnum
from typing import TypeAlias

from kvit.kernel.money import Money


class Version(StrEnum):
    """The message versions that are written."""

    PAIN_001_03 = "pain.001.001.03"
    PAIN_001_09 = "pain.001.001.09"
    PAIN_008_02 = "pain.008.001.02"
    PAIN_008_08 = "pain.008.001.08"


class Scheme(StrEnum):
    """By whose rules a batch is paid."""

    SEPA = "sepa"
    SWEDEN = "se"
    POLAND = "pl"
    ROMANIA = "ro"


@dataclass(frozen=True, slots=True, kw_only=True)
class Party:
    """Who pays or is paid; `country` is two letters; `identifier` an organisation's or tax number, if it goes along.

    From November 2026 SEPA takes an address only with town and country apart.
    """

    name: str
    street: str = ""
    building: str = ""
    postcode: str = ""
    town: str = ""
    country: str = ""
    identifier: str = ""


@dataclass(frozen=True, slots=True)
class Iban:
    """An account by its IBAN, and the BIC of its bank where it is wanted."""

    number: str
    bic: str = ""


@dataclass(frozen=True, slots=True)
class Bankgiro:
    """A Swedish bankgiro number."""

    number: str


@dataclass(frozen=True, slots=True)
class SwedishAccount:
    """A Swedish bank account: clearing number (4 digits) and account number (at most 12 digits)."""

    clearing: str
    number: str


Account: TypeAlias = Iban | Bankgiro | SwedishAccount


@dataclass(frozen=True, slots=True)
class Message:
    """Words for the payee."""

    text: str


@dataclass(frozen=True, slots=True)
class Ocr:
    """A Swedish OCR reference."""

    number: str


@dataclass(frozen=True, slots=True)
class CreditorReference:
    """An ISO 11649 reference (RF…)."""

    number: str


@dataclass(frozen=True, slots=True)
class SplitPayment:
    """A Polish split payment: the VAT goes to the payee's VAT account.

    `vat` is the VAT in PLN, `seller_nip` the payee's NIP. Source: VAT act art. 108a (3), shape of the text in rules
    of the clearing house (/VAT/…/IDC/…/INV/…/TXT/…).
    """

    vat: Money
    seller_nip: str
    invoice_number: str
    text: str = ""


Remittance: TypeAlias = Message | Ocr | CreditorReference | SplitPayment


@dataclass(frozen=True, slots=True)
class KsefNumber:
    """The KSeF number of the one invoice that is paid."""

    number: str


@dataclass(frozen=True, slots=True)
class KsefCollective:
    """The collective identifier that KSeF gave for several invoices paid at once."""

    identifier: str


class KsefExemption(StrEnum):
    """Why a Polish transfer needs no number from KSeF after 2026 (VAT act art. 108g)."""

    NO_INVOICE = "no_invoice"
    NOT_BOTH_VAT_PAYERS = "not_both_vat_payers"
    EXEMPT_SELLER = "exempt_seller"
    FAILURE_MODE = "failure_mode"


Ksef: TypeAlias = KsefNumber | KsefCollective | KsefExemption


@dataclass(frozen=True, slots=True, kw_only=True)
class Transfer:
    """One payment out. `end_to_end_id` (1 to 35 characters) comes back with every answer; unique in the file."""

    end_to_end_id: str
    amount: Money
    creditor: Party
    account: Account
    remittance: Remittance = Message("")
    ksef: Ksef | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class TransferBatch:
    """Payments from one account on one day by one scheme."""

    batch_id: str
    scheme: Scheme
    execution_date: datetime.date
    debtor: Party
    account: Account
    transfers: tuple[Transfer, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class TransferOrder:
    """A pain.001 message; `created_at` is an aware instant, `message_id` never used twice."""

    message_id: str
    created_at: datetime.datetime
    initiator: Party
    batches: tuple[TransferBatch, ...]


class Sequence(StrEnum):
    """Which collection of a mandate this is."""

    FIRST = "FRST"
    RECURRENT = "RCUR"
    FINAL = "FNAL"
    ONE_OFF = "OOFF"


class DebitScheme(StrEnum):
    """SEPA's two kinds of direct debit."""

    CORE = "CORE"
    B2B = "B2B"


@dataclass(frozen=True, slots=True, kw_only=True)
class Debit:
    """One collection under a signed mandate."""

    end_to_end_id: str
    amount: Money
    debtor: Party
    account: Iban
    mandate_id: str
    mandate_date: datetime.date
    remittance: Message | CreditorReference = Message("")


@dataclass(frozen=True, slots=True, kw_only=True)
class DebitBatch:
    """Collections to one account on one day; `creditor_id` is the SEPA creditor identifier (AT-02)."""

    batch_id: str
    scheme: DebitScheme
    sequence: Sequence
    collection_date: datetime.date
    creditor: Party
    creditor_id: str
    account: Iban
    debits: tuple[Debit, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class DebitOrder:
    """A pain.008 message; see `TransferOrder`."""

    message_id: str
    created_at: datetime.datetime
    initiator: Party
    batches: tuple[DebitBatch, ...]
