"""Electronic invoices: the semantic model of EN 16931, its calculation and rules, and the syntaxes that carry it.

`model` has the values, `normalize` and `calculate` make a whole invoice of lines, `validate` says what is wrong with it
by the official numbers, `write` and `read` are UBL, CII and FA(3), `under` puts an invoice under a profile.
"""

from kvit.formats.einvoice.calculation import calculate, line_amount, normalize, plain_sums
from kvit.formats.einvoice.markup import NotWritable
from kvit.formats.einvoice.model import Invoice
from kvit.formats.einvoice.nodes import Reading
from kvit.formats.einvoice.opening import Opened, Syntax, check, is_clean, read, write
from kvit.formats.einvoice.plain import plain
from kvit.formats.einvoice.problem import Problem, Severity
from kvit.formats.einvoice.profile import (
    CIUS_RO,
    EN16931,
    PEPPOL,
    PEPPOL_SELF_BILLING,
    PROFILES,
    Profile,
    profile_of,
    under,
)
from kvit.formats.einvoice.rules import validate

__all__ = [
    "CIUS_RO",
    "EN16931",
    "PEPPOL",
    "PEPPOL_SELF_BILLING",
    "PROFILES",
    "Invoice",
    "NotWritable",
    "Opened",
    "Problem",
    "Profile",
    "Reading",
    "Severity",
    "Syntax",
    "calculate",
    "check",
    "is_clean",
    "line_amount",
    "normalize",
    "plain",
    "plain_sums",
    "profile_of",
    "read",
    "under",
    "validate",
    "write",
]
