"""Accounts, statements taken in once, problems kept with their place."""
