"""What a bank's CSV looks like, as data: columns and their roles, dates, signs, decimals, what stands around."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, fields
from enum import StrEnum
from typing import Any, ClassVar, Final

from kvit.kernel import currencies
from kvit.kernel.refusals import DomainError


class Role(StrEnum):
    """What a column holds. AMOUNT is signed, or unsigned beside MARK; else DEBIT and CREDIT stand apart."""

    BOOKING_DATE = "booking_date"
    VALUE_DATE = "value_date"
    AMOUNT = "amount"
    DEBIT = "debit"
    CREDIT = "credit"
    MARK = "mark"
    CURRENCY = "currency"
    BALANCE = "balance"
    NAME = "name"
    ACCOUNT = "account"
    TEXT = "text"
    BANK_TEXT = "bank_text"
    REFERENCE = "reference"
    BANK_ID = "bank_id"
    PARTY_ID = "party_id"
    OWN_ACCOUNT = "own_account"


class Around(StrEnum):
    """What a labelled cell above or below the table holds."""

    OWN_ACCOUNT = "own_account"
    CURRENCY = "currency"
    OPENING = "opening"
    CLOSING = "closing"
    IGNORED = "ignored"


DATE_FORMATS: Final = ("YYYY-MM-DD", "DD.MM.YYYY", "DD-MM-YYYY", "DD/MM/YYYY", "MM/DD/YYYY", "YYYY/MM/DD", "YYYYMMDD")
DELIMITERS: Final = (";", ",", "\t", "|")


class UnusableProfile(DomainError):
    """The profile cannot read a statement; the text says what is missing or wrong."""

    code: ClassVar[str] = "unusable_profile"


@dataclass(frozen=True, slots=True, kw_only=True)
class Profile:
    """How to read one bank's CSV.

    `columns` pairs a role with the name in the header line; TEXT and NAME may come several times and are
    joined. Names are compared without case, blanks around and a leading "#". A file has this form when all
    names stand in one line among its first forty. `decimal` is "," or "."; `thousands` what stands
    between groups of three digits, "" for nothing (blanks are always passed over). `currency` is that of a
    file which names none. `labels` are words inside text columns and the role of what follows them;
    with `rest_is_text` columns without a name are text. `around` are labels above and below the table.
    `credit_marks` and `debit_marks` are the values of MARK. `not_booked` marks an announcement in
    the booking day's column. `encoding` "" is guessed from the content. `account` is the one a file is of
    which names none.
    """

    key: str
    name: str
    country: str
    delimiter: str
    columns: tuple[tuple[Role, str], ...]
    date_format: str = "YYYY-MM-DD"
    decimal: str = ","
    thousands: str = ""
    currency: str = ""
    encoding: str = ""
    labels: tuple[tuple[str, Role], ...] = ()
    rest_is_text: bool = False
    around: tuple[tuple[str, Around], ...] = ()
    credit_marks: tuple[str, ...] = ()
    debit_marks: tuple[str, ...] = ()
    not_booked: tuple[str, ...] = ()
    account: str = ""

    def __post_init__(self) -> None:
        """Refuses UnusableProfile."""
        roles = [role for role, _ in self.columns]
        for role in set(roles):
            if roles.count(role) > 1 and role not in (Role.TEXT, Role.NAME, Role.BANK_TEXT):
                raise UnusableProfile(f"two columns are named as {role}")
        if Role.BOOKING_DATE not in roles and Role.VALUE_DATE not in roles:
            raise UnusableProfile("no column is named as the booking date")
        if Role.AMOUNT not in roles and not {Role.DEBIT, Role.CREDIT} <= set(roles):
            raise UnusableProfile("no column is named as the amount, nor two as debit and credit")
        if Role.MARK in roles and not (self.credit_marks and self.debit_marks):
            raise UnusableProfile("it is not said which marks mean credit and which debit")
        if len({normal(name) for _, name in self.columns}) < len(self.columns):
            raise UnusableProfile("a column has two roles")
        self._check_writing()

    def _check_writing(self) -> None:
        if self.date_format not in DATE_FORMATS:
            raise UnusableProfile(f"dates are written in one of {', '.join(DATE_FORMATS)}")
        if (
            self.decimal not in (",", ".")
            or self.thousands not in ("", ",", ".", "'", " ")
            or self.decimal == self.thousands
        ):
            raise UnusableProfile("the decimal sign is a comma or a point, and not that between thousands")
        if self.delimiter not in DELIMITERS:
            raise UnusableProfile("columns are separated by a semicolon, a comma, a tab or a bar")
        if self.currency and self.currency not in currencies.known():
            raise UnusableProfile(f"{self.currency} is not a currency")

    def signature(self) -> frozenset[str]:
        """The names a header line must have, normalised."""
        return frozenset(normal(name) for _, name in self.columns)


def normal(name: str) -> str:
    """A column's name as it is compared."""
    return " ".join(name.replace("\ufeff", "").strip().lstrip("#").split()).casefold()


def to_plain(profile: Profile) -> dict[str, Any]:
    """The profile as plain values for JSON."""
    return asdict(profile)


def from_plain(plain: Mapping[str, Any]) -> Profile:
    """The profile that `to_plain` wrote. Refuses UnusableProfile: unknown fields, roles, missing ones."""
    known = {field.name for field in fields(Profile)}
    if unknown := set(plain) - known:
        raise UnusableProfile(f"these fields are not known: {', '.join(sorted(unknown))}")
    try:
        return Profile(
            **{
                **plain,
                "columns": tuple((Role(role), str(name)) for role, name in plain["columns"]),
                "labels": tuple((str(label), Role(role)) for label, role in plain.get("labels", ())),
                "around": tuple((str(label), Around(role)) for label, role in plain.get("around", ())),
                **{name: tuple(plain.get(name, ())) for name in ("credit_marks", "debit_marks", "not_booked")},
            }
        )
    except (KeyError, TypeError, ValueError) as error:
        raise UnusableProfile(f"the profile is not whole: {error}") from None
