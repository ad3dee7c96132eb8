"""What a bank's CSV looks like, as data: columns and their roles, dates, signs, decimals, what stands around."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, fields
from enum import StrEnum
from typing import Any, ClassVar, Final

from kvit.formats.bank import sentences
from kvit.kernel import currencies
from kvit.kernel.refusals import DomainError
from kvit.kernel.results import Told


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

    def __init__(self, text: str, *told: Told) -> None:
        """`told` is the text once more as codes and values, where a person chose what is wrong."""
        super().__init__(text)
        self.told = told


def _unusable(code: str, /, **values: str) -> UnusableProfile:
    told = Told(code, tuple(values.items()))
    return UnusableProfile(sentences.english(told), told)


@dataclass(frozen=True, slots=True, kw_only=True)
class Profile:
    """How to read one bank's CSV.

    `columns` pairs a role with the name in the header line; TEXT and NAME may come several times and are
    joined. Names are compared without case, blanks around and a leading "#". A file has this form when all
    names stand in one line among its first forty. `decimal` is "," or "."; `thousands` what stands
    between groups of three digits, "" for nothing (blanks are always passed over). `currency` is that of a
    file which names none. `labels` are words inside text columns and the role of what follows them;
    with `rest_is_text` columns without a name are text. `around` are labels above and below the table.
    `credit_marks` and `debit_marks` are the values of MARK; any other is a problem. With
    `outgoing_is_positive` an AMOUNT without MARK has its minus where money came in. `not_booked` marks an
    announcement in the booking day's column. `encoding` "" is guessed from the content.
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
    outgoing_is_positive: bool = False

    def __post_init__(self) -> None:
        """Refuses UnusableProfile."""
        roles = [role for role, _ in self.columns]
        for role in set(roles):
            if roles.count(role) > 1 and role not in (Role.TEXT, Role.NAME, Role.BANK_TEXT):
                raise _unusable("two_columns", role=role)
        if Role.BOOKING_DATE not in roles and Role.VALUE_DATE not in roles:
            raise _unusable("no_date_column")
        if Role.AMOUNT not in roles and not {Role.DEBIT, Role.CREDIT} <= set(roles):
            raise _unusable("no_amount_column")
        if Role.MARK in roles and not (self.credit_marks or self.debit_marks):
            raise _unusable("no_marks")
        if len({normal(name) for _, name in self.columns}) < len(self.columns):
            raise _unusable("two_roles")
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
