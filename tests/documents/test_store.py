"""Contents in a store that speaks S3: the signature by the published example, and what the network does."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from ipaddress import ip_network

import pytest

from kvit.base import http
from kvit.documents.adapters.s3 import S3Store, signature
from kvit.documents.adapters.s3.signature import Key, Request, signed_headers
from kvit.documents.domain.refusals import ContentLost, StoreUnreachable
from kvit.world.simulators import s3
from kvit.world.simulators.s3 import Store

CONTENT = b"%PDF-1.7 \xff\x00 made up"
SHA256 = signature.sha256(CONTENT)


def opened(there: Store, **changed: str) -> S3Store:
    """The simulated bucket, with another key or region where `changed` says so."""
    key = Key(
        changed.get("key_id", there.key_id), changed.get("secret", there.secret), changed.get("region", there.region)
    )
    policy = http.Policy(
        timeout_seconds=5,
        allow_http=True,
        allow_ports=frozenset({there.port}),
        allow_addresses=(ip_network("127.0.0.1/32"),),
    )
    return S3Store(there.url, key, policy, now=lambda: datetime.now(UTC))


@pytest.fixture
def there() -> Iterator[Store]:
    with Store().running() as running:
        yield running


class TestASignature:
    def test_is_that_of_the_published_example(self) -> None:
        """AWS, "Signature Calculations for the Authorization Header", example: PUT Object."""
        key = Key("AKIA" + "IOSFODNN7EXAMPLE", "wJalrXUtnFEMI/K7MDENG" + "/bPxRfiCYEXAMPLEKEY", "us-east-1")
        request = Request(
            "PUT",
            "examplebucket.s3.amazonaws.com",
            "/test%24file.text",
            b"Welcome to Amazon S3.",
            {"date": "Fri, 24 May 2013 00:00:00 GMT", "x-amz-storage-class": "REDUCED_REDUNDANCY"},
        )
        headers = signed_headers(key, request, at=datetime(2013, 5, 24, tzinfo=UTC))
        assert headers["authorization"].endswith("98ad721746da40c64f1a55b78f14c238d841ea1380cd77a1b5971af0ece108bd")
        assert "SignedHeaders=date;host;x-amz-content-sha256;x-amz-date;x-amz-storage-class" in headers["authorization"]


class TestAStore:
    def test_gives_back_what_was_put_byte_for_byte(self, there: Store) -> None:
        store = opened(there)
        store.put(SHA256, CONTENT, media_type="application/pdf")
        store.put(SHA256, CONTENT, media_type="application/pdf")
        assert store.get(SHA256) == CONTENT
        assert there.objects == {f"{SHA256[:2]}/{SHA256}": (CONTENT, "application/pdf")}

    def test_lets_go_once_and_for_all(self, there: Store) -> None:
        store = opened(there)
        store.put(SHA256, CONTENT, media_type="application/pdf")
        store.erase(SHA256)
        store.erase(SHA256)
        with pytest.raises(ContentLost, match="has no content"):
            store.get(SHA256)

    @pytest.mark.parametrize("wrong", [{"secret": "other"}, {"key_id": "other"}, {"region": "eu-west-1"}])
    def test_that_does_not_know_the_key_is_told_so(self, there: Store, wrong: dict[str, str]) -> None:
        with pytest.raises(StoreUnreachable, match="answers 403"):
            opened(there, **wrong).put(SHA256, CONTENT, media_type="application/pdf")
        assert there.objects == {}

    @pytest.mark.parametrize("trouble", [s3.BUSY, s3.DENIED, s3.CUT])
    def test_in_trouble_is_told_and_nothing_is_taken_for_the_content(self, there: Store, trouble: str) -> None:
        store = opened(there)
        store.put(SHA256, CONTENT, media_type="application/pdf")
        there.troubles.append(trouble)
        with pytest.raises(StoreUnreachable):
            store.get(SHA256)
        assert store.get(SHA256) == CONTENT

    def test_that_has_something_else_is_found_out(self, there: Store) -> None:
        store = opened(there)
        store.put(SHA256, CONTENT, media_type="application/pdf")
        there.troubles.append(s3.OTHER)
        with pytest.raises(ContentLost, match="something else"):
            store.get(SHA256)

    def test_would_hand_out_something_else_without_the_hash(
        self, there: Store, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        """The planted fault: whatever comes has the right hash."""
        store = opened(there)
        store.put(SHA256, CONTENT, media_type="application/pdf")
        there.troubles.append(s3.OTHER)
        monkeypatch.setattr("kvit.documents.adapters.s3.store._is", lambda content, sha256: True)
        assert store.get(SHA256) != CONTENT

    def test_that_is_not_there_is_unreachable(self, there: Store) -> None:
        gone = replace(opened(there), url="http://127.0.0.1:1/kvit")
        with pytest.raises(StoreUnreachable):
            gone.get(SHA256)

    def test_in_the_own_network_is_let_through_only_where_the_settings_say_so(self, there: Store) -> None:
        given = {"region": there.region, "key_id": there.key_id, "secret": there.secret}
        with pytest.raises(StoreUnreachable):
            S3Store.at(there.url, **given).get(SHA256)
        private = replace(S3Store.at(there.url, **given, allow_private=True), now=lambda: datetime.now(UTC))
        private.put(SHA256, CONTENT, media_type="application/pdf")
        assert private.get(SHA256) == CONTENT


class TestTheSimulator:
    def test_lets_in_nobody_who_has_not_signed_what_is_sent(self, there: Store) -> None:
        key = Key(there.key_id, there.secret, there.region)
        host, at = f"127.0.0.1:{there.port}", datetime.now(UTC)
        headers = {**signed_headers(key, Request("PUT", host, "/kvit/a", CONTENT), at=at), "host": host}
        assert there.refusal("PUT", "/kvit/a", headers, CONTENT) == ""
        assert there.refusal("PUT", "/kvit/b", headers, CONTENT) == "SignatureDoesNotMatch"
        assert there.refusal("GET", "/kvit/a", headers, CONTENT) == "SignatureDoesNotMatch"
        assert there.refusal("PUT", "/kvit/a", headers, b"other") == "XAmzContentSHA256Mismatch"
        assert there.refusal("PUT", "/kvit/a", {}, CONTENT) == "AccessDenied"
        there.now = lambda: datetime(2020, 1, 1, tzinfo=UTC)
        assert there.refusal("PUT", "/kvit/a", headers, CONTENT) == "RequestTimeTooSkewed"
