"""A firm's own history put together: the payments of its file with the invoices and customers of the books."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Final

from kvit.formats.books.link_history import ConfirmedPayment, PaidInvoice
from kvit.invoicing import queries as invoicing
from kvit.invoicing.queries import InvoiceRow
from kvit.kernel.results import Problem, Told
from kvit.matching.domain.past import Past, PastInvoice, PastPayment
from kvit.parties import queries as parties

_TERMS: Final = timedelta(days=30)
_NOTES: Final = frozenset({"credit_note"})


@dataclass(frozen=True)
class Assembled:
    """The past, what is wrong with it, and how many invoices had no dates of their own.

    `known_party_ids` are the customers who are in the books: others of the file have ids below zero.
    """

    past: Past
    problems: tuple[Problem, ...]
    unknown_dates: int
    known_party_ids: frozenset[int]


def assembled(payments: Sequence[ConfirmedPayment]) -> Assembled:
    """The invoices of the books, and those of the file that the books do not know. Needs the tenant's scope.

    An invoice that is in the books is as the books have it; of another one the file has to tell whose it is, and what
    it does not tell is taken as: the whole amount what was paid of it in all, its reference its number, issued 30 days
    before its first payment. Invoices of the books that nobody paid in the file are there as well: they compete.
    """
    if not payments:
        return Assembled(Past((), (), ()), (), 0, frozenset())
    putting = _Putting(payments)
    return putting.done()


@dataclass
class _Putting:
    payments: Sequence[ConfirmedPayment]
    problems: list[Problem] = field(default_factory=list)
    strangers: dict[str, int] = field(default_factory=dict)
    unknown_dates: int = 0

    def __post_init__(self) -> None:
        last = max(payment.payment_date for payment in self.payments)
        rows = [row for row in invoicing.issued_since(date.min) if row.issue_date and row.issue_date <= last]
        self.books: dict[str, InvoiceRow] = {row.number: row for row in rows if row.number}
        numbers = {payment.customer_number for payment in self.payments if payment.customer_number}
        self.customers = {n: key.party_id for n, key in invoicing.find_customers(sorted(numbers)).items()}
        self.names: dict[int, tuple[str, str]] = {}
        self.items: dict[str, int] = {}
        self.invoices: list[PastInvoice] = []

    def done(self) -> Assembled:
        for number, row in self.books.items():
            self.put(number, self.of_the_books(number, row))
        first_paid = self.first_paid()
        totals = self.totals()
        for payment in self.payments:
            for one in payment.invoices:
                if one.number not in self.items:
                    self.put(one.number, self.of_the_file(payment, one, first_paid[one.number], totals[one.number]))
        owner = {one.item_id: one.party_id for one in self.invoices}
        past = tuple(self.payment(payment, owner) for payment in self.payments)
        known = frozenset(one for one in owner.values() if one > 0) | frozenset(self.customers.values())
        return Assembled(
            Past(tuple(self.invoices), past, tuple(self.everybody(known))),
            tuple(self.problems),
            self.unknown_dates,
            known,
        )

    def put(self, number: str, invoice: PastInvoice) -> None:
        self.items[number] = invoice.item_id
        self.invoices.append(invoice)

    def of_the_books(self, number: str, row: InvoiceRow) -> PastInvoice:
        sign = -1 if row.kind in _NOTES else 1
        issued = row.issue_date or date.min
        return PastInvoice(
            item_id=len(self.items) + 1,
            party_id=row.party_id,
            number=number,
            reference=row.payment_reference or "",
            amount_minor=sign * row.gross_minor,
            currency=row.currency,
            issue_date=issued,
            due_date=row.due_date or issued + _TERMS,
        )

    def of_the_file(self, payment: ConfirmedPayment, one: PaidInvoice, first: date, total: int) -> PastInvoice:
        if not payment.customer_number:
            reason = f"invoice {one.number} is not in the books: say whose it is"
            told = (Told("history.whose", (("invoice", one.number),)),)
            self.problems.append(Problem(f"line {payment.line}, customer_number", reason, told))
        if one.issue_date is None:
            self.unknown_dates += 1
        issued = one.issue_date or first - _TERMS
        return PastInvoice(
            item_id=len(self.items) + 1,
            party_id=self.party(payment),
            number=one.number,
            reference=one.reference or one.number,
            amount_minor=one.total_minor if one.total_minor is not None else total,
            currency=payment.currency,
            issue_date=issued,
            due_date=one.due_date or issued + _TERMS,
        )

    def first_paid(self) -> Mapping[str, date]:
        found: dict[str, date] = {}
        for payment in self.payments:
            for one in payment.invoices:
                found[one.number] = min(found.get(one.number, payment.payment_date), payment.payment_date)
        return found

    def totals(self) -> Mapping[str, int]:
        found: dict[str, int] = {}
        for payment in self.payments:
            for one in payment.invoices:
                found[one.number] = found.get(one.number, 0) + one.amount_minor
        return found

    def party(self, payment: ConfirmedPayment) -> int:
        """The customer's party; one of the file alone has a number below zero."""
        number = payment.customer_number
        if number in self.customers:
            return self.customers[number]
        party_id = self.strangers.setdefault(number, -1 - len(self.strangers))
        self.names.setdefault(party_id, (number, payment.customer_name or payment.payer_name))
        return party_id

    def payment(self, payment: ConfirmedPayment, owner: Mapping[int, int]) -> PastPayment:
        pays = tuple((self.items[one.number], one.amount_minor) for one in payment.invoices)
        whose = owner[pays[0][0]] if pays else self.party(payment) if payment.customer_number else 0
        return PastPayment(
            line=payment.line,
            payment_date=payment.payment_date,
            amount_minor=payment.amount_minor,
            currency=payment.currency,
            payer_name=payment.payer_name,
            payer_account=payment.payer_account,
            reference=payment.reference,
            text=payment.text,
            party_id=whose,
            pays=pays,
        )

    def everybody(self, known: frozenset[int]) -> Iterator[tuple[int, str, str]]:
        numbers = {key.party_id: key.number for key in invoicing.customers_of(sorted(known)).values()}
        for party_id, name in parties.names(sorted(known)).items():
            yield party_id, numbers.get(party_id, ""), name
        for party_id, (number, name) in self.names.items():
            yield party_id, number, name
