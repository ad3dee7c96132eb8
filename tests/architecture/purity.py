"""What code may not do: floats, reading the clock, chance in pure code, asserts, errors that vanish."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

from architecture.layers import CONTEXTS
from architecture.source import Finding, Module, modules, product

CLOCK = frozenset(
    {
        "datetime.datetime.now",
        "datetime.datetime.utcnow",
        "datetime.datetime.today",
        "datetime.date.today",
        "time.time",
        "time.time_ns",
        "time.localtime",
        "time.gmtime",
        "time.ctime",
        "time.monotonic",
        "time.monotonic_ns",
        "time.perf_counter",
        "time.perf_counter_ns",
        "time.clock_gettime",
        "django.utils.timezone.now",
        "django.utils.timezone.localdate",
        "django.utils.timezone.localtime",
        "django.db.models.functions.Now",
        "django.db.models.functions.TransactionNow",
    }
)
STOPWATCHES = frozenset(name for name in CLOCK if name.startswith("time."))
SQL_CLOCK = re.compile(
    r"(?<![.\w])now\s*\(\s*\)|\b(clock|statement|transaction)_timestamp\b|\bcurrent_(timestamp|date|time)\b"
    r"|\blocaltime(stamp)?\b|\btimeofday\b",
    re.IGNORECASE,
)
CHANCE = re.compile(r"^(random|secrets|uuid\.uuid[14]|os\.urandom|numpy\.random)(\.|$)")
EVERYTHING = frozenset({"builtins.Exception", "builtins.BaseException"})


def floats(root: Path) -> list[Finding]:
    """Float literals, the name `float`, in calls or annotations, quoted ones too: money is whole minor units."""
    found = []
    for m in modules(root):
        quoted = _quoted_floats(m)
        found += [
            m.find(node, ast.unparse(node), "a float, where money and rates are whole numbers and decimals")
            for node in ast.walk(m.tree)
            if (isinstance(node, ast.Name) and node.id == "float")
            or (isinstance(node, ast.Constant) and (isinstance(node.value, float) or id(node) in quoted))
        ]
    return found


def _quoted_floats(module: Module) -> set[int]:
    """Ids of the string constants that are annotations and speak of floats."""
    annotations: list[ast.AST | None] = []
    for node in ast.walk(module.tree):
        if isinstance(node, ast.arg | ast.AnnAssign):
            annotations.append(node.annotation)
        elif isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            annotations.append(node.returns)
    return {
        id(part)
        for annotation in annotations
        if annotation is not None
        for part in ast.walk(annotation)
        if isinstance(part, ast.Constant) and isinstance(part.value, str) and re.search(r"\bfloat\b", part.value)
    }


def clock_readers(root: Path) -> list[Finding]:
    """Whatever asks for the time, in Python or in SQL; `now` comes in with `Ctx`, from `base.clock`."""
    found = []
    for m in modules(root):
        for node in ast.walk(m.tree):
            if isinstance(node, ast.Attribute | ast.Name) and (name := m.dotted(node)) in CLOCK:
                found.append(m.find(node, name, "reads the clock"))
            elif isinstance(node, ast.keyword) and node.arg in ("auto_now", "auto_now_add"):
                found.append(m.find(node.value, node.arg, "reads the clock"))
        found += [
            m.find(node, match.group().lower(), "reads the clock in SQL")
            for node, text in m.strings()
            for match in SQL_CLOCK.finditer(text)
        ]
    return found


def days_of_utc(root: Path) -> list[Finding]:
    """The day of an instant taken as it stands, which is that of UTC: a company's day begins where the company is."""
    return [
        m.find(node, ast.unparse(node), "is the day of UTC: ask `login.own_day`, or `zones.day_in` a country")
        for m in modules(root)
        for node in ast.walk(m.tree)
        if isinstance(node, ast.Call)
        and isinstance(node.func, ast.Attribute)
        and node.func.attr == "date"
        and not node.args
        and _is_an_instant(node.func.value)
    ]


def _is_an_instant(node: ast.expr) -> bool:
    """By its name, as DESIGN has it: now, at, …_at; or what a clock says."""
    of = node.func if isinstance(node, ast.Call) else node
    name = of.attr if isinstance(of, ast.Attribute) else of.id if isinstance(of, ast.Name) else ""
    return name in ("now", "at") or name.endswith("_at")


def timed_tests(root: Path) -> list[Finding]:
    """Tests that look at the clock on the wall: how long something takes is measured under `benchmarks/`."""
    return [
        m.find(node, name, "measures time in a test: wait with `patience`, measure in a benchmark")
        for m in modules(root, "tests")
        for node in ast.walk(m.tree)
        if isinstance(node, ast.Attribute | ast.Name) and (name := m.dotted(node)) in STOPWATCHES
    ]


def chance_takers(root: Path) -> list[Finding]:
    """Pure code (kernel, formats, domain, events) that draws lots; import-linter does not see uuid and urandom."""
    return [
        m.find(node, name, "takes a chance in pure code")
        for m in product(root)
        if m.context in ("kernel", "formats") or (m.context in CONTEXTS and m.kind in ("domain", "events"))
        for node in ast.walk(m.tree)
        if isinstance(node, ast.Attribute | ast.Name) and CHANCE.match(name := m.dotted(node))
    ]


def asserts(root: Path) -> list[Finding]:
    """`assert` in `src`: `python -O` takes it away, so what it protects must be an ordinary check."""
    return [
        m.find(node, "assert", "may be switched off: raise instead")
        for m in modules(root)
        for node in ast.walk(m.tree)
        if isinstance(node, ast.Assert)
    ]


def swallowed_errors(root: Path) -> list[Finding]:
    """`except Exception` with nothing done about it, and `suppress(Exception)`."""
    return [
        m.find(node, "except", "an error of any kind vanishes here")
        for m in modules(root)
        for node in ast.walk(m.tree)
        if (isinstance(node, ast.ExceptHandler) and _catches_everything(m, node.type) and _does_nothing(node.body))
        or (
            isinstance(node, ast.Call)
            and m.dotted(node.func) == "contextlib.suppress"
            and any(_catches_everything(m, argument) for argument in node.args)
        )
    ]


def _catches_everything(module: Module, kind: ast.expr | None) -> bool:
    return kind is None or any(name in EVERYTHING for name in _names(module, kind))


def _names(module: Module, kind: ast.expr) -> Iterator[str]:
    for part in kind.elts if isinstance(kind, ast.Tuple) else [kind]:
        name = module.dotted(part)
        yield f"builtins.{part.id}" if isinstance(part, ast.Name) and part.id not in module.imports else name


def _does_nothing(body: list[ast.stmt]) -> bool:
    return all(
        isinstance(statement, ast.Pass | ast.Continue | ast.Break)
        or (isinstance(statement, ast.Expr) and isinstance(statement.value, ast.Constant))
        or (
            isinstance(statement, ast.Return) and (statement.value is None or isinstance(statement.value, ast.Constant))
        )
        for statement in body
    )
