"""Scorecard row 10: none of the hostile URLs reaches an address that is not public."""

import socket
from collections.abc import Sequence
from dataclasses import replace
from ipaddress import ip_network

import pytest

from http_receiver import Receiver
from kvit.base import http
from kvit.base.http import addresses, network
from kvit.base.http.addresses import Address

# Names as an attacker's or a careless administrator's name server answers them.
ZONE = {
    "loopback.example": ["127.0.0.1"],
    "loopback6.example": ["::1"],
    "intranet.example": ["10.1.2.3"],
    "metadata.example": ["169.254.169.254"],
    "mapped.example": ["::ffff:127.0.0.1"],
    "scoped.example": ["fe80::1%lo"],
    "mixed.example": ["93.184.216.34", "127.0.0.1"],
    "mixed6.example": ["2606:2800:220:1::1", "::1"],
    "mixed-last.example": ["93.184.216.34"] * 8 + ["192.168.0.1"],
    "nat64.example": ["64:ff9b::7f00:1"],
    "garbage.example": ["not an address"],
    "octal.example": ["0177.0.0.1"],
    "127.0.0.1.nip.example": ["127.0.0.1"],
    "xn--ocalhost-u9g": ["127.0.0.1"],
}

# Only the list of addresses stands between these and the receiver.
BY_ADDRESS = [
    # loopback in all its spellings
    "http://127.0.0.1:{port}/",
    "http://127.0.0.1/",
    "http://127.0.0.1./",
    "http://127.1/",
    "http://127.0.1/",
    "http://127.255.255.254/",
    "http://2130706433/",
    "http://0x7f000001/",
    "http://0x7f.0.0.1/",
    "http://0x7F.1/",
    "http://017700000001/",
    "http://localhost/",
    "http://LOCALHOST/",
    "http://localhost./",
    "http://localhost:{port}/a?b#c",
    "http://127。0。0。1/",
    "http://127.0.0.1:80#@example.com/",
    "http://127.0.0.1?@example.com/",
    "HTTP://127.0.0.1/%2e%2e/",
    # this network, broadcast
    "http://0.0.0.0/",
    "http://0/",
    "http://0x0/",
    "http://0.1.2.3/",
    "http://255.255.255.255/",
    # private, shared, link-local, clouds
    "http://10.0.0.1/",
    "http://167772161/",
    "http://172.16.0.1/",
    "http://172.31.255.255/",
    "http://192.168.1.1/",
    "http://0xC0A80101/",
    "http://100.64.0.1/",
    "http://100.100.100.200/latest/meta-data/",
    "http://169.254.169.254/latest/meta-data/",
    "http://2852039166/",
    "http://168.63.129.16/",
    "http://192.0.0.192/",
    # documentation, benchmarking, multicast, reserved, relays
    "http://192.0.2.1/",
    "http://198.51.100.1/",
    "http://203.0.113.1/",
    "http://198.18.0.1/",
    "http://198.19.255.255/",
    "http://224.0.0.1/",
    "http://239.255.255.250/",
    "http://240.0.0.1/",
    "http://192.88.99.1/",
    # IPv6
    "http://[::1]/",
    "http://[::1]:{port}/",
    "http://[0:0:0:0:0:0:0:1]/",
    "http://[::]/",
    "http://[fe80::1]/",
    "http://[fec0::1]/",
    "http://[fc00::1]/",
    "http://[fd00:ec2::254]/",
    "http://[ff02::1]/",
    "http://[ff0e::1]/",
    "http://[100::1]/",
    "http://[2001:db8::1]/",
    "http://[2001:2::1]/",
    "http://[3fff::1]/",
    "http://[5f00::1]/",
    # IPv4 inside IPv6
    "http://[::ffff:127.0.0.1]/",
    "http://[::ffff:7f00:1]/",
    "http://[::ffff:8.8.8.8]/",
    "http://[::127.0.0.1]/",
    "http://[::ffff:0:127.0.0.1]/",
    "http://[64:ff9b::127.0.0.1]/",
    "http://[64:ff9b::a9fe:a9fe]/",
    "http://[64:ff9b:1::7f00:1]/",
    "http://[2002:7f00:1::]/",
    "http://[2002:a00:1::1]/",
    "http://[2001:0:7f00:1::]/",
    "http://[2001::1]/",
    # names
    *(
        f"http://{name}/"
        for name, answers in ZONE.items()
        if all(addresses.parse(answer) is not None for answer in answers) and name != "xn--ocalhost-u9g"
    ),
    "http://лocalhost/",
    "http://intranet.example.:{port}/",
]

# These are no URLs that we call, wherever they lead.
BY_FORM = [
    "https://user@127.0.0.1/",
    "http://user:password@127.0.0.1/",
    "http://@127.0.0.1/",
    "http://:@127.0.0.1/",
    "http://example.com:80@127.0.0.1/",
    "http://example.com%2f@127.0.0.1/",
    "http://example.com\\@127.0.0.1/",
    "http://127.0.0.1\\.example.com/",
    "http://0177.0.0.1/",
    "http://127.0.0.1%00.example.com/",
    "http://127.0.0.1\x00.example.com/",
    "http://%31%32%37.0.0.1/",
    "http://①②⑦.⓪.⓪.①/",
    "http://ⓛⓞⓒⓐⓛⓗⓞⓢⓣ/",
    "http://１２７.0.0.1/",
    "http://127.0.0.1\u2024example.com/",
    "http://[fe80::1%25lo]/",
    "http://[::1%251]/",
    "http://[v1.fe80::1]/",
    "http://[::1",
    "http://[127.0.0.1]/",
    "http:127.0.0.1/",
    "http:/127.0.0.1/",
    "http:///127.0.0.1/",
    "//127.0.0.1/",
    "127.0.0.1/",
    "",
    " http://127.0.0.1/",
    "http://127.0.0.1/ HTTP/1.1\r\nHost: evil\r\n\r\n",
    "http://127.0.0.1/\r\nX: y",
    "http://127.0.0.1\r\n.example.com/",
    "http://127.0.0.1/\n",
    "http://127.0.0.1\t/",
    "http://localhost..",
    "http://.localhost/",
    "http://" + "a" * 9_000 + "/",
    "file:///etc/passwd",
    "file://127.0.0.1/etc/passwd",
    "gopher://127.0.0.1:6379/_FLUSHALL",
    "ftp://127.0.0.1/",
    "dict://127.0.0.1:11211/",
    "ldap://127.0.0.1/",
    "unix:///var/run/docker.sock",
    "data:text/plain,hello",
    "javascript:alert(1)",
    "ws://127.0.0.1/",
    "jar:http://127.0.0.1!/",
    "url:http://127.0.0.1/",
    "http+unix://%2Fvar%2Frun%2Fdocker.sock/",
    "httpx://127.0.0.1/",
]


def hostile_resolver(host: str) -> Sequence[str]:
    if host in ZONE:
        return ZONE[host]
    # The system's reading of 127.1, 0x7f000001 and the like, without asking a name server.
    try:
        return [str(entry[4][0]) for entry in socket.getaddrinfo(host, None, proto=socket.IPPROTO_TCP)]
    except OSError:
        return []


@pytest.fixture
def everything_is_here(receiver: Receiver, monkeypatch: pytest.MonkeyPatch) -> http.Policy:
    """A world in which every address, whichever it is, is the receiver: to connect at all is to reach it."""
    connect = network.connect

    def connect_here(address: Address, port: int, timeout_seconds: float) -> socket.socket:
        loopback = addresses.parse("127.0.0.1")
        assert loopback is not None
        return connect(loopback, receiver.port, timeout_seconds)

    monkeypatch.setattr(network, "connect", connect_here)
    return http.Policy(
        allow_http=True,
        allow_ports=frozenset({80, 443, receiver.port}),
        timeout_seconds=5,
        resolver=hostile_resolver,
    )


def reach(url: str, receiver: Receiver, policy: http.Policy) -> bool:
    """Whether asking for the URL brings anything to the receiver."""
    before = receiver.connections
    try:
        http.request("GET", url.replace("{port}", str(receiver.port)), policy=policy)
    except http.OutboundRefused:
        return receiver.connections > before
    return True


class TestTheHostileUrls:
    def test_are_many_and_different(self) -> None:
        assert len(set(BY_ADDRESS)) == len(BY_ADDRESS) >= 60
        assert len(set(BY_FORM)) == len(BY_FORM) >= 40

    def test_reach_nobody(self, receiver: Receiver, everything_is_here: http.Policy) -> None:
        assert [url for url in BY_ADDRESS + BY_FORM if reach(url, receiver, everything_is_here)] == []
        assert receiver.connections == 0

    def test_would_reach_the_receiver_without_the_list_of_addresses(
        self, receiver: Receiver, everything_is_here: http.Policy, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        """Planted fault: the list is emptied."""
        monkeypatch.setattr(addresses, "DENIED", ())

        assert [url for url in BY_ADDRESS if not reach(url, receiver, everything_is_here)] == []
        assert receiver.connections == len(BY_ADDRESS)

    @pytest.mark.parametrize("url", BY_FORM)
    def test_of_bad_form_are_refused_as_such(self, url: str, everything_is_here: http.Policy) -> None:
        with pytest.raises(http.BadUrl) as refusal:
            http.request("GET", url, policy=everything_is_here)
        assert refusal.value.code == "http.bad_url"
        assert not refusal.value.maybe_received

    def test_are_refused_by_address_in_words_that_tell_nothing_of_the_inside(
        self, everything_is_here: http.Policy
    ) -> None:
        with pytest.raises(http.AddressRefused) as refusal:
            http.request("GET", "http://intranet.example/", policy=everything_is_here)
        assert refusal.value.code == "http.address_refused"
        assert "10.1.2.3" not in str(refusal.value)

    def test_do_reach_the_real_loopback_if_that_is_opened(self, receiver: Receiver) -> None:
        """The receiver is there: what the tests above see is the refusal, not a dead port."""
        policy = http.Policy(
            allow_http=True,
            allow_ports=frozenset({receiver.port}),
            allow_addresses=(ip_network("127.0.0.0/8"),),
            resolver=hostile_resolver,
        )
        closed = replace(policy, allow_addresses=())
        for host in ("127.0.0.1", "localhost", "2130706433", "loopback.example"):
            url = f"http://{host}:{receiver.port}/"
            with pytest.raises(http.AddressRefused):
                http.request("GET", url, policy=closed)
            assert receiver.connections == 0
        assert http.request("GET", f"http://loopback.example:{receiver.port}/", policy=policy).status == 200


class TestANameServer:
    def test_that_changes_its_mind_is_asked_only_once(
        self, receiver: Receiver, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        asked: list[str] = []
        connected: list[str] = []

        def rebinding(host: str) -> Sequence[str]:
            asked.append(host)
            return ["93.184.216.34"] if len(asked) == 1 else ["127.0.0.1"]

        def refuse(address: Address, port: int, timeout_seconds: float) -> socket.socket:
            connected.append(str(address))
            raise ConnectionRefusedError

        monkeypatch.setattr(network, "connect", refuse)
        policy = http.Policy(allow_http=True, allow_ports=frozenset({80}), resolver=rebinding)
        with pytest.raises(http.Unreachable):
            http.request("GET", "http://rebinding.example/", policy=policy)

        assert asked == ["rebinding.example"]
        assert connected == ["93.184.216.34"]

    def test_that_changes_its_mind_would_win_if_the_name_were_connected_to(
        self, receiver: Receiver, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        """Planted fault: the usual way, where the library resolves the name again."""
        answers = iter([["93.184.216.34"], ["127.0.0.1"]])

        def connect_by_name(address: Address, port: int, timeout_seconds: float) -> socket.socket:
            return socket.create_connection((next(answers)[0], port), timeout_seconds)

        monkeypatch.setattr(network, "connect", connect_by_name)
        policy = http.Policy(
            allow_http=True, allow_ports=frozenset({receiver.port}), resolver=lambda host: next(answers)
        )
        http.request("GET", f"http://rebinding.example:{receiver.port}/", policy=policy)
        assert receiver.connections == 1

    def test_that_never_answers_costs_no_more_than_the_time_allowed(self) -> None:
        import threading

        never = threading.Event()
        policy = http.Policy(timeout_seconds=0.2, resolver=lambda host: ["::1"] if never.wait(5) else [])
        with pytest.raises(http.TimedOut):
            http.request("GET", "https://slow.example/", policy=policy)
        never.set()

    @pytest.mark.parametrize("answer", [[], None])
    def test_that_knows_nothing_makes_the_host_unreachable(self, answer: list[str] | None) -> None:
        def resolver(host: str) -> Sequence[str]:
            if answer is None:
                raise socket.gaierror(-2, "Name or service not known")
            return answer

        with pytest.raises(http.Unreachable) as refusal:
            http.request("GET", "https://unknown.example/", policy=http.Policy(resolver=resolver))
        assert not refusal.value.maybe_received


class TestARedirect:
    def test_to_an_address_inside_is_an_answer_and_not_followed(self, receiver: Receiver) -> None:
        policy = http.Policy(
            allow_http=True,
            allow_ports=frozenset({receiver.port}),
            allow_addresses=(ip_network("127.0.0.0/8"),),
        )
        answer = http.request("GET", f"http://127.0.0.1:{receiver.port}/redirect", policy=policy)

        assert answer.status == 302
        assert [path for _, path, _, _ in receiver.requests] == ["/redirect"]

    def test_cookie_is_not_kept(self, receiver: Receiver) -> None:
        policy = http.Policy(
            allow_http=True,
            allow_ports=frozenset({receiver.port}),
            allow_addresses=(ip_network("127.0.0.0/8"),),
        )
        for _ in range(2):
            http.request("GET", f"http://127.0.0.1:{receiver.port}/redirect", policy=policy)
        assert all("cookie" not in headers for _, _, headers, _ in receiver.requests)
