"""Passwords that are guessed first are refused, and no others (RELIABILITY 22, scorecard 12)."""

import random
import string

import pytest
from django.core.exceptions import ValidationError

from kvit.pages import passwords
from kvit.pages.passwords import NotGuessedFirst

TEXT = """
password summer winter dragon football sunshine invoice payment company manager stockholm business
characteristic strengths knowledge breakfast landscape chocolate sommar faktura betalning kontor bokning
semester sjukhus regning verksamhet arbetsplats företagare trädgård björnbär wakacje faktura przelew
warszawa bezwzględny szczęście chrząszcz przedsiębiorca księgowość zamówienie bucurești primăvară
întreprindere factură scadență contabilitate administrator
"""
WORDS = TEXT.split()
LOOK_ALIKES = {"a": "@", "e": "3", "i": "1", "o": "0", "s": "$", "t": "7"}


def mangled(word: str, chance: random.Random) -> str:
    """As people disguise a word, and as the programs that guess do."""
    shaped = chance.choice((word, word.capitalize(), word.upper(), word[:-1] + word[-1].upper()))
    for letter in chance.sample(sorted(LOOK_ALIKES), chance.randrange(4)):
        shaped = shaped.replace(letter, LOOK_ALIKES[letter])
    number = chance.choice(("", "1", "12", "123", "2026", "99", "007"))
    sign = chance.choice(("", "!", "!!", "?", ".", "#", "*"))
    disguised = chance.choice((shaped + number + sign, sign + shaped + number, number + shaped + sign))
    return disguised + "1!" * max(0, (passwords.SHORTEST - len(disguised) + 1) // 2)


def is_refused(password: str) -> bool:
    try:
        NotGuessedFirst().validate(password)
    except ValidationError:
        return True
    return False


class TestAPassword:
    def test_that_is_a_disguised_word_is_refused(self) -> None:
        chance = random.Random(2026)
        tried = [mangled(word, chance) for word in WORDS for _ in range(200)]
        accepted = [password for password in tried if not is_refused(password)]
        assert len(accepted) <= len(tried) // 100, accepted[:20]

    def test_that_is_a_disguised_word_would_pass_a_rule_of_classes(self, monkeypatch: pytest.MonkeyPatch) -> None:
        """Planted fault: without the rule about words, length and lists alone let them through."""
        monkeypatch.setattr(passwords, "is_one_word", lambda password: False)
        assert not is_refused("Bokning2026!")

    def test_of_chance_is_taken(self) -> None:
        chance = random.Random(7)
        letters = string.ascii_letters + string.digits + "!#%&-_"
        made = ["".join(chance.choice(letters) for _ in range(16)) for _ in range(500)]
        assert sum(map(is_refused, made)) <= 5

    @pytest.mark.parametrize(
        "password",
        ["correct horse battery staple", "fyra.oskyldiga.ord.här", "kawa-most-27-zegar", "x" * 30 + "abcdef"],
    )
    def test_of_several_words_is_taken(self, password: str) -> None:
        assert not is_refused(password)

    @pytest.mark.parametrize("password", ["short-one", "1234567890", "aaaaaaaaaaaa", "qwertyuiop", "Password1!"])
    def test_that_everybody_tries_is_refused(self, password: str) -> None:
        assert is_refused(password)
