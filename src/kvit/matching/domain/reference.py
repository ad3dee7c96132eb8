"""Which payment references a bank line quotes."""

import re

_TOKEN = re.compile(r"[A-Za-z0-9]+")
_SHORTEST = 5


def reference_keys(reference: str, text: str) -> tuple[str, ...]:
    """The references a payer may have meant, as they stand on invoices: the structured one, else whole words.

    Blanks inside a structured reference do not count. A free text gives its words with a digit in them
    and at least five characters, and all of it without its blanks; never a part of a word.
    """
    if compact := "".join(reference.split()).upper():
        return (compact,)
    words = _TOKEN.findall(text.upper())
    found = [word for word in words if len(word) >= _SHORTEST and any(c.isdigit() for c in word)]
    whole = "".join(words)
    if len(words) > 1 and any(c.isdigit() for c in whole) and len(whole) <= 35:
        found.append(whole)
    return tuple(dict.fromkeys(found))
