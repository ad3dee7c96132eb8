"""What a work item says: what to do, about what, and why it waits."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import ClassVar, Final

from kvit.kernel.refusals import DomainError

Params = Mapping[str, str | int | bool | None]
"""What a reason speaks of: ids, days, minor units, counts. Never a name or an address, which an erasure would miss."""

_CODE: Final = re.compile(r"[a-z][a-z0-9_]*(\.[a-z][a-z0-9_]*)*")
_LONGEST_CODE: Final = 60
_HIGHEST_PRIORITY: Final = 1_000_000


class BadItem(DomainError):
    """A work item whose codes are not codes, or that says no reason."""

    code: ClassVar[str] = "work.bad_item"


@dataclass(frozen=True)
class NewItem:
    """Something that waits for a person.

    `kind` is what to do (`matching.decide`); `(subject_kind, subject_id)` is what it is about, without a
    key across strangers; `reason_code` and `reason_params` are what readers turn into their language, and
    `reason` is the same in English. A higher `priority` comes first; `due_at` is an aware instant.
    """

    kind: str
    subject_kind: str
    subject_id: int
    reason_code: str
    reason: str
    reason_params: Params = field(default_factory=dict)
    priority: int = 0
    due_at: datetime | None = None

    @property
    def place(self) -> tuple[str, str, int]:
        """What only one live item may stand at."""
        return self.kind, self.subject_kind, self.subject_id


def require_sound(item: NewItem) -> None:
    """Refuses `BadItem`."""
    for name, code in (("kind", item.kind), ("subject_kind", item.subject_kind), ("reason_code", item.reason_code)):
        require_code(name, code)
    if not item.reason.strip():
        raise BadItem(f"{item.kind}: a work item says why it waits")
    if abs(item.priority) > _HIGHEST_PRIORITY:
        raise BadItem(f"{item.kind}: a priority lies within {_HIGHEST_PRIORITY} of 0")


def require_code(name: str, code: str) -> None:
    """Refuses `BadItem` unless it is lower-case words of letters, digits and `_`, joined by dots."""
    if len(code) > _LONGEST_CODE or not _CODE.fullmatch(code):
        raise BadItem(f"{name} is a code like matching.decide, of at most {_LONGEST_CODE} characters; not {code!r}")
