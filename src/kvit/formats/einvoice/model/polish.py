"""What the Polish structured invoice FA(3) says beyond EN 16931: markers of the VAT act, corrections, advances.

Source: schema FA(3) version 1-0E, crd.gov.pl/wzor/2025/06/25/13775; ustawa o VAT art. 106a-106q.
"""

import datetime
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum


class FaKind(StrEnum):
    """RodzajFaktury."""

    ORDINARY = "VAT"
    CORRECTION = "KOR"
    ADVANCE = "ZAL"
    FINAL = "ROZ"
    SIMPLIFIED = "UPR"
    ADVANCE_CORRECTION = "KOR_ZAL"
    FINAL_CORRECTION = "KOR_ROZ"


class CorrectionEffect(StrEnum):
    """TypKorekty: in which period the books take the correction."""

    AS_ORIGINAL = "1"
    AS_CORRECTION = "2"
    OTHERWISE = "3"


@dataclass(frozen=True, slots=True, kw_only=True)
class Element:
    """An element of FA(3) that Kvit keeps as it came: new means of transport, transport, settlement, annex …"""

    name: str
    text: str = ""
    attributes: tuple[tuple[str, str], ...] = ()
    children: tuple["Element", ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class CorrectedInvoice:
    """An invoice that a correction is of (DaneFaKorygowanej); without a KSeF number it was issued outside KSeF."""

    number: str
    issue_date: datetime.date
    ksef_number: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class AdvanceInvoice:
    """An advance invoice that a final one settles (FakturaZaliczkowa): its KSeF number, else its own number."""

    ksef_number: str = ""
    number: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class PartialAdvance:
    """One of several payments that an advance invoice documents (ZaliczkaCzesciowa); minor units."""

    received_date: datetime.date
    amount_minor: int
    exchange_rate: Decimal | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class OrderLine:
    """A line of the order that an advance is paid on (ZamowienieWiersz); minor units."""

    number: int
    name: str = ""
    unit: str = ""
    quantity: Decimal | None = None
    price: Decimal | None = None
    net_minor: int | None = None
    vat_minor: int | None = None
    rate: str = ""
    """P_12Z: 23, 8, 5, 0 KR, 0 WDT, 0 EX, zw, oo, np I, np II …"""
    is_before: bool = False
    """StanPrzedZ: the state before the correction"""
    extra: tuple[Element, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Order:
    """The order or contract of an advance invoice (Zamowienie); `gross_minor` is its value with VAT."""

    gross_minor: int
    lines: tuple[OrderLine, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class PolishLine:
    """What a line of FA(3) says beyond the standard."""

    rate: str = ""
    """P_12 where category and rate do not tell it: 22, 7, 4, 3, np I, np II"""
    is_before: bool = False
    """StanPrzed: the line as it was before the correction; it counts against the lines after"""
    gross_price: Decimal | None = None
    """P_9B, with VAT (art. 106e ust. 7 and 8)"""
    gross_minor: int | None = None
    """P_11A, with VAT"""
    vat_minor: int | None = None
    """P_11Vat"""
    annex_15: bool = False
    """P_12_Zal_15: goods or services of annex 15"""
    gtu: str = ""
    """GTU_01 … GTU_13"""
    procedure: str = ""
    exchange_rate: Decimal | None = None
    """KursWaluty"""
    discount: Decimal | None = None
    """P_10 where it is no allowance of the line: told only, already in the net amount"""
    extra: tuple[Element, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class PolishTerms:
    """What an FA(3) says beyond the standard; an invoice without it is an ordinary one by the defaults."""

    kind: FaKind | None = None
    """RodzajFaktury; from the invoice's kind where it is None"""
    made_at: datetime.datetime | None = None
    """DataWytworzeniaFa, aware UTC; midnight of the issue date where it is None"""
    system: str = ""
    place: str = ""
    """P_1M"""
    cash_method: bool = False
    """P_16"""
    self_billed: bool = False
    """P_17; true by itself for self-billed kinds"""
    reverse_charge: bool = False
    """P_18; true by itself where a line is "oo\""""
    split_payment: bool = False
    """P_18A: mechanizm podzielonej płatności"""
    triangular: bool = False
    """P_23"""
    exemption_act: str = ""
    """P_19A: the provision of the act"""
    exemption_directive: str = ""
    """P_19B: the provision of directive 2006/112/EC"""
    exemption_other: str = ""
    """P_19C: another legal ground"""
    is_local_government_unit: bool = False
    """JST of the buyer"""
    is_vat_group_member: bool = False
    """GV of the buyer"""
    exchange_rate: Decimal | None = None
    """KursWalutyZ, of an advance in a foreign currency"""
    correction_reason: str = ""
    """PrzyczynaKorekty"""
    correction_effect: CorrectionEffect | None = None
    corrected: tuple[CorrectedInvoice, ...] = ()
    seller_before: Element | None = None
    """Podmiot1K"""
    buyers_before: tuple[Element, ...] = ()
    """Podmiot2K"""
    paid_before_minor: int | None = None
    """P_15ZK: the payment before the correction of an advance, what was left to pay before that of a final invoice"""
    paid_before_rate: Decimal | None = None
    """KursWalutyZK"""
    advances: tuple[AdvanceInvoice, ...] = ()
    partial_advances: tuple[PartialAdvance, ...] = ()
    order: Order | None = None
    is_paid: bool = False
    """Zaplacono"""
    paid_date: datetime.date | None = None
    payment_link: str = ""
    """LinkDoPlatnosci"""
    payment_id: str = ""
    """IPKSeF"""
    descriptions: tuple[tuple[str, str], ...] = ()
    """DodatkowyOpis of the whole invoice: key and value"""
    third_parties: tuple[Element, ...] = ()
    """Podmiot3: recipients, factors, further buyers …, as they came or were built"""
    extra: tuple[tuple[str, Element], ...] = ()
    """Whatever else came, each with the path of the element it stands in: ("Fa/Platnosc", …)"""
