"""`kvit einvoice`: read an invoice file, and judge it by own rules and by the official ones."""

from pathlib import Path

from kvit.cli.actions import show
from kvit.formats import einvoice
from kvit.formats.einvoice import Invoice, Opened, Problem, Severity
from kvit.formats.einvoice.markup import amount
from kvit.formats.einvoice.rules.rule import decimals

_WRONG, _UNREADABLE = 1, 2


def read(file: Path, *, as_json: bool) -> int:
    """Print the invoice and what is odd about the file; 0, or 2 when it could not be taken over."""
    opened = einvoice.read(file.read_bytes())
    found = opened.reading
    if as_json:
        show.as_json({"file": str(file), **_told(opened), "invoice": einvoice.plain(found.invoice)})
    else:
        show.say(f"{file.name}: {_name(opened)}")
        if found.invoice is not None:
            _print(found.invoice)
        _print_problems(found.problems)
    return 0 if found.invoice is not None else _UNREADABLE


def check(file: Path, *, official: Path | None, as_json: bool) -> int:
    """Print what is wrong; 0, 1 where a rule is broken, 2 where the file cannot be read."""
    data = file.read_bytes()
    opened = einvoice.read(data)
    problems = einvoice.check(opened)
    asked: tuple[str, ...] = ()
    if official is not None and opened.syntax is not None:
        from kvit.cli.actions import official as schematron

        judged = schematron.judge(official, data, opened)
        problems, asked = (*problems, *judged.problems), judged.asked
    if as_json:
        show.as_json({"file": str(file), **_told(opened), "official": asked, "problems": einvoice.plain(problems)})
    else:
        show.say(f"{file.name}: {_name(opened)}")
        _print_problems(problems)
        for name in asked:
            show.say(f"asked: {name}")
        if einvoice.is_clean(problems):
            show.say("no rule is broken", style="green")
    if opened.reading.invoice is None:
        return _UNREADABLE
    return 0 if einvoice.is_clean(problems) else _WRONG


def _told(opened: Opened) -> dict[str, object]:
    profile = opened.profile
    return {
        "syntax": opened.syntax,
        "profile": profile.name if profile else None,
        "problems": einvoice.plain(opened.reading.problems),
    }


def _name(opened: Opened) -> str:
    if opened.syntax is None:
        return "no invoice that is known here"
    profile = opened.profile
    return f"{opened.syntax.upper()}, {profile.name}" if profile else opened.syntax.upper()


def _print(invoice: Invoice) -> None:
    places = decimals(invoice)

    def money(minor: int | None) -> str:
        return "" if minor is None else amount(minor, places)

    due = f", due {invoice.due_date}" if invoice.due_date else ""
    show.say(f"{invoice.kind} {invoice.number} of {invoice.issue_date}{due}")
    show.say(f"from {invoice.seller.name} ({invoice.seller.vat_number or 'no VAT number'})")
    show.say(f"to   {invoice.buyer.name} ({invoice.buyer.vat_number or 'no VAT number'})")
    show.table(
        "",
        ("line", "what", ">quantity", "unit", ">price", ">net", "VAT"),
        (
            (
                line.id,
                line.name[:60],
                "" if line.quantity is None else f"{line.quantity:f}",
                line.unit,
                "" if line.price is None else f"{line.price:f}",
                money(line.net_minor),
                line.vat_category if line.vat_rate is None else f"{line.vat_category} {line.vat_rate:f}%",
            )
            for line in invoice.lines
        ),
    )
    sums = invoice.totals
    show.say(
        f"net {money(sums.net_minor)}  VAT {money(sums.vat_minor)}  total {money(sums.gross_minor)}"
        f"  to pay {money(sums.due_minor)} {invoice.currency}"
    )


def _print_problems(problems: tuple[Problem, ...]) -> None:
    for one in problems:
        mark = "" if one.severity is Severity.ERROR else " (warning)"
        show.say(f"{one.rule}{mark}  {one.place}: {one.words}", style="red" if not mark else "yellow")
