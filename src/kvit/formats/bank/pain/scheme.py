"""What each scheme asks of a credit transfer: currencies, characters, accounts, and the text for the payee.

Sources: EPC132-08 (SEPA credit transfer, customer to bank); Swedish common interpretation of ISO 20022, appendix 1
(bankgiro as BGNR under clearing number 9900, OCR as SCOR); for Poland the bank association's recommendation on
pain.001 and the VAT act art. 108a and 108g; for Romania IBAN transfers in lei.
"""

import datetime
from dataclasses import dataclass
from typing import Final

from kvit.formats.bank.pain import order
from kvit.formats.bank.pain.order import Scheme, Transfer
from kvit.formats.writing import POLAND, SEPA, SWEDEN, CharacterSet, Checks
from kvit.kernel.identifiers import pl_ksef_number, pl_nip, rf, se_ocr

KSEF_FROM: Final = datetime.date(2027, 1, 1)
SHORTEST_TITLE: Final = 140
_MOST_DOMESTIC: Final = 10**15 - 1
_VAT_CHARACTERS: Final = 10
_INVOICE_CHARACTERS: Final = 35
_TEXT_CHARACTERS: Final = 33


@dataclass(frozen=True, slots=True)
class SchemeRules:
    """Characters, currencies, the largest amount, and from which countries' IBANs it is paid; None: any."""

    charset: CharacterSet
    currencies: frozenset[str]
    most_minor: int
    service_level: str
    iban_country: str | None
    name_limit: int


RULES: Final = {
    Scheme.SEPA: SchemeRules(SEPA, frozenset({"EUR"}), 99_999_999_999, "SEPA", None, 70),
    Scheme.SWEDEN: SchemeRules(SWEDEN, frozenset({"SEK"}), _MOST_DOMESTIC, "NURG", "SE", 70),
    Scheme.POLAND: SchemeRules(POLAND, frozenset({"PLN"}), _MOST_DOMESTIC, "NURG", "PL", 70),
    Scheme.ROMANIA: SchemeRules(SEPA, frozenset({"RON"}), _MOST_DOMESTIC, "NURG", "RO", 70),
}


@dataclass(frozen=True, slots=True)
class Title:
    """What the payee gets to read: words, or a structured reference, never both."""

    text: str = ""
    reference: str = ""


def title(checks: Checks, place: str, transfer: Transfer, scheme: Scheme, day: datetime.date) -> Title:
    """The title of a transfer by its scheme's rules, problems and notes noted at `place`."""
    _check_ksef(checks, place, transfer, scheme, day)
    remittance = transfer.remittance
    match remittance:
        case order.Ocr():
            checks.require(scheme is Scheme.SWEDEN, f"{place}/remittance", "an OCR reference is Swedish")
            return Title(reference=checks.identifier(f"{place}/remittance", se_ocr.validate, remittance.number))
        case order.CreditorReference():
            checks.require(
                not _ksef_text(transfer.ksef),
                f"{place}/remittance",
                "a number from KSeF goes into words; a structured reference leaves no room for it",
            )
            return Title(reference=checks.identifier(f"{place}/remittance", rf.validate, remittance.number))
        case order.SplitPayment():
            return Title(text=split_payment_text(checks, place, transfer, remittance, scheme))
        case order.Message():
            known = _ksef_text(transfer.ksef)
            words = f"{known} {remittance.text.strip()}" if known else remittance.text
            return Title(text=checks.text(f"{place}/remittance", words, limit=SHORTEST_TITLE))


def split_payment_text(
    checks: Checks, place: str, transfer: Transfer, split: order.SplitPayment, scheme: Scheme
) -> str:
    """/VAT/ (10) /IDC/ (14) /INV/ (35) /TXT/ (33): the number from KSeF stands for the invoice's where there is one.

    The invoice's own number then goes before the words. An invoice number is never cut.
    """
    checks.require(scheme is Scheme.POLAND, f"{place}/remittance", "a split payment is Polish")
    checks.amount(f"{place}/remittance/vat", split.vat, currencies=frozenset({"PLN"}), most_minor=transfer.amount.minor)
    vat = f"{split.vat.to_decimal():f}".replace(".", ",")
    checks.require(len(vat) <= _VAT_CHARACTERS, f"{place}/remittance/vat", f"{vat} has more than 10 characters")
    nip = checks.identifier(f"{place}/remittance/seller_nip", pl_nip.validate, split.seller_nip)
    known = _ksef_text(transfer.ksef)
    words = f"{split.invoice_number} {split.text}" if known else split.text
    invoice = known or checks.text(
        f"{place}/remittance/invoice_number", split.invoice_number, limit=1_000, required=True
    )
    checks.require(
        len(invoice) <= _INVOICE_CHARACTERS,
        f"{place}/remittance/invoice_number",
        f"{invoice!r} has more than {_INVOICE_CHARACTERS} characters",
    )
    text = checks.text(f"{place}/remittance/text", words, limit=_TEXT_CHARACTERS)
    checks.require(
        "/TXT/" not in f"{invoice}/", f"{place}/remittance/invoice_number", "holds /TXT/, which begins the words"
    )
    return f"/VAT/{vat}/IDC/{nip}/INV/{invoice}" + (f"/TXT/{text}" if text else "")


def _check_ksef(checks: Checks, place: str, transfer: Transfer, scheme: Scheme, day: datetime.date) -> None:
    """From 2027-01-01 a Polish transfer says the number from KSeF, or why it has none (VAT act art. 108g)."""
    if scheme is not Scheme.POLAND:
        checks.require(transfer.ksef is None, f"{place}/ksef", "numbers from KSeF belong to Polish transfers")
        return
    checks.require(
        transfer.ksef is not None or day < KSEF_FROM,
        f"{place}/ksef",
        f"from {KSEF_FROM} a transfer carries the KSeF number or collective identifier of what it pays; "
        "give it, or say why there is none",
    )
    if isinstance(transfer.ksef, order.KsefNumber):
        checks.identifier(f"{place}/ksef", pl_ksef_number.validate, transfer.ksef.number)
    if isinstance(transfer.ksef, order.KsefCollective):
        checks.code(f"{place}/ksef", transfer.ksef.identifier, limit=_INVOICE_CHARACTERS)


def _ksef_text(ksef: order.Ksef | None) -> str:
    match ksef:
        case order.KsefNumber():
            return pl_ksef_number.compact(ksef.number)
        case order.KsefCollective():
            return ksef.identifier
        case _:
            return ""
