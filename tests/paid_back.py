"""Refunds for tests: one whose payment file was discarded, one that its file has paid."""

from datetime import timedelta
from typing import Any

from bank_files import Pay
from desk import Desk
from kvit.banking import commands as banking
from kvit.banking import queries as banking_queries
from kvit.banking.domain.payments import SendingOutcome
from kvit.base import tenant
from kvit.matching import commands as matching
from kvit.matching.commands import PayFrom, Terms
from payment_orders import BO_IBAN
from payouts import signed


def refunds(desk: Desk) -> dict[str, Any]:
    """A refund whose payment file was discarded, and one that its file has paid."""
    files = []
    for minor in (44, 55):
        (line,) = desk.bank(Pay(minor, account=BO_IBAN))
        ahead = Terms(advance_party_id=desk.bo.party_id, learn=False)
        link = matching.link_payment(desk.ctx, line_id=line, targets=(), terms=ahead).link_id
        asked = matching.ask_refund(desk.ctx, link_id=link, amount_minor=minor, reason="too much").refund_id
        pay_from = PayFrom(desk.account_id, desk.ctx.now.date() + timedelta(days=1))
        files.append(matching.pay_refunds(desk.ctx, refund_ids=(asked,), pay_from=pay_from))
    dropped, sent = files
    banking.discard_payment_file(desk.ctx, payment_file_id=dropped.payment_file_id, reason="-")
    signed(desk.ctx, sent)
    banking.begin_sending(desk.ctx, payment_file_id=sent.payment_file_id)
    outcome = SendingOutcome.SENT
    banking.record_sending(desk.ctx, payment_file_id=sent.payment_file_id, outcome=outcome, evidence="-")
    with tenant.scope(desk.ctx.tenant_id):
        (payment,) = banking_queries.payments_of(sent.payment_file_id)
    (out,) = desk.bank(Pay(-55, end_to_end_id=payment.end_to_end_id))
    return {"dropped_file": dropped.payment_file_id, "paid_refund_line": out}
