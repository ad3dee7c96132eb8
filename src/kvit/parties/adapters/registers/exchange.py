"""One exchange of JSON with a register: whatever goes wrong on the way is an answer that says nothing."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final
from urllib.parse import urlsplit

import msgspec

from kvit.base import http
from kvit.parties.domain.registers import Answer, Said

TIMEOUT_SECONDS: Final = 15
MOST_BYTES: Final = 500_000
_HEADERS: Final = {"accept": "application/json"}
_LONGEST: Final = 300


@dataclass(frozen=True, slots=True)
class Reply:
    """A status and the object that came with it."""

    status: int
    fields: Mapping[str, Any]


def policy_for(url: str) -> http.Policy:
    """What may be called: this one host by https on its usual port, nothing else it might name."""
    return http.Policy(
        timeout_seconds=TIMEOUT_SECONDS,
        max_bytes=MOST_BYTES,
        allow_hosts=frozenset({(urlsplit(url).hostname or "").lower()}),
    )


def asked(method: str, url: str, *, policy: http.Policy, given: Mapping[str, str] | None = None) -> Reply | Answer:
    """The other side's reply; an `Answer` without yes or no where there is none, or none that is an object."""
    headers = _HEADERS if given is None else {**_HEADERS, "content-type": "application/json"}
    content = None if given is None else msgspec.json.encode(given)
    try:
        answer = http.request(method, url, headers=headers, content=content, policy=policy)
    except http.OutboundRefused as refusal:
        return silent(refusal.code, is_whole=True)
    try:
        fields = msgspec.json.decode(answer.content)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        fields = None
    if not isinstance(fields, dict):
        return silent(f"http.{answer.status}", is_whole=True)
    return Reply(answer.status, fields)


def silent(code: str, *, is_whole: bool = False, said: Said = Said.UNAVAILABLE) -> Answer:
    """No yes and no no, and why."""
    return Answer(said, code=code, is_whole=is_whole)


def part(fields: Mapping[str, Any], name: str) -> Mapping[str, Any]:
    """An object within; empty where there is none."""
    found = fields.get(name)
    return found if isinstance(found, dict) else {}


def text(fields: Mapping[str, Any], name: str) -> str:
    """A text on one line; "" where there is none, or only dashes, by which registers say that they give none."""
    found = fields.get(name)
    if not isinstance(found, str):
        return ""
    line = " ".join("".join(letter if letter.isprintable() else " " for letter in found).split())[:_LONGEST]
    return line if line.strip("-") else ""
