"""Autogiro, the Swedish direct debit: mandates, withdrawals, changes, and what Bankgirot answers."""
