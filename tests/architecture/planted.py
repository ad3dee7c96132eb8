"""Small trees with a fault in them, on which each check has to turn red."""

from collections.abc import Mapping
from pathlib import Path
from textwrap import dedent


def plant(root: Path, files: Mapping[str, str]) -> Path:
    """Write these files below `root` with an `__init__` in every package; the root."""
    for name, text in files.items():
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(dedent(text).lstrip("\n"), encoding="utf-8")
        if name.startswith("src/"):
            for folder in path.relative_to(root / "src").parents[:-1]:
                init = root / "src" / folder / "__init__.py"
                if not init.exists():
                    init.write_text('"""A package."""\n', encoding="utf-8")
    return root
