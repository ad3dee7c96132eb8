"""Turn commands, answers and events into JSON and back, and keep personal data out of what stays."""

import dataclasses
import hmac
import re
import types
from collections.abc import Callable, Mapping, Sequence
from typing import Annotated, Any, ClassVar, TypeVar, Union, get_args, get_origin, get_type_hints

import msgspec

from kvit.kernel.refusals import DomainError

T = TypeVar("T")
_NUL_SPELLED = rb"\u0000"
_NUL = re.compile(rb"(?<!\\)(?:\\\\)*\\u0000")


class UnstorableText(DomainError):
    """A text holds a NUL character, which no database column can keep."""

    code: ClassVar[str] = "base.unstorable_text"


class _Mark:
    def __init__(self, name: str) -> None:
        self.name = name


_PERSONAL = _Mark("personal")
_SECRET = _Mark("secret")
_BULK = _Mark("bulk")

Personal = Annotated[T, _PERSONAL]
"""A field about a natural person: it goes to an erasable table, the audit row keeps a keyed hash."""

Secret = Annotated[T, _SECRET]
"""A password or token: nothing but a keyed hash is kept anywhere."""

Bulk = Annotated[T, _BULK]
"""A set of rows a chunk command takes: the audit row keeps their count and keyed hash, the rows carry the command."""

Plan = Mapping[str, Any]
"""Where a command's input holds marked values: name → mark, nested plan, or `{"*": …}` for sequences."""


def plain(value: Any) -> Any:
    """The value as JSON-ready builtins; dates as ISO strings, decimals as text, dataclasses as objects."""
    return msgspec.to_builtins(value, str_keys=True)


def given(values: Mapping[str, Any], plan: Plan) -> dict[str, Any]:
    """A command's input for `redact`: plain, but for sets of rows, which are spelled once and for their hash only."""
    return {
        name: value if plan.get(name) is _BULK and isinstance(value, tuple | list) else plain(value)
        for name, value in values.items()
    }


def restore(text: str, kind: type[T]) -> T:
    """The typed value back from its JSON text, as Django hands out `jsonb`."""
    return msgspec.json.decode(text, type=kind, strict=False)


def canonical(value: Any) -> bytes:
    """One spelling for equal values: JSON with sorted keys."""
    return msgspec.json.encode(value, order="sorted")


def storable(value: Any) -> bytes:
    """The canonical spelling of a value that the database can keep; refuses `UnstorableText`."""
    spelled = canonical(value)
    if _NUL_SPELLED in spelled and _NUL.search(spelled):
        raise UnstorableText("a text holds a NUL character; nothing was done")
    return spelled


def keyed_hash(secret: bytes, value: bytes) -> str:
    """HMAC-SHA-256 in hex: says whether two values are equal, and nothing to who lacks the key."""
    return hmac.digest(secret, value, "sha256").hex()


def plan_of(func: Callable[..., Any]) -> Plan:
    """Find the `Personal[...]` and `Bulk[...]` fields of a command's parameters, dataclasses within included."""
    hints = get_type_hints(func, include_extras=True)
    hints.pop("return", None)
    return _nested(hints)


def _nested(hints: Mapping[str, Any], within: frozenset[type] = frozenset()) -> Plan:
    found = {name: _marks(hint, within) for name, hint in hints.items()}
    return {name: marks for name, marks in found.items() if marks}


def _marks(hint: Any, within: frozenset[type] = frozenset()) -> Any:
    """The marks of a value of this kind; a kind that holds its own kind, as a tree does, is looked at once."""
    origin = get_origin(hint)
    if origin is Annotated:
        marks = [a for a in hint.__metadata__ if isinstance(a, _Mark)]
        return marks[0] if marks else _marks(get_args(hint)[0], within)
    if origin in (Union, types.UnionType):
        return next((m for m in (_marks(one, within) for one in get_args(hint)) if m), None)
    if origin in (tuple, list, Sequence) or (isinstance(origin, type) and issubclass(origin, Sequence)):
        inner = _marks(get_args(hint)[0], within)
        return {"*": inner} if inner else None
    if dataclasses.is_dataclass(hint) and isinstance(hint, type) and hint not in within:
        return _nested(get_type_hints(hint, include_extras=True), within | {hint}) or None
    return None


def redact(given: Any, plan: Plan, secret: bytes) -> tuple[Any, list[tuple[str, str, Any]]]:
    """Split what `given` hands on into what the audit row keeps and `(path, hash, value)` of each personal value."""
    personal: list[tuple[str, str, Any]] = []

    def walk(value: Any, marks: Any, path: str) -> Any:
        if value is None or not marks:
            return value
        if marks is _SECRET:
            return {"secret": keyed_hash(secret, canonical(value))}
        if marks is _PERSONAL:
            digest = keyed_hash(secret, storable(value))
            personal.append((path, digest, value))
            return {"personal": digest}
        if marks is _BULK:
            return {"count": len(value), "hash": keyed_hash(secret, storable(value))}
        if "*" in marks:
            return [walk(item, marks["*"], f"{path}[{i}]") for i, item in enumerate(value)]
        return {k: walk(v, marks.get(k), f"{path}.{k}" if path else k) for k, v in value.items()}

    return walk(given, plan, ""), personal
