"""Where things may stand: kinds of file, names, what one context sees of another, words above everything public."""

import ast
from pathlib import Path

from architecture.layers import CONTEXTS, INSIDE_CHECKED, KINDS, LAYERS
from architecture.source import FOLDERS, Finding, imported, modules, product

NAMES_OF_NOTHING = frozenset({"utils", "helpers", "services", "managers", "common"})
SEEN_BY_OTHERS = frozenset({"commands", "queries", "events", "domain"})
TOP = frozenset(LAYERS.rows[0])


def strange_files(root: Path) -> list[Finding]:
    """Whatever stands in a context and is not one of the kinds of DESIGN "Inside a context"."""
    return [
        Finding(child.relative_to(root).as_posix(), child.name, "is no kind of file that a context may have")
        for context in sorted(CONTEXTS)
        if (folder := root / "src" / "kvit" / context).is_dir()
        for child in sorted(folder.iterdir())
        if child.name not in ("__init__.py", "__pycache__")
        and not (child.stem in KINDS and (child.is_dir() or child.suffix == ".py"))
    ]


def names_of_nothing(root: Path) -> list[Finding]:
    """Modules and folders whose name says nothing about what is in them."""
    return [
        Finding(path.relative_to(root).as_posix(), path.stem, "a name that says nothing")
        for folder in FOLDERS
        for path in sorted((root / folder).rglob("*"))
        if path.stem in NAMES_OF_NOTHING and (path.is_dir() or path.suffix == ".py")
    ]


def contexts_not_looked_into(root: Path) -> list[Finding]:
    """Contexts that exist and do not stand in the contract "Inside a context" of pyproject.toml."""
    return [
        Finding(f"src/kvit/{context}", context, "is missing from the containers of the contract 'Inside a context'")
        for context in sorted(CONTEXTS - INSIDE_CHECKED)
        if (root / "src" / "kvit" / context).is_dir()
    ]


def foreign_kinds(root: Path) -> list[Finding]:
    """Imports of what another context keeps to itself: its models, adapters, jobs, migrations."""
    found = []
    for module in product(root):
        if module.context in TOP:
            continue
        for node, name in imported(module):
            package, _, rest = name.partition(".")
            context, _, below = rest.partition(".")
            kind = below.partition(".")[0]
            is_foreign = package == "kvit" and context in CONTEXTS and context != module.context
            if is_foreign and kind in KINDS - SEEN_BY_OTHERS:
                found.append(module.find(node, name, f"{kind} are seen inside {context} only"))
    return found


def visitors_of_the_world(root: Path) -> list[Finding]:
    """Imports of the simulated world by anything but the command line: nothing real may lean on it."""
    return [
        module.find(node, name, "only cli imports the world")
        for module in modules(root)
        if module.context not in ("cli", "world")
        for node, name in imported(module)
        if name == "kvit.world" or name.startswith("kvit.world.")
    ]


def modules_without_opening(root: Path) -> list[Finding]:
    """Modules that do not open with a sentence on what they are for."""
    return [
        Finding(m.path, "module", "opens with no sentence on what it is for", 1)
        for m in modules(root, *FOLDERS)
        if "migrations" not in m.parts and not _says_something(m.tree)
    ]


def names_without_words(root: Path) -> list[Finding]:
    """Public functions and classes of `src` without a docstring."""
    return [
        m.find(node, node.name, "is public and has no docstring")
        for m in product(root)
        for node in m.tree.body
        if isinstance(node, ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef)
        and not node.name.startswith("_")
        and not _says_something(node)
    ]


def _says_something(node: ast.Module | ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef) -> bool:
    text = ast.get_docstring(node)
    return bool(text and text.splitlines()[0].strip())
