"""A measured figure, its goal, and the machine it was measured on, as one line of JSON."""

import json
import os
import platform
import sys
from dataclasses import asdict, dataclass
from functools import cache


@dataclass(frozen=True)
class Figure:
    """`value` of `unit` against `goal`; `at_least` says on which side of it is good. `ratio` is to `ratio_to`."""

    name: str
    value: float
    unit: str
    goal: float | None = None
    at_least: bool = True
    stretch: float | None = None
    ratio: float | None = None
    ratio_to: str = ""

    @property
    def met(self) -> bool:
        """Whether the goal is reached; a figure without a goal is only told."""
        return self.goal is None or (self.value >= self.goal if self.at_least else self.value <= self.goal)


@cache
def machine() -> dict[str, str | int]:
    """Processor, cores, system and Python: a figure means nothing without them."""
    model = platform.processor()
    if os.path.exists("/proc/cpuinfo"):
        with open("/proc/cpuinfo") as info:
            model = next((line.split(":", 1)[1].strip() for line in info if line.startswith("model name")), model)
    return {
        "processor": model,
        "cores": os.cpu_count() or 0,
        "system": f"{platform.system()} {platform.release()}",
        "python": platform.python_version(),
    }


def tell(figure: Figure) -> bool:
    """Print one figure as JSON; whether its goal is met."""
    shown = {k: round(v, 3) if isinstance(v, float) else v for k, v in asdict(figure).items() if v not in (None, "")}
    print(json.dumps({**shown, "met": figure.met, "machine": machine()}), flush=True)
    if not figure.met:
        print(f"missed: {figure.name} is {figure.value:g} {figure.unit}, goal {figure.goal:g}", file=sys.stderr)
    return figure.met
