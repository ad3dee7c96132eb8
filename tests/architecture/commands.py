"""The shape of commands and refusals: where they stand, what they take and give, codes that never repeat."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

from architecture.source import Finding, Module, classes, functions, imported, original, product

DECORATOR = "kvit.base.command.command"
CTX = "kvit.base.command.Ctx"
REFUSAL = "kvit.kernel.refusals.DomainError"
CODE = re.compile(r"[a-z][a-z0-9_]*\.[a-z][a-z0-9_]*")
CODE_OF_VALUES = re.compile(r"[a-z][a-z0-9_]*(\.[a-z][a-z0-9_]*)?")
NETWORK = re.compile(
    r"^(httpx|requests|aiohttp|urllib3|urllib\.request|http\.client|socket|ssl|smtplib|imaplib|poplib|ftplib|aiosmtplib"
    r"|imap_tools|smpplib|anymail|twilio|stripe|django\.core\.mail|asyncio|subprocess|kvit\.base\.http)(\.|$)"
)


def misshapen_commands(root: Path) -> list[Finding]:
    """Commands outside of `commands` and base; without `ctx: Ctx` first; with anything else not keyword-only or
    not annotated; that answer with something other than a frozen dataclass."""
    by_name = {m.name: m for m in product(root)}
    frozen = {name for m in by_name.values() for name, node in classes(m) if _is_frozen(m, node)}
    found = []
    for m in by_name.values():
        for name, function in functions(m):
            if not any(original(m.dotted(_called(d)), by_name) == DECORATOR for d in function.decorator_list):
                continue
            answer = original(m.dotted(function.returns), by_name) if function.returns else ""
            problems = [*_problems_of_place(m, name), *_problems_of_arguments(m, function, by_name)]
            if answer not in frozen:
                problems.append("does not say that it answers with a frozen dataclass")
            found += [m.find(function, name, problem) for problem in problems]
    return found


def _called(decorator: ast.expr) -> ast.expr:
    return decorator.func if isinstance(decorator, ast.Call) else decorator


def _problems_of_place(module: Module, name: str) -> Iterator[str]:
    if module.kind != "commands" and module.context != "base":
        yield "is a command outside of `commands`"
    if "." in name:
        yield "is a command inside of something"


def _problems_of_arguments(
    module: Module, function: ast.FunctionDef | ast.AsyncFunctionDef, by_name: dict[str, Module]
) -> Iterator[str]:
    given = function.args
    positional = [*given.posonlyargs, *given.args]
    first = positional[0] if positional else None
    is_ctx = first is not None and first.arg == "ctx" and first.annotation is not None
    if first is None or not is_ctx or original(module.dotted(first.annotation or ast.Pass()), by_name) != CTX:
        yield "does not take `ctx: Ctx` first"
    if len(positional) > 1 or given.vararg or given.kwarg:
        yield "takes something after ctx that is not keyword-only"
    if any(argument.annotation is None for argument in given.kwonlyargs):
        yield "has an argument without a type"
    if isinstance(function, ast.AsyncFunctionDef):
        yield "is async"


def _is_frozen(module: Module, node: ast.ClassDef) -> bool:
    return any(
        isinstance(d, ast.Call)
        and module.dotted(d.func) == "dataclasses.dataclass"
        and any(k.arg == "frozen" and isinstance(k.value, ast.Constant) and k.value.value is True for k in d.keywords)
        for d in node.decorator_list
    )


def network_in_commands(root: Path) -> list[Finding]:
    """Network libraries imported in a command's module: no call out inside a transaction (RELIABILITY 7)."""
    return [
        m.find(node, name, "the network inside of a transaction")
        for m in product(root)
        if m.kind == "commands"
        for node, name in imported(m)
        if NETWORK.match(name)
    ]


def misshapen_refusals(root: Path) -> list[Finding]:
    """Refusals without a literal `code` of their own, or with one of another refusal.

    `context.what_is_wrong`; in kernel and formats, which are no contexts, `what_is_wrong` will do.
    """
    by_name = {m.name: m for m in product(root)}
    known = {REFUSAL}
    refusals: dict[str, tuple[Module, ast.ClassDef]] = {}
    while True:  # children of children, whatever the order of the files
        more = {
            name: (m, node)
            for m in by_name.values()
            for name, node in classes(m)
            if name not in known and any(original(m.dotted(base), by_name) in known for base in node.bases)
        }
        if not more:
            break
        refusals |= more
        known |= more.keys()
    found, codes = [], dict[str, str]()
    for name, (m, node) in sorted(refusals.items()):
        code = _code(node)
        shape = CODE_OF_VALUES if m.context in ("kernel", "formats") else CODE
        if code is None or not shape.fullmatch(code):
            found.append(m.find(node, node.name, "has no literal code like `context.what_is_wrong` of its own"))
        elif code in codes:
            found.append(m.find(node, node.name, f"has the code {code} of {codes[code]}"))
        else:
            codes[code] = name
    return found


def _code(node: ast.ClassDef) -> str | None:
    for statement in node.body:
        targets = statement.targets if isinstance(statement, ast.Assign) else []
        targets = [statement.target] if isinstance(statement, ast.AnnAssign) else targets
        value = statement.value if isinstance(statement, ast.Assign | ast.AnnAssign) else None
        is_code = any(isinstance(target, ast.Name) and target.id == "code" for target in targets)
        if is_code and isinstance(value, ast.Constant) and isinstance(value.value, str):
            return value.value
    return None
