"""How a code list is written down: codes with blanks between them."""


def codes(text: str) -> frozenset[str]:
    """The codes of a text."""
    return frozenset(text.split())
