"""Which payment pays what, first form: the exact reference with the equal amount; everything else waits."""

from kvit.matching.domain.decision import Candidate, Decision, Evidence, Payment, decide
from kvit.matching.domain.lifecycle import LINK, LinkState
from kvit.matching.domain.reference import reference_keys

__all__ = ["LINK", "Candidate", "Decision", "Evidence", "LinkState", "Payment", "decide", "reference_keys"]
