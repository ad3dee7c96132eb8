"""VIES and the white list over real HTTP: what they say, and all that is no answer."""

from collections.abc import Iterator
from datetime import date

import pytest

from kvit.base import http
from kvit.parties.adapters.registers import Vies, WhiteList, policy_for, vies
from kvit.parties.domain.registers import Answer, Question, Register, Said, VatStatus
from kvit.world.simulators import registers as simulator
from kvit.world.simulators.registers import Registers
from simulated_registers import BUYER_VAT, NIP, NRB, OWN_VAT, policy, registers_running

DAY = date(2026, 3, 2)
OTHER_NIP, OTHER_NRB = "1234563218", "27114020040000300201355387"
NETWORK = [simulator.CUT, simulator.NONSENSE, simulator.BUSY]


@pytest.fixture
def there() -> Iterator[Registers]:
    with registers_running(DAY) as running:
        yield running


def of_vies(there: Registers, number: str = BUYER_VAT, *, requester: str = "", seconds: float = 5.0) -> Answer:
    how = policy(there, seconds=seconds)
    return Vies(there.vies_url, how).ask(Question(Register.VIES, number, requester=requester))


def of_the_list(there: Registers, nip: str = NIP, account: str = "", on_date: date = DAY) -> Answer:
    how = policy(there)
    return WhiteList(there.white_list_url, how).ask(Question(Register.WHITE_LIST, nip, account, on_date=on_date))


class TestVies:
    def test_says_yes_and_no(self, there: Registers) -> None:
        assert of_vies(there).said is Said.YES
        assert of_vies(there, "DE999999999").said is Said.NO
        assert [path.rpartition("rest-api")[2] for _, path, _ in there.requests] == [
            "/ms/DE/vat/136695976",
            "/ms/DE/vat/999999999",
        ]

    def test_gives_the_name_where_the_state_does(self, there: Registers) -> None:
        assert of_vies(there, OWN_VAT).name == "NORDVIK AB"
        assert of_vies(there, BUYER_VAT).name == ""

    def test_gives_a_consultation_number_to_who_says_who_asks(self, there: Registers) -> None:
        answer = of_vies(there, requester=OWN_VAT)
        assert answer.said is Said.YES
        assert answer.request_id.startswith("WAPI")
        ((method, path, given),) = there.requests
        assert (method, path.rpartition("/")[2]) == ("POST", "check-vat-number")
        assert given == {
            "countryCode": "DE",
            "vatNumber": "136695976",
            "requesterMemberStateCode": "SE",
            "requesterNumber": "556036079301",
        }
        assert of_vies(there, "DE999999999", requester=OWN_VAT).said is Said.NO

    def test_is_asked_without_a_requester_that_it_does_not_know(self, there: Registers) -> None:
        answer = of_vies(there, requester="SE556000000001")
        assert (answer.said, answer.request_id) == (Said.YES, "")
        assert [method for method, _, _ in there.requests] == ["POST", "GET"]

    @pytest.mark.parametrize("requester", ["", OWN_VAT])
    @pytest.mark.parametrize(
        ("code", "said", "is_whole"),
        [
            ("MS_UNAVAILABLE", Said.UNAVAILABLE, False),
            ("MS_MAX_CONCURRENT_REQ", Said.UNAVAILABLE, False),
            ("TIMEOUT", Said.UNAVAILABLE, False),
            ("SERVICE_UNAVAILABLE", Said.UNAVAILABLE, True),
            ("GLOBAL_MAX_CONCURRENT_REQ", Said.UNAVAILABLE, True),
            ("GLOBAL_MAX_CONCURRENT_REQ_TIME", Said.UNAVAILABLE, True),
            ("SOMETHING_NEW", Said.UNAVAILABLE, True),
            ("IP_BLOCKED", Said.LIMIT, True),
            ("INVALID_INPUT", Said.REFUSED, False),
        ],
    )
    def test_that_fails_never_says_no(
        self, there: Registers, requester: str, code: str, said: Said, is_whole: bool
    ) -> None:
        """Its failures come with status 200, and by GET as a number that is "not valid"."""
        there.troubles.append(code)
        assert of_vies(there, requester=requester) == Answer(said, code=code, is_whole=is_whole)

    def test_read_by_its_bare_word_would_deny_whom_it_could_not_reach(
        self, there: Registers, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        """The planted fault: the code beside `isValid` is not looked at, and a state that is down refutes its firms."""
        monkeypatch.setattr(vies, "_code", lambda fields: "")
        there.down.add("DE")
        assert of_vies(there).said is Said.NO

    @pytest.mark.parametrize("trouble", NETWORK)
    def test_behind_a_broken_network_says_nothing(self, there: Registers, trouble: str) -> None:
        there.troubles.append(trouble)
        answer = of_vies(there)
        assert (answer.said, answer.is_whole) == (Said.UNAVAILABLE, True)

    def test_that_does_not_answer_in_time_says_nothing(self, there: Registers) -> None:
        there.troubles.append(simulator.SILENCE)
        assert of_vies(there, seconds=0.2).code == "http.timeout"

    def test_answering_about_another_number_says_nothing(
        self, there: Registers, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(vies, "_is_about", lambda fields, question: False)
        assert of_vies(there).said is Said.UNAVAILABLE


class TestTheWhiteList:
    def test_says_who_is_listed(self, there: Registers) -> None:
        answer = of_the_list(there)
        assert (answer.said, answer.vat_status) == (Said.YES, VatStatus.ACTIVE)
        assert answer.name.startswith("ŁÓDZKIE ZAKŁADY")
        assert answer.request_id.startswith("d2n10-")
        assert there.requests[0][1] == f"/api/search/nip/{NIP}?date=2026-03-02"

    def test_says_that_nobody_is(self, there: Registers) -> None:
        answer = of_the_list(there, OTHER_NIP)
        assert (answer.said, answer.vat_status) == (Said.NO, VatStatus.NOT_REGISTERED)
        assert answer.request_id

    def test_says_whose_an_account_is(self, there: Registers) -> None:
        assert of_the_list(there, account=NRB).said is Said.YES
        assert of_the_list(there, account=OTHER_NRB).said is Said.NO
        assert of_the_list(there, OTHER_NIP, account=NRB).said is Said.NO
        assert there.requests[0][1] == f"/api/check/nip/{NIP}/bank-account/{NRB}?date=2026-03-02"

    @pytest.mark.parametrize("account", ["", NRB])
    @pytest.mark.parametrize(
        ("code", "said", "is_whole"),
        [
            ("WL-191", Said.LIMIT, True),
            ("WL-195", Said.UNAVAILABLE, True),
            ("WL-196", Said.UNAVAILABLE, True),
            ("WL-100", Said.UNAVAILABLE, True),
            ("WL-190", Said.REFUSED, False),
        ],
    )
    def test_that_fails_never_says_no(
        self, there: Registers, account: str, code: str, said: Said, is_whole: bool
    ) -> None:
        there.troubles.append(code)
        assert of_the_list(there, account=account) == Answer(said, code=code, is_whole=is_whole)

    def test_refuses_a_number_that_is_none_and_a_day_to_come(self, there: Registers) -> None:
        assert of_the_list(there, "5260250275").code == "WL-115"
        assert of_the_list(there, on_date=date(2026, 3, 3)).code == "WL-103"

    def test_has_a_limit_of_a_day(self, there: Registers) -> None:
        there.searches_a_day = 2
        assert [of_the_list(there).said for _ in range(3)] == [Said.YES, Said.YES, Said.LIMIT]
        assert of_the_list(there, account=NRB).said is Said.YES

    @pytest.mark.parametrize("trouble", NETWORK)
    def test_behind_a_broken_network_says_nothing(self, there: Registers, trouble: str) -> None:
        there.troubles.append(trouble)
        answer = of_the_list(there)
        assert (answer.said, answer.is_whole) == (Said.UNAVAILABLE, True)


class TestARegistersAddress:
    def test_is_the_only_one_that_is_called(self, there: Registers) -> None:
        """Of the settings: by https and on its own host. What answers on this machine is not reached."""
        how = policy_for("https://wl-api.mf.gov.pl")
        for url in (there.white_list_url, "https://ec.europa.eu", "http://wl-api.mf.gov.pl"):
            answer = WhiteList(url, how).ask(Question(Register.WHITE_LIST, NIP))
            assert answer.code in ("http.bad_url", "http.address_refused")
        assert there.requests == []

    def test_would_be_any_without_the_policy(self, there: Registers) -> None:
        """The planted fault: a policy that opens this machine reaches it."""
        assert isinstance(policy(there), http.Policy)
        assert of_the_list(there).said is Said.YES
