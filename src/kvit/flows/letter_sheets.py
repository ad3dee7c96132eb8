"""The sheets of statements and confirmations: what was frozen when they were made, as a document to be drawn."""

from datetime import date
from typing import Final

from kvit.base.texts import N_
from kvit.documents.domain.kinds import FactName, SheetKind, TotalName
from kvit.documents.domain.sheet import AgeSum, Entry, Fact, Look, OpenItem, Sheet, Total
from kvit.documents.domain.wording import Words
from kvit.invoicing.domain import statement_files, statements
from kvit.invoicing.domain.statements import Statement, StatementForm, StatementItem, StatementLine
from kvit.kernel import figures, zones

_ASKED: Final = {
    "PL": N_(
        "Please confirm this balance, or tell us where your books differ (Polish Accounting Act, article 26). "
        "Silence confirms nothing."
    ),
    "RO": N_(
        "Please return this statement of account signed within five working days, or state your objections "
        "(form 14-6-3, OMFP 2634/2015)."
    ),
}
_ASKED_ELSEWHERE: Final = N_("Please confirm this balance, or tell us where your books differ.")


def statement_sheet(made: Statement, *, look: Look, words: Words) -> Sheet:
    """A statement of account: each movement with its balance, or what is open by age."""
    is_running = made.form is StatementForm.RUNNING
    number = Fact(FactName.CUSTOMER_NUMBER, made.customer_number)
    closing = Total(TotalName.BALANCE, made.closing_minor)
    period = Fact(FactName.PERIOD, day=made.from_date, until=made.to_date)
    sums = tuple(AgeSum(age, amount) for age, amount in statements.ages(made.items)) if made.items else ()
    return Sheet(
        kind=SheetKind.STATEMENT if is_running else SheetKind.OPEN_ITEMS,
        language=made.language,
        country=made.country,
        number=made.number,
        issue_date=made.to_date,
        currency=made.currency,
        seller=made.seller,
        buyer=made.buyer,
        headline=closing,
        facts=(period if is_running else Fact(FactName.AS_OF, day=made.to_date), number),
        entries=tuple(_entry(line, made, words) for line in made.lines),
        items=tuple(_item(item, words) for item in made.items),
        ages=sums,
        totals=(Total(TotalName.OPENING, made.opening_minor), closing) if is_running else (closing,),
        notes=(_known(made, words), _empty(made, words)) if not (made.lines or made.items) else (_known(made, words),),
        look=look,
    )


def confirmation_sheet(
    letter: Statement, *, sha256: str, signed_by: str, reply_by: date, look: Look, words: Words
) -> Sheet:
    """A letter that asks for the confirmation of a balance, with what is open, signed by a person and the hash."""
    _ = words.gettext
    signed = _("Signed by %(name)s. Content: SHA-256 %(hash)s") % {"name": signed_by, "hash": sha256}
    closing = Total(TotalName.BALANCE, letter.closing_minor)
    return Sheet(
        kind=SheetKind.CONFIRMATION,
        language=letter.language,
        country=letter.country,
        number=letter.number,
        issue_date=zones.day_in(letter.country, letter.known_at),
        currency=letter.currency,
        seller=letter.seller,
        buyer=letter.buyer,
        headline=closing,
        facts=(
            Fact(FactName.AS_OF, day=letter.to_date),
            Fact(FactName.REPLY_BY, day=reply_by),
            Fact(FactName.CUSTOMER_NUMBER, letter.customer_number),
        ),
        items=tuple(_item(item, words) for item in letter.items),
        totals=(closing,),
        notes=(_(_ASKED.get(letter.country, _ASKED_ELSEWHERE)), signed),
        look=look,
    )


def _entry(line: StatementLine, made: Statement, words: Words) -> Entry:
    settles = ", ".join(
        f"{each.number} {figures.money_text(each.amount_minor, made.currency, made.language, bare=True)}"
        for each in line.settles
    )
    text = words.gettext(statement_files.WORDS[line.what])
    return Entry(
        line.day,
        f"{text} ({settles})" if settles else text,
        line.number,
        max(line.amount_minor, 0),
        max(-line.amount_minor, 0),
        line.balance_minor,
        line.due_date,
    )


def _item(item: StatementItem, words: Words) -> OpenItem:
    number = item.number or words.gettext(statement_files.WORDS[item.what])
    return OpenItem(number, item.day, item.due_date, item.amount_minor, item.open_minor, item.days_overdue)


def _known(made: Statement, words: Words) -> str:
    at = f"{figures.day_text(made.known_at.date(), made.language)}, {made.known_at:%H:%M} UTC"
    return words.gettext("As known in our books on %(moment)s.") % {"moment": at}


def _empty(made: Statement, words: Words) -> str:
    if made.form is StatementForm.RUNNING:
        return words.gettext("Nothing happened in this period.")
    return words.gettext("Nothing is open.")
