"""What banking asks of the world outside."""

from typing import Protocol

from kvit.banking.domain.payments import SendingOutcome


class PaymentChannel(Protocol):
    """A way by which payment files reach a bank."""

    def hand_over(self, *, message_id: str, name: str, content: bytes) -> SendingOutcome:
        """Give the bank a file under an id that it takes once; a repetition gives it nothing a second time.

        `NOT_SENT` only where certainly nothing of it arrived; anything in doubt is `UNKNOWN` or raised.
        """
        ...
