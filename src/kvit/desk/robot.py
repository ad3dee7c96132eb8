"""The robot at the desk: what it did today and how well, and what the company lets it do."""

from datetime import date
from decimal import Decimal

from django import forms
from django.http import HttpRequest, HttpResponse

from kvit.desk import answers, choices, roles
from kvit.kernel.refusals import DomainError
from kvit.matching import commands as matching
from kvit.matching import queries
from kvit.matching.domain import Mode, RobotRule
from kvit.pages import access, evidence, rendering
from kvit.pages.forms import AmountField, NumberField
from kvit.pages.read import people
from kvit.pages.read import robot as reading
from kvit.pages.visitor import Staff
from kvit.pages.words import gettext as _
from kvit.pages.words import lazy_gettext

SHOWN = 25
_PPM = Decimal(10_000)


@access.staff()
def today(request: HttpRequest, who: Staff) -> HttpResponse:
    """What the robot linked on a day, with reasons and undo; how much, how well, and how old the bank's news is."""
    day = _day(request.GET.get("day"), who.today)
    linked = reading.day(day, who.zone, limit=SHOWN, below_id=answers.number(request.GET.get("below")))
    return answers.page(
        request,
        who,
        "cash_today",
        robot=reading.robot(today=who.today, country=who.place.country),
        linked=linked,
        percent=evidence.percent,
        account_names=choices.accounts_by_code(),
        modes={code: (name, meaning) for code, name, meaning in choices.modes()},
    )


def _day(text: str | None, latest: date) -> date:
    try:
        return min(date.fromisoformat(text), latest) if text else latest
    except ValueError:
        return latest


class RuleForm(forms.Form):
    """What the robot may do, in the company's currency."""

    mode = forms.ChoiceField(choices=lambda: [(code, name) for code, name, _meaning in choices.modes()])
    target = NumberField(label=lazy_gettext("How many of 100 automatic links must be right"))
    short_permille = NumberField(label=lazy_gettext("Too little counts as paid, up to this share of what is due"))
    most_items = forms.IntegerField(
        label=lazy_gettext("How many invoices of a customer are tried together"), min_value=1, max_value=60
    )
    reason = forms.CharField(label=lazy_gettext("Why it is changed"), max_length=300)

    def __init__(self, *args: object, currency: str, **given: object) -> None:
        super().__init__(*args, **given)  # type: ignore[arg-type]
        for name, label in (
            ("short_minor", _("Too little counts as paid, up to")),
            ("reminder_fee_minor", _("Too much may be a reminder fee, up to")),
            ("rounds_up_to_minor", _("Too much may be rounding up, to the next")),
            ("write_off_up_to_minor", _("What may be written off without asking, up to")),
        ):
            self.fields[name] = AmountField(currency=currency, label=label)

    def rule(self) -> RobotRule:
        """The rule as typed. Refuses `BadRule` when it is set."""
        typed = self.cleaned_data
        return RobotRule(
            mode=Mode(typed["mode"]),
            target_ppm=int(typed["target"] * _PPM),
            short_minor=typed["short_minor"],
            short_permille=int(typed["short_permille"] * 10),
            reminder_fee_minor=typed["reminder_fee_minor"],
            rounds_up_to_minor=typed["rounds_up_to_minor"],
            most_items=typed["most_items"],
            write_off_up_to_minor=typed["write_off_up_to_minor"],
        )


@access.staff()
def settings(request: HttpRequest, who: Staff) -> HttpResponse:
    """What the robot may do, what each mode means, and who changed it when and why."""
    return _settings(request, who, None)


def _settings(request: HttpRequest, who: Staff, form: RuleForm | None, status: int = 200) -> HttpResponse:
    with who.reading():
        rule, history = queries.rule(), queries.rule_history()
        state, calibration = queries.state_of_the_robot(), queries.calibration()
        names = people.names_of(one.set_by for one in (*history, calibration) if one is not None)
    return answers.page(
        request,
        who,
        "settings_robot",
        status=status,
        form=form or RuleForm(initial=_typed(rule), currency=who.place.currency),
        rule=rule,
        state=state,
        history=history,
        calibration=calibration,
        names=names,
        modes=choices.modes(),
        mode_names={code: name for code, name, _meaning in choices.modes()},
        percent=evidence.percent,
    )


def _typed(rule: RobotRule) -> dict[str, object]:
    return {
        "mode": rule.mode.value,
        "target": Decimal(rule.target_ppm) / _PPM,
        "short_minor": rule.short_minor,
        "short_permille": Decimal(rule.short_permille) / 10,
        "reminder_fee_minor": rule.reminder_fee_minor,
        "rounds_up_to_minor": rule.rounds_up_to_minor,
        "most_items": rule.most_items,
        "write_off_up_to_minor": rule.write_off_up_to_minor,
    }


@access.staff("POST", roles=roles.RUNNING)
def change(request: HttpRequest, who: Staff) -> HttpResponse:
    """Put another rule in force, from now on."""
    form = RuleForm(request.POST, currency=who.place.currency)
    if form.is_valid():
        try:
            matching.set_rule(who.ctx, rule=form.rule(), reason=form.cleaned_data["reason"])
        except DomainError as refusal:
            answers.refused(form, refusal)
        else:
            rendering.say(request, _("It holds from now on; what was linked stays."))
            return answers.back(request, "desk_robot")
    return _settings(request, who, form, 422)
