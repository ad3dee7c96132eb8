"""The end of an exchange's time, and whether anything was sent before."""

import time

from kvit.base.http.refusals import TimedOut


class Deadline:
    """Counts down from `seconds`; `sent` becomes true with the first byte of the request."""

    def __init__(self, seconds: float) -> None:
        self._seconds = seconds
        self._end = time.monotonic() + seconds
        self.sent = False

    def remaining(self) -> float:
        """Seconds left, more than zero. Refuses TimedOut."""
        left = self._end - time.monotonic()
        if left <= 0:
            raise self.passed()
        return left

    def passed(self) -> TimedOut:
        """The refusal to raise when it has passed."""
        return TimedOut(f"No complete answer within {self._seconds:g} s", maybe_received=self.sent)
