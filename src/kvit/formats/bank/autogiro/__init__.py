"""Autogiro, the Swedish direct debit: files to Bankgirot and its answers."""
