"""Payment, settlement and the terms of the transaction in FA(3)."""

from typing import Final

from kvit.formats.einvoice.ksef.boxes import Part, box, kept_in, marked, money, said
from kvit.formats.einvoice.ksef.names import FORMS, PAID, ROUNDED
from kvit.formats.einvoice.markup import amount, day, element
from kvit.formats.einvoice.model import Account, Element, Invoice, PaymentMeans, PolishTerms

_FORM_OF: Final = {means: form for form, means in FORMS.items()} | {
    "58": "6",
    "31": "6",
    "42": "6",
    "54": "2",
    "55": "2",
}
_ACCOUNTS: Final = frozenset({"RachunekBankowy", "RachunekBankowyFaktora"})


def payment(invoice: Invoice) -> Part:
    """`Platnosc`."""
    polish = invoice.polish or PolishTerms()
    kept = kept_in(invoice, "Fa/Platnosc")
    told = {child.text for one in kept if one.name in _ACCOUNTS for child in one.children if child.name == "NrRB"}
    accounts = [one.account for one in invoice.payment_means if one.account and one.account.number not in told]
    due = element("Termin", day(invoice.due_date))
    return box(
        "Platnosc",
        marked("Zaplacono", polish.is_paid),
        said("DataZaplaty", day(polish.paid_date) if polish.is_paid else ""),
        ("TerminPlatnosci", f"<TerminPlatnosci>{due}</TerminPlatnosci>" if due else ""),
        *([] if any(one.name in ("FormaPlatnosci", "PlatnoscInna") for one in kept) else _form(invoice)),
        ("RachunekBankowy", "".join(_account(one) for one in accounts)),
        said("LinkDoPlatnosci", polish.payment_link),
        said("IPKSeF", polish.payment_id),
        kept=kept,
    )


def _form(invoice: Invoice) -> list[Part]:
    means: PaymentMeans | None = next(iter(invoice.payment_means), None)
    if means is None or means.code in ("", "1"):
        return []
    form = _FORM_OF.get(means.code)
    if form:
        return [said("FormaPlatnosci", form)]
    return [marked("PlatnoscInna", is_so=True), said("OpisPlatnosci", means.text or means.code)]


def _account(account: Account) -> str:
    is_bic = len(account.bank) in (8, 11) and account.bank.isalnum()
    return box(
        "RachunekBankowy",
        said("NrRB", "".join(account.number.split())),
        said("SWIFT", account.bank if is_bic else ""),
        said("OpisRachunku", account.name),
    )[1]


def settlement(invoice: Invoice, decimals: int) -> Part:
    """`Rozliczenie`: what was paid before, and the rounding, so that what is to pay differs from the total."""
    sums = invoice.totals
    if any(one.name == "Rozliczenie" for one in kept_in(invoice, "Fa")):
        return "Rozliczenie", ""
    prepaid, rounding = sums.prepaid_minor or 0, sums.rounding_minor or 0
    if not (prepaid or rounding):
        return "Rozliczenie", ""
    added = [(rounding, ROUNDED)] if rounding > 0 else []
    taken = [(prepaid, PAID)] if prepaid else []
    taken += [(-rounding, ROUNDED)] if rounding < 0 else []
    due = sums.due_minor or 0
    return box(
        "Rozliczenie",
        ("Obciazenia", _amounts("Obciazenia", added, decimals)),
        money("SumaObciazen", sum(minor for minor, _ in added) if added else None, decimals),
        ("Odliczenia", _amounts("Odliczenia", taken, decimals)),
        money("SumaOdliczen", sum(minor for minor, _ in taken) if taken else None, decimals),
        money("DoZaplaty", due if due >= 0 else None, decimals),
        money("DoRozliczenia", -due if due < 0 else None, decimals),
    )


def _amounts(name: str, found: list[tuple[int, str]], decimals: int) -> str:
    return "".join(
        f"<{name}><Kwota>{amount(minor, decimals)}</Kwota>{element('Powod', reason)}</{name}>"
        for minor, reason in found
    )


def conditions(invoice: Invoice) -> Part:
    """`WarunkiTransakcji`: contract and order."""
    kept = kept_in(invoice, "Fa/WarunkiTransakcji")
    return box(
        "WarunkiTransakcji",
        _numbered("Umowy", "NrUmowy", invoice.contract, kept),
        _numbered("Zamowienia", "NrZamowienia", invoice.order, kept),
        kept=kept,
    )


def _numbered(name: str, inner: str, value: str, kept: tuple[Element, ...]) -> Part:
    if not value or any(one.name == name for one in kept):
        return name, ""
    return name, f"<{name}>{said(inner, value)[1]}</{name}>"
