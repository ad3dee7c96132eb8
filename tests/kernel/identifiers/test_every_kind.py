"""What holds for every kind of identifier: four functions, one kind of refusal, stable compact forms."""

import importlib
import pkgutil
from types import ModuleType

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from kvit.kernel import identifiers
from kvit.kernel.identifiers import invalid

NOT_KINDS = {"invalid", "checksums"}

# One or more numbers of each kind that its issuer would accept, as people write them.
EXAMPLES: dict[str, list[str]] = {
    "bic": ["AGRIFRPP882", "brre plpw", "ESSESESS"],
    "eu_vat": ["PL 526-025-02-74", "SE556036079301", "RO14399840", "EL094259216", "GR 094259216", "FR 61 954 506 077"],
    "iban": ["PL61 1090 1014 0000 0712 1981 2874", "SE4550000000058398257466", "ro49aaaa1b31007593840000"],
    "lei": ["213800KUD8LAJWSQ9D15", "2138 00KU D8LA JWSQ 9D15"],
    "pl_ksef_number": ["5265877635-20250826-0100001AF629-AF", "5265877635-20250826-010000-1af629-af"],
    "pl_nip": ["PL 526-025-02-74", "5265877635"],
    "pl_nrb": ["60 1020 1026 0000 0422 7020 1111", "PL60102010260000042270201111"],
    "pl_pesel": ["44051401359"],
    "pl_regon": ["123456785", "12345678512347", "192-598-184"],
    "pl_virtual_account": ["42114020049900000000000001"],
    "rf": ["RF18 5390 0754 7034", "rf40fv202611000123"],
    "ro_cnp": ["1630615123457"],
    "ro_cui": ["RO 14399840", "18547290"],
    "se_bankgiro": ["991-2346", "5805-6201", "0009912346"],
    "se_ocr": ["123455", "2026 1100 0128"],
    "se_orgnr": ["556036-0793", "165560360793", "1234567897"],
    "se_personnummer": ["880320-0016", "19880320-0016", "880380-0013", "121212+1212"],
    "se_plusgiro": ["28 65 43-4"],
}


def kinds() -> dict[str, ModuleType]:
    names = {module.name for module in pkgutil.iter_modules(identifiers.__path__)} - NOT_KINDS
    return {name: importlib.import_module(f"{identifiers.__name__}.{name}") for name in sorted(names)}


KINDS = kinds()
every_kind = pytest.mark.parametrize("name", sorted(KINDS))
# Text that comes near a number: digits, prefixes, separators, digits of other scripts, anything.
near_numbers = st.one_of(
    st.text(alphabet="0123456789", max_size=30),
    st.text(alphabet="0123456789PLSEROXIRF ABCDXYZ-+.:/٣２\u00a0\t\n", max_size=40),
    st.text(max_size=40),
    st.builds(
        str.__add__, st.sampled_from(["PL", "SE", "RO", "RF", "EL", "IE", "ES", "XI", "NL", "FR"]), st.text(max_size=15)
    ),
    st.builds(
        lambda state, digits: f"{state}{digits}", st.sampled_from(["BG", "LV", "CZ", "DK", "IE", "XI"]), st.integers()
    ),
)


class TestEveryKind:
    def test_has_examples_here(self) -> None:
        assert set(EXAMPLES) == set(KINDS)

    @every_kind
    def test_has_the_four_functions(self, name: str) -> None:
        assert all(
            callable(getattr(KINDS[name], function)) for function in ("compact", "is_valid", "validate", "format")
        )

    @every_kind
    def test_accepts_its_examples(self, name: str) -> None:
        for example in EXAMPLES[name]:
            assert KINDS[name].is_valid(example), example

    @every_kind
    def test_gives_one_compact_form_that_stays(self, name: str) -> None:
        for example in EXAMPLES[name]:
            compact = KINDS[name].validate(example)
            assert KINDS[name].validate(compact) == compact
            assert KINDS[name].validate(KINDS[name].format(example)) == compact

    @every_kind
    def test_ignores_the_spaces_around(self, name: str) -> None:
        for example in EXAMPLES[name]:
            assert KINDS[name].validate(f"  {example}\u00a0") == KINDS[name].validate(example)

    @every_kind
    @given(text=near_numbers)
    def test_answers_any_text_with_a_number_or_a_refusal(self, name: str, text: str) -> None:
        kind = KINDS[name]
        assert isinstance(kind.compact(text), str)
        assert isinstance(kind.format(text), str)
        if kind.is_valid(text):
            compact = kind.validate(text)
            assert kind.validate(compact) == compact
            assert compact.isascii()
        else:
            with pytest.raises(invalid.InvalidIdentifier) as refused:
                kind.validate(text)
            assert refused.value.code.startswith("identifier_")

    @every_kind
    @given(data=st.data())
    def test_tells_what_is_wrong_without_repeating_the_number(self, name: str, data: st.DataObject) -> None:
        example = KINDS[name].validate(data.draw(st.sampled_from(EXAMPLES[name])))
        place = data.draw(st.integers(min_value=0, max_value=len(example) - 1))
        wrong = example[:place] + data.draw(st.sampled_from("0123456789AZ")) + example[place + 1 :]
        assume(not KINDS[name].is_valid(wrong))
        with pytest.raises(invalid.InvalidIdentifier) as refused:
            KINDS[name].validate(wrong)
        assert str(refused.value)
        assert wrong not in str(refused.value)

    @every_kind
    @pytest.mark.parametrize("text", ["", " ", "-", "+", "0", "RO", "PL", "SE", "RF", "XX", "IE", "\x00"])
    def test_refuses_what_is_hardly_there(self, name: str, text: str) -> None:
        assert not KINDS[name].is_valid(text)


CHECKED_BY_DIGIT = sorted(set(KINDS) - {"bic"})


class TestACheckDigit:
    @pytest.mark.parametrize("name", CHECKED_BY_DIGIT)
    def test_finds_any_wrong_last_digit(self, name: str) -> None:
        for example in EXAMPLES[name]:
            compact = KINDS[name].validate(example)
            if name == "eu_vat" and compact.startswith("SE"):
                continue  # ends in 01, which is no check digit
            others = {compact[:-1] + digit for digit in "0123456789"} - {compact}
            accepted = {other for other in others if KINDS[name].is_valid(other)}
            assert accepted == set(), name

    @pytest.mark.parametrize("name", sorted(set(CHECKED_BY_DIGIT) - {"eu_vat"}))
    def test_is_what_refuses_it(self, name: str) -> None:
        compact = KINDS[name].validate(EXAMPLES[name][0])
        wrong = compact[:-1] + str((int(compact[-1], 16) + 1) % 10)
        with pytest.raises(invalid.WrongCheckDigit):
            KINDS[name].validate(wrong)
