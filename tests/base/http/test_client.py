"""What is sent and what comes back: limits of time and size, certificates, headers, doubt."""

import os
import shutil
import socket
import ssl
import subprocess
import tracemalloc
from collections.abc import Callable, Iterator
from dataclasses import replace
from ipaddress import ip_network
from pathlib import Path

import pytest

from http_receiver import Receiver, receiving
from kvit.base import http
from kvit.base.http import content, network
from kvit.base.http.deadline import Deadline

LOOPBACK = (ip_network("127.0.0.0/8"),)
Ask = Callable[[str], http.Answer]


@pytest.fixture
def policy(receiver: Receiver) -> http.Policy:
    return http.Policy(
        allow_http=True,
        allow_ports=frozenset({receiver.port}),
        allow_addresses=LOOPBACK,
        timeout_seconds=30,
        max_bytes=50_000,
        resolver=lambda host: ["127.0.0.1"],
    )


@pytest.fixture
def get(receiver: Receiver, policy: http.Policy) -> Ask:
    return lambda path: http.request("GET", f"http://receiver.example:{receiver.port}{path}", policy=policy)


@pytest.fixture
def get_in_a_second(receiver: Receiver, policy: http.Policy) -> Ask:
    hasty = replace(policy, timeout_seconds=1)
    return lambda path: http.request("GET", f"http://receiver.example:{receiver.port}{path}", policy=hasty)


READS_IN_TWO_SECONDS = 40  # one every 50 ms (http_receiver)


class TestARequest:
    def test_carries_what_was_asked_and_the_hosts_own_name(self, receiver: Receiver, policy: http.Policy) -> None:
        url = f"http://receiver.example:{receiver.port}/hook?a=b%20c#fragment"
        answer = http.request("POST", url, headers={"X-Signature": "abc"}, content=b"{}", policy=policy)

        assert (answer.status, answer.content) == (200, b"hello")
        assert (answer.headers["x-first"], answer.headers["x-second"]) == ("1", "2")
        [(method, path, headers, body)] = receiver.requests
        assert (method, path, body) == ("POST", "/hook?a=b%20c", b"{}")
        assert headers["host"] == f"receiver.example:{receiver.port}"
        assert headers["x-signature"] == "abc"
        assert headers["content-length"] == "2"
        assert headers["accept-encoding"] == "identity"

    def test_of_head_has_no_content(self, receiver: Receiver, policy: http.Policy) -> None:
        answer = http.request("HEAD", f"http://receiver.example:{receiver.port}/large", policy=policy)

        assert (answer.content, answer.headers["content-length"]) == (b"", "50001")

    def test_takes_no_proxy_from_the_environment(self, get: Ask, monkeypatch: pytest.MonkeyPatch) -> None:
        for name in ("HTTP_PROXY", "http_proxy", "ALL_PROXY", "HTTPS_PROXY"):
            monkeypatch.setenv(name, "http://127.0.0.1:9")
        assert get("/").status == 200

    @pytest.mark.parametrize(
        ("name", "value"),
        [
            ("X-A", "b\r\nX-Evil: 1"),
            ("X-A", "b\nX-Evil: 1"),
            ("X-A", "b\x00"),
            ("X-A", "żółw"),
            ("X-A", " padded"),
            ("X-A\r\nX-Evil", "1"),
            ("X A", "1"),
            ("X-A:", "1"),
            ("", "1"),
            ("Host", "127.0.0.1"),
            ("host", "127.0.0.1"),
            ("Content-Length", "0"),
            ("Transfer-Encoding", "chunked"),
            ("Connection", "upgrade"),
            ("Upgrade", "websocket"),
            ("Accept-Encoding", "br"),
        ],
    )
    def test_with_a_hostile_header_is_not_made(
        self, receiver: Receiver, policy: http.Policy, name: str, value: str
    ) -> None:
        with pytest.raises(http.BadRequest):
            http.request("GET", f"http://receiver.example:{receiver.port}/", headers={name: value}, policy=policy)
        assert receiver.connections == 0

    @pytest.mark.parametrize("method", ["get", "TRACE", "CONNECT", "GET / HTTP/1.1\r\nX: y", ""])
    def test_with_a_strange_method_is_not_made(self, receiver: Receiver, policy: http.Policy, method: str) -> None:
        with pytest.raises(http.BadRequest):
            http.request(method, f"http://receiver.example:{receiver.port}/", policy=policy)
        assert receiver.connections == 0

    def test_goes_only_to_hosts_and_ports_on_the_lists(self, receiver: Receiver, policy: http.Policy) -> None:
        listed = replace(policy, allow_hosts=frozenset({"receiver.example"}))

        assert http.request("GET", f"http://RECEIVER.example.:{receiver.port}/", policy=listed).status == 200
        for url in (
            f"http://evil.example:{receiver.port}/",
            f"http://receiver.example.evil.example:{receiver.port}/",
            f"http://sub.receiver.example:{receiver.port}/",
            "http://receiver.example/",
            "http://receiver.example:0/",
            "http://receiver.example:99999/",
        ):
            with pytest.raises(http.AddressRefused):
                http.request("GET", url, policy=listed)

    def test_is_encrypted_unless_the_policy_says_otherwise(self, receiver: Receiver, policy: http.Policy) -> None:
        with pytest.raises(http.BadUrl, match="Not an https URL"):
            http.request("GET", f"http://receiver.example:{receiver.port}/", policy=replace(policy, allow_http=False))

    def test_tries_the_next_address_when_one_is_dead(self, receiver: Receiver, policy: http.Policy) -> None:
        several = replace(policy, resolver=lambda host: ["127.0.0.2", "127.0.0.1"])

        assert http.request("GET", f"http://receiver.example:{receiver.port}/", policy=several).status == 200


class TestAnAnswer:
    def test_may_be_as_large_as_allowed(self, get: Ask) -> None:
        assert len(get("/just-fits").content) == 50_000

    @pytest.mark.parametrize("path", ["/large", "/endless", "/bomb"])
    def test_may_not_be_larger(self, get: Ask, path: str) -> None:
        with pytest.raises(http.TooLarge) as refusal:
            get(path)
        assert refusal.value.code == "http.too_large"
        assert refusal.value.maybe_received

    def test_that_is_a_bomb_takes_no_memory(self, receiver: Receiver, policy: http.Policy) -> None:
        import gzip

        bomb = [gzip.compress(b"\0" * 200_000_000, 6)]
        tracemalloc.start()
        try:
            with pytest.raises(http.TooLarge):
                content.read(bomb, coding="gzip", max_bytes=50_000)
            assert tracemalloc.get_traced_memory()[1] < 1_000_000
        finally:
            tracemalloc.stop()

    def test_that_is_a_bomb_would_be_unpacked_without_the_limit(self) -> None:
        """Planted fault."""
        import gzip

        bomb = [gzip.compress(b"\0" * 20_000_000, 6)]
        assert len(content.read(bomb, coding="gzip", max_bytes=10**12)) == 20_000_000

    def test_that_is_packed_unasked_is_unpacked(self, get: Ask) -> None:
        assert get("/packed").content == b"hello"
        assert get("/packed-nothing").content == b""

    @pytest.mark.parametrize("path", ["/packed-strangely", "/packed-falsely", "/packed-and-cut"])
    def test_that_cannot_be_unpacked_is_refused(self, get: Ask, path: str) -> None:
        with pytest.raises(http.Unreadable) as refusal:
            get(path)
        assert refusal.value.code == "http.unreadable"

    @pytest.mark.parametrize("path", ["/garbage", "/cut", "/nothing", "/many-headers"])
    def test_that_is_no_http_is_refused_and_the_request_in_doubt(self, get: Ask, path: str) -> None:
        with pytest.raises(http.OutboundRefused) as refusal:
            get(path)
        assert refusal.value.code in ("http.unreadable", "http.unreachable")
        assert refusal.value.maybe_received

    @pytest.mark.parametrize("path", ["/slow-start", "/slow-headers", "/slow-content", "/preliminary"])
    def test_that_trickles_ends_with_the_time_allowed(self, get_in_a_second: Ask, path: str) -> None:
        with pytest.raises(http.TimedOut) as refusal:
            get_in_a_second(path)
        assert refusal.value.code == "http.timeout"
        assert refusal.value.maybe_received

    def test_that_trickles_would_never_end_if_each_read_had_the_time_anew(
        self, get_in_a_second: Ask, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        """Planted fault: the time-out that HTTP libraries offer."""
        monkeypatch.setattr(Deadline, "remaining", lambda self: 1.0)
        reads = 0
        read = network.Stream.read

        def counted(self: network.Stream, max_bytes: int, timeout: float | None = None) -> bytes:
            nonlocal reads
            reads += 1
            if reads > READS_IN_TWO_SECONDS:
                raise AssertionError("still reading")
            return read(self, max_bytes, timeout)

        monkeypatch.setattr(network.Stream, "read", counted)
        with pytest.raises(AssertionError, match="still reading"):
            get_in_a_second("/slow-content")


class TestAReceiver:
    def test_that_is_not_there_has_received_nothing(self, policy: http.Policy) -> None:
        with socket.socket() as closed:
            closed.bind(("127.0.0.1", 0))
            port = closed.getsockname()[1]
            with pytest.raises(http.Unreachable) as refusal:
                http.request(
                    "POST",
                    f"http://receiver.example:{port}/",
                    content=b"pay",
                    policy=replace(policy, allow_ports=frozenset({port})),
                )
        assert refusal.value.code == "http.unreachable"
        assert not refusal.value.maybe_received

    def test_that_accepts_and_reads_nothing_does_not_hold_us(self, policy: http.Policy) -> None:
        with socket.create_server(("127.0.0.1", 0)) as deaf:
            port = deaf.getsockname()[1]
            with pytest.raises(http.TimedOut) as refusal:
                http.request(
                    "POST",
                    f"http://receiver.example:{port}/",
                    content=b"x" * 30_000_000,
                    policy=replace(policy, allow_ports=frozenset({port}), timeout_seconds=1),
                )
        assert refusal.value.maybe_received

    def test_that_never_shakes_hands_does_not_hold_us(self, policy: http.Policy) -> None:
        with socket.create_server(("127.0.0.1", 0)) as deaf:
            port = deaf.getsockname()[1]
            with pytest.raises(http.TimedOut) as refusal:
                http.request(
                    "GET",
                    f"https://receiver.example:{port}/",
                    policy=replace(policy, allow_ports=frozenset({port}), timeout_seconds=0.3),
                )
        assert not refusal.value.maybe_received


@pytest.fixture(scope="module")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Key and certificate of receiver.example, signed by themselves."""
    if shutil.which("openssl") is None:
        pytest.skip("needs the program openssl to make a certificate")
    file = tmp_path_factory.mktemp("tls") / "receiver.pem"
    command = "openssl req -x509 -nodes -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -days 2"
    command += " -subj /CN=receiver.example -addext subjectAltName=DNS:receiver.example"
    subprocess.run([*command.split(), "-keyout", str(file), "-out", f"{file}.crt"], check=True, capture_output=True)
    file.write_bytes(file.read_bytes() + Path(f"{file}.crt").read_bytes())
    return file


class TestACertificate:
    @pytest.fixture
    def secure(self, certificate: Path) -> Iterator[Receiver]:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(certificate)
        self.asked_for: list[str | None] = []
        context.sni_callback = lambda connection, name, own: self.asked_for.append(name)
        with receiving(context) as server:
            yield server

    def trusting(self, certificate: Path, secure: Receiver) -> http.Policy:
        return http.Policy(
            allow_ports=frozenset({secure.port}),
            allow_addresses=LOOPBACK,
            tls=ssl.create_default_context(cafile=certificate),
            resolver=lambda host: ["127.0.0.1"],
        )

    def test_is_asked_for_and_checked_by_the_name(self, certificate: Path, secure: Receiver) -> None:
        url = f"https://receiver.example:{secure.port}/"
        answer = http.request("GET", url, policy=self.trusting(certificate, secure))

        assert answer.content == b"hello"
        assert self.asked_for == ["receiver.example"]

    @pytest.mark.parametrize("host", ["another.example", "127.0.0.1"])
    def test_of_another_name_is_refused(self, certificate: Path, secure: Receiver, host: str) -> None:
        with pytest.raises(http.Unreachable, match="certificate") as refusal:
            http.request("GET", f"https://{host}:{secure.port}/", policy=self.trusting(certificate, secure))
        assert not refusal.value.maybe_received
        assert secure.requests == []

    def test_of_nobody_we_trust_is_refused(self, certificate: Path, secure: Receiver) -> None:
        policy = replace(self.trusting(certificate, secure), tls=None)
        with pytest.raises(http.Unreachable, match="self-signed"):
            http.request("GET", f"https://receiver.example:{secure.port}/", policy=policy)
        assert secure.requests == []

    def test_is_not_taken_on_trust_from_the_environment(
        self, certificate: Path, secure: Receiver, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setenv("SSL_CERT_FILE", os.fspath(certificate))
        policy = replace(self.trusting(certificate, secure), tls=None)
        with pytest.raises(http.Unreachable, match="self-signed"):
            http.request("GET", f"https://receiver.example:{secure.port}/", policy=policy)

    def test_check_cannot_be_switched_off(self) -> None:
        careless = ssl.create_default_context()
        careless.check_hostname = False
        with pytest.raises(ValueError, match="no policy"):
            http.Policy(tls=careless)
        careless.verify_mode = ssl.CERT_NONE
        with pytest.raises(ValueError, match="no policy"):
            http.Policy(tls=careless)
