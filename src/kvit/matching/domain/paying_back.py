"""What a payment file says of a refund: the payer's account as it can be named, the rules, and words for the payer."""

from collections.abc import Mapping
from typing import Final

from kvit.formats.bank.pain.order import Account, Bankgiro, Iban, KsefExemption, Scheme
from kvit.kernel.identifiers import iban, pl_nrb, se_bankgiro
from kvit.parties.domain.register import Language

SCHEMES: Final[Mapping[str, Scheme]] = {
    "EUR": Scheme.SEPA,
    "SEK": Scheme.SWEDEN,
    "PLN": Scheme.POLAND,
    "RON": Scheme.ROMANIA,
}
"""By whose rules money of a currency goes back; of other currencies no file is made."""

_WORDS: Final[Mapping[Language, str]] = {
    Language.ENGLISH: "Refund",
    Language.POLISH: "Zwrot",
    Language.SWEDISH: "Återbetalning",
    Language.ROMANIAN: "Rambursare",
}


def payee_account(account: str, currency: str) -> Account | None:
    """The account that a payment came from, where a payment file can name it; else None.

    An IBAN; a Polish number without its country code (NRB) for zloty; a bankgiro for kronor. What banks write
    otherwise (clearing and account number run together) cannot be told apart for certain.
    """
    if iban.is_valid(account):
        return Iban(iban.compact(account))
    if currency == "PLN" and pl_nrb.is_valid(account):
        return Iban(f"PL{pl_nrb.compact(account)}")
    if currency == "SEK" and se_bankgiro.is_valid(account):
        return Bankgiro(se_bankgiro.compact(account))
    return None


def ksef_of(scheme: Scheme) -> KsefExemption | None:
    """Money that goes back pays no invoice, which a Polish transfer has to say (VAT act art. 108g)."""
    return KsefExemption.NO_INVOICE if scheme is Scheme.POLAND else None


def words_for(language: Language, told: str) -> str:
    """What the payer reads on the statement; `told` is the payment's own reference or its day."""
    return f"{_WORDS[language]} {told}".strip()
