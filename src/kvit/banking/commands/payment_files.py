"""Make a payment file, have it signed by two persons, or discard it."""

import datetime
import io
from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar, Final

from kvit.banking.domain.payment_writing import FileToMake, written
from kvit.banking.domain.payments import (
    PAYMENT,
    PAYMENT_FILE,
    PERSON,
    SIGNATURES,
    PaymentFileState,
    PaymentFormat,
    PaymentState,
    PaymentToMake,
)
from kvit.banking.events import PaymentFileDiscarded, PaymentFileMade, PaymentFileSigned
from kvit.base import codec, files, login, rows
from kvit.base.codec import Bulk
from kvit.base.command import Ctx, command
from kvit.base.lifecycle import NotMovable, move
from kvit.formats.bank.pain.order import Party, Scheme
from kvit.formats.writing import Unwritable, Written
from kvit.kernel.refusals import DomainError
from kvit.kernel.results import Problem
from kvit.work import commands as work
from kvit.work.domain.items import NewItem

SIGN: Final = "banking.sign_payment_file"
SUBJECT: Final = PAYMENT_FILE.kind


class NoSuchPaymentFile(DomainError):
    """There is no such payment file, or no such account to pay from."""

    code: ClassVar[str] = "banking.no_such_payment_file"


class AlreadyBeingPaid(DomainError):
    """Something to be paid is in another payment file already, or twice in this one."""

    code: ClassVar[str] = "banking.already_being_paid"


class NotAPerson(DomainError):
    """Signing and deciding about money is for people; a robot or key asked."""

    code: ClassVar[str] = "banking.not_a_person"


class SignedAlready(DomainError):
    """This person has signed the file before; the second signature is another person's."""

    code: ClassVar[str] = "banking.signed_already"


class OtherContent(DomainError):
    """What was looked at is not what the file holds."""

    code: ClassVar[str] = "banking.other_content"


@dataclass(frozen=True, slots=True, kw_only=True)
class NewPaymentFile:
    """What all payments of a file share: the company's account, the format, the rules, the day, who pays."""

    account_id: int
    format: PaymentFormat
    scheme: Scheme
    execution_date: datetime.date
    payer: Party


@dataclass(frozen=True)
class PaymentFileReady:
    """The file that waits for signatures: what it is called at the bank, its content's hash, count and total.

    `notes` is how many texts could not be written as they were given; the file's query says which.
    """

    payment_file_id: int
    message_id: str
    sha256: str
    payments: int
    total_minor: int
    currency: str
    notes: int


@dataclass(frozen=True)
class PaymentFileStanding:
    """Where the file stands now, and how many persons have signed it."""

    state: PaymentFileState
    signatures: int


@dataclass(frozen=True, slots=True)
class Locked:
    """A payment file whose row is locked until the transaction ends."""

    state: PaymentFileState
    sha256: str
    message_id: str
    name: str
    execution_date: datetime.date


def lock(payment_file_id: int) -> Locked:
    """Lock a payment file: signing, sending and answers wait for each other. Refuses `NoSuchPaymentFile`."""
    found = rows.select(
        """
        SELECT p.state, f.sha256, p.message_id, f.name, p.execution_date FROM banking_paymentfile p
        JOIN base_file f ON f.id = p.file_id WHERE p.id = %s FOR NO KEY UPDATE OF p
        """,
        [payment_file_id],
    )
    if not found:
        raise NoSuchPaymentFile(f"there is no payment file {payment_file_id}")
    return Locked(PaymentFileState(found[0][0]), *found[0][1:])


def require_person(ctx: Ctx) -> None:
    """Refuses `NotAPerson`."""
    if not ctx.actor.startswith(PERSON):
        raise NotAPerson(f"{ctx.actor} is not a person who works here")


@command
def make_payment_file(ctx: Ctx, *, file: NewPaymentFile, payments: Bulk[tuple[PaymentToMake, ...]]) -> PaymentFileReady:
    """Write the file and hold what it pays: none of it goes into another file until this one is settled.

    Everything or nothing. Refuses `NoSuchPaymentFile` for an unknown account, `AlreadyBeingPaid`, and `Unwritable`
    with every problem and its place ("payments[2]/account").
    """
    number = _account_number(file.account_id)
    (payment_file_id,) = rows.next_ids("banking_paymentfile", 1)
    payment_ids = rows.next_ids("banking_payment", len(payments))
    end_to_end_ids = [f"K{ctx.tenant_id}P{payment_id}" for payment_id in payment_ids]
    head = FileToMake(
        message_id=f"K{ctx.tenant_id}F{payment_file_id}T{ctx.now:%y%m%d%H%M}",
        format=file.format,
        scheme=file.scheme,
        created_at=ctx.now,
        execution_date=file.execution_date,
        payer=file.payer,
        payer_account=number,
    )
    made = _written(ctx, head, payments, end_to_end_ids)
    kept = files.keep(ctx, io.BytesIO(made.content), name=f"{head.message_id}.{_extension(file.format)}")
    _insert_file(ctx, payment_file_id, file, head, made, kept.file_id)
    _insert_payments(ctx, payment_file_id, dict(zip(payment_ids, payments, strict=True)), end_to_end_ids)
    (total,) = made.totals
    work.open_item(
        ctx,
        item=NewItem(
            kind=SIGN,
            subject_kind=SUBJECT,
            subject_id=payment_file_id,
            reason_code="banking.payment_file_made",
            reason=f"{made.count} payments of {total.minor} minor units of {total.currency} wait for two signatures",
            reason_params={"payments": made.count, "total_minor": total.minor, "currency": total.currency},
        ),
    )
    ctx.emit(PaymentFileMade(payment_file_id=payment_file_id))
    return PaymentFileReady(
        payment_file_id=payment_file_id,
        message_id=head.message_id,
        sha256=kept.sha256,
        payments=made.count,
        total_minor=total.minor,
        currency=total.currency,
        notes=len(made.notes),
    )


def _account_number(account_id: int) -> str:
    found = rows.select("SELECT number FROM banking_account WHERE id = %s", [account_id])
    if not found:
        raise NoSuchPaymentFile(f"there is no account {account_id} to pay from")
    return str(found[0][0])


def _written(ctx: Ctx, head: FileToMake, payments: Sequence[PaymentToMake], end_to_end_ids: Sequence[str]) -> Written:
    if head.execution_date < login.own_day(ctx.now):
        raise Unwritable([Problem("execution_date", f"{head.execution_date} is past")])
    if len({payment.amount.currency for payment in payments}) > 1:
        raise Unwritable([Problem("payments", "are in more than one currency; make a file for each")])
    return written(head, payments, end_to_end_ids)


def _extension(file_format: PaymentFormat) -> str:
    return "xml" if file_format.value.startswith("pain") else "txt"


def _insert_file(
    ctx: Ctx, payment_file_id: int, file: NewPaymentFile, head: FileToMake, made: Written, file_id: int
) -> None:
    (total,) = made.totals
    rows.run(
        """
        INSERT INTO banking_paymentfile (id, tenant_id, account_id, format, message_id, execution_date, payment_count,
            total_minor, currency, file_id, notes, state, made_by, command_id)
        VALUES (%s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s::jsonb, 'made', %s, %s)
        """,
        [
            payment_file_id,
            ctx.tenant_id,
            file.account_id,
            file.format.value,
            head.message_id,
            file.execution_date,
            made.count,
            total.minor,
            total.currency,
            file_id,
            codec.canonical([[note.place, note.text] for note in made.notes]).decode(),
            ctx.actor,
            ctx.command_id,
        ],
    )


def _insert_payments(
    ctx: Ctx, payment_file_id: int, payments: dict[int, PaymentToMake], end_to_end_ids: Sequence[str]
) -> None:
    """In the order of their subjects, so that two files that want the same wait for each other and never in a circle.

    The unique index lets one live payment of a subject through (RELIABILITY 6). Refuses `AlreadyBeingPaid`.
    """
    named = sorted(
        ((one.subject_kind, one.subject_id, payment_id, end_to_end_id, one) for (payment_id, one), end_to_end_id in
         zip(payments.items(), end_to_end_ids, strict=True)),
        key=lambda row: row[:3],
    )  # fmt: skip
    count = len(named)
    inserted = rows.insert(
        "banking_payment",
        {
            "id": ("bigint", [row[2] for row in named]),
            "tenant_id": ("int", [ctx.tenant_id] * count),
            "payment_file_id": ("bigint", [payment_file_id] * count),
            "end_to_end_id": ("text", [row[3] for row in named]),
            "subject_kind": ("text", [row[0] for row in named]),
            "subject_id": ("bigint", [row[1] for row in named]),
            "amount_minor": ("bigint", [row[4].amount.minor for row in named]),
            "currency": ("text", [row[4].amount.currency for row in named]),
            "payee_name": ("text", [row[4].payee.name[:200] for row in named]),
            "payee_account": ("text", [row[4].account.number[:60] for row in named]),
            "state": ("text", [PaymentState.OPEN.value] * count),
            "reason": ("text", [""] * count),
            "command_id": ("bigint", [ctx.command_id] * count),
        },
        tail="""
        ON CONFLICT (tenant_id, subject_kind, subject_id) WHERE state IN ('open', 'accepted') DO NOTHING RETURNING id
        """,
    )
    if len(inserted) < count:
        done = {row[0] for row in inserted}
        left = [f"{kind} {subject_id}" for kind, subject_id, payment_id, _, _ in named if payment_id not in done]
        more = f" and {len(left) - 5} more" if len(left) > 5 else ""
        raise AlreadyBeingPaid(f"{', '.join(left[:5])}{more}: in a payment file already; nothing was made")


@command
def sign_payment_file(ctx: Ctx, *, payment_file_id: int, sha256: str) -> PaymentFileStanding:
    """Sign what was looked at, by its hash; the second person's signature lets the file be sent.

    Who made the file may be one of the two. Refuses `NoSuchPaymentFile`, `NotAPerson`, `OtherContent`,
    `SignedAlready`, `NotMovable` where the file no longer waits for signatures.
    """
    require_person(ctx)
    locked = lock(payment_file_id)
    if locked.sha256 != sha256:
        raise OtherContent(f"payment file {payment_file_id} has another content than the one signed")
    if locked.state is not PaymentFileState.MADE:
        raise NotMovable(f"payment file {payment_file_id} is {locked.state.value}; it waits for no signature")
    signed = rows.run(
        """
        INSERT INTO banking_paymentsignature (tenant_id, payment_file_id, person, sha256, at, command_id)
        VALUES (%s, %s, %s, %s, %s, %s) ON CONFLICT DO NOTHING
        """,
        [ctx.tenant_id, payment_file_id, ctx.actor, sha256, ctx.now, ctx.command_id],
    )
    if not signed:
        raise SignedAlready(f"{ctx.actor} has signed payment file {payment_file_id} before")
    ((signatures,),) = rows.select(
        "SELECT count(*) FROM banking_paymentsignature WHERE payment_file_id = %s", [payment_file_id]
    )
    if signatures < SIGNATURES:
        return PaymentFileStanding(PaymentFileState.MADE, signatures)
    move(ctx, PAYMENT_FILE, [payment_file_id], to=PaymentFileState.SIGNED)
    close_item(ctx, payment_file_id, kind=SIGN, outcome="signed")
    ctx.emit(PaymentFileSigned(payment_file_id=payment_file_id))
    return PaymentFileStanding(PaymentFileState.SIGNED, signatures)


@command
def discard_payment_file(ctx: Ctx, *, payment_file_id: int, reason: str) -> PaymentFileStanding:
    """Never send a file; what it would have paid is free for another one. The reason stands in the audit row.

    Refuses `NoSuchPaymentFile`, `NotMovable` for one whose sending has begun.
    """
    lock(payment_file_id)
    move(ctx, PAYMENT_FILE, [payment_file_id], to=PaymentFileState.DISCARDED)
    move(ctx, PAYMENT, payments_in(payment_file_id, PaymentState.OPEN), to=PaymentState.DISCARDED)
    close_item(ctx, payment_file_id, kind=SIGN, outcome="discarded")
    ctx.emit(PaymentFileDiscarded(payment_file_id=payment_file_id))
    ((signatures,),) = rows.select(
        "SELECT count(*) FROM banking_paymentsignature WHERE payment_file_id = %s", [payment_file_id]
    )
    return PaymentFileStanding(PaymentFileState.DISCARDED, signatures)


def payments_in(payment_file_id: int, *states: PaymentState) -> list[int]:
    """The ids of the file's payments that stand so."""
    found = rows.select(
        "SELECT id FROM banking_payment WHERE payment_file_id = %s AND state = ANY(%s) ORDER BY id",
        [payment_file_id, [state.value for state in states]],
    )
    return [row[0] for row in found]


def close_item(ctx: Ctx, payment_file_id: int, *, kind: str, outcome: str) -> None:
    """What a work item about the file waited for has happened."""
    work.close_items(ctx, kind=kind, subject_kind=SUBJECT, subject_ids=[payment_file_id], outcome=outcome)
