"""Drafts as values, what they add up to, and how documents are numbered and move."""

from kvit.invoicing.domain.calculation import Calculated, VatSum, calculate
from kvit.invoicing.domain.draft import LONGEST_TERMS, BadDraft, BadLine, Draft, DraftLine, check_lines, tidied
from kvit.invoicing.domain.lifecycle import INVOICE, InvoiceState
from kvit.invoicing.domain.links import LIFETIME_DAYS, LONGEST_LIFETIME_DAYS, LinkState, is_token, token_hash
from kvit.invoicing.domain.numbering import Kind, document_number, reference_for, series_prefix

__all__ = [
    "INVOICE",
    "LIFETIME_DAYS",
    "LONGEST_LIFETIME_DAYS",
    "LONGEST_TERMS",
    "BadDraft",
    "BadLine",
    "Calculated",
    "Draft",
    "DraftLine",
    "InvoiceState",
    "Kind",
    "LinkState",
    "VatSum",
    "calculate",
    "check_lines",
    "document_number",
    "is_token",
    "reference_for",
    "series_prefix",
    "tidied",
    "token_hash",
]
