"""What banking asks of the world outside."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import BinaryIO, Protocol

from kvit.banking.domain.payments import SendingOutcome


class PaymentChannel(Protocol):
    """A way by which payment files reach a bank."""

    def hand_over(self, *, message_id: str, name: str, content: bytes) -> SendingOutcome:
        """Give the bank a file under an id that it takes once; a repetition gives it nothing a second time.

        `NOT_SENT` only where certainly nothing of it arrived; anything in doubt is `UNKNOWN` or raised.
        """
        ...


@dataclass(frozen=True, slots=True)
class Arrived:
    """A file that lies where files arrive: `id` there, its `name`; no `source` where it is not to be read, and why."""

    id: str
    name: str
    source: BinaryIO | None
    refused: str = ""


class Inbox(Protocol):
    """A place where files arrive: a folder, a mailbox."""

    def arrived(self) -> Iterator[Arrived]:
        """What waits, whole; one that was not settled comes again."""
        ...

    def settle(self, arrived: Arrived, *, is_good: bool, report: str) -> None:
        """What became of it, for whoever put it there; it does not come again."""
        ...
