"""When two lines are the same movement, and when two spellings are the same account."""

import hashlib
from collections import Counter

from kvit.formats.bank.statement import Line


def account_key(number: str) -> str:
    """An account number without the blanks and dashes people and banks write into it, in capitals."""
    return "".join(c for c in number.upper() if c.isalnum())


class LineKeys:
    """Content keys of one statement's lines, in file order.

    A key says everything about a movement that the bank repeats when it sends the movement again, and the
    how-many-th it is among equals of that day: two equal payments of one day are two, while the same
    statement in another file finds both again. The place in the file does not count.
    """

    def __init__(self) -> None:
        self._seen: Counter[bytes] = Counter()

    def key(self, line: Line) -> str:
        """128 bits of SHA-256 over the line's content and its count among equals, in hex."""
        content = "\x1f".join(
            (
                line.booking_date.isoformat(),
                str(line.amount_minor),
                line.currency,
                line.bank_id,
                line.end_to_end_id,
                line.transaction_id,
                line.reference,
                line.counterparty_account,
                line.counterparty_name,
                line.text,
            )
        ).encode()
        digest = hashlib.sha256(content).digest()[:16]
        self._seen[digest] += 1
        count = self._seen[digest]
        return (digest if count == 1 else hashlib.sha256(digest + str(count).encode()).digest()[:16]).hex()
