"""Turns payments to be made into the bytes of a payment file in the format that the bank takes."""

import datetime
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from kvit.banking.domain.payments import PaymentFormat, PaymentToMake
from kvit.formats.bank.elixir import write as elixir
from kvit.formats.bank.elixir.transfer import CodePage, ElixirTransfer, Kind
from kvit.formats.bank.lb import records as lb
from kvit.formats.bank.lb import write as lb_writer
from kvit.formats.bank.pain import credit, order, scheme
from kvit.formats.bank.pain.order import Scheme, Version
from kvit.formats.writing import POLAND, Checks, Unwritable, Written
from kvit.kernel import zones
from kvit.kernel.identifiers import checksums, iban, pl_nrb, se_bankgiro
from kvit.kernel.results import Problem

_PAIN: Final = {PaymentFormat.PAIN_001_03: Version.PAIN_001_03, PaymentFormat.PAIN_001_09: Version.PAIN_001_09}
_ELIXIR: Final = {
    PaymentFormat.ELIXIR_CP852: CodePage.CP852,
    PaymentFormat.ELIXIR_CP1250: CodePage.CP1250,
    PaymentFormat.ELIXIR_ISO_8859_2: CodePage.ISO_8859_2,
}
_REFERENCE_CHARACTERS: Final = 25
_TEXT_CHARACTERS: Final = 50
_LINE_CHARACTERS: Final = 35
_FIRST_PAYMENT_NUMBER: Final = 10_000
_LAST_PAYMENT_NUMBER: Final = 99_999


@dataclass(frozen=True, slots=True, kw_only=True)
class FileToMake:
    """The head of a payment file: who pays, from which account, when, by which rules; `message_id` is used once."""

    message_id: str
    format: PaymentFormat
    scheme: Scheme
    created_at: datetime.datetime
    execution_date: datetime.date
    payer: order.Party
    payer_account: str


def written(head: FileToMake, payments: Sequence[PaymentToMake], end_to_end_ids: Sequence[str]) -> Written:
    """The file. Refuses `Unwritable` with each problem at its place ("payments[2]/account")."""
    try:
        if head.format in _PAIN:
            return credit.write(_pain(head, payments, end_to_end_ids), _PAIN[head.format])
        if head.format is PaymentFormat.LB:
            return lb_writer.write([_lb(head, payments, end_to_end_ids)])
        return elixir.write(_elixir(head, payments), code_page=_ELIXIR[head.format])
    except Unwritable as refusal:
        raise Unwritable(Problem(_place(one.place), one.reason) for one in refusal.problems) from None


def _place(place: str) -> str:
    """A place in the values given here, not in the writer's."""
    for theirs, ours in (
        ("batches[0]/transfers[", "payments["),
        ("sections[0]/payments[", "payments["),
        ("transfers[", "payments["),
        ("batches[0]/debtor", "payer"),
        ("batches[0]/", ""),
        ("sections[0]/", ""),
    ):
        if place.startswith(theirs):
            return ours + place.removeprefix(theirs)
    return place


def payer_account(number: str) -> order.Account:
    """The company's account by its number: an IBAN or a bankgiro. Refuses `Unwritable`."""
    if iban.is_valid(number):
        return order.Iban(iban.compact(number))
    if se_bankgiro.is_valid(number):
        return order.Bankgiro(se_bankgiro.compact(number))
    raise Unwritable([Problem("account", "is neither an IBAN nor a bankgiro number; no payment file names it")])


def _pain(head: FileToMake, payments: Sequence[PaymentToMake], ids: Sequence[str]) -> order.TransferOrder:
    transfers = tuple(
        order.Transfer(
            end_to_end_id=reference,
            amount=payment.amount,
            creditor=payment.payee,
            account=payment.account,
            remittance=payment.remittance,
            ksef=payment.ksef,
        )
        for payment, reference in zip(payments, ids, strict=True)
    )
    batch = order.TransferBatch(
        batch_id=f"{head.message_id}-1",
        scheme=head.scheme,
        execution_date=head.execution_date,
        debtor=head.payer,
        account=payer_account(head.payer_account),
        transfers=transfers,
    )
    return order.TransferOrder(
        message_id=head.message_id, created_at=head.created_at, initiator=head.payer, batches=(batch,)
    )


def _lb(head: FileToMake, payments: Sequence[PaymentToMake], end_to_end_ids: Sequence[str]) -> lb.LbFile:
    if any(payment.amount.currency != "SEK" for payment in payments) or head.scheme is not Scheme.SWEDEN:
        raise Unwritable([Problem("format", "LB pays kronor by Swedish rules only")])
    if len(payments) > _LAST_PAYMENT_NUMBER - _FIRST_PAYMENT_NUMBER:
        raise Unwritable([Problem("payments", f"are too many for one LB file: {len(payments)}")])
    return lb.LbFile(
        place="",
        kind=lb.Kind.ORDERS,
        payer_bankgiro=head.payer_account,
        date=zones.day_in("SE", head.created_at),
        pay_date=head.execution_date,
        payments=tuple(
            _lb_payment(number, payment, end_to_end_id)
            for number, (payment, end_to_end_id) in enumerate(zip(payments, end_to_end_ids, strict=True))
        ),
    )


def _lb_payment(number: int, payment: PaymentToMake, end_to_end_id: str) -> lb.Payment:
    """The payer's own note is the payment's id: Bankgirot gives it back in its reports."""
    reference, texts = _lb_words(number, payment)
    own_number = str(_FIRST_PAYMENT_NUMBER + number)
    match payment.account:
        case order.Bankgiro():
            payee, clearing, account, name = payment.account.number, "", "", ""
        case order.SwedishAccount():
            payee = own_number + checksums.luhn_digit(own_number)
            clearing, account, name = payment.account.clearing, payment.account.number, payment.payee.name
        case order.Iban():
            raise Unwritable([Problem(f"payments[{number}]/account", "LB pays to bankgiro and Swedish accounts only")])
    return lb.Payment(
        place="",
        kind=lb.PaymentKind.PAYMENT,
        payee=payee,
        amount_minor=payment.amount.minor,
        reference=reference,
        own_note=end_to_end_id,
        texts=texts,
        name=name,
        clearing=clearing,
        account=account,
    )


def _lb_words(number: int, payment: PaymentToMake) -> tuple[str, tuple[str, ...]]:
    """The reference of 25 columns, and longer words in lines of 50."""
    match payment.remittance:
        case order.Ocr() | order.CreditorReference():
            return payment.remittance.number, ()
        case order.Message():
            text = payment.remittance.text.strip()
            if len(text) <= _REFERENCE_CHARACTERS:
                return text, ()
            return "", _cut(text, _TEXT_CHARACTERS)
        case order.SplitPayment():
            raise Unwritable([Problem(f"payments[{number}]/remittance", "a split payment is Polish")])


def _elixir(head: FileToMake, payments: Sequence[PaymentToMake]) -> list[ElixirTransfer]:
    if head.scheme is not Scheme.POLAND:
        raise Unwritable([Problem("format", "Elixir-0 pays zloty by Polish rules only")])
    checks = Checks(POLAND)
    found = [_elixir_transfer(checks, f"payments[{number}]", head, one) for number, one in enumerate(payments)]
    checks.refuse_problems()
    return found


def _elixir_transfer(checks: Checks, place: str, head: FileToMake, payment: PaymentToMake) -> ElixirTransfer:
    """One line; its title by the same rules as in pain.001, KSeF's number included."""
    transfer = order.Transfer(
        end_to_end_id="-",
        amount=payment.amount,
        creditor=payment.payee,
        account=payment.account,
        remittance=payment.remittance,
        ksef=payment.ksef,
    )
    title = scheme.title(checks, place, transfer, Scheme.POLAND, head.execution_date)
    is_split = isinstance(payment.remittance, order.SplitPayment)
    is_iban = isinstance(payment.account, order.Iban)
    checks.require(is_iban, f"{place}/account", "Elixir-0 pays to Polish accounts only")
    text = title.text or title.reference
    return ElixirTransfer(
        execution_date=head.execution_date,
        amount=payment.amount,
        payer_account=pl_nrb.compact(head.payer_account),
        payee_account=pl_nrb.compact(payment.account.number),
        payer=_lines(head.payer),
        payee=_lines(payment.payee),
        title=(text,) if is_split else _cut(text, _LINE_CHARACTERS),
        kind=Kind.SPLIT_PAYMENT if is_split else Kind.ORDINARY,
    )


def _lines(party: order.Party) -> tuple[str, ...]:
    """Name in at most two lines, street, town."""
    name = _cut(party.name.strip(), _LINE_CHARACTERS)[:2]
    address = (f"{party.street} {party.building}".strip(), f"{party.postcode} {party.town}".strip())
    return (*name, *(line for line in address if line))


def _cut(text: str, width: int) -> tuple[str, ...]:
    """The text in lines of at most `width` characters; a line begins with no blank."""
    lines = []
    while text:
        lines.append(text[:width].rstrip())
        text = text[width:].lstrip()
    return tuple(lines)
