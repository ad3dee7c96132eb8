"""Postings as values, the system's chart of accounts, and what makes a posting sound."""

from kvit.ledger.domain.chart import CHART, Accounts, bank_account
from kvit.ledger.domain.posting import Pairing, Posting, PostingLine, Unbalanced, check

__all__ = ["CHART", "Accounts", "Pairing", "Posting", "PostingLine", "Unbalanced", "bank_account", "check"]
