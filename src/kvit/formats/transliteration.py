"""The published table by which characters that a bank does not take are written with characters that it takes.

Three rules in this order, until what stands there is in the bank's set; no character is ever dropped:
the table below; the letter without its accents (Unicode's compatibility decomposition, NFKD); a full stop.
Sources: EPC217-08, "SEPA requirements for an extended character set" (Latin letters, signs, and the full stop for
what has no counterpart); ISO 843 type 2 / ELOT 743 (Greek); the Bulgarian law of 2009 and the Ukrainian Cabinet's
resolution 55 of 2010 (Cyrillic), for letters of other Cyrillic alphabets the nearest Latin one.
"""

import unicodedata
from typing import Final

LAST_RESORT: Final = "."

_LATIN: Final = {
    "Æ": "AE", "æ": "ae", "Œ": "OE", "œ": "oe", "ß": "ss", "ẞ": "SS", "Ø": "O", "ø": "o", "Ł": "L", "ł": "l",
    "Đ": "D", "đ": "d", "Ð": "D", "ð": "d", "Þ": "TH", "þ": "th", "Ħ": "H", "ħ": "h", "ı": "i", "ĸ": "k",
    "Ŋ": "N", "ŋ": "n", "Ŧ": "T", "ŧ": "t", "Ə": "E", "ə": "e", "ſ": "s", "ŉ": "'n",
}  # fmt: skip
_SIGNS: Final = {
    "&": "+", "_": "-", "@": "(at)", "#": ".", "%": ".", "*": ".", "=": ".", "!": ".", ";": ",", '"': "'", "`": "'",
    "´": "'", "‘": "'", "’": "'", "‚": "'", "‛": "'", "“": "'", "”": "'", "„": "'", "«": "'", "»": "'", "‹": "'",
    "›": "'", "[": "(", "]": ")", "{": "(", "}": ")", "<": "(", ">": ")", "|": "/", "\\": "/", "~": "-", "^": ".",
    "$": ".", "§": ".", "°": ".", "‐": "-", "‑": "-", "‒": "-", "–": "-", "—": "-", "−": "-", "…": "...", "·": ".",
    "•": ".", "×": "x", "÷": ":", "€": "EUR", "£": "GBP", "¥": "JPY", "№": "No", "⁄": "/", "¡": ".", "¿": "?",
    "\u00a0": " ", "\u202f": " ", "\u2009": " ", "\u3000": " ", "\t": " ", "\r": " ", "\n": " ",
}  # fmt: skip
_GREEK: Final = {
    "Α": "A", "Β": "V", "Γ": "G", "Δ": "D", "Ε": "E", "Ζ": "Z", "Η": "I", "Θ": "TH", "Ι": "I", "Κ": "K", "Λ": "L",
    "Μ": "M", "Ν": "N", "Ξ": "X", "Ο": "O", "Π": "P", "Ρ": "R", "Σ": "S", "Τ": "T", "Υ": "Y", "Φ": "F", "Χ": "CH",
    "Ψ": "PS", "Ω": "O", "ς": "s",
}  # fmt: skip
_CYRILLIC: Final = {
    "А": "A", "Б": "B", "В": "V", "Г": "G", "Ґ": "G", "Ѓ": "G", "Д": "D", "Ђ": "D", "Е": "E", "Ё": "E", "Є": "IE",
    "Ж": "ZH", "З": "Z", "Ѕ": "DZ", "И": "I", "І": "I", "Ї": "I", "Й": "Y", "Ј": "J", "К": "K", "Ќ": "K", "Л": "L",
    "Љ": "LJ", "М": "M", "Н": "N", "Њ": "NJ", "О": "O", "П": "P", "Р": "R", "С": "S", "Т": "T", "Ћ": "C", "У": "U",
    "Ў": "U", "Ф": "F", "Х": "KH", "Ц": "TS", "Ч": "CH", "Џ": "DZ", "Ш": "SH", "Щ": "SHT", "Ъ": "A", "Ы": "Y",
    "Ь": "'", "Э": "E", "Ю": "YU", "Я": "YA",
}  # fmt: skip


def _both_cases(capitals: dict[str, str]) -> dict[str, str]:
    return capitals | {
        letter.lower(): latin.lower() for letter, latin in capitals.items() if letter.lower() not in capitals
    }


TABLE: Final[dict[str, str]] = _LATIN | _SIGNS | _both_cases(_GREEK) | _both_cases(_CYRILLIC)


def transliterate(text: str, allowed: frozenset[str]) -> str:
    """`text` in the characters of `allowed`, which holds the basic Latin letters, the digits and the full stop.

    Composed first (NFC). Every character that stands in the text stands in the answer as at least one character. A
    capital that becomes several letters is written "Yu" before a small letter, else "YU".
    """
    composed = unicodedata.normalize("NFC", text)
    if allowed.issuperset(composed):
        return composed
    following = f"{composed[1:]} "
    return "".join(
        [
            char if char in allowed else _replaced(char, allowed, before_small=after.islower())
            for char, after in zip(composed, following, strict=True)
        ]
    )


def _replaced(char: str, allowed: frozenset[str], *, before_small: bool) -> str:
    listed = TABLE.get(char, "")
    if listed and allowed.issuperset(listed):
        return listed.capitalize() if before_small and char.isupper() else listed
    bare = "".join(part for part in unicodedata.normalize("NFKD", char) if not unicodedata.combining(part))
    spelled = "".join(part if part in allowed else TABLE.get(part, LAST_RESORT) for part in bare)
    return spelled if spelled and allowed.issuperset(spelled) else LAST_RESORT
