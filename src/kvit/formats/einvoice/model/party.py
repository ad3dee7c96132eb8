"""Who takes part in an invoice and where: seller, buyer, payee, tax representative, place of delivery."""

import datetime
from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Identifier:
    """A number and the list it is of: `scheme` is a code of ISO 6523 (ICD) or, of electronic addresses, of EAS."""

    value: str
    scheme: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Address:
    """A postal address (BG-5, BG-8, BG-12, BG-15); `country` is ISO 3166-1, `subdivision` a region or its code."""

    line1: str = ""
    """BT-35, BT-50, BT-64, BT-75"""
    line2: str = ""
    """BT-36, BT-51, BT-65, BT-76"""
    line3: str = ""
    """BT-162, BT-163, BT-164, BT-165"""
    city: str = ""
    """BT-37, BT-52, BT-66, BT-77"""
    postcode: str = ""
    """BT-38, BT-53, BT-67, BT-78"""
    subdivision: str = ""
    """BT-39, BT-54, BT-68, BT-79; in Romania RO-AB … RO-VS, RO-B"""
    country: str = ""
    """BT-40, BT-55, BT-69, BT-80"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Contact:
    """A point of contact (BG-6, BG-9)."""

    name: str = ""
    """BT-41, BT-56"""
    phone: str = ""
    """BT-42, BT-57"""
    email: str = ""
    """BT-43, BT-58"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Party:
    """Seller (BG-4) or buyer (BG-7)."""

    name: str = ""
    """BT-27, BT-44"""
    trading_name: str = ""
    """BT-28, BT-45"""
    identifiers: tuple[Identifier, ...] = ()
    """BT-29, BT-46 (the buyer has one at most)"""
    registration: Identifier | None = None
    """BT-30, BT-47: in the register of companies"""
    vat_number: str = ""
    """BT-31, BT-48: with its country's prefix"""
    tax_registration: str = ""
    """BT-32 of the seller: the local tax number, in Sweden 'Godkänd för F-skatt'. The standard has no term for a
    buyer's, which is kept all the same."""
    legal_form: str = ""
    """BT-33, the seller's only: further legal facts such as the share capital"""
    electronic_address: Identifier | None = None
    """BT-34, BT-49: where electronic documents go"""
    address: Address | None = None
    contact: Contact | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Payee:
    """Who is paid, where it is not the seller (BG-10), such as a factor."""

    name: str = ""
    """BT-59"""
    identifier: Identifier | None = None
    """BT-60"""
    registration: Identifier | None = None
    """BT-61"""


@dataclass(frozen=True, slots=True, kw_only=True)
class TaxRepresentative:
    """Who pays the VAT for a seller from elsewhere (BG-11)."""

    name: str = ""
    """BT-62"""
    vat_number: str = ""
    """BT-63"""
    address: Address | None = None
    """BG-12"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Delivery:
    """Where and when goods or services were delivered (BG-13)."""

    name: str = ""
    """BT-70"""
    location: Identifier | None = None
    """BT-71"""
    date: datetime.date | None = None
    """BT-72"""
    address: Address | None = None
    """BG-15"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Period:
    """From `start` to `end`, both included (BG-14: BT-73, BT-74; BG-26: BT-134, BT-135)."""

    start: datetime.date | None = None
    end: datetime.date | None = None
