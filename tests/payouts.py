"""Payment files for tests: payouts to Bo from Nordvik's account, made and signed."""

import datetime
from dataclasses import replace
from typing import Any

from kvit.banking import commands, queries
from kvit.banking.commands import NewPaymentFile, PaymentFileReady
from kvit.banking.domain.payments import PaymentFormat, PaymentToMake, SendingOutcome
from kvit.base import files, tenant
from kvit.base.command import Ctx
from kvit.formats.bank.pain import order
from kvit.kernel.money import Money
from payment_orders import BO, DE_IBAN, NORDVIK

DAY = datetime.date(2026, 3, 3)


def payout(subject_id: int, minor: int = 500) -> PaymentToMake:
    """A settlement of Bo's, in euro cent."""
    return PaymentToMake(
        subject_kind="settlement",
        subject_id=subject_id,
        amount=Money(minor, "EUR"),
        payee=BO,
        account=order.Iban(DE_IBAN),
        remittance=order.Message(f"settlement {subject_id}"),
    )


def file_of(account_id: int) -> NewPaymentFile:
    """A SEPA file of tomorrow."""
    return NewPaymentFile(
        account_id=account_id,
        format=PaymentFormat.PAIN_001_09,
        scheme=order.Scheme.SEPA,
        execution_date=DAY,
        payer=replace(NORDVIK, name="Nordvik AB"),
    )


def made(ctx: Ctx, account_id: int, *payments: PaymentToMake) -> PaymentFileReady:
    """A file of these payments."""
    return commands.make_payment_file(ctx, file=file_of(account_id), payments=payments)


def signed(ctx: Ctx, ready: PaymentFileReady) -> PaymentFileReady:
    """The same file, signed by Anna and Ewa."""
    for name in ("anna", "ewa"):
        commands.sign_payment_file(
            replace(ctx, actor=f"user:{name}", key=None), payment_file_id=ready.payment_file_id, sha256=ready.sha256
        )
    return ready


def at_each_place(ctx: Ctx, account_id: int) -> dict[str, Any]:
    """A payment file at each place of its way."""
    ready = [made(ctx, account_id, payout(number)) for number in range(1, 6)]
    waiting, *rest = ready
    for one in rest:
        signed(ctx, one)
    for number, outcome in ((2, None), (3, SendingOutcome.UNKNOWN), (4, SendingOutcome.SENT)):
        file_id = ready[number].payment_file_id
        commands.begin_sending(ctx, payment_file_id=file_id)
        if outcome is not None:
            commands.record_sending(ctx, payment_file_id=file_id, outcome=outcome, evidence="-")
    with tenant.scope(ctx.tenant_id):
        (payment,) = queries.payments_of(ready[4].payment_file_id)
    return {
        "paying_account": account_id,
        "made_file": waiting.payment_file_id,
        "made_sha256": waiting.sha256,
        "made_message": waiting.message_id,
        "signed_file": ready[1].payment_file_id,
        "sending_file": ready[2].payment_file_id,
        "doubted_file": ready[3].payment_file_id,
        "sent_file": ready[4].payment_file_id,
        "sent_payment": payment.end_to_end_id,
    }


def content(ctx: Ctx, sha256: str) -> bytes:
    """A kept file's bytes."""
    with tenant.scope(ctx.tenant_id):
        return b"".join(files.read_parts(sha256))
