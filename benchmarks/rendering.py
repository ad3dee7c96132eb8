"""How many PDFs a core draws: one page, four pages, with an e-invoice inside; and WeasyPrint with the same document.

Processor time, not time by the clock: a core is what is asked for, and the compiler uses one. Every document is another
one, with other names, numbers and codes, so that nothing is found drawn already. The quickest of a few rounds counts,
ours and WeasyPrint's alike, as in Python's `timeit`: what others do on the machine makes rounds slower, never quicker.
"""

import html
import os
import tempfile
import time
from collections.abc import Callable, Iterator
from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from benchmarks.figures import Figure

if TYPE_CHECKING:
    from kvit.documents.domain.sheet import Sheet

DAY = date(2026, 3, 2)
WARM, ROUNDS = 10, 5
ONE_PAGE, FOUR_PAGES, WOVEN = 100, 20, 2
XML = '<?xml version="1.0" encoding="UTF-8"?><Invoice>' + "<Line>Bredband företag</Line>" * 400 + "</Invoice>"
GOODS = ("Bredband 1000 företag", "Mobilabonnemang, fri surf", "Växelfunktion", "Installation på plats")


def measure() -> Iterator[Figure]:
    """One page of five lines with a code, 75 lines on four pages, and the ratio to WeasyPrint in the same run."""
    os.environ.setdefault("KVIT_HOME", tempfile.mkdtemp(prefix="kvit-bench-"))
    os.environ.setdefault("KVIT_SECRET_KEY", "measured")
    from kvit.documents.adapters.typst import TypstRenderer
    from kvit.documents.domain.ports import Attached

    renderer = TypstRenderer()
    one = _per_second(lambda number: renderer.pdf(_invoice(number, lines=5)), ONE_PAGE)
    four = _per_second(lambda number: renderer.pdf(_invoice(number, lines=75)), FOUR_PAGES)
    attached = Attached(XML.encode())
    inside = _per_second(lambda number: renderer.pdf(_invoice(number, lines=5), attached=attached), ONE_PAGE)
    woven = _per_second(_woven, WOVEN, warm=1)
    yield Figure("invoices of one page drawn", one, "documents/s/core", goal=80, stretch=120)
    yield Figure("invoices of 75 lines on four pages drawn", four, "documents/s/core", goal=15, stretch=30)
    yield Figure("invoices of one page with the e-invoice inside", inside, "documents/s/core")
    yield Figure("one page by WeasyPrint", woven, "documents/s/core")
    yield Figure("one page, times WeasyPrint", one / woven, "times", goal=5)


def _per_second(draw: Callable[[int], bytes], count: int, *, warm: int = WARM) -> float:
    for number in range(warm):
        draw(900_000 + number)
    return max(count / _spent(draw, range(first, first + count)) for first in range(1, ROUNDS * count, count))


def _spent(draw: Callable[[int], bytes], numbers: range) -> float:
    start = time.process_time()
    for number in numbers:
        if not draw(number).startswith(b"%PDF"):
            raise RuntimeError("that is no PDF")
    return time.process_time() - start


def _invoice(number: int, *, lines: int) -> "Sheet":
    from kvit.documents.domain.kinds import FactName, LinkName, SheetKind, TotalName, WayKind
    from kvit.documents.domain.sheet import Fact, Line, Link, Number, Payment, Section, Sheet, Side, Total, VatRow, Way
    from kvit.formats.payment_codes import using_qr

    of = tuple(_line(number, place, Line) for place in range(lines))
    net = sum(line.net_minor for line in of)
    vat = net // 4
    seller, reference = f"Nordljus Telekom {number % 7} AB", f"{number:09d}7"
    payee = using_qr.Payee(seller, "556036-0793", using_qr.PaysTo.BANKGIRO, "991-2346")
    code = using_qr.text(payee, amount_minor=net + vat, reference=reference, due_date=DAY)
    return Sheet(
        kind=SheetKind.INVOICE,
        language="sv",
        country="SE",
        number=f"F2026-{number:06d}",
        issue_date=DAY,
        currency="SEK",
        seller=Side(seller, ("Västra Esplanaden 4", "903 30 Umeå"), (Number("Org.nr", "556036-0793"),)),
        buyer=Side(f"Åkeri Öst {number} AB", (f"Älvgatan {number % 90}", "872 30 Kramfors"), ()),
        headline=Total(TotalName.TO_PAY, net + vat),
        facts=(
            Fact(FactName.ISSUE_DATE, day=DAY),
            Fact(FactName.DUE_DATE, day=date(2026, 4, 1)),
            Fact(FactName.CUSTOMER_NUMBER, str(number)),
        ),
        sections=(Section(of),),
        vat=(VatRow(net, vat, Decimal(25)),),
        totals=(Total(TotalName.NET, net), Total(TotalName.VAT, vat), Total(TotalName.GROSS, net + vat)),
        payment=Payment(net + vat, date(2026, 4, 1), (Way(WayKind.BANKGIRO, "9912346", seller, reference, code=code),)),
        links=(Link(LinkName.LIVE_PAGE, f"https://kvit.example/i/{number}"),),
    )


def _line(number: int, place: int, line: Callable[..., Any]) -> Any:
    quantity, price = Decimal(1 + (number + place) % 9), Decimal(9_950 + number * 37 % 5_000 + place * 113) / 100
    detail = f"Abonnemang 070-{number:06d}-{place}" if place % 5 < 3 else ""
    text = f"{GOODS[place % 4]} {number}-{place}"
    return line(text, int(quantity * price * 100), quantity, "st", price, Decimal(25), detail=detail)


def _woven(number: int) -> bytes:
    """The same document as HTML, with the same fonts, columns, foot and code, tagged for PDF/UA, by WeasyPrint."""
    import font_source_sans_pro
    from weasyprint import HTML

    from kvit.documents.adapters.typst.renderer import placed

    face = placed(_invoice(number, lines=5))
    way, amount, font = face["ways"][0], face["headline"], font_source_sans_pro.font_directory
    text = (
        f'<html lang="sv"><title>{_cell(face["title"])}</title><style>'
        f'@font-face{{font-family:S;src:url("file://{font}/SourceSansPro-Regular.ttf")}}'
        f'@font-face{{font-family:S;font-weight:600;src:url("file://{font}/SourceSansPro-Semibold.ttf")}}{_STYLE}</style>'
        f"<footer>{_cell(face['foot'])}</footer><h3>{_cell(face['issuer'])}</h3><div class=split><div>"
        f"<h1>{_cell(face['heading'])}</h1><p class=soft>{_cell(face['number'])}</div><div class=end>"
        f"<p class=soft>{_cell(amount['label'])}<p><big>{_cell(amount['major'])}</big>{_cell(amount['cents'])}"
        f"<p><b>{_cell(amount['note'])}</b></div></div><div class=split>{_side(face['seller'])}{_side(face['buyer'])}"
        f"<div>{_rows(face['facts'])}</div></div>{_table(face['tables'][0])}"
        f"<div class=split><div>{_table(face['vat'])}</div><div>{_rows(face['totals'])}</div></div>"
        f"<div class='split pay'><div><h2>{_cell(face['pay_heading'])}</h2>{_rows(way['rows'])}</div>"
        f"<div style='width:30mm'>{way['code']}</div></div>"
    )
    return bytes(HTML(string=text).write_pdf(pdf_variant="pdf/ua-1") or b"")


_STYLE = """
body{font:9.5pt S;color:#1e1a15} h1{font-size:24pt;margin:0} h2{font-size:11pt} big{font-size:24pt;font-weight:600}
p{margin:0 0 3pt} .soft,th{color:#635b50;font-size:8pt;font-weight:400} .end{text-align:right}
.split{display:flex;justify-content:space-between;margin-bottom:12pt} .split>div{flex:1}
.pay{background:#f7f3ea;padding:14pt}
table{width:100%;border-collapse:collapse} td,th{border-bottom:.4pt solid #d9d1c3;padding:5pt 7pt;text-align:right}
td:first-child,th:first-child{text-align:left} footer{position:running(foot);font-size:7pt}
@page{size:A4;margin:22mm 20mm 27mm;@bottom-left{content:element(foot)}
@bottom-right{content:"Sida " counter(page) " av " counter(pages);font:7pt S}}
"""


def _side(side: Any) -> str:
    lines = "".join(f"<p>{_cell(line)}" for line in side["lines"])
    return f"<div><p class=soft>{_cell(side['role'])}<p><b>{_cell(side['name'])}</b>{lines}</div>"


def _rows(rows: Any) -> str:
    return "".join(f"<p><span class=soft>{_cell(row['label'])}</span> {_cell(row['value'])}" for row in rows)


def _table(table: Any) -> str:
    head = "".join(f"<th>{_cell(column['label'])}" for column in table["columns"])
    body = "".join("<tr>" + "".join(f"<td>{_cell(cell)}" for cell in row) for row in table["rows"])
    return f"<table><thead><tr>{head}</thead>{body}</table>"


def _cell(value: Any) -> str:
    return "<br>".join(html.escape(part) for part in ([value] if isinstance(value, str) else value))
