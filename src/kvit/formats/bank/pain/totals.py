"""Counts and adds what stands in a finished message, against what was given."""

from collections.abc import Iterable, Sequence
from decimal import Decimal
from xml.etree.ElementTree import Element

from kvit.kernel.money import Money


def check_totals(root: Element, amounts: Sequence[Money]) -> None:
    """Every amount stands in the document once, in order, and its header and batches count and add up to them.

    A difference is a bug of the writer and stops it: a payment file that says another sum never leaves.
    """
    written = [(found.get("Ccy"), Decimal(found.text or "")) for found in root.iter("InstdAmt")]
    if written != [(amount.currency, amount.to_decimal()) for amount in amounts]:
        raise ArithmeticError("the amounts in the document are not the amounts given")
    (message,) = root
    header, *batches = message
    _require(header, written)
    for batch in batches:
        _require(batch, [(found.get("Ccy"), Decimal(found.text or "")) for found in batch.iter("InstdAmt")])


def _require(element: Element, written: Iterable[tuple[str | None, Decimal]]) -> None:
    numbers = [number for _, number in written]
    declared = (int(element.findtext("NbOfTxs", "")), Decimal(element.findtext("CtrlSum", "")))
    if declared != (len(numbers), sum(numbers)):
        raise ArithmeticError(f"{element.tag} declares {declared}, the amounts are {len(numbers)} and {sum(numbers)}")
