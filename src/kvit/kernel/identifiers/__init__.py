"""Identifiers of people, firms, accounts and payments: one module a kind, the same four functions in each.

`compact` strips what people type around a number, `is_valid` answers, `validate` gives the compact
form or refuses with `invalid.InvalidIdentifier`, `format` writes it as its country does. Rejecting a
valid number is worse than accepting an invalid one: only what the issuer's published rule excludes is
refused, and no module asks whether a number was really given to somebody.
"""
