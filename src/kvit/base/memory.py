"""Give memory back to the system that the process will hardly touch again."""

import ctypes
from pathlib import Path
from typing import Final

_MAPS: Final = Path("/proc/self/maps")
PAGEOUT: Final = 21
"""MADV_PAGEOUT of Linux 5.4: what is touched again comes back from its file, what was changed is kept.

What another process has mapped as well stays: it lies in memory once for both.
"""


def page_out(library: str) -> int:
    """Let go of what is loaded of libraries with this in their names; the bytes mapped, 0 where it cannot be done.

    For one that is large and was needed once, as the compiler is when compiled code is loaded. It works on as before.
    """
    if not _MAPS.exists():
        return 0
    madvise = ctypes.CDLL(None).madvise
    madvise.argtypes = (ctypes.c_void_p, ctypes.c_size_t, ctypes.c_int)
    done = 0
    for line in _MAPS.read_text().splitlines():
        addresses, *_, path = line.split(maxsplit=5)
        if library in Path(path).name:
            first, end = (int(address, 16) for address in addresses.split("-"))
            done += end - first if madvise(first, end - first, PAGEOUT) == 0 else 0
    return done
