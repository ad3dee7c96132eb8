"""Normalize, calculate, validate: a draft becomes a document with its figures, by the law of a country on a day."""

import datetime
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Final

from kvit.formats import einvoice
from kvit.formats.einvoice.model import VatCategory
from kvit.invoicing.domain import taxes
from kvit.invoicing.domain.calculation import Calculated, Reckoning, calculate
from kvit.invoicing.domain.content import NO_CONTENT, Content, Exemption
from kvit.invoicing.domain.draft import BadDraft, Draft, DraftLine, Exchange, References, check_lines
from kvit.invoicing.domain.kinds import Kind
from kvit.invoicing.domain.paper import NOBODY, Paper, PaperLine, Sides, einvoice_of
from kvit.kernel import currencies, vat

_PLAIN: Final = frozenset({"", VatCategory.STANDARD.value, VatCategory.ZERO.value})
_NOT_NOW: Final = frozenset(
    {
        "BR-06",
        "BR-07",
        "BR-08",
        "BR-09",
        "BR-10",
        "BR-11",
        "BR-16",
        "BR-21",
        "BR-25",
        "BR-CL-01",
        "BR-CO-09",
        "BR-CO-26",
        "BR-S-02",
        "BR-S-03",
        "BR-S-04",
        "BR-Z-02",
        "BR-Z-03",
        "BR-Z-04",
        "BR-E-02",
        "BR-E-03",
        "BR-E-04",
        "BR-O-02",
        "BR-O-03",
        "BR-O-04",
    }
)
"""Rules on what a draft does not have yet, or on what is known of the parties and asked when the e-invoice is made."""


_CORE: Final = "cii"
"""What UBL alone cannot say (several means of payment of different kinds) is asked when it is written as UBL."""


@dataclass(frozen=True, slots=True)
class Circumstances:
    """Under which law a draft is calculated: the supplier's country, the day the tax falls due, currency, rate."""

    country: str
    tax_point: datetime.date
    currency: str
    exchange: Exchange | None = None
    rounding_minor: int = 0
    sides: Sides = NOBODY


@dataclass(frozen=True, slots=True)
class Prepared:
    """A draft in plain form with what it adds up to."""

    draft: Draft
    calculated: Calculated
    accounting_currency: str = ""
    exchange: Exchange | None = None
    splits_payment: bool = False


def is_plain(draft: Draft) -> bool:
    """Whether there is nothing in it but taxed or zero-rated lines, which the calculation alone makes sound."""
    return (
        draft.more == NO_CONTENT
        and not draft.prepaid_minor
        and all(line.vat_category in _PLAIN and line.content is None for line in draft.lines)
    )


def needs_rate(draft: Draft, *, currency: str, country: str) -> bool:
    """Whether VAT is stated in the national currency too (Directive 2006/112/EC art. 230)."""
    national = taxes.national_currency(country)
    has_vat = any(line.vat_rate for line in draft.lines)
    return bool(national) and national != currency and has_vat and draft.kind is not Kind.ESTIMATE


def prepared(draft: Draft, by: Circumstances) -> Prepared:
    """The draft with its figures; `draft` is `tidied`. Refuses `BadLine`, `BadDraft`, `NoVatRates`, `UnknownCurrency`.

    `BadDraft` names the rule of EN 16931 that is broken.
    """
    currencies.minor_units(by.currency)
    lines = _outside_scope(draft.lines) if draft.kind is Kind.FEE_NOTE else draft.lines
    check_lines(lines, rates=vat.rates_on(by.country, by.tax_point), of=f"{by.country} on {by.tax_point}")
    content = _with_exemptions(draft.more, lines, by)
    is_whole = lines is draft.lines and content is draft.more
    whole = draft if is_whole else replace(draft, lines=lines, content=content)
    if needs_rate(whole, currency=by.currency, country=by.country) and by.exchange is None:
        national = taxes.national_currency(by.country)
        raise BadDraft(
            f"VAT is stated in {national} too: there is no exchange rate of {by.currency} for tax that falls due on "
            f"{by.tax_point}; record it, or give it with the draft",
            place="exchange rate",
        )
    return _finished(whole, by)


def _finished(draft: Draft, by: Circumstances) -> Prepared:
    national = taxes.national_currency(by.country) if by.exchange else ""
    calculated = calculate(
        draft.lines,
        by.currency,
        Reckoning(
            content=draft.more,
            accounting_currency=national,
            exchange_rate=by.exchange.rate if by.exchange else None,
            prepaid_minor=draft.prepaid_minor,
            rounding_minor=by.rounding_minor,
            rounds_cash=draft.rounds_cash,
        ),
    )
    made = Prepared(draft, calculated, national, by.exchange, _splits(draft, calculated, by))
    if not is_plain(draft):
        _validate(made, by)
    return made


def _splits(draft: Draft, calculated: Calculated, by: Circumstances) -> bool:
    if by.country != "PL":
        return False
    told = draft.more.polish is not None and draft.more.polish.split_payment
    return told or taxes.splits_payment(
        by.country,
        by.tax_point,
        currency=by.currency,
        gross_minor=calculated.gross_minor,
        annex_15=any(line.more.polish is not None and line.more.polish.annex_15 for line in draft.lines),
    )


def _outside_scope(lines: tuple[DraftLine, ...]) -> tuple[DraftLine, ...]:
    """Interest and fees for late payment are damages, not a supply."""
    outside = VatCategory.OUTSIDE_SCOPE.value
    return tuple(replace(line, vat_category=outside, vat_rate=Decimal(0)) for line in lines)


def _with_exemptions(content: Content, lines: tuple[DraftLine, ...], by: Circumstances) -> Content:
    """Why no VAT is charged, in the words of the country, where the category says it all."""
    told = {one.category for one in content.exemptions}
    wanted = sorted({line.vat_category for line in lines} - told - _PLAIN)
    made = []
    for category in wanted:
        code, words = taxes.exemption(category, by.country, by.tax_point)
        if code:
            made.append(Exemption(category=category, code=code, reason=words))
    return replace(content, exemptions=(*content.exemptions, *made)) if made else content


def _validate(made: Prepared, by: Circumstances) -> None:
    """Ask the rules of EN 16931 what is wrong with it by itself."""
    found = einvoice.validate(
        einvoice.under(einvoice.normalize(einvoice_of(paper_of(made, by), by.sides)), einvoice.EN16931),
        syntax=_CORE,
    )
    for problem in found:
        if problem.rule not in _NOT_NOW and problem.severity is einvoice.Severity.ERROR:
            raise BadDraft(f"{problem.rule}, {problem.place}: {problem.words}", rule=problem.rule, place=problem.place)


def paper_of(made: Prepared, by: Circumstances) -> Paper:
    """What will be issued, as if it were today."""
    draft, calculated = made.draft, made.calculated
    contents = calculated.line_contents or tuple(line.more for line in draft.lines)
    return Paper(
        kind=Kind.INVOICE if draft.kind is Kind.ESTIMATE else draft.kind,
        number="DRAFT",
        country=by.country,
        currency=by.currency,
        issue_date=by.tax_point,
        due_date=by.tax_point,
        lines=tuple(
            PaperLine(x.description, x.quantity, x.unit, x.unit_price, x.vat_rate, net, x.category, content)
            for x, net, content in zip(draft.lines, calculated.line_nets, contents, strict=True)
        ),
        vat=calculated.vat,
        net_minor=calculated.net_minor,
        vat_minor=calculated.vat_minor,
        gross_minor=calculated.gross_minor,
        allowance_minor=calculated.allowance_minor,
        charge_minor=calculated.charge_minor,
        prepaid_minor=draft.prepaid_minor,
        rounding_minor=calculated.rounding_minor,
        vat_accounting_minor=calculated.vat_accounting_minor,
        accounting_currency=made.accounting_currency,
        exchange=made.exchange,
        tax_point_date=draft.tax_point_date,
        references=draft.references or References(),
        period=draft.period,
        splits_payment=made.splits_payment,
        content=calculated.content,
    )
