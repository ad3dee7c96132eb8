"""Entries, open items, allocations: the one truth on "paid"."""
