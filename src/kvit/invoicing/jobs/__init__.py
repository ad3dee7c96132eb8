"""What invoicing does in the background: letters of a run, answers that are late, claims whose day is over."""

from kvit.invoicing.jobs.claims import pass_over, review_claims
from kvit.invoicing.jobs.letters import expire_confirmations, make_letters

__all__ = ["expire_confirmations", "make_letters", "pass_over", "review_claims"]
