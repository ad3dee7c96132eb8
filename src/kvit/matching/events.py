"""What happened to links."""

from dataclasses import dataclass


@dataclass(frozen=True)
class PaymentsLinked:
    """Bank lines were booked to customers; one event per set."""

    link_ids: tuple[int, ...]


@dataclass(frozen=True)
class LinkUndone:
    """A link no longer holds; the money waits again."""

    link_id: int
    line_id: int
