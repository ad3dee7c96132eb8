"""What a JPK says: whose it is, the declaration with what is due, register rows, invoices.

Source: Ministry of Finance of Poland, structures JPK_V7M(1) to (3), JPK_V7K, JPK_FA(2) to (4). Amounts are in
grosze (hundredths of the invoice's currency in JPK_FA), negative in corrections; a day is None and a text ""
where the file leaves it out.
"""

import datetime
from dataclasses import dataclass
from typing import TypeAlias


@dataclass(frozen=True, slots=True, kw_only=True)
class Header:
    """The file's head: form ("JPK_VAT", "JPK_FA"), its structure ("JPK_V7M (2)"), taxpayer and period.

    `purpose` is "1" for the first filing, "2" for a correction. `month` is None for a file by quarters or days.
    """

    place: str
    form: str
    structure: str
    variant: str
    purpose: str
    office: str
    created: str
    tax_id: str
    taxpayer: str
    year: int | None = None
    month: int | None = None
    quarter: int | None = None
    from_date: datetime.date | None = None
    to_date: datetime.date | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Declaration:
    """The VAT declaration in a JPK_V7: what is due to the tax office for its period.

    `due_minor` is P_51 (to be paid), `refund_minor` P_54, `carried_minor` P_62; None where the position is
    left out. `positions` are all of them as stated ("P_38", amount); amounts are whole złoty in the form.
    """

    place: str
    form: str
    structure: str
    variant: str
    due_minor: int | None
    refund_minor: int | None
    carried_minor: int | None
    positions: tuple[tuple[str, int], ...] = ()
    other: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class RegisterRow:
    """One row of the sales or purchase register. `amounts` are its positions ("K_19", amount); `marks` its
    flags with value 1 ("GTU_01", "MPP")."""

    place: str
    is_sale: bool
    number: str
    party_id: str
    party_country: str
    party_name: str
    document: str
    issue_date: datetime.date | None
    event_date: datetime.date | None
    document_type: str = ""
    ksef_number: str = ""
    due_date: datetime.date | None = None
    payment_date: datetime.date | None = None
    amounts: tuple[tuple[str, int], ...] = ()
    marks: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Invoice:
    """One Faktura of a JPK_FA. `kind` is RodzajFaktury: VAT, KOREKTA, ZAL, POZ."""

    place: str
    number: str
    issue_date: datetime.date
    currency: str
    gross_minor: int
    seller_name: str = ""
    seller_id: str = ""
    buyer_name: str = ""
    buyer_id: str = ""
    buyer_country: str = ""
    sale_date: datetime.date | None = None
    kind: str = ""
    corrected_number: str = ""
    correction_reason: str = ""
    amounts: tuple[tuple[str, int], ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class InvoiceRow:
    """One FakturaWiersz: which invoice, what, net and gross value, VAT rate as written ("23", "zw")."""

    place: str
    invoice: str
    name: str = ""
    unit: str = ""
    quantity: str = ""
    net_minor: int | None = None
    gross_minor: int | None = None
    vat_rate: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Order:
    """One Zamowienie of a JPK_FA: an order that an advance invoice refers to, and its value."""

    place: str
    invoice: str
    value_minor: int | None
    row_count: int


Record: TypeAlias = Header | Declaration | RegisterRow | Invoice | InvoiceRow | Order
