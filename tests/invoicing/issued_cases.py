"""A table of documents of every kind, issued through the commands, in a company of each country."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import TYPE_CHECKING, Any, Final

from invoicing.company import DAY, Company, days, open_shop

if TYPE_CHECKING:
    from kvit.base.command import Ctx
    from kvit.invoicing.domain import DraftLine


@dataclass(frozen=True)
class Land:
    """A country as documents see it: its money, its rates, and the numbers and addresses of four parties."""

    country: str
    currency: str
    rates: tuple[str, str]
    kind: str
    numbers: tuple[str, str, str]
    address: tuple[str, str, str]
    account: str
    foreign: Decimal
    source: str


LANDS: Final = {
    "PL": Land(
        "PL", "PLN", ("23", "8"), "nip", ("5260250274", "5250008353", "7740001454"),
        ("Prosta 1", "00-001", "Warszawa"), "PL61109010140000071219812874", Decimal("4.2675"), "NBP",
    ),
    "SE": Land(
        "SE", "SEK", ("25", "12"), "orgnr", ("5560360793", "5560125790", "5565678959"),
        ("Storgatan 1", "903 26", "Umeå"), "SE4550000000058398257466", Decimal("11.2345"), "ECB",
    ),
    "RO": Land(
        "RO", "RON", ("21", "11"), "cui", ("14399840", "361757", "1590082"),
        ("Strada Lungă 8", "400001", "Cluj-Napoca"), "RO49AAAA1B31007593840000", Decimal("5.0912"), "BNR",
    ),
}  # fmt: skip


@dataclass(frozen=True)
class Firm:
    """A company with customers that have all numbers and addresses, an account, and a supplier it bills itself for."""

    shop: Company
    land: Land
    supplier: int

    def line(self, price: str, *, rate: str | None = None, category: str = "", quantity: str = "1", **more: Any) -> Any:
        """A line at the standard rate, or another."""
        from kvit.invoicing.domain import DraftLine, LineContent

        content = LineContent(**more) if more else None
        vat = Decimal(self.land.rates[0] if rate is None else rate)
        return DraftLine("Usługa åäö țș & <więcej>", Decimal(quantity), Decimal(price), vat, "h", category, content)

    def issue(self, *lines: "DraftLine", **given: Any) -> int:
        """Draft and issue; the id."""
        return self.shop.invoice(*lines, **given)

    def taxed(self, amount_minor: int, **more: Any) -> Any:
        """An allowance or a charge of the document at the standard rate."""
        from kvit.formats.einvoice.model import Adjustment

        return Adjustment(
            amount_minor=amount_minor, reason="Umowa", vat_category="S", vat_rate=Decimal(self.land.rates[0]), **more
        )

    def without(self, category: str, *, abroad: str = "", code: str = "") -> int:
        """A document without VAT for a reason; one that goes abroad says where."""
        from kvit.formats.einvoice.model import Address, Delivery
        from kvit.invoicing.domain import Content, Exemption

        there = {"DE": ("10115", "Berlin"), "GB": ("E1 6AN", "London")}.get(abroad)
        delivery = None
        if there:
            goods = Address(line1="Main 1", postcode=there[0], city=there[1], country=abroad, subdivision=there[1])
            delivery = Delivery(date=DAY, address=goods)
        why = (Exemption(category=category, code=code, reason="art. 43"),) if code else ()
        content = Content(delivery=delivery, exemptions=why)
        return self.issue(self.line("100", rate="0", category=category), content=content)

    def pay(self, estimate_id: int, amount_minor: int) -> Any:
        """Money on an estimate."""
        from kvit.invoicing import commands

        item_id = self.shop.books.item(-amount_minor, currency=self.land.currency)
        return commands.take_advance(self.shop.ctx, estimate_id=estimate_id, item_id=item_id, received_date=DAY)

    def estimate(self) -> int:
        """1 000 and 100 at the two rates."""
        from kvit.invoicing.domain import Kind

        return self.issue(self.line("1000"), self.line("100", rate=self.land.rates[1]), kind=Kind.ESTIMATE)

    def correct(self, invoice_id: int, *lines: Any) -> int:
        """Correct it so that these are its lines."""
        from kvit.invoicing import commands

        drafted = commands.draft_correction(self.shop.ctx, invoice_id=invoice_id, reason="Pomyłka", lines=lines)
        self.shop.issue(drafted.invoice_id)
        return drafted.invoice_id

    def bill_oneself(self, *lines: Any) -> int:
        """A self-billed invoice in the supplier's name."""
        from kvit.invoicing import commands

        commands.agree_on_self_billing(
            self.shop.ctx, supplier_id=self.supplier, prefix="SB-1-", from_date=DAY, acceptance="7 days"
        )
        draft = commands.SelfBilledDraft(self.supplier, lines, self.land.currency)
        (invoice_id,) = commands.draft_self_billed(self.shop.ctx, drafts=(draft,), day=DAY).invoice_ids
        self.shop.issue(invoice_id)
        return invoice_id

    def collective(self) -> int:
        """Two deliveries on one invoice."""
        from kvit.invoicing import commands

        orders = tuple(commands.NewOrder(self.shop.bo, f"O-{n}", days(n), (self.line("10"),)) for n in range(2))
        commands.take_orders(self.shop.ctx, orders=orders)
        made = commands.draft_collective(
            self.shop.ctx, customer_id=self.shop.bo, from_date=DAY, to_date=days(9), day=DAY
        )
        self.shop.issue(made.invoice_id)
        return made.invoice_id


def open_firm(ctx: "Ctx", country: str) -> Firm:
    """The firm of a country."""
    from kvit.banking import commands as banking
    from kvit.invoicing import commands
    from kvit.parties import commands as parties
    from kvit.parties.domain.identities import IdentityKind
    from kvit.parties.domain.register import PartyKind, PostalAddress

    land = LANDS[country]
    shop = open_shop(ctx, country=country, currency=land.currency)
    supplier, buyer = (
        parties.register_party(ctx, kind=PartyKind.COMPANY, name=name, country=country).party_id
        for name in ("Ewa & Söner", "Kupujący Întreprindere")
    )
    for party_id, number in zip((shop.own, buyer, supplier), land.numbers, strict=True):
        parties.add_identity(ctx, party_id=party_id, kind=IdentityKind(land.kind), value=number)
        if country == "SE":
            parties.add_identity(ctx, party_id=party_id, kind=IdentityKind.VAT, value=f"SE{number}01")
        parties.set_address(ctx, party_id=party_id, address=PostalAddress(*land.address, country))
    banking.open_bank_account(ctx, number=land.account, currency=land.currency, name="Main")
    # Poland and Romania take a rate from before the day of the tax, Sweden the latest.
    rate = commands.NewRate("EUR", land.currency, DAY if country == "SE" else days(-3), land.foreign, land.source)
    commands.keep_exchange_rates(ctx, rates=(rate,))
    new = commands.NewCustomer(buyer, "1003", land.currency)
    (customer,) = commands.register_customers(ctx, customers=(new,)).customer_ids
    books = replace(shop.books, bo=buyer)
    return Firm(replace(shop, bo=customer, books=books), land, supplier)


def _more(firm: Firm) -> int:
    """All that the standard knows."""
    from kvit.formats.einvoice.model import Adjustment, Delivery, Note
    from kvit.invoicing.domain import Content, References

    return firm.issue(
        firm.line("100", allowances=(Adjustment(amount_minor=1000, reason="Upust"),), seller_item="A-1", quantity="3"),
        firm.line("10", charges=(Adjustment(amount_minor=50, reason="Opakowanie"),), rate=firm.land.rates[1]),
        references=References("B", "O", "C", "P"),
        period=(DAY, days(27)),
        content=Content(
            notes=(Note(text="Dziękujemy"),),
            delivery=Delivery(date=DAY),
            allowances=(firm.taxed(700), firm.taxed(1000, percent=Decimal(10), base_minor=10000)),
            charges=(firm.taxed(500),),
        ),
    )


def _advance(firm: Firm) -> int:
    return int(firm.pay(firm.estimate(), 50000).invoice_id)


def _final(firm: Firm) -> int:
    from kvit.invoicing import commands

    estimate_id = firm.estimate()
    firm.pay(estimate_id, 50000)
    firm.pay(estimate_id, 20000)
    return commands.invoice_estimate(firm.shop.ctx, estimate_id=estimate_id, issue_date=DAY).invoice_id


def _paid_estimate(firm: Firm) -> int:
    estimate_id = firm.estimate()
    return int(firm.pay(estimate_id, firm.shop.look(estimate_id).gross_minor).invoice_id)


def _credit_note(firm: Firm) -> int:
    from kvit.invoicing.domain import Content

    invoice_id = firm.issue(firm.line("100"), content=Content(allowances=(firm.taxed(1000),)))
    note = firm.shop.credit(invoice_id)
    firm.shop.issue(note)
    return note


def _part_credit(firm: Firm) -> int:
    note = firm.shop.credit(firm.issue(firm.line("100"), firm.line("50", rate=firm.land.rates[1])), firm.line("40"))
    firm.shop.issue(note)
    return note


def _prepaid(firm: Firm) -> int:
    firm.shop.books.item(-5000, currency=firm.land.currency)
    return firm.issue(firm.line("100"), prepaid_minor=5000)


def _self_credit(firm: Firm) -> int:
    note = firm.shop.credit(firm.bill_oneself(firm.line("100")), firm.line("40"))
    firm.shop.issue(note)
    return note


def _corrected_twice(firm: Firm) -> int:
    invoice_id = firm.issue(firm.line("100"), firm.line("50", rate=firm.land.rates[1]))
    firm.correct(invoice_id, firm.line("80"), firm.line("50", rate=firm.land.rates[1]))
    return firm.correct(invoice_id, firm.line("80"))


def _split_payment(firm: Firm) -> int:
    from kvit.formats.einvoice.model import PolishLine

    return firm.issue(firm.line("20000", polish=PolishLine(annex_15=True)))


def _fee_note(firm: Firm) -> int:
    from kvit.invoicing.domain import Kind

    return firm.issue(firm.line("40", rate="0"), kind=Kind.FEE_NOTE)


def _foreign_credit(firm: Firm) -> int:
    note = firm.shop.credit(firm.issue(firm.line("100"), firm.line("10", rate=firm.land.rates[1]), currency="EUR"))
    firm.shop.issue(note)
    return note


CASES: Final[dict[str, Callable[[Firm], int]]] = {
    "ordinary": lambda f: f.issue(f.line("100", quantity="1.5")),
    "mixed rates": lambda f: f.issue(f.line("100"), f.line("10.005", rate=f.land.rates[1]), f.line("5", rate="0")),
    "everything": _more,
    "three hundred lines": lambda f: f.issue(*(f.line(f"{n}.37", quantity="3") for n in range(1, 301))),
    "negative line": lambda f: f.issue(f.line("100"), f.line("10", quantity="-1")),
    "nothing to pay": lambda f: f.issue(f.line("100"), f.line("100", quantity="-1")),
    "prepaid": _prepaid,
    "reverse charge": lambda f: f.without("AE"),
    "exempt": lambda f: f.without("E", code="VATEX-EU-132"),
    "intra-community": lambda f: f.without("K", abroad="DE"),
    "export": lambda f: f.without("G", abroad="GB"),
    "foreign currency": lambda f: f.issue(f.line("100"), f.line("10", rate=f.land.rates[1]), currency="EUR"),
    "foreign currency credited": _foreign_credit,
    "tax point": lambda f: f.issue(f.line("100"), tax_point_date=DAY),
    "paid estimate": _paid_estimate,
    "advance": _advance,
    "final": _final,
    "credit note": _credit_note,
    "credit note in part": _part_credit,
    "collective": lambda f: f.collective(),
    "self-billed": lambda f: f.bill_oneself(f.line("100"), f.line("10", rate=f.land.rates[1])),
    "self-billed credit": _self_credit,
    "fee note": _fee_note,
    "correction down": lambda f: f.correct(f.issue(f.line("100"), f.line("5")), f.line("80"), f.line("5")),
    "correction up": lambda f: f.correct(f.issue(f.line("100")), f.line("150")),
    "correction of zero": lambda f: f.correct(f.issue(f.line("100")), f.line("100", quantity="0.5"), f.line("50")),
    "correction of a correction": _corrected_twice,
    "correction to nothing": lambda f: f.correct(f.issue(f.line("100"))),
    "split payment": _split_payment,
    "rounded to kronor": lambda f: f.issue(f.line("99.70"), rounds_cash=True),
}
ONLY: Final = {"split payment": "PL", "rounded to kronor": "SE", "three hundred lines": "SE"}
"""What there is in one country alone, or is dear to check."""
