"""Who may write to the database: commands, the base and migrations; and a state is written by one function only."""

import ast
import re
from pathlib import Path

from architecture.layers import CONTEXTS
from architecture.source import Finding, Module, modules

WRITING_SQL = re.compile(
    r"\binsert\s+into\b|\bdelete\s+from\b|\bmerge\s+into\b|\btruncate\s+(table\s+)?[\w\"{]"
    r"|\bupdate\s+(only\s+)?[\w.\"{}]+(\s+(as\s+)?\w+)?\s+set\b[\w\s\"{}().,]*=|\bdo\s+update\s+set\b|\bcopy\s+[\w.\"{}]+[^;]*\bfrom\s+stdin\b",
    re.IGNORECASE,
)
WRITING_FUNCTIONS = frozenset({"kvit.base.rows.insert", "kvit.base.lifecycle.move"})
ALWAYS_WRITES = frozenset({"save", "bulk_create", "bulk_update", "get_or_create", "update_or_create"})
WRITES_OBJECTS = frozenset({"create", "update", "delete"})

# From `SET` on, as far as the assignments go: `WHERE state = …` only compares.
SETS_STATE = re.compile(
    r"\bset\b(?:(?!\bwhere\b|\bfrom\b|\breturning\b|;).)*?(?<![.\w])\"?state\"?\s*=(?!=)|\bnew\.state\s*:=",
    re.IGNORECASE | re.DOTALL,
)


def writers_elsewhere(root: Path) -> list[Finding]:
    """ORM writes, writing SQL, `rows.insert` and `lifecycle.move` outside of commands, base and migrations."""
    found = []
    for m in modules(root):
        if m.kind in ("commands", "migrations") or m.context == "base":
            continue
        found += [
            m.find(node, match.group(), "writes outside of a command")
            for node, text in m.strings()
            for match in WRITING_SQL.finditer(text)
        ]
        found += [
            m.find(node, name, "writes outside of a command")
            for node in ast.walk(m.tree)
            if isinstance(node, ast.Call) and (name := _writing_call(m, node))
        ]
    return found


def _writing_call(module: Module, call: ast.Call) -> str:
    """The name of the writing function or method that is called, or an empty string."""
    if (name := module.dotted(call.func)) in WRITING_FUNCTIONS:
        return name
    if not isinstance(call.func, ast.Attribute):
        return ""
    method = call.func.attr
    on_objects = any(isinstance(n, ast.Attribute) and n.attr == "objects" for n in ast.walk(call.func.value))
    return method if method in ALWAYS_WRITES or (method in WRITES_OBJECTS and on_objects) else ""


def orm_saves(root: Path) -> list[Finding]:
    """`obj.save()` and its kin anywhere, commands and the base included: writes are statements over sets."""
    return [
        m.find(node, name, "writes row by row through the ORM")
        for m in modules(root)
        for node in ast.walk(m.tree)
        if isinstance(node, ast.Call) and (name := _writing_call(m, node)) and name not in WRITING_FUNCTIONS
    ]


def second_writers_of_a_state(root: Path) -> list[Finding]:
    """Updates of a column `state` anywhere but in `base.lifecycle.move`: in SQL, by the ORM or on an object."""
    found = []
    for m in modules(root):
        if m.name == "kvit.base.lifecycle":
            continue
        found += [m.find(node, "state", "is set in SQL") for node, text in m.strings() if SETS_STATE.search(text)]
        for node in ast.walk(m.tree):
            if isinstance(node, ast.Assign | ast.AugAssign | ast.AnnAssign):
                targets = node.targets if isinstance(node, ast.Assign) else [node.target]
                found += [m.find(node, "state", "is set on an object") for t in targets if _is_state_of_another(t)]
            elif isinstance(node, ast.Call) and _updates_state(node):
                found.append(m.find(node, "state", "is set through the ORM"))
    return found


def _is_state_of_another(target: ast.expr) -> bool:
    is_own = isinstance(target, ast.Attribute) and isinstance(target.value, ast.Name) and target.value.id == "self"
    return isinstance(target, ast.Attribute) and target.attr == "state" and not is_own


def _updates_state(call: ast.Call) -> bool:
    method = call.func.attr if isinstance(call.func, ast.Attribute) else ""
    if method in ("update", "aupdate", "update_or_create"):
        return any(keyword.arg == "state" for keyword in call.keywords)
    return isinstance(call.func, ast.Name) and call.func.id == "setattr" and _second_is_state(call)


def _second_is_state(call: ast.Call) -> bool:
    second = call.args[1] if len(call.args) > 1 else None
    return isinstance(second, ast.Constant) and second.value == "state"


def tables_of_others(root: Path) -> list[Finding]:
    """SQL outside of migrations that names another context's table: contexts see each other's queries, not tables.

    The base's tables stand under everybody.
    """
    tables = re.compile(
        r"\b(?:from|join|into|update|using)\s+(?:only\s+)?\"?(" + "|".join(CONTEXTS) + r")_[a-z]\w*", re.I
    )
    return [
        m.find(node, match[1], "is another context, its table is named in SQL")
        for m in modules(root)
        if m.kind != "migrations" and m.context in (*CONTEXTS, "cli", "flows", "world")
        for node, text in m.strings()
        for match in tables.finditer(text)
        if match[1] not in (m.context, "base")
    ]
