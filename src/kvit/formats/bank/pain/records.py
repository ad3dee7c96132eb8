"""What a payment status report (pain.002) says about a file of orders, its batches and its payments."""

from dataclasses import dataclass
from enum import StrEnum


class Level(StrEnum):
    """What a status is about: the whole file (OrgnlGrpInfAndSts), a batch (OrgnlPmtInfAndSts) or one payment."""

    FILE = "file"
    BATCH = "batch"
    PAYMENT = "payment"


@dataclass(frozen=True, slots=True)
class Reason:
    """Why: an ISO 20022 reason code ("AC04") or the bank's own, and what the bank adds in words."""

    code: str
    text: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class OrderStatus:
    """One status. A text the file does not state is "".

    `status` is the ISO 20022 code: RJCT rejected, PART partly accepted, PDNG pending, ACTC, ACCP, ACSP, ACSC,
    ACWC accepted so far; "" where the bank gives only reasons. `original_message_id`,
    `payment_information_id` and the ids below it are those of the orders file. `amount_minor` is in minor units
    of `currency`, None where not stated; `count` and `sum_text` are what the bank says the file or batch held.
    """

    place: str
    level: Level
    status: str
    message_id: str = ""
    original_message_id: str = ""
    original_message_name: str = ""
    payment_information_id: str = ""
    instruction_id: str = ""
    end_to_end_id: str = ""
    transaction_id: str = ""
    amount_minor: int | None = None
    currency: str = ""
    count: int | None = None
    sum_text: str = ""
    reasons: tuple[Reason, ...] = ()
    creditor_name: str = ""
    creditor_account: str = ""
    debtor_name: str = ""
    debtor_account: str = ""
