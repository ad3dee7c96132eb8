"""Payment files for tests: payouts to Bo from Nordvik's account, made and signed."""

import datetime
from dataclasses import replace

from kvit.banking import commands
from kvit.banking.commands import NewPaymentFile, PaymentFileReady
from kvit.banking.domain.payments import PaymentFormat, PaymentToMake
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


def content(ctx: Ctx, sha256: str) -> bytes:
    """A kept file's bytes."""
    with tenant.scope(ctx.tenant_id):
        return b"".join(files.read_parts(sha256))
