"""The text inside a code that a payer's bank app scans; what draws the squares is not its business."""

from kvit.formats.payment_codes.refusals import DoesNotFit

__all__ = ["DoesNotFit"]
