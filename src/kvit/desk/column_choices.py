"""The form that says what the columns of a bank file hold, and the profile that comes of what was chosen."""

from collections.abc import Mapping
from typing import Any, Final

from django import forms
from typing_extensions import override

from kvit.formats.bank.tabular import guide
from kvit.formats.bank.tabular.marks import Marks, both_sides
from kvit.formats.bank.tabular.profile import DATE_FORMATS, Profile, Role
from kvit.pages import readings
from kvit.pages.words import gettext as _
from kvit.pages.words import lazy_gettext

FIELDS: Final = {
    Role.BOOKING_DATE: lazy_gettext("Booking date"),
    Role.VALUE_DATE: lazy_gettext("Value date"),
    Role.AMOUNT: lazy_gettext("Amount"),
    Role.MARK: lazy_gettext("In or out, as a mark"),
    Role.DEBIT: lazy_gettext("Money out (debit)"),
    Role.CREDIT: lazy_gettext("Money in (credit)"),
    Role.BALANCE: lazy_gettext("Balance"),
    Role.CURRENCY: lazy_gettext("Currency"),
    Role.NAME: lazy_gettext("Name of the other side"),
    Role.ACCOUNT: lazy_gettext("Account of the other side"),
    Role.REFERENCE: lazy_gettext("Reference"),
    Role.TEXT: lazy_gettext("Text"),
    Role.BANK_ID: lazy_gettext("The bank's number of the movement"),
    Role.OWN_ACCOUNT: lazy_gettext("Our own account"),
}
DAYS: Final = (Role.BOOKING_DATE, Role.VALUE_DATE)
MONEY: Final = (Role.AMOUNT, Role.MARK, Role.DEBIT, Role.CREDIT, Role.BALANCE, Role.CURRENCY)
TEXTS: Final = (Role.NAME, Role.ACCOUNT, Role.REFERENCE, Role.TEXT, Role.BANK_ID)
IN, OUT = "credit", "debit"
_NO_MARKS: Final = Marks((), (), ())
Accounts = Mapping[int, tuple[str, str, str]]


class ColumnsForm(forms.Form):
    """Which column holds what, how days and amounts are written, and which values mean money in and out."""

    profile_name = forms.CharField(label=lazy_gettext("What you call it"), max_length=120)
    date_format = forms.ChoiceField(
        label=lazy_gettext("How 31 March 2026 is written"),
        choices=[(name, readings.DAYS[name]) for name in DATE_FORMATS],
    )
    decimal = forms.ChoiceField(label=lazy_gettext("Decimal sign"), choices=[(",", "0,00"), (".", "0.00")])
    sign = forms.ChoiceField(
        label=lazy_gettext("Money out is written"),
        choices=[("minus", lazy_gettext("with a minus: −100")), ("plus", lazy_gettext("without: 100, and −100 is in"))],
    )

    def __init__(self, data: Any = None, *, proposal: guide.Proposal, accounts: Accounts, first: Mapping[str, Any]):
        """`first` are values of fields from elsewhere than the proposal."""
        super().__init__(None, initial={"sign": "minus", **_written(proposal.profile), **first})
        self._proposal, self._accounts = proposal, accounts
        self.fields["of_account"] = forms.ChoiceField(
            label=lazy_gettext("The account of this file"),
            required=False,
            choices=[("", "–"), *((str(key), f"{a[2]} · {a[0]} · {a[1]}") for key, a in accounts.items())],
        )
        names = [(column.name, column.name) for column in proposal.columns if column.name]
        chosen = {column.role: column.name for column in reversed(proposal.columns) if column.role is not None}
        for role, label in FIELDS.items():
            self.fields[role.value] = forms.ChoiceField(
                label=label, required=False, choices=[("", "–"), *names], initial=chosen.get(role, "")
            )
        self.marks = self._mark_fields(data)
        given = {name: self[name].value() for name in self.fields if data is None or name in self.marks}
        self.data = given | (dict(data.items()) if data is not None else {})
        self.is_bound = True

    def _mark_fields(self, data: Any) -> dict[str, str]:
        """A field for each value of the chosen column of marks: its name → the value."""
        wanted = self[Role.MARK.value].value() if data is None else data.get(Role.MARK.value, "")
        at = next((n for n, one in enumerate(self._proposal.columns) if one.name and one.name == wanted), None)
        found = self._proposal.columns[at].marks if at is not None else _NO_MARKS
        fields = {f"mark_{at}_{n}": value for n, value in enumerate(found.values)}
        for name, value in fields.items():
            self.fields[name] = forms.ChoiceField(
                label=f"“{value}”",
                choices=[("", "–"), (IN, lazy_gettext("money in")), (OUT, lazy_gettext("money out"))],
                initial=IN if value in found.credit else OUT if value in found.debit else "",
                error_messages={"required": lazy_gettext("Say whether it means money in or money out.")},
            )
        return fields

    @override
    def clean(self) -> dict[str, Any]:
        """Marks need a column of few values; a column is one thing."""
        given: dict[str, Any] = super().clean() or {}
        first: dict[str, Role] = {}
        for role in FIELDS:
            name = given.get(role.value, "")
            if name and first.setdefault(name, role) is not role:
                other = FIELDS[first[name]]
                self.add_error(role.value, _("This column is chosen for “%(other)s” already.") % {"other": other})
        if given.get(Role.MARK.value) and not self.marks:
            self.add_error(Role.MARK.value, _("This column holds too many different values to say in or out."))
        return given

    def account_id(self) -> int | None:
        """The account that was chosen for the file; none where a column names it."""
        chosen = self.cleaned_data.get("of_account") or ""
        return int(chosen) if chosen and not self.cleaned_data.get(Role.OWN_ACCOUNT.value) else None

    def profile(self, *, country: str, currency: str) -> Profile:
        """The profile that was chosen, in `currency` where no account was. Refuses UnusableProfile."""
        given = self.cleaned_data
        proposed = self._proposal.profile
        thousands = proposed.thousands if proposed and proposed.thousands != given["decimal"] else ""
        if proposed and proposed.decimal != given["decimal"] and proposed.thousands:
            thousands = proposed.decimal
        chosen = self.account_id()
        credit, debit = both_sides(
            *(tuple(value for name, value in self.marks.items() if given[name] == side) for side in (IN, OUT))
        )
        return Profile(
            key="own",
            name=given["profile_name"],
            country=country,
            currency=self._accounts[chosen][1] if chosen is not None else currency,
            delimiter=self._proposal.delimiter,
            date_format=given["date_format"],
            decimal=given["decimal"],
            thousands=thousands,
            columns=tuple((role, given[role.value]) for role in FIELDS if given[role.value]),
            credit_marks=credit,
            debit_marks=debit,
            outgoing_is_positive=given["sign"] == "plus",
        )


def _written(proposed: Profile | None) -> dict[str, object]:
    return {} if proposed is None else {"date_format": proposed.date_format, "decimal": proposed.decimal}
