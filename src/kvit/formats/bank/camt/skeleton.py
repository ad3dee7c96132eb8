"""Reads an entry that looks like one before it without walking it tag by tag.

A bank writes thousands of entries with the same tags in the same order and other texts between them. The tags
of an entry, without the texts, are its skeleton. The first entry of a skeleton is walked with a mark in
place of each text, and where the marks end up is kept as a plan; the next ones fill the plan. So nothing about
camt is known here a second time: a plan says what the walk would say, or there is none.
"""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from operator import itemgetter
from typing import Any, Final

Fields = dict[str, Any]

MAX_ENTRY: Final = 1 << 16
MAX_SKELETON: Final = 1 << 13
MAX_PLANS: Final = 200
MAX_FORMS: Final = 8
MAX_FORM: Final = 1 << 12
# A text; one that begins with a blank stays in the skeleton, which is then met only once.
_TEXT: Final = re.compile(r">([^<\s][^<]*)<")
_MARK: Final = "\ue000"
_MARKED: Final = re.compile(f"((?:[A-Z]{{3}})? ?){_MARK}(\\d+){_MARK}")


class Unplanned(Exception):
    """There is no plan for this entry; the walk reads it."""


@dataclass(frozen=True, slots=True)
class Plan:
    """Which text of a skeleton goes to which key; `groups` are lists of plans for groups inside."""

    keys: tuple[str, ...]
    pick: Callable[[Sequence[str]], tuple[str, ...]]
    amounts: tuple[tuple[str, str, int], ...]
    lists: tuple[tuple[str, tuple[int, ...]], ...]
    groups: tuple[tuple[str, tuple["Plan", ...]], ...]

    def filled(self, texts: Sequence[str]) -> Fields:
        """The fields of one entry, from its texts without blanks around them."""
        fields: Fields = dict(zip(self.keys, self.pick(texts), strict=True))
        for key, currency, at in self.amounts:
            fields[key] = currency + texts[at]
        for key, places in self.lists:
            fields[key] = [texts[at] for at in places]
        for key, plans in self.groups:
            fields[key] = [plan.filled(texts) for plan in plans]
        return fields


@dataclass(frozen=True, slots=True)
class Form:
    """A plan with its skeleton as one pattern, blanks before it and a group for each text: no need to take it apart."""

    pattern: re.Pattern[str]
    plan: Plan


class Plans:
    """The plans of one file. `walk` gives the fields of one entry, or None where more or less came of it."""

    def __init__(self, walk: Callable[[str], Fields | None]) -> None:
        self._walk = walk
        self._plans: dict[str, Plan | None] = {}
        self._forms: dict[str, Form] = {}
        self.last: Form | None = None

    def fields(self, entry: str) -> Fields | None:
        """The fields of an entry from its first to its last tag; None where it must be walked."""
        parts = _TEXT.split(entry)
        skeleton = "\0".join(parts[::2])  # no XML holds NUL, so an empty element is no element with a text
        try:
            plan = self._plans[skeleton]
        except KeyError:
            plan = self._made(skeleton, parts)
        if plan is None:
            return None
        self._note(skeleton, plan)
        return plan.filled([*map(str.strip, parts[1::2])])

    def run(self, text: str) -> tuple[list[Fields], int]:
        """The fields of the entries that follow each other at the beginning of `text`, and where they end.

        As far as they have the form of the entry that was taken apart last.
        """
        found: list[Fields] = []
        end = 0
        if self.last is not None:
            match, filled = self.last.pattern.match, self.last.plan.filled
            while one := match(text, end):
                found.append(filled([*map(str.rstrip, one.groups())]))
                end = one.end()
        return found, end

    def _note(self, skeleton: str, plan: Plan) -> None:
        form = self._forms.get(skeleton)
        if form is None and len(self._forms) < MAX_FORMS and len(skeleton) <= MAX_FORM:
            pattern = ">([^<\\s][^<]*)<".join(map(re.escape, skeleton.split("\0")))
            form = self._forms[skeleton] = Form(re.compile(f"[ \\t\\n]*{pattern}"), plan)
        self.last = form

    def _made(self, skeleton: str, parts: list[str]) -> Plan | None:
        if len(self._plans) >= MAX_PLANS or len(skeleton) > MAX_SKELETON or _MARK in skeleton:
            return None
        marked = parts[0]
        for at, part in enumerate(parts[2::2]):
            marked += f">{_MARK}{at}{_MARK}<{part}"
        fields = self._walk(marked)
        try:
            plan = _plan(fields) if fields is not None else None
        except Unplanned:
            plan = None
        self._plans[skeleton] = plan
        return plan


def _plan(fields: Fields) -> Plan:
    """The plan that marked fields show. Refuses Unplanned: a key that came twice, a text beside a mark."""
    if "twice" in fields or "overfull" in fields:
        raise Unplanned
    keys: list[str] = []
    places: list[int] = []
    amounts: list[tuple[str, str, int]] = []
    lists: list[tuple[str, tuple[int, ...]]] = []
    groups: list[tuple[str, tuple[Plan, ...]]] = []
    for key, value in fields.items():
        if isinstance(value, str):
            currency, at = _place(value)
            if currency:
                amounts.append((key, currency, at))
            else:
                keys.append(key)
                places.append(at)
        elif isinstance(value[0], str):
            lists.append((key, tuple(_place(one)[1] for one in value)))
        else:
            groups.append((key, tuple(_plan(one) for one in value)))
    return Plan(tuple(keys), _picker(places), tuple(amounts), tuple(lists), tuple(groups))


def _place(value: str) -> tuple[str, int]:
    found = _MARKED.fullmatch(value)
    if found is None:
        raise Unplanned
    return found[1], int(found[2])


def _picker(places: list[int]) -> Callable[[Sequence[str]], tuple[str, ...]]:
    """Takes the texts at these places; itemgetter gives a bare text for one place and refuses none."""
    if len(places) > 1:
        return itemgetter(*places)
    return lambda texts: tuple(texts[at] for at in places)
