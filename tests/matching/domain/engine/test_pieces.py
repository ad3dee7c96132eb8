"""The parts of the matching engine by themselves: texts, tables, tokens, names, corrections, sums."""

from itertools import combinations
from random import Random

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from rapidfuzz.distance import OSA

from kvit.matching.domain.engine import Texts, correction, fold, hashing, names, subsets, tokens
from kvit.matching.domain.engine.keys import MOST_DIGITS
from open_items import creditor_reference, ocr

pytestmark = pytest.mark.timeout(600)  # the first run compiles


def record(kind: np.dtype) -> np.recarray:  # type: ignore[type-arg]
    return np.zeros(1, kind).view(np.recarray)[0]  # type: ignore[no-any-return]


class TestFolding:
    @pytest.mark.parametrize(
        ("text", "folded"),
        [
            ("Åke Öst", "AKE OST"),
            ("Łukasz Wójcik", "LUKASZ WOJCIK"),
            ("Ștefan", "STEFAN"),
            ("Groß", "GROSS"),
            ("日", "?"),
        ],
    )
    def test_leaves_capitals_without_marks(self, text: str, folded: str) -> None:
        assert fold(text) == folded

    def test_keeps_the_texts_apart(self) -> None:
        texts = Texts.of(["Åbo", "", "x1"])
        assert [texts[row] for row in range(len(texts))] == ["ABO", "", "X1"]
        assert [texts.take(np.array([2, 0]))[row] for row in range(2)] == ["X1", "ABO"]

    @given(st.lists(st.text(st.characters(exclude_categories=["Cs"]) | st.sampled_from("\0łÅ\u0301"), max_size=6)))
    def test_of_many_is_that_of_each(self, given: list[str]) -> None:
        texts = Texts.of(given)
        assert [texts[row] for row in range(len(texts))] == [fold(text) for text in given]


class TestATable:
    def test_finds_what_a_dictionary_finds_however_much_it_grows(self) -> None:
        chance = Random(5)
        keys = [chance.randrange(-(2**62), 2**62) if n % 3 else n % 50 for n in range(5000)]
        table = hashing.filled(hashing.empty(0), np.array(keys), np.arange(5000, dtype=np.int32))
        for key in [*set(keys[:500]), 7, 2**40]:
            wanted = {place for place, other in enumerate(keys) if other == key}
            found, head = set(), hashing.find(table, key)
            assert hashing.count(table, head) == len(wanted)
            if head != hashing.EMPTY:
                value, at = hashing.first(table, head)
                found.add(value)
                while at >= 0:
                    found.add(int(table.nodes[at, 0]))
                    at = int(table.nodes[at, 1])
            assert found == wanted

    def test_says_before_it_is_full(self) -> None:
        table = hashing.empty(0)
        done = hashing.insert_all(table, np.arange(1, 1000), np.zeros(999, np.int32), 0)
        assert 0 < done < 999
        assert not hashing.has_room(table)


def read(text: str, structured: bool = False) -> dict[int, int]:
    scratch = record(tokens.TOKENS)
    folded = Texts.of([text])
    mark = tokens.STRUCTURED if structured else 0
    found = tokens.read_tokens(folded.buffer, 0, len(text), scratch, (0, mark))
    return {int(scratch.value[n]): int(scratch.mark[n]) for n in range(found)}


class TestATokenReader:
    def test_joins_neighbours_over_one_sign_and_no_others(self) -> None:
        assert set(read("3123 4567 92")) >= {312345679_2, 31234567, 456792}
        assert set(read("FV/31234/10/2025")) >= {31234, 31234_10_2025}
        assert 3123445678 not in read("31234, 45678")
        assert 3123445678 not in read("31234 och 45678")

    def test_never_takes_a_part_of_a_number(self) -> None:
        assert 31234 not in read("1312345")

    def test_knows_right_check_digits(self) -> None:
        good = ocr(3_100_007)
        bad = f"{(int(good[0]) + 1) % 10}{good[1:]}"
        assert read(good)[int(good)] & tokens.CHECKED
        assert not read(bad)[int(bad)] & tokens.CHECKED
        reference = creditor_reference(3_100_007)
        assert read(reference)[int(reference[2:])] & tokens.CHECKED

    def test_gives_a_number_longer_than_eighteen_digits_a_key_below_zero(self) -> None:
        assert min(read("1" * (MOST_DIGITS + 3))) < 0


SLIPS = {
    correction.WRONG: "312345699",
    correction.SWAPPED: "312354679",
    correction.MISSING: "31234679",
    correction.EXTRA: "3123445679",
    correction.JUMP: "312547679",
}


class TestACorrection:
    TRUE = 312345679

    def found(self, typed: str) -> dict[int, int]:
        table = hashing.filled(hashing.empty(4), np.array([self.TRUE, 999999999]), np.array([7, 8], np.int32))
        lengths = np.zeros(20, np.int8)
        lengths[9] = 1
        out = record(correction.FOUND)
        many = correction.neighbours(table, correction.Typed(int(typed), len(typed), lengths), out)
        return {int(out.head[n]): int(out.slip[n]) for n in range(many)}

    @pytest.mark.parametrize(("slip", "typed"), [(s, t) for s, t in SLIPS.items() if s != correction.JUMP])
    def test_undoes_one_slip(self, slip: int, typed: str) -> None:
        assert self.found(typed) == {7: slip}

    def test_undoes_a_jump_twins_and_thirty_for_thirteen(self) -> None:
        assert self.found("312543679") == {7: correction.JUMP}
        table = {"311145679": "312245679"}
        for typed, true in table.items():
            keys = hashing.filled(hashing.empty(1), np.array([int(true)]), np.array([3], np.int32))
            lengths = np.zeros(20, np.int8)
            lengths[9] = 1
            out = record(correction.FOUND)
            assert correction.neighbours(keys, correction.Typed(int(typed), 9, lengths), out) == 1
            assert out.slip[0] == correction.TWIN

    def test_does_not_undo_two(self) -> None:
        assert self.found("312345600") == {}

    def test_is_guided_by_the_check_digit_without_missing_anything(self) -> None:
        chance = Random(1)
        serials = chance.sample(range(3_100_000, 3_200_000), 3000)
        keys = np.array([int(ocr(s)) for s in serials])
        table = hashing.filled(hashing.empty(3000), keys, np.arange(3000, dtype=np.int32))
        guided, plain = np.zeros(20, np.int8), np.zeros(20, np.int8)
        guided[9], plain[9] = 2, 1
        for _ in range(200):
            typed = list(str(keys[chance.randrange(3000)]))
            typed[chance.randrange(9)] = str(chance.randrange(1, 10))
            value = int("".join(typed))
            results = []
            for lengths in (guided, plain):
                out = record(correction.FOUND)
                many = correction.neighbours(table, correction.Typed(value, 9, lengths), out)
                results.append({(int(out.head[n]), int(out.slip[n]), int(out.place[n])) for n in range(many)})
            assert results[0] == results[1]

    def test_measures_like_the_restricted_damerau_levenshtein_distance(self) -> None:
        chance = Random(2)
        digits = np.zeros((2, 20), np.int64)
        for _ in range(400):
            one = str(chance.randrange(10**8, 10**9))
            other = list(one)
            for _ in range(chance.randrange(4)):
                other[chance.randrange(len(other))] = chance.choice("0123456789")
            if chance.random() < 0.4:
                del other[chance.randrange(len(other))]
            text = "".join(other)
            correction.spell(int(one), 9, digits[0])
            correction.spell(int(text), len(text), digits[1])
            found = correction.distance(digits[0], digits[1], (9, len(text)), 3)
            assert found == min(4, OSA.distance(one, text))


def key_of(name: str) -> int:
    texts = Texts.of([name])
    return names.name_key(texts.buffer, 0, len(texts.buffer), np.zeros(names.MOST_WORDS, np.int64))


def near(one: str, other: str) -> int:
    out = np.zeros((2, names.MOST_WORDS), np.int64)
    many = []
    for row, name in enumerate((one, other)):
        texts = Texts.of([name])
        many.append(names.words(texts.buffer, 0, len(texts.buffer), out[row]))
    return names.nearness(out[0], out[1], many[0], many[1])


class TestAName:
    def test_has_one_key_whatever_order_form_and_address(self) -> None:
        assert key_of("Norda Bygg AB") == key_of("BYGG NORDA, Storgatan 4") == key_of("norda bygg")
        assert key_of("Kowalski Sp. z o.o.") == key_of("KOWALSKI")
        assert key_of("Norda Bygg") != key_of("Norda Plåt")

    def test_is_near_another_by_lost_signs_and_cut_ends(self) -> None:
        assert near("Anna Andersson", "ANDERSSON ANNA") == 100
        assert near("Anna Anderson", "Anna Andersson") >= 85
        assert near("Fredriksson Fast", "Fredriksson Fastigheter") >= 80
        assert near("Anna Andersson", "Bo Lind") == 0


class TestASubsetSum:
    def scratch(self) -> np.recarray:  # type: ignore[type-arg]
        return record(subsets.HALVES)

    def test_counts_what_trying_all_counts(self) -> None:
        chance = Random(3)
        found = np.zeros(8, np.int64)
        for _ in range(60):
            amounts = [chance.randrange(-50, 400) * 100 or 100 for _ in range(chance.randrange(2, 11))]
            target = sum(chance.sample(amounts, chance.randrange(1, len(amounts) + 1)))
            different = {
                tuple(sorted(amounts[n] for n in some))
                for size in range(1, len(amounts) + 1)
                for some in combinations(range(len(amounts)), size)
                if sum(amounts[n] for n in some) == target
            }
            many = subsets.subsets(np.array(amounts), len(amounts), target, self.scratch(), found)
            assert many == min(len(different), subsets.MOST_COUNTED)
            for mask in found[: min(many, 8)]:
                assert sum(a for n, a in enumerate(amounts) if mask >> n & 1) == target

    def test_takes_the_earlier_of_equal_amounts(self) -> None:
        found = np.zeros(8, np.int64)
        assert subsets.subsets(np.array([500, 500, 500, 70]), 4, 570, self.scratch(), found) == 1
        assert found[0] == 0b1001


class TestTextsThatEachHaveANulBehindThem:
    @given(st.lists(st.text(st.characters(exclude_characters="\0", exclude_categories=("Cs",)), max_size=8)))
    def test_are_read_as_those_of_a_list(self, texts: list[str]) -> None:
        ended = Texts.ended("".join(text + "\0" for text in texts).encode())
        assert [ended[row] for row in range(len(ended))] == [fold(text) for text in texts]
