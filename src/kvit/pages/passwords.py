"""Which passwords are guessed first: those on lists, and one word however it is disguised (RELIABILITY 22)."""

import re
from functools import cache
from typing import Any, Final

from django.contrib.auth.password_validation import CommonPasswordValidator
from django.core.exceptions import ValidationError

from kvit.pages.words import gettext as _

SHORTEST: Final = 10
FEWEST_CHARACTERS: Final = 5
LONGEST_WORD: Final = 20
_DISGUISES: Final = str.maketrans("@48310!$57+", "aabeioisstt")
_TRIMMINGS: Final = re.compile(r"^[\W\d_]+|[\W\d_]+$")
_CASES: Final = re.compile(r"[^A-Z]*|[A-Z][^A-Z]*|[^a-z]*|[^A-Z]*[A-Z]")
_VOWELS: Final = "aeiouyąęóåäöăâîéü"
# No language here has six consonants or five vowels in a row; chance nearly always has, or it has capitals inside.
_SAYABLE: Final = re.compile(rf"(?!.*[^{_VOWELS}]{{6}})(?!.*[{_VOWELS}]{{5}})[^\W\d_]*")


@cache
def _listed() -> frozenset[str]:
    """The 20 000 most common passwords, as Django ships them."""
    return frozenset(CommonPasswordValidator().passwords)


def is_one_word(password: str) -> bool:
    """Whether it is one sayable word: with digits and signs around it, letters replaced by look-alikes, a capital.

    `Password1!`, `s0mmer2026`, `!Faktura`. Several words with anything between them are none, nor is chance.
    """
    for trimmed in (_TRIMMINGS.sub("", password), password):
        word = _TRIMMINGS.sub("", trimmed.lower().translate(_DISGUISES))
        shaped = _CASES.fullmatch(_TRIMMINGS.sub("", password)) is not None
        if word and len(word) <= LONGEST_WORD and shaped and _SAYABLE.fullmatch(word):
            return True
    return False


def is_listed(password: str) -> bool:
    """Whether it, or what is left of it without disguise, is one of the most common passwords."""
    plain = password.lower()
    return bool({plain, _TRIMMINGS.sub("", plain), _TRIMMINGS.sub("", plain.translate(_DISGUISES))} & _listed())


class NotGuessedFirst:
    """Django's interface to a rule for passwords: at least 10 characters that nobody tries first; no other demands."""

    def validate(self, password: str, user: Any = None) -> None:
        """Refuses (ValidationError) in the reader's words."""
        if len(password) < SHORTEST:
            raise ValidationError(_("A password has at least %(number)s characters.") % {"number": SHORTEST})
        if password.isdecimal() or len(set(password)) < FEWEST_CHARACTERS or is_listed(password):
            raise ValidationError(_("This password is among the first that are guessed. Take another one."))
        if is_one_word(password):
            raise ValidationError(
                _("One word is guessed first, however it is disguised. Take three or four unrelated words.")
            )

    def get_help_text(self) -> str:
        """What Django shows beside the field; our pages say it themselves."""
        return ""
