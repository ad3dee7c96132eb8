"""What parties ask of the world outside."""

from typing import Protocol

from kvit.parties.domain.registers import Answer, Question


class RegisterPort(Protocol):
    """A way to a public register."""

    def ask(self, question: Question) -> Answer:
        """Put one question. Never raises on what the other side or the network does: that is an answer as well."""
        ...
