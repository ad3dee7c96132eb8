"""One request to the outside under a policy: a fresh connection, no redirects, no cookies, no proxies."""

import re
from collections.abc import Mapping
from dataclasses import dataclass

import httpcore

from kvit.base.http import content as contents
from kvit.base.http import target as targets
from kvit.base.http.deadline import Deadline
from kvit.base.http.network import Pinned
from kvit.base.http.policy import STRICT, Policy, usual_trust
from kvit.base.http.refusals import BadRequest, TooLarge, Unreachable, Unreadable
from kvit.base.http.target import Target

METHODS = frozenset({"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE"})
# Ours alone: they decide where the request goes and where it ends.
OWN_HEADERS = frozenset(
    {"host", "content-length", "transfer-encoding", "connection", "upgrade", "te", "trailer", "expect",
     "accept-encoding", "proxy-authorization", "proxy-connection", "keep-alive"}
)  # fmt: skip
USER_AGENT = "Kvit"


@dataclass(frozen=True)
class Answer:
    """What came back, any status. Header names are in lower case, repeated ones joined by a comma."""

    status: int
    headers: Mapping[str, str]
    content: bytes


def request(
    method: str,
    url: str,
    *,
    headers: Mapping[str, str] | None = None,
    content: bytes | None = None,
    policy: Policy = STRICT,
) -> Answer:
    """Make one request and read its whole answer.

    A redirect is an answer like any other, not followed. Refuses the family OutboundRefused: BadUrl,
    BadRequest, AddressRefused before anything is sent; Unreachable, TimedOut, TooLarge, Unreadable, whose
    `maybe_received` says whether the other side may have acted.
    """
    deadline = Deadline(policy.timeout_seconds)
    target = targets.parse(url, policy)
    fields = _fields(method, target, headers or {}, content=content)
    found = targets.locate(target, policy, deadline)
    try:
        with httpcore.ConnectionPool(
            ssl_context=policy.tls or usual_trust(),
            network_backend=Pinned(found, deadline),
            max_connections=1,
            retries=0,
        ) as pool:
            return _exchange(pool, httpcore.Request(method, _url(target), headers=fields, content=content), policy)
    except httpcore.ProtocolError as problem:
        raise Unreadable(f"{target.host} does not answer in HTTP: {problem}", maybe_received=deadline.sent) from problem
    except (httpcore.NetworkError, httpcore.TimeoutException) as problem:
        raise Unreachable(f"{target.host} cannot be reached: {problem}", maybe_received=deadline.sent) from problem


def _exchange(pool: httpcore.ConnectionPool, outbound: httpcore.Request, policy: Policy) -> Answer:
    response = pool.handle_request(outbound)
    try:
        received: dict[str, str] = {}
        for raw_name, raw_value in response.headers:
            name, value = raw_name.decode("latin-1").lower(), raw_value.decode("latin-1")
            received[name] = f"{received[name]}, {value}" if name in received else value
        if outbound.method == b"HEAD":
            return Answer(status=response.status, headers=received, content=b"")
        announced = received.get("content-length", "0")
        if announced.isdecimal() and int(announced[:20]) > policy.max_bytes:
            raise TooLarge(f"The answer is larger than {policy.max_bytes} bytes", maybe_received=True)
        body = contents.read(
            response.iter_stream(), coding=received.get("content-encoding", ""), max_bytes=policy.max_bytes
        )
    finally:
        response.close()
    return Answer(status=response.status, headers=received, content=body)


def _url(target: Target) -> httpcore.URL:
    return httpcore.URL(
        scheme=target.scheme.encode(),
        host=target.host.encode(),
        port=target.port,
        target=target.path.encode(),
    )


def _fields(method: str, target: Target, headers: Mapping[str, str], *, content: bytes | None) -> list[tuple[str, str]]:
    if method not in METHODS:
        raise BadRequest(f"The method {method!r} is not sent")
    fields = {"host": target.authority, "user-agent": USER_AGENT, "accept": "*/*"}
    for name, value in headers.items():
        # RFC 9110, 5.1 and 5.5
        if not re.fullmatch(r"[!#$%&'*+.^_`|~0-9A-Za-z-]+", name) or name.lower() in OWN_HEADERS:
            raise BadRequest(f"The header {name!r} is not sent")
        if not re.fullmatch(r"[\x21-\x7e]([\t\x20-\x7e]*[\x21-\x7e])?|", value):
            raise BadRequest(f"The value of the header {name!r} is not sent: it is not plain printable ASCII")
        fields[name.lower()] = value
    if content is not None or method in ("POST", "PUT", "PATCH"):
        fields["content-length"] = str(len(content or b""))
    return [*fields.items(), ("accept-encoding", "identity"), ("connection", "close")]
