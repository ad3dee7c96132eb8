"""The simulated companies: what they sell, where they bank, and on what terms; all invented."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Final

from typing_extensions import override

from kvit.kernel.identifiers import iban, se_bankgiro
from kvit.kernel.identifiers.pl_virtual_account import VirtualAccountMask


class Trade(StrEnum):
    """What a company lives on; it decides what is invoiced when."""

    TELECOM = "telecom"
    CLINIC = "clinic"
    ENERGY = "energy"
    TRACKING = "tracking"


class Payers(StrEnum):
    """How tidy a company's customers are when they pay: as people mostly are, or as badly as matching is tried with."""

    USUAL = "usual"
    UNTIDY = "untidy"


class Dialect(StrEnum):
    """How a bank writes its files: the format, and what this country's banks make of it."""

    BGMAX = "bgmax"
    CAMT_SE = "camt_se"
    CAMT_PL = "camt_pl"
    CAMT_RO = "camt_ro"
    MT940_PL = "mt940_pl"
    MT940_RO = "mt940_ro"


@dataclass(frozen=True, slots=True)
class Account:
    """An account at a bank and how its file looks; `opening_minor` is what stood on it before the first day.

    `pays_bills`: suppliers, wages and fees go off this account. `deposit_account`, of a bankgiro: where the clearing
    house puts the money; that account is another bank's, and no file of it comes here.
    """

    code: str
    number: str
    name: str
    dialect: Dialect
    opening_minor: int = 0
    pays_bills: bool = False
    deposit_account: str = ""


@dataclass(frozen=True, slots=True)
class Route:
    """A way for customers to pay: onto which account, and how many of 100 persons and firms take it.

    `is_virtual`: each customer pays to a number of their own, which the bank turns into this account.
    """

    account: str
    persons: int
    firms: int
    is_virtual: bool = False


@dataclass(frozen=True, slots=True)
class Company:
    """A company of the world. `firms` is how many of 100 customers are firms; terms are days from issue.

    On the bank days from the first to the last of `crossed`, payers quote each other's references: the slips of equal
    invoices were put into the wrong envelopes.
    """

    code: str
    name: str
    country: str
    currency: str
    trade: Trade
    accounts: tuple[Account, ...]
    routes: tuple[Route, ...]
    customers: int
    firms: int
    terms_persons: int
    terms_firms: int
    mask: VirtualAccountMask | None = None
    payers: Payers = Payers.USUAL
    crossed: tuple[date, date] | None = None

    @override
    def __hash__(self) -> int:
        return hash(self.code)

    def account(self, code: str) -> Account:
        """The account of this code."""
        return next(account for account in self.accounts if account.code == code)


_NORDLJUS: Final = Company(
    code="nordljus",
    name="Nordljus Bredband AB",
    country="SE",
    currency="SEK",
    trade=Trade.TELECOM,
    accounts=(
        Account(
            "giro",
            "9912346",
            f"Bankgiro {se_bankgiro.format('9912346')}",
            Dialect.BGMAX,
            deposit_account="58410000010098232",
        ),
        Account("main", "SE4550000000058398257466", "Affärskonto", Dialect.CAMT_SE, 25_000_000, pays_bills=True),
    ),
    routes=(Route("giro", persons=72, firms=80), Route("main", persons=28, firms=20)),
    customers=300,
    firms=30,
    terms_persons=30,
    terms_firms=30,
)

_LINDEN: Final = Company(
    code="linden",
    name="Lindens Läkarhus AB",
    country="SE",
    currency="SEK",
    trade=Trade.CLINIC,
    accounts=(
        Account(
            "giro",
            "58056201",
            f"Bankgiro {se_bankgiro.format('58056201')}",
            Dialect.BGMAX,
            deposit_account="58410000010077315",
        ),
        Account(
            "main",
            iban.make("SE", "60000000000912345678"),
            "Företagskonto",
            Dialect.CAMT_SE,
            41_300_000,
            pays_bills=True,
        ),
    ),
    routes=(Route("giro", persons=55, firms=70), Route("main", persons=45, firms=30)),
    customers=200,
    firms=12,
    terms_persons=20,
    terms_firms=30,
)

_PROMIEN: Final = Company(
    code="promien",
    name="Promień Energia sp. z o.o.",
    country="PL",
    currency="PLN",
    trade=Trade.ENERGY,
    accounts=(
        Account("main", "PL61109010140000071219812874", "Rachunek główny", Dialect.CAMT_PL, 18_450_000),
        Account(
            "second",
            iban.make("PL", "114020040000300201355387"),
            "Rachunek pomocniczy",
            Dialect.MT940_PL,
            6_120_000,
            pays_bills=True,
        ),
    ),
    routes=(Route("main", persons=88, firms=55, is_virtual=True), Route("second", persons=12, firms=45)),
    customers=300,
    firms=25,
    terms_persons=14,
    terms_firms=21,
    mask=VirtualAccountMask(bank="10901014", client="7788001"),
)

_TRASEU: Final = Company(
    code="traseu",
    name="Traseu Sigur SRL",
    country="RO",
    currency="RON",
    trade=Trade.TRACKING,
    accounts=(
        Account("main", "RO49AAAA1B31007593840000", "Cont curent", Dialect.CAMT_RO, 9_870_000, pays_bills=True),
        Account("second", iban.make("RO", "RZBR0000060014225381"), "Cont încasări", Dialect.MT940_RO, 1_240_000),
    ),
    routes=(Route("main", persons=60, firms=55), Route("second", persons=40, firms=45)),
    customers=150,
    firms=92,
    terms_persons=15,
    terms_firms=30,
)

COMPANIES: Final[Mapping[str, Company]] = {company.code: company for company in (_NORDLJUS, _LINDEN, _PROMIEN, _TRASEU)}
"""Every company of the world by its code, in the order in which they open."""
