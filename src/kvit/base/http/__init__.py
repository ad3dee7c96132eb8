"""The one client for what Kvit asks of the outside: webhooks, payment and SMS providers, registers.

    from kvit.base import http

    answer = http.request("POST", url, headers={...}, content=b"...", policy=http.Policy(max_bytes=50_000))

Public names
    request(method, url, *, headers=None, content=None, policy=STRICT) -> Answer(status, headers, content)
    Policy(timeout_seconds=10, max_bytes=1_000_000, allow_http=False, allow_ports={443}, allow_hosts=None,
           allow_addresses=(), tls=<public authorities>, resolver=<the system's>); STRICT is the default one
    OutboundRefused(DomainError) with `maybe_received`, and below it
        BadUrl http.bad_url, BadRequest http.bad_request, AddressRefused http.address_refused,
        Unreachable http.unreachable, TimedOut http.timeout, TooLarge http.too_large,
        Unreadable http.unreadable

Rules (a stranger may have typed the URL): the name is resolved once, each of its addresses is checked
against our own list of what is not public, and one that is not refuses them all; the connection goes to a
checked address, while the Host header, the server name and the certificate keep the name. No redirect is
followed, no proxy or setting is taken from the environment, no cookie is kept, no user or password is
accepted in a URL. One deadline covers everything from the look-up to the last byte; the size is counted
after unpacking. Simulators and an intranet are opened by `allow_addresses`, hosts and ports by their
lists.
"""

from kvit.base.http.client import Answer, request
from kvit.base.http.policy import STRICT, Policy
from kvit.base.http.refusals import (
    AddressRefused,
    BadRequest,
    BadUrl,
    OutboundRefused,
    TimedOut,
    TooLarge,
    Unreachable,
    Unreadable,
)

__all__ = [
    "STRICT",
    "AddressRefused",
    "Answer",
    "BadRequest",
    "BadUrl",
    "OutboundRefused",
    "Policy",
    "TimedOut",
    "TooLarge",
    "Unreachable",
    "Unreadable",
    "request",
]
