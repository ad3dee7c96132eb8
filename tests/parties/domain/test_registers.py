"""Which register knows what, what an answer means, and when a silent one is asked again."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kvit.parties.domain import names, registers
from kvit.parties.domain.identities import IdentityKind
from kvit.parties.domain.registers import Answer, CheckOutcome, Question, Reason, Register, Said

NOW = datetime(2026, 3, 2, 8, 0, tzinfo=UTC)
ACCOUNT = "PL61109010140000071219812874"


class TestAQuestion:
    @pytest.mark.parametrize(
        ("kind", "value", "expected"),
        [
            (IdentityKind.VAT, "DE136695976", Question(Register.VIES, "DE136695976")),
            (IdentityKind.ORGNR, "5560360793", Question(Register.VIES, "SE556036079301", is_no_final=False)),
            (IdentityKind.CUI, "14399840", Question(Register.VIES, "RO14399840", is_no_final=False)),
            (IdentityKind.NIP, "5260250274", Question(Register.WHITE_LIST, "5260250274", is_no_final=False)),
            (IdentityKind.IBAN, "SE4550000000058398257466", None),
            (IdentityKind.IBAN, ACCOUNT, None),
            (IdentityKind.PESEL, "44051401359", None),
            (IdentityKind.PERSONNR, "8112189876", None),
            (IdentityKind.CNP, "1630615123457", None),
        ],
    )
    def test_goes_to_the_register_that_knows_the_number(
        self, kind: IdentityKind, value: str, expected: Question | None
    ) -> None:
        """A person's own number (PESEL, personnummer, CNP) is sent to nobody."""
        assert registers.question(kind, value, []) == expected

    @pytest.mark.parametrize(
        "holder", [(IdentityKind.NIP, "5260250274"), (IdentityKind.VAT, "PL5260250274")], ids=["NIP", "VAT"]
    )
    def test_about_an_account_names_its_holder(self, holder: tuple[IdentityKind, str]) -> None:
        expected = Question(Register.WHITE_LIST, "5260250274", account=ACCOUNT[2:])
        assert registers.question(IdentityKind.IBAN, ACCOUNT, [(IdentityKind.VAT, "DE136695976"), holder]) == expected

    def test_is_of_a_kind_that_is_said_to_be_the_registers(self) -> None:
        for kind in IdentityKind:
            register = registers.register_of(kind, ACCOUNT if kind is IdentityKind.IBAN else "1")
            assert (register is not None) == (kind in registers.RENEW_AFTER_DAYS)


SILENT = [Said.UNAVAILABLE, Said.LIMIT, Said.REFUSED]


class TestAnAnswer:
    @pytest.mark.parametrize(
        ("said", "is_no_final", "outcome", "reason"),
        [
            (Said.YES, True, CheckOutcome.VERIFIED, Reason.CONFIRMED),
            (Said.NO, True, CheckOutcome.REFUTED, Reason.DENIED),
            (Said.NO, False, CheckOutcome.UNKNOWN, Reason.NOT_LISTED),
            (Said.REFUSED, True, CheckOutcome.UNKNOWN, Reason.REFUSED),
            (Said.UNAVAILABLE, True, CheckOutcome.UNKNOWN, Reason.NO_ANSWER),
        ],
    )
    def test_means_what_it_says(self, said: Said, is_no_final: bool, outcome: CheckOutcome, reason: Reason) -> None:
        question = Question(Register.VIES, "DE136695976", is_no_final=is_no_final)
        judged = registers.judged(question, Answer(said), party_name="Bo Ek", is_person=True)
        assert (judged.outcome, judged.reason) == (outcome, reason)

    @given(st.sampled_from(SILENT), st.booleans(), st.text(max_size=20), st.text(max_size=20))
    def test_without_yes_or_no_is_never_more_than_unknown(
        self, said: Said, is_no_final: bool, name: str, code: str
    ) -> None:
        question = Question(Register.WHITE_LIST, "5260250274", is_no_final=is_no_final)
        answer = Answer(said, code=code, name=name)
        judged = registers.judged(question, answer, party_name="Zakłady", is_person=False)
        assert judged.outcome is CheckOutcome.UNKNOWN

    def test_under_another_name_verifies_nothing(self) -> None:
        question = Question(Register.WHITE_LIST, "5260250274")
        judged = registers.judged(
            question, Answer(Said.YES, name="HURTOWNIA KOS"), party_name="Zakłady", is_person=False
        )
        assert judged.reason is Reason.NAME_DIFFERS


class TestNames:
    @pytest.mark.parametrize(
        ("ours", "registered", "is_person"),
        [
            ("Łódzkie Zakłady Sp. z o.o.", "ŁÓDZKIE ZAKŁADY SPÓŁKA Z OGRANICZONĄ ODPOWIEDZIALNOŚCIĄ", False),
            ("Jan Nowak", "NOWAK JAN USŁUGI TRANSPORTOWE", False),
            ("ABC Jan Nowak", "JAN NOWAK", True),
            ("Åkeri Älgen AB", "AKERI ALGEN AKTIEBOLAG", False),
        ],
    )
    def test_agree_whatever_their_spelling(self, ours: str, registered: str, is_person: bool) -> None:
        assert names.agree(ours, registered, is_person=is_person)
        assert names.agree(registered, ours, is_person=is_person)

    @pytest.mark.parametrize(
        ("ours", "registered"), [("Jan Nowak", "Anna Nowak"), ("Zakłady", "Hurtownia"), ("Bo Ek", "")]
    )
    def test_differ(self, ours: str, registered: str) -> None:
        assert not names.agree(ours, registered, is_person=False)


class TestASilentRegister:
    def test_is_asked_again_with_growing_pauses_and_given_up_after_a_week(self) -> None:
        pauses = []
        for attempts in range(1, registers.MOST_ATTEMPTS):
            at = registers.ask_again_at(Said.UNAVAILABLE, attempts=attempts, now=NOW)
            assert at is not None
            pauses.append(at - NOW)
        assert pauses == sorted(pauses)
        assert pauses[0] == timedelta(minutes=5)
        assert timedelta(days=5) < sum(pauses, timedelta()) < timedelta(days=8)
        assert registers.ask_again_at(Said.UNAVAILABLE, attempts=registers.MOST_ATTEMPTS, now=NOW) is None

    @pytest.mark.parametrize("said", [Said.YES, Said.NO, Said.REFUSED])
    def test_that_answered_is_not(self, said: Said) -> None:
        assert registers.ask_again_at(said, attempts=1, now=NOW) is None

    @given(st.timedeltas(timedelta(0), timedelta(days=400)))
    def test_that_had_enough_is_left_alone_until_its_next_day(self, passed: timedelta) -> None:
        """Midnight in Warsaw is 23:00 UTC in winter and 22:00 in summer."""
        now = NOW + passed
        at = registers.ask_again_at(Said.LIMIT, attempts=99, now=now)
        assert at is not None
        assert now < at <= now + timedelta(days=1)
        assert at.hour == 23
