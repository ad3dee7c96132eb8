"""What can be chosen in the desk's forms, in the reader's words; each function is asked when the form is shown."""

from typing import Final

from kvit.base.login import Role
from kvit.matching.domain import Mode
from kvit.matching.domain.adjustments import ADJUSTMENT_ACCOUNTS, ASIDE_ACCOUNTS, ShortPay
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


def shorts() -> Choices:
    """Why less was paid than is due."""
    texts = {
        ShortPay.DISCOUNT: _("Discount taken"),
        ShortPay.DISPUTE: _("Disputed"),
        ShortPay.RETURN: _("Goods returned"),
        ShortPay.FEE: _("Fee deducted"),
        ShortPay.WITHHOLDING: _("Tax withheld"),
        ShortPay.MISTAKE: _("Paid too little by mistake"),
        ShortPay.INSTALMENT: _("Instalment"),
        ShortPay.OTHER: _("Another reason"),
    }
    return [(short.value, text) for short, text in texts.items()]


def adjustments() -> Choices:
    """What may stand between the money that came and what customers are credited with."""
    texts = {
        "bank_fees": _("Fee kept by the bank"),
        "exchange_difference": _("Exchange difference"),
        "write_off": _("Rest written off"),
        "discounts": _("Discount taken"),
        "rounding": _("Rounding"),
        "reminder_fees": _("Reminder fee paid on top"),
        "interest_income": _("Interest paid on top"),
    }
    return [(code, texts.get(code, name)) for code, name in ADJUSTMENT_ACCOUNTS.items()]


def aside_accounts() -> Choices:
    """What a movement that is no customer's may be."""
    texts = {
        "bank_fees": _("Bank fees"),
        "tax_account": _("Tax office"),
        "salaries": _("Wages"),
        "loans": _("Loans and interest"),
        "own_transfers": _("Transfer between own accounts"),
        "suppliers_paid": _("Supplier"),
        "other_income": _("Other income"),
        "other_costs": _("Other costs"),
        "owner": _("Owner's money in or out"),
    }
    return [(code, texts.get(code, name)) for code, name in ASIDE_ACCOUNTS.items()]


def accounts_by_code() -> dict[str, str]:
    """Accounts beside the customers' by their codes."""
    return dict(aside_accounts()) | dict(adjustments())


def modes() -> list[tuple[str, str, str]]:
    """What the robot may do: code, name, what it means."""
    texts = {
        Mode.OFF: (_("Off"), _("Every payment waits for a person. Nothing is suggested and nothing is booked.")),
        Mode.SHADOW: (
            _("Shadow"),
            _("Every payment waits for a person, with what the robot would have done. Nothing is booked by itself."),
        ),
        Mode.LIVE: (_("Live"), _("What is sure enough is booked by itself, with the reason; the rest waits.")),
    }
    return [(mode.value, *text) for mode, text in texts.items()]


def numbers_of_sellers() -> Choices:
    """Kinds of number that stand on an invoice under who sells."""
    kinds = (IdentityKind.NIP, IdentityKind.ORGNR, IdentityKind.CUI, IdentityKind.VAT)
    return [(kind.value, number_name(kind)) for kind in kinds]


def numbers_of_payers() -> Choices:
    """Kinds of number by which a customer is known; an account first, for it is what a payment comes from."""
    kinds = sorted(IdentityKind, key=lambda kind: kind is not IdentityKind.IBAN)
    return [(kind.value, number_name(kind)) for kind in kinds]
