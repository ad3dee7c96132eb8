"""What was said about a company's claims: one fact of each kind, as the holder of a link and as a clerk say them."""

import io
from dataclasses import replace
from datetime import timedelta
from typing import Any

from desk import Desk
from kvit.base import files
from kvit.invoicing import commands as invoicing
from kvit.invoicing.domain import DisputeReason, Remittance

RECEIPT = b"%PDF-1.7\ntrailer<<>>\n%%EOF\n"


def told(desk: Desk, unpaid: int, link_id: int) -> dict[str, Any]:
    """Of the invoice of the link a part is disputed and a part said to be paid; of another more time is asked for."""
    ctx = desk.ctx
    bo = replace(ctx, actor=f"link:{link_id}")
    today = ctx.now.date()
    other = desk.invoice(1_000).id
    receipt = files.keep(ctx, io.BytesIO(RECEIPT), name="receipt.pdf").file_id
    disputed = invoicing.open_dispute(
        bo, invoice_id=unpaid, reason=DisputeReason.FAULTY, words="One of them was broken", amount_minor=100
    )
    paid = invoicing.say_paid(
        bo, invoice_id=unpaid, payment=Remittance(today, 200, "Sparbanken", receipt), today=today, words="By the app"
    )
    invoicing.remark(ctx, invoice_id=unpaid, words="Thank you, we look into it")
    promised = invoicing.promise_payment(
        ctx, invoice_id=other, promised_date=today + timedelta(days=5), amount_minor=500, today=today
    )
    asked = invoicing.ask_for_time(bo, invoice_id=other, due_date=today + timedelta(days=20), words="Holidays")
    return {
        "told": other,
        "dispute": disputed.fact_id,
        "remittance": paid.fact_id,
        "promise": promised.fact_id,
        "extension": asked.fact_id,
    }
