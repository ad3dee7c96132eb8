"""The rules that an invoice keeps, as data: official number, plain words, and the function that finds breaches."""

from kvit.formats.einvoice.rules.rule import Rule, RuleSet
from kvit.formats.einvoice.rules.validate import RULES, SETS, validate

__all__ = ["RULES", "SETS", "Rule", "RuleSet", "validate"]
