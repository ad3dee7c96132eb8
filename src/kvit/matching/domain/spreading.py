"""How a payment and credit notes settle the debit items of a set, each with how much."""

from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(slots=True)
class Spread:
    """`settles`: (debit item, minor units) by the payment; `nets`: (debit item, credit item, minor units) by notes."""

    settles: tuple[tuple[int, int], ...]
    nets: tuple[tuple[int, int, int], ...]


def spread(items: Sequence[tuple[int, int]]) -> Spread:
    """Net credit notes (item, negative minor units) with the debits (item, positive) of a set, in the order given.

    What the notes leave of the debits is settled by the payment; what is left of the notes stays open.
    """
    debits = [[item_id, amount] for item_id, amount in items if amount > 0]
    nets: list[tuple[int, int, int]] = []
    at = 0
    for note_id, amount in items:
        left = -amount
        while left > 0 and at < len(debits):
            used = min(left, debits[at][1])
            nets.append((debits[at][0], note_id, used))
            debits[at][1] -= used
            left -= used
            at += debits[at][1] == 0
    return Spread(tuple((item_id, amount) for item_id, amount in debits if amount), tuple(nets))
