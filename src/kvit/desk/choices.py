"""What can be chosen in the desk's forms, in the reader's words; each function is asked when the form is shown."""

from typing import Final

from kvit.base.login import Role
from kvit.pages import figures, words
from kvit.pages.words import gettext as _
from kvit.parties.domain.contacts import Channel, Purpose
from kvit.parties.domain.identities import COMPANIES_ONLY, PERSONS_ONLY, IdentityKind
from kvit.parties.domain.register import PartyKind

Choices = list[tuple[str, str]]
CURRENCIES: Final = [
    (code, code) for code in ("SEK", "PLN", "RON", "EUR", "USD", "GBP", "DKK", "NOK", "CHF", "CZK", "HUF")
]
LANGUAGES: Final = list(words.NAMES.items())
_COUNTRIES: Final = frozenset(
    {"AT", "BE", "BG", "CH", "CY", "CZ", "DE", "DK", "EE", "ES", "FI", "FR", "GB", "GR", "HR", "HU", "IE", "IS", "IT"}
    | {"LI", "LT", "LU", "LV", "MD", "MT", "NL", "NO", "PL", "PT", "RO", "SE", "SI", "SK", "UA", "US"}
)


def countries() -> Choices:
    """Countries by name: Europe's, and the United States."""
    names = figures.locale_of(words.current()).territories
    return sorted(((code, str(names[code])) for code in _COUNTRIES), key=lambda pair: pair[1])


def party_kinds() -> Choices:
    """A company or a person."""
    return [(PartyKind.COMPANY.value, _("Company")), (PartyKind.PERSON.value, _("Person"))]


def purposes() -> Choices:
    """What is sent there."""
    texts = {
        Purpose.GENERAL: _("Everything"),
        Purpose.INVOICES: _("Invoices"),
        Purpose.REMINDERS: _("Reminders"),
        Purpose.STATEMENTS: _("Statements of account"),
        Purpose.CONFIRMATIONS: _("Balance confirmations"),
        Purpose.TAX_NOTICES: _("Tax notices"),
    }
    return [(purpose.value, text) for purpose, text in texts.items()]


def channels() -> Choices:
    """How it gets there."""
    texts = {
        Channel.EMAIL: _("E-mail"),
        Channel.SMS: _("Text message"),
        Channel.PHONE: _("Telephone"),
        Channel.POST: _("Post"),
    }
    return [(channel.value, text) for channel, text in texts.items()]


def roles() -> Choices:
    """What somebody may do in a company."""
    texts = {
        Role.OWNER: _("Owner"),
        Role.MANAGER: _("Manager"),
        Role.CLERK: _("Clerk"),
        Role.ACCOUNTANT: _("Accountant"),
        Role.DISPATCHER: _("Dispatcher"),
        Role.AUDITOR: _("Auditor"),
    }
    return [(role.value, text) for role, text in texts.items()]


_NUMBERS: Final = {
    IdentityKind.NIP: "NIP",
    IdentityKind.REGON: "REGON",
    IdentityKind.PESEL: "PESEL",
    IdentityKind.CUI: "CUI",
    IdentityKind.CNP: "CNP",
    IdentityKind.ORGNR: "Organisationsnummer",
    IdentityKind.PERSONNR: "Personnummer",
    IdentityKind.LEI: "LEI",
    IdentityKind.IBAN: "IBAN",
    IdentityKind.BANKGIRO: "Bankgiro",
    IdentityKind.PLUSGIRO: "Plusgiro",
}


def number_name(kind: IdentityKind) -> str:
    """What a kind of number is called; most have one name in every language."""
    if kind is IdentityKind.VAT:
        return _("VAT number")
    return _("Number as a customer") if kind is IdentityKind.CUSTOMER_NUMBER else _NUMBERS[kind]


def number_of_country(country: str) -> str:
    """The kind of number by which a country knows its companies."""
    kinds = {"PL": IdentityKind.NIP, "RO": IdentityKind.CUI, "SE": IdentityKind.ORGNR}
    return kinds.get(country, IdentityKind.VAT).value


def numbers_of_companies() -> Choices:
    """Kinds of number that a company may have."""
    return [(kind.value, number_name(kind)) for kind in IdentityKind if kind not in PERSONS_ONLY]


def numbers_of_persons() -> Choices:
    """Kinds of number that a person may have."""
    return [(kind.value, number_name(kind)) for kind in IdentityKind if kind not in COMPANIES_ONLY]


def numbers_of_payers() -> Choices:
    """Kinds of number by which a customer is known; an account first, for it is what a payment comes from."""
    kinds = sorted(IdentityKind, key=lambda kind: kind is not IdentityKind.IBAN)
    return [(kind.value, number_name(kind)) for kind in kinds]
