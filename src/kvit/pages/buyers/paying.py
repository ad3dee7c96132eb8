"""How an invoice is paid: the company's accounts with what the payer copies, and the code a bank app scans."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Final

from kvit.banking.domain import AccountKind
from kvit.banking.queries import Payee
from kvit.formats.einvoice.model import Account
from kvit.formats.payment_codes import DoesNotFit, epc, using_qr, zbp
from kvit.invoicing.domain import SELF_BILLED, Kind, side_of
from kvit.invoicing.queries import Issued
from kvit.kernel.identifiers import iban, pl_nrb, rf, se_bankgiro, se_plusgiro
from kvit.kernel.identifiers.invalid import InvalidIdentifier
from kvit.kernel.money import Money
from kvit.parties.domain.identities import IdentityKind
from kvit.parties.queries import Party

_PAYS_TO: Final = {
    AccountKind.BANKGIRO: using_qr.PaysTo.BANKGIRO,
    AccountKind.PLUSGIRO: using_qr.PaysTo.PLUSGIRO,
    AccountKind.IBAN: using_qr.PaysTo.IBAN,
}


@dataclass(frozen=True, slots=True)
class Wanted:
    """A payment that is asked for; minor units."""

    amount_minor: int
    currency: str
    reference: str
    due_date: date


@dataclass(frozen=True, slots=True)
class Way:
    """One way to pay: numbers bare for copying and as printed for reading; `code` is what stands in the QR code."""

    kind: AccountKind
    account: str
    account_shown: str
    payee: str
    reference: str
    reference_shown: str
    amount_minor: int
    amount_bare: str
    currency: str
    code: str | None


def ways(wanted: Wanted, payees: Sequence[Payee], seller: Party) -> tuple[Way, ...]:
    """Every account in the invoice's currency, the one with a code first; nothing once nothing is open."""
    if wanted.amount_minor <= 0:
        return ()
    found = [_way(wanted, payee, seller) for payee in payees if payee.currency == wanted.currency]
    return tuple(sorted(found, key=lambda way: way.code is None))


def ways_at_issue(issued: Issued, known: Sequence[Payee], seller: Party) -> tuple[Way, ...]:
    """Every way to pay the whole of a document that it was issued with; `known` are the accounts of today.

    Documents from before accounts were kept with them take those of today. Nothing where nothing is asked for by a
    transfer: a card or a mandate was agreed on instead.
    """
    paper, content = issued.paper, issued.paper.content
    accounts = [one.account for one in content.payment_means if one.account is not None]
    if not content.payment_means:
        accounts = list(issued.sides.accounts)
    payees = [_payee(one, paper.currency) for one in accounts]
    if not payees and not content.payment_means:
        payees = list(known)
    if content.payee is not None:
        seller = replace(seller, name=content.payee.name, identities=())
    reference = next((one.reference for one in content.payment_means if one.reference), paper.payment_reference)
    wanted = Wanted(
        amount_minor=paper.payable_minor if is_asking(paper.kind, paper.gross_minor) else 0,
        currency=paper.currency,
        reference=reference or paper.number,
        due_date=paper.due_date or paper.issue_date,
    )
    return ways(wanted, payees, seller)


def is_asking(kind: str, gross_minor: int) -> bool:
    """Whether a document of a kind over so much asks its reader for money."""
    return kind == Kind.ESTIMATE or (kind not in SELF_BILLED and side_of(kind, gross_minor) == "debit")


def _payee(account: Account, currency: str) -> Payee:
    kinds = {"SE:BANKGIRO": AccountKind.BANKGIRO, "SE:PLUSGIRO": AccountKind.PLUSGIRO}
    number = "".join(account.number.split())
    is_iban = iban.is_valid(number) or pl_nrb.is_valid(number)
    kind = kinds.get(account.bank, AccountKind.IBAN if is_iban else AccountKind.NATIONAL)
    return Payee(0, number, kind, currency, account.name)


def _way(wanted: Wanted, payee: Payee, seller: Party) -> Way:
    is_structured = rf.is_valid(wanted.reference)
    account = _national(payee)
    return Way(
        kind=payee.kind,
        account=account,
        account_shown=_shown(payee.kind, account),
        payee=seller.name,
        reference=wanted.reference,
        reference_shown=rf.format(wanted.reference) if is_structured else wanted.reference,
        amount_minor=wanted.amount_minor,
        amount_bare=str(Money(wanted.amount_minor, wanted.currency).to_decimal()),
        currency=wanted.currency,
        code=_code(wanted, payee, seller),
    )


def _national(payee: Payee) -> str:
    """26 Polish digits are shown to the world as the IBAN they are in."""
    if payee.kind is AccountKind.IBAN and pl_nrb.is_valid(payee.number):
        return pl_nrb.iban(payee.number)
    return payee.number


def _shown(kind: AccountKind, number: str) -> str:
    if kind is AccountKind.BANKGIRO:
        return se_bankgiro.format(number)
    if kind is AccountKind.PLUSGIRO:
        return se_plusgiro.format(number)
    return iban.format(number) if kind is AccountKind.IBAN else number


def _code(wanted: Wanted, payee: Payee, seller: Party) -> str | None:
    """SEPA for euro, the ZBP's for zloty, UsingQR for kronor; None where the currency has no open standard."""
    try:
        if wanted.currency == "EUR" and payee.kind is AccountKind.IBAN:
            return epc.text(
                name=seller.name, iban=payee.number, amount_minor=wanted.amount_minor, reference=wanted.reference
            )
        if wanted.currency == "PLN" and pl_nrb.is_valid(payee.number):
            return zbp.text(
                name=seller.name,
                account=payee.number,
                amount_minor=wanted.amount_minor,
                title=wanted.reference,
                nip=number_of(seller, IdentityKind.NIP),
            )
        if wanted.currency == "SEK" and payee.kind in _PAYS_TO:
            account = payee.number if payee.kind is AccountKind.IBAN else _shown(payee.kind, payee.number)
            organisation = number_of(seller, IdentityKind.ORGNR)
            return using_qr.text(
                using_qr.Payee(seller.name, organisation, _PAYS_TO[payee.kind], account),
                amount_minor=wanted.amount_minor,
                reference=wanted.reference,
                due_date=wanted.due_date,
            )
    except (DoesNotFit, InvalidIdentifier):
        return None
    return None


def number_of(party: Party, kind: IdentityKind) -> str:
    """The party's number of this kind; empty where it has none."""
    return next((each.value for each in party.identities if each.kind is kind), "")
