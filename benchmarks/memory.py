"""The greatest memory of this process since a moment, by Linux's own account."""

import resource
from pathlib import Path

STATUS, RESET = Path("/proc/self/status"), Path("/proc/self/clear_refs")


def reset_high_water() -> float:
    """Forget what was held before; megabytes held now. Without Linux's reset the peak so far stays counted."""
    if RESET.exists():
        RESET.write_text("5")
    return _status("VmRSS")


def high_water() -> float:
    """The most megabytes held since `reset_high_water`."""
    return _status("VmHWM")


def _status(name: str) -> float:
    if not STATUS.exists():
        return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    line = next(line for line in STATUS.read_text().splitlines() if line.startswith(name))
    return int(line.split()[1]) / 1024
