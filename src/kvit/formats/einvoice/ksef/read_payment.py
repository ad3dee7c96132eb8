"""Reads payment, settlement and the terms of the transaction from FA."""

import datetime
from dataclasses import dataclass, replace
from typing import Final

from kvit.formats.einvoice.ksef.kept import Kept, in_order
from kvit.formats.einvoice.ksef.names import FORMS, OTHER_FORM, PAID, ROUNDED
from kvit.formats.einvoice.model import Account, PaymentMeans, Totals
from kvit.formats.einvoice.nodes import Currency, Node

_PLAIN_ACCOUNT: Final = frozenset({"NrRB", "SWIFT", "OpisRachunku"})
_UNSPECIFIED: Final = "1"


@dataclass(frozen=True, slots=True)
class Payment:
    """What `Platnosc` says."""

    means: tuple[PaymentMeans, ...] = ()
    due_date: datetime.date | None = None
    is_paid: bool = False
    paid_date: datetime.date | None = None
    link: str = ""
    id: str = ""


def payment(body: Node, kept: Kept) -> Payment:
    """How it is paid; accounts with more to them than the model has are kept beside."""
    found = body.one("Platnosc")
    if found is None:
        return Payment()
    in_order(found)
    path = "Fa/Platnosc"
    code, text = _form(found, kept, path)
    accounts = [_account(one, kept, path) for one in found.all("RachunekBankowy")]
    for one in found.all("RachunekBankowyFaktora"):
        accounts.append(Account(number=one.text("NrRB"), bank=one.text("SWIFT"), name=one.text("OpisRachunku")))
        kept.put(one, path)
    means = tuple(PaymentMeans(code=code, text=text, account=one) for one in accounts)
    if not means and code != _UNSPECIFIED:
        means = (PaymentMeans(code=code, text=text),)
    read = Payment(
        means=means,
        due_date=_due(found, kept, path),
        is_paid=found.text("Zaplacono") == "1",
        paid_date=found.day("DataZaplaty"),
        link=found.text("LinkDoPlatnosci"),
        id=found.text("IPKSeF"),
    )
    kept.rest(found, path)
    return read


def _form(node: Node, kept: Kept, path: str) -> tuple[str, str]:
    form = node.one("FormaPlatnosci")
    other = node.text("PlatnoscInna")
    told = node.text("OpisPlatnosci")
    if other == "1":
        return OTHER_FORM, told
    if form is None:
        return _UNSPECIFIED, ""
    if form.own() not in FORMS:
        kept.put(form, path)
        return OTHER_FORM, ""
    return FORMS[form.own()], ""


def _account(node: Node, kept: Kept, path: str) -> Account:
    one = Account(number=node.text("NrRB"), bank=node.text("SWIFT"), name=node.text("OpisRachunku"))
    if not _PLAIN_ACCOUNT.issuperset(node.names()):
        kept.put(node, path)
    return one


def _due(node: Node, kept: Kept, path: str) -> datetime.date | None:
    """The first term that is a day; every other is kept."""
    due: datetime.date | None = None
    for position, one in enumerate(node.all("TerminPlatnosci")):
        if position == 0 and one.names() == ["Termin"]:
            due = one.day("Termin")
        else:
            kept.put(one, path)
    return due


def settlement(body: Node, currency: Currency, totals: Totals, kept: Kept) -> Totals:
    """The totals with what is due: the total, unless a settlement says otherwise.

    A settlement of our own making is taken apart into what was paid and the rounding; another is kept, and what it
    takes off counts as paid.
    """
    found = body.one("Rozliczenie")
    if found is None:
        return replace(totals, due_minor=totals.gross_minor)
    in_order(found)
    parts = _parts(found, currency)
    due = currency.amount(found, "DoZaplaty", "FA-DEC")
    back = currency.amount(found, "DoRozliczenia", "FA-DEC")
    for name in ("SumaObciazen", "SumaOdliczen"):
        currency.amount(found, name, "FA-DEC")
    if due is None and back is not None:
        due = -back
    if due is None:
        due = (totals.gross_minor or 0) + sum(minor for _, minor in parts)
    reasons = [reason for reason, _ in parts]
    if set(reasons) <= {PAID, ROUNDED} and len(reasons) == len(set(reasons)):
        told = dict(parts)
        paid, rounded = told.get(PAID), told.get(ROUNDED)
        return replace(totals, prepaid_minor=None if paid is None else -paid, rounding_minor=rounded, due_minor=due)
    kept.put(found, "Fa")
    return replace(totals, prepaid_minor=(totals.gross_minor or 0) - due, due_minor=due)


def _parts(node: Node, currency: Currency) -> list[tuple[str, int]]:
    """Reasons and signed amounts: what is added, what is taken off."""
    found = []
    for name, sign in (("Obciazenia", 1), ("Odliczenia", -1)):
        for one in node.all(name):
            amount = currency.amount(one, "Kwota", "FA-DEC")
            found.append((one.text("Powod"), sign * (amount or 0)))
    return found


def conditions(body: Node, kept: Kept) -> tuple[str, str]:
    """Contract and order, each where it is the only one and no more than a number."""
    found = body.one("WarunkiTransakcji")
    if found is None:
        return "", ""
    in_order(found)
    path = "Fa/WarunkiTransakcji"
    contract = _only(found, "Umowy", "NrUmowy", kept, path)
    order = _only(found, "Zamowienia", "NrZamowienia", kept, path)
    kept.rest(found, path)
    return contract, order


def _only(node: Node, name: str, number: str, kept: Kept, path: str) -> str:
    found = node.all(name)
    told = next((one for one in (own.text(number) for own in found) if one), "")
    if len(found) != 1 or found[0].names() != [number]:
        for one in found:
            kept.put(one, path)
    return told
