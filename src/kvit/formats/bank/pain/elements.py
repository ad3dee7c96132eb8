"""The XML elements that pain.001 and pain.008 share: header, parties, accounts, banks, remittance."""

import datetime
from typing import Final
from xml.etree.ElementTree import Element, SubElement, tostring

from kvit.formats.bank.pain import order
from kvit.formats.bank.pain.order import Party, Version
from kvit.formats.writing import Checks
from kvit.kernel.identifiers import bic, iban, pl_nrb, se_bankgiro
from kvit.kernel.money import Money

BANKGIRO_CLEARING: Final = "9900"
_ID: Final = 35
_CLEARING_DIGITS: Final = 4
_ACCOUNT_DIGITS: Final = 12
_NEWER: Final = frozenset({Version.PAIN_001_09, Version.PAIN_008_08})


class Writer:
    """Puts elements into one document of one version; texts and problems go through `checks`."""

    def __init__(self, version: Version, checks: Checks) -> None:
        self.version = version
        self.checks = checks
        self.root = Element("Document", {"xmlns": f"urn:iso:std:iso:20022:tech:xsd:{version}"})
        self._seen: set[str] = set()

    @property
    def is_newer(self) -> bool:
        """Versions of 2019, in which a BIC is `BICFI` and an execution date has a choice around it."""
        return self.version in _NEWER

    def content(self) -> bytes:
        """The document in UTF-8 with its declaration."""
        declaration = b'<?xml version="1.0" encoding="UTF-8"?>\n'
        text: str = tostring(self.root, encoding="unicode")
        return declaration + text.encode() + b"\n"

    def code(self, place: str, text: str, *, limit: int = _ID) -> str:
        """A reference of the file, unique among those of its kind."""
        kind = place.rsplit("/", 1)[-1]
        known = f"{kind}={text}"
        self.checks.require(known not in self._seen, place, f"{text!r} stands in this file twice")
        self._seen.add(known)
        return self.checks.code(place, text, limit=limit)

    def header(
        self,
        message: Element,
        *,
        message_id: str,
        created_at: datetime.datetime,
        initiator: Party,
        amounts: list[Money],
    ) -> None:
        """`GrpHdr` with the number and the sum of all payments."""
        self.checks.require(created_at.tzinfo is not None, "created_at", "is an instant without its offset")
        group = SubElement(message, "GrpHdr")
        put(group, "MsgId", self.checks.code("message_id", message_id, limit=_ID))
        put(group, "CreDtTm", created_at.astimezone(datetime.UTC).strftime("%Y-%m-%dT%H:%M:%SZ"))
        self.sums(group, amounts)
        self.party(SubElement(group, "InitgPty"), "initiator", initiator, limit=70, has_address=False)

    def sums(self, element: Element, amounts: list[Money]) -> None:
        """`NbOfTxs` and `CtrlSum`: the plain sum of the numbers, whatever their currencies."""
        put(element, "NbOfTxs", str(len(amounts)))
        put(element, "CtrlSum", f"{sum(amount.to_decimal() for amount in amounts):f}")

    def party(self, element: Element, place: str, party: Party, *, limit: int, has_address: bool = True) -> None:
        """Name, structured address, identifier."""
        checks = self.checks
        put(element, "Nm", checks.text(f"{place}/name", party.name, limit=limit, required=True))
        fields = {
            "StrtNm": checks.text(f"{place}/street", party.street, limit=70),
            "BldgNb": checks.text(f"{place}/building", party.building, limit=16),
            "PstCd": checks.text(f"{place}/postcode", party.postcode, limit=16),
            "TwnNm": checks.text(f"{place}/town", party.town, limit=35),
            "Ctry": self._country(place, party),
        }
        if has_address and any(fields.values()):
            checks.require(bool(fields["TwnNm"] and fields["Ctry"]), place, "an address has at least town and country")
            address = SubElement(element, "PstlAdr")
            for name, value in fields.items():
                put(address, name, value)
        if party.identifier:
            other = nested(element, "Id", "OrgId", "Othr")
            put(other, "Id", checks.code(f"{place}/identifier", party.identifier, limit=_ID))

    def _country(self, place: str, party: Party) -> str:
        country = party.country
        is_code = country == "" or (len(country) == 2 and country.isascii() and country.isalpha() and country.isupper())
        self.checks.require(is_code, f"{place}/country", f"{country!r} is not a country's two capital letters")
        return country if is_code else ""

    def account(self, element: Element, place: str, account: order.Account) -> None:
        """`Id` of an account by its kind."""
        checks = self.checks
        match account:
            case order.Iban():
                put(SubElement(element, "Id"), "IBAN", checks.identifier(place, iban.validate, account.number))
            case order.Bankgiro():
                number = checks.identifier(place, se_bankgiro.validate, account.number)
                self._other(element, number, kind="Prtry", name="BGNR")
            case order.SwedishAccount():
                fits = (
                    account.number.isascii() and account.number.isdecimal() and len(account.number) <= _ACCOUNT_DIGITS
                )
                checks.require(fits, place, f"an account number has 1 to {_ACCOUNT_DIGITS} digits")
                self._other(element, account.clearing + account.number, kind="Cd", name="BBAN")

    def _other(self, element: Element, number: str, *, kind: str, name: str) -> None:
        other = nested(element, "Id", "Othr")
        put(other, "Id", number)
        put(SubElement(other, "SchmeNm"), kind, name)

    def bank(self, element: Element, place: str, account: order.Account, *, is_required: bool = True) -> None:
        """`FinInstnId` of the bank that keeps the account: BIC, clearing number, or that none was given."""
        institution = SubElement(element, "FinInstnId")
        match account:
            case order.Bankgiro():
                self._clearing(institution, "SESBA", BANKGIRO_CLEARING)
            case order.SwedishAccount():
                digits = account.clearing
                fits = digits.isascii() and digits.isdecimal() and len(digits) == _CLEARING_DIGITS
                self.checks.require(fits, place, "a clearing number has four digits")
                self._clearing(institution, "SESBA", digits)
            case order.Iban() if account.bic:
                found = self.checks.identifier(f"{place}/bic", bic.validate, account.bic)
                put(institution, "BICFI" if self.is_newer else "BIC", found)
            case order.Iban() if account.number.strip().upper().startswith("PL") and pl_nrb.is_valid(account.number):
                self._clearing(institution, "PLKNR", pl_nrb.bank(account.number))
            case _:
                put(SubElement(institution, "Othr"), "Id", "NOTPROVIDED")

    def _clearing(self, institution: Element, system: str, number: str) -> None:
        member = SubElement(institution, "ClrSysMmbId")
        put(SubElement(member, "ClrSysId"), "Cd", system)
        put(member, "MmbId", number)

    def reference(self, element: Element, reference: str, *, issuer: str = "") -> None:
        """`Strd`: a reference that the payee gave (SCOR)."""
        structured = nested(element, "Strd", "CdtrRefInf")
        kind = SubElement(structured, "Tp")
        put(SubElement(kind, "CdOrPrtry"), "Cd", "SCOR")
        put(kind, "Issr", issuer)
        put(structured, "Ref", reference)


def put(element: Element, name: str, text: str) -> None:
    """A child with a text; none where there is no text."""
    if text:
        SubElement(element, name).text = text


def nested(element: Element, *names: str) -> Element:
    """A child of a child …; the innermost."""
    for name in names:
        element = SubElement(element, name)
    return element


def put_amount(element: Element, amount: Money) -> None:
    """`InstdAmt` with its currency."""
    child = SubElement(element, "InstdAmt", {"Ccy": amount.currency})
    child.text = f"{amount.to_decimal():f}"
