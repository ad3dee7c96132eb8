"""Fold names so that people find them: one key to sort by, and the places where a search may begin."""

import unicodedata
from typing import ClassVar, Final

from kvit.kernel.refusals import DomainError

LONGEST_NAME: Final = 300
_LONGEST_START: Final = 100
_MOST_STARTS: Final = 8

# Letters that Unicode does not take apart into a base letter and a mark.
_FOLDED: Final = str.maketrans(
    {"ł": "l", "ø": "o", "đ": "d", "ð": "d", "þ": "th", "æ": "ae", "œ": "oe", "ı": "i", "'": "", "’": "", "`": ""}
)

# After the name, as words without marks and dots: "sp. z o.o." is "sp z o o", "S.R.L." is "s r l".
_FORMS_AFTER: Final = frozenset(
    tuple(form.split())
    for form in (
        # Polish (Kodeks spółek handlowych)
        "spolka z ograniczona odpowiedzialnoscia",
        "spolka z o o",
        "spolka z oo",
        "sp z o o",
        "sp z oo",
        "sp zoo",
        "sp z o o w likwidacji",
        "spolka akcyjna",
        "prosta spolka akcyjna",
        "p s a",
        "psa",
        "s a",
        "sa",
        "spolka jawna",
        "sp j",
        "spolka komandytowa",
        "sp k",
        "spolka komandytowo akcyjna",
        "s k a",
        "ska",
        "spolka partnerska",
        "sp p",
        "spolka cywilna",
        "s c",
        "sc",
        # Swedish (Bolagsverket)
        "aktiebolag",
        "aktiebolaget",
        "ab",
        "ab publ",
        "publ",
        "aktiebolag publ",
        "handelsbolag",
        "hb",
        "kommanditbolag",
        "kb",
        "ekonomisk forening",
        "ek for",
        "enskild firma",
        # Romanian (ONRC)
        "s r l",
        "srl",
        "s r l d",
        "srl d",
        "societate cu raspundere limitata",
        "societate pe actiuni",
        "s n c",
        "snc",
        "s c s",
        "scs",
        "p f a",
        "pfa",
        "persoana fizica autorizata",
        "intreprindere individuala",
        # neighbours that trade with them
        "gmbh",
        "gmbh co kg",
        "ag",
        "kg",
        "ltd",
        "limited",
        "llc",
        "inc",
        "plc",
        "bv",
        "b v",
        "oy",
        "oyj",
        "a s",
        "as",
        "aps",
        "s r o",
        "sro",
        "kft",
        "ood",
        "eood",
    )
)
_FORMS_BEFORE: Final = frozenset({("ab",), ("aktiebolaget",), ("sc",), ("s", "c")})
_LONGEST_FORM: Final = max(map(len, _FORMS_AFTER))


class BadName(DomainError):
    """A name that is empty, too long, or holds characters that no name has."""

    code: ClassVar[str] = "parties.bad_name"


def tidy_name(name: str) -> str:
    """The name in composed letters, with single spaces. Refuses `BadName`."""
    text = " ".join(unicodedata.normalize("NFC", name).split())
    if not text:
        raise BadName("a party has a name")
    if len(text) > LONGEST_NAME:
        raise BadName(f"a name has at most {LONGEST_NAME} characters; this one has {len(text)}")
    if any(unicodedata.category(char) in ("Cc", "Cs") for char in text):
        raise BadName("a name has no control characters")
    return text


def fold(text: str) -> str:
    """Lower case, national letters as their base letters, anything else but letters and digits a space."""
    apart = unicodedata.normalize("NFKD", text.casefold()).translate(_FOLDED)
    kept = (char for char in apart if not unicodedata.combining(char))
    return " ".join("".join(char if char.isalnum() else " " for char in kept).split())


def name_key(name: str, *, is_person: bool) -> str:
    """What a name is sorted and compared by: `"Łódzkie Zakłady Sp. z o.o."` → `"lodzkie zaklady"`.

    A company's legal form goes, before or after its name, unless nothing else would be left; a person's
    words all stay. Compare keys by code point (collation C): the database may know no other order.
    """
    words = fold(name).split()
    if not is_person:
        words = _without_forms(words)
    return " ".join(words)[:LONGEST_NAME] or name.casefold().strip()


def agree(name: str, registered: str, *, is_person: bool) -> bool:
    """Whether two names may be one holder's: all words of the shorter stand in the longer, in any order.

    Legal forms do not count, nor do marks and case: `"Jan Nowak"` agrees with `"NOWAK JAN Usługi Transportowe"`.
    """
    one, other = (set(name_key(text, is_person=is_person).split()) for text in (name, registered))
    return bool(one and other) and (one <= other or other <= one)


def starts(key: str) -> tuple[str, ...]:
    """Where a search may begin in a name: the key, and the key turned to each of its further words.

    `"anna maria nowak"` → also `"maria nowak anna"` and `"nowak anna maria"`; at most eight, each at most
    100 characters.
    """
    words = key.split(" ")
    turned = (" ".join(words[at:] + words[:at])[:_LONGEST_START] for at in range(min(len(words), _MOST_STARTS)))
    return tuple(dict.fromkeys(turned))


def _without_forms(words: list[str]) -> list[str]:
    left = words
    while size := _form_after(left):  # "Sp. z o.o. Sp. k." is one form after another
        left = left[:-size]
    for size in (2, 1):
        if len(left) > size and tuple(left[:size]) in _FORMS_BEFORE:
            return left[size:]
    return left


def _form_after(words: list[str]) -> int:
    """How many words at the end are a legal form, 0 if none or if nothing would be left."""
    longest = min(_LONGEST_FORM, len(words) - 1)
    return next((size for size in range(longest, 0, -1) if tuple(words[-size:]) in _FORMS_AFTER), 0)
