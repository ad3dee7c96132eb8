"""Run the benchmarks: one line of JSON per figure, exit 1 when a goal is missed."""

import importlib
import subprocess
import sys

from benchmarks.figures import tell

NAMES = (
    "postings",
    "issuing",
    "books",
    "self_billing",
    "rendering",
    "archive",
    "importing",
    "cash",
    "sets",
    "matching",
    "reading",
    "einvoice",
    "world",
    "year",
    "pages",
    "live",
)


def main(words: list[str]) -> int:
    """Each benchmark in a process of its own; named alone, in this one, and with options of its own behind the name."""
    first = next((place for place, word in enumerate(words) if word.startswith("-")), len(words))
    names, options = words[:first], words[first:]
    if unknown := [name for name in names if name not in NAMES]:
        print(f"no benchmark {', '.join(unknown)}; there is {', '.join(NAMES)}", file=sys.stderr)
        return 2
    if options and len(names) != 1:
        print("options go with one benchmark, named before them", file=sys.stderr)
        return 2
    if len(names) == 1:
        figures = [tell(figure) for figure in importlib.import_module(f"benchmarks.{names[0]}").measure(*options)]
        return 0 if figures and all(figures) else 1
    done = [subprocess.run([sys.executable, "-m", "benchmarks", name]).returncode for name in names or NAMES]
    return 1 if any(done) else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
