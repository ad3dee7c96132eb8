"""Read a tree of Python sources as checks want it: parsed modules, names resolved through their imports."""

import ast
import functools
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from typing_extensions import override

REPOSITORY = Path(__file__).resolve().parents[2]
FOLDERS = ("src", "tests", "benchmarks")


@dataclass(frozen=True, order=True)
class Finding:
    """Something a rule forbids: where (relative to the tree's root), the name it is about, and what is wrong."""

    path: str
    name: str
    what: str
    line: int = field(default=0, compare=False)

    @override
    def __str__(self) -> str:
        return f"{self.path}:{self.line}: {self.name}: {self.what}"


@dataclass(frozen=True)
class Module:
    """One parsed file. `imports` maps each local name to the dotted name it stands for."""

    path: str
    name: str
    text: str
    tree: ast.Module = field(repr=False)
    imports: Mapping[str, str] = field(repr=False)

    @property
    def parts(self) -> list[str]:
        """`["kvit", "ledger", "commands", "posting"]`."""
        return self.name.split(".")

    @property
    def context(self) -> str:
        """`ledger` of `kvit.ledger.commands.posting`; empty for the package itself."""
        return self.parts[1] if len(self.parts) > 1 else ""

    @property
    def kind(self) -> str:
        """`commands` of `kvit.ledger.commands.posting`; empty for a context itself."""
        return self.parts[2] if len(self.parts) > 2 else ""

    def find(self, node: ast.AST, name: str, what: str) -> Finding:
        """A finding at this node."""
        return Finding(self.path, name, what, getattr(node, "lineno", 1))

    def dotted(self, node: ast.AST) -> str:
        """The full name of a `Name` or `Attribute` chain, imports and own definitions resolved; else empty."""
        if isinstance(node, ast.Name):
            return self.imports.get(node.id, f"{self.name}.{node.id}")
        if isinstance(node, ast.Attribute):
            value = self.dotted(node.value)
            return f"{value}.{node.attr}" if value else ""
        return ""

    def strings(self) -> Iterator[tuple[ast.expr, str]]:
        """Every string but docstrings; the holes of an f-string read `{}`."""
        skipped = {
            id(node.value)
            for node in ast.walk(self.tree)
            if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)
        }
        for node in ast.walk(self.tree):
            if isinstance(node, ast.JoinedStr):
                skipped |= {id(part) for part in node.values}
                yield node, "".join(str(p.value) if isinstance(p, ast.Constant) else "{}" for p in node.values)
        for node in ast.walk(self.tree):
            if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in skipped:
                yield node, node.value


def modules(root: Path, *folders: str) -> list[Module]:
    """All Python modules below these folders of the tree (`src` if none is named), in the order of their paths."""
    found = (path for folder in folders or ("src",) for path in (root / folder).rglob("*.py"))
    return [_read(root, path, path.stat().st_mtime_ns) for path in sorted(found)]


def product(root: Path) -> list[Module]:
    """The modules below `src` without migrations, which Django writes."""
    return [m for m in modules(root, "src") if "migrations" not in m.parts]


@functools.lru_cache(maxsize=4096)
def _read(root: Path, path: Path, _changed: int) -> Module:
    relative = path.relative_to(root)
    text = path.read_text(encoding="utf-8")
    tree = ast.parse(text, filename=str(relative))
    inside = relative.with_suffix("").parts[1:]
    name = ".".join(inside[:-1] if path.name == "__init__.py" else inside)
    anchor = name if path.name == "__init__.py" else name.rpartition(".")[0]
    return Module(relative.as_posix(), name, text, tree, _imports(tree, anchor))


def _imports(tree: ast.Module, package: str) -> dict[str, str]:
    found: dict[str, str] = {}
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            for alias in node.names:
                first = alias.name.split(".")[0]
                found[alias.asname or first] = alias.name if alias.asname else first
        elif isinstance(node, ast.ImportFrom):
            origin = node.module or ""
            if node.level:
                above = package.split(".")[: len(package.split(".")) - node.level + 1]
                origin = ".".join([*above, *([node.module] if node.module else [])])
            for alias in node.names:
                found[alias.asname or alias.name] = f"{origin}.{alias.name}"
    return found


def imported(module: Module) -> Iterator[tuple[ast.stmt, str]]:
    """Every dotted name the module imports, hidden imports inside functions included."""
    for node in ast.walk(module.tree):
        if isinstance(node, ast.Import):
            for alias in node.names:
                yield node, alias.name
        elif isinstance(node, ast.ImportFrom):
            for name in _imports(ast.Module([node], []), _package(module)).values():
                yield node, name


def _package(module: Module) -> str:
    return module.name if module.path.endswith("__init__.py") else module.name.rpartition(".")[0]


def functions(module: Module) -> Iterator[tuple[str, ast.FunctionDef | ast.AsyncFunctionDef]]:
    """Every function and method with its qualified name, inner ones included."""

    def walk(node: ast.AST, above: str) -> Iterator[tuple[str, ast.FunctionDef | ast.AsyncFunctionDef]]:
        for child in ast.iter_child_nodes(node):
            inner = above
            if isinstance(child, ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef):
                inner = f"{above}{child.name}."
            if isinstance(child, ast.FunctionDef | ast.AsyncFunctionDef):
                yield inner[:-1], child
            yield from walk(child, inner)

    return walk(module.tree, "")


def classes(module: Module) -> Iterator[tuple[str, ast.ClassDef]]:
    """Every class of the module with its full name, inner ones by their own name."""
    for node in ast.walk(module.tree):
        if isinstance(node, ast.ClassDef):
            yield f"{module.name}.{node.name}", node


def original(name: str, by_name: Mapping[str, Module]) -> str:
    """Where a name was defined: a package that only passes it on is looked through."""
    for _ in range(10):
        owner, _, attribute = name.rpartition(".")
        passed_on = by_name[owner].imports.get(attribute) if owner in by_name else None
        if passed_on is None or passed_on == name:
            return name
        name = passed_on
    return name
