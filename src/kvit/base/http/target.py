"""From the text of a URL to the one place that may be called: parsed, resolved once, checked."""

import queue
import re
import threading
from collections.abc import Sequence
from dataclasses import dataclass

import httpx

from kvit.base.http import addresses
from kvit.base.http.addresses import Address
from kvit.base.http.deadline import Deadline
from kvit.base.http.policy import Policy, Resolver
from kvit.base.http.refusals import AddressRefused, BadUrl, Unreachable

LONGEST_URL = 8_000
MOST_ADDRESSES = 6
DEFAULT_PORTS = {"https": 443, "http": 80}


@dataclass(frozen=True)
class Target:
    """A checked URL: `host` is what the other side and its certificate know, never what we connect to."""

    scheme: str
    host: str
    port: int
    path: str

    @property
    def authority(self) -> str:
        """The Host header."""
        host = f"[{self.host}]" if ":" in self.host else self.host
        return host if self.port == DEFAULT_PORTS[self.scheme] else f"{host}:{self.port}"


def parse(text: str, policy: Policy) -> Target:
    """The URL's parts. Refuses BadUrl, and AddressRefused for a host or port off the policy's lists."""
    if len(text) > LONGEST_URL or re.search(r"[\x00-\x20\x7f\\]", text):
        raise BadUrl("The URL is too long, or holds blanks, control characters or backslashes")
    try:
        url = httpx.URL(text)
        host = url.raw_host.decode("ascii").lower()
        path = url.raw_path.decode("ascii")
    except (httpx.InvalidURL, ValueError) as problem:
        raise BadUrl(f"Not a URL: {problem}") from problem
    if url.scheme != "https" and not (url.scheme == "http" and policy.allow_http):
        raise BadUrl(f"Not an {'http(s)' if policy.allow_http else 'https'} URL")
    if url.userinfo or "@" in _authority_of(text):
        raise BadUrl("A URL with a user or a password in it is not called")
    host = host.removesuffix(".")
    if not host or (addresses.parse(host) is None and not all(host.split("."))) or "%" in host:
        raise BadUrl("The URL names no host")
    port = DEFAULT_PORTS[url.scheme] if url.port is None else url.port
    if port not in policy.allow_ports:
        raise AddressRefused(f"Port {port} is not called")
    if policy.allow_hosts is not None and host not in policy.allow_hosts:
        raise AddressRefused(f"The host {host} is not on the list")
    return Target(scheme=url.scheme, host=host, port=port, path=path)


def _authority_of(text: str) -> str:
    """What stands between // and the path: an empty user (`https://@host`) is dropped by the parser."""
    return re.split(r"[/?#]", text.partition("//")[2], maxsplit=1)[0]


def locate(target: Target, policy: Policy, deadline: Deadline) -> Sequence[Address]:
    """The addresses to connect to, resolved once. Refuses AddressRefused, Unreachable, TimedOut.

    A name with public and other addresses is refused as a whole: nobody who means well publishes one.
    """
    if (literal := addresses.parse(target.host)) is not None:
        texts: Sequence[str] = [str(literal)]
    else:
        texts = _resolve(target.host, policy.resolver, deadline)
    found: list[Address] = []
    for text in texts:
        address = addresses.parse(text)
        if address is None or not addresses.is_callable(address, allowed=policy.allow_addresses):
            # Which one is not said: the text may be shown to whoever typed the URL.
            raise AddressRefused(f"The host {target.host} leads to an address that is not public")
        found.append(address)
    if not found:
        raise Unreachable(f"The host {target.host} has no address")
    return found[:MOST_ADDRESSES]


def _resolve(host: str, resolver: Resolver, deadline: Deadline) -> Sequence[str]:
    """Ask in a thread of its own, since the system's look-up knows no time limit."""
    answers: queue.SimpleQueue[Sequence[str] | OSError] = queue.SimpleQueue()

    def ask() -> None:
        try:
            answers.put(resolver(host))
        except OSError as problem:
            answers.put(problem)

    threading.Thread(target=ask, name="resolver", daemon=True).start()
    try:
        answer = answers.get(timeout=deadline.remaining())
    except queue.Empty:
        raise deadline.passed() from None
    if isinstance(answer, OSError):
        raise Unreachable(f"The host {host} is not known") from answer
    return answer
