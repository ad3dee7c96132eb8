"""What a status report says of each payment, and where a file stands whose payments stand so."""

import pytest

from kvit.banking.domain.payment_answers import Answer, answers
from kvit.banking.domain.payments import PAYMENT, PAYMENT_FILE, PaymentFileState, PaymentState, file_state
from kvit.formats.bank.pain.records import Level, OrderStatus, Reason

OPEN, ACCEPTED, REJECTED = PaymentState.OPEN, PaymentState.ACCEPTED, PaymentState.REJECTED
IDS = ["P1", "P2"]


def status(level: Level, code: str, of: str = "", *reasons: Reason) -> OrderStatus:
    return OrderStatus(
        place="",
        level=level,
        status=code,
        end_to_end_id=of if level is Level.PAYMENT else "",
        payment_information_id=of if level is Level.BATCH else "",
        reasons=reasons,
    )


def told(*statuses: OrderStatus) -> dict[str, str]:
    found = answers(statuses, batch_id="B", end_to_end_ids=IDS)
    return {name: answer.state.value for name, answer in found.items()}


class TestAnAnswer:
    def test_of_the_file_counts_for_all(self) -> None:
        assert told(status(Level.FILE, "ACCP")) == {"P1": "accepted", "P2": "accepted"}
        assert told(status(Level.FILE, "RJCT")) == {"P1": "rejected", "P2": "rejected"}

    @pytest.mark.parametrize("code", ["ACTC", "PART", "PDNG", "RCVD", "PATC", ""])
    def test_that_decides_nothing_leaves_them_open(self, code: str) -> None:
        assert told(status(Level.FILE, code)) == {}

    def test_of_the_batch_counts_more_than_the_files(self) -> None:
        assert told(status(Level.FILE, "ACCP"), status(Level.BATCH, "RJCT", "B")) == dict.fromkeys(IDS, "rejected")

    def test_of_another_batch_does_not_count(self) -> None:
        assert told(status(Level.FILE, "ACCP"), status(Level.BATCH, "RJCT", "C")) == dict.fromkeys(IDS, "accepted")

    def test_of_the_payment_counts_most(self) -> None:
        found = told(status(Level.FILE, "PART"), status(Level.BATCH, "ACSP", "B"), status(Level.PAYMENT, "RJCT", "P2"))
        assert found == {"P1": "accepted", "P2": "rejected"}

    def test_that_a_payment_is_pending_takes_it_out_of_what_counts_for_all(self) -> None:
        assert told(status(Level.FILE, "ACCP"), status(Level.PAYMENT, "PDNG", "P2")) == {"P1": "accepted"}

    def test_of_a_strange_payment_is_left_out(self) -> None:
        assert told(status(Level.PAYMENT, "RJCT", "P3")) == {}

    def test_says_why_a_payment_was_rejected(self) -> None:
        rejected = status(Level.PAYMENT, "RJCT", "P1", Reason("AC04", "account closed"), Reason("AG01"))
        found = answers([rejected], batch_id="B", end_to_end_ids=IDS)
        assert found == {"P1": Answer(REJECTED, "AC04 account closed; AG01")}


class TestAFile:
    @pytest.mark.parametrize(
        ("payments", "state"),
        [
            ([OPEN, OPEN], None),
            ([OPEN, ACCEPTED], None),
            ([ACCEPTED, ACCEPTED], PaymentFileState.ACKNOWLEDGED),
            ([REJECTED, ACCEPTED], PaymentFileState.PARTLY_REJECTED),
            ([REJECTED, OPEN], PaymentFileState.PARTLY_REJECTED),
            ([REJECTED, REJECTED], PaymentFileState.REJECTED),
        ],
    )
    def test_stands_as_its_payments_do(self, payments: list[PaymentState], state: PaymentFileState | None) -> None:
        assert file_state(payments) is state

    def test_that_may_be_at_the_bank_never_comes_back_to_where_it_is_sent(self) -> None:
        reached = {PaymentFileState.SENT}
        while more := {to for state in reached for to in PAYMENT_FILE.moves[state]} - reached:
            reached |= more
        before_sending = {PaymentFileState.MADE, PaymentFileState.SIGNED, PaymentFileState.SENDING}
        assert not reached & (before_sending | {PaymentFileState.DISCARDED})

    def test_in_doubt_never_comes_back_either(self) -> None:
        assert PaymentFileState.SENDING not in PAYMENT_FILE.moves[PaymentFileState.UNKNOWN]
        assert PaymentFileState.SIGNED not in PAYMENT_FILE.moves[PaymentFileState.UNKNOWN]


class TestAPayment:
    def test_once_free_is_never_held_again(self) -> None:
        assert PAYMENT.moves[PaymentState.REJECTED] == PAYMENT.moves[PaymentState.DISCARDED] == frozenset()
