"""Draw the token of a link to an invoice: what opens the page to whoever holds it."""

import secrets


def new_token() -> str:
    """192 bits of chance, URL-safe (RELIABILITY 21 asks for 128); shown once, kept only as a hash."""
    return secrets.token_urlsafe(24)
