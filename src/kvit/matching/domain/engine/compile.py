"""Compile hot functions with numba, lazily and kept on disk, without losing their types."""

from collections.abc import Callable
from pathlib import Path
from typing import Any, Final, TypeVar, cast

import numba
import numpy as np

# Conversions as compiled code means them; to the type checker, whole numbers of any width.
LONG: Final[Any] = np.int64
UNSIGNED: Final[Any] = np.uint64

F = TypeVar("F", bound=Callable[..., Any])

# Nobody calls compiled code by address: leaving that entry out saves a seventh of the time to compile.
_OPTIONS: Final[dict[str, Any]] = {"cache": True, "nogil": True, "error_model": "numpy", "no_cfunc_wrapper": True}
_UNCOUNTED: Final[dict[str, Any]] = {**_OPTIONS, "_nrt": False}


def _stamp() -> tuple[int, int]:
    """When the youngest module of the engine was changed, and how many bytes all of them have."""
    found = [path.stat() for path in Path(__file__).parent.glob("*.py")]
    return max(one.st_mtime_ns for one in found), sum(one.st_size for one in found)


_STAMP: Final = _stamp()


def _kept(dispatcher: Any) -> Any:
    """Numba keeps by the file of a function only; what it calls was compiled into it and may have changed as well."""
    kept = dispatcher._cache._cache_file
    kept._source_stamp = (kept._source_stamp, _STAMP)
    return dispatcher


def compiled(function: F) -> F:
    """The same function, compiled for the types of its first call; integers overflow, indexes are not checked.

    It makes no arrays and gives none back, so numba need not count who holds those of a ledger: at every call of a
    function within another it would do so for each of them, a fifth of all the time. See `allocating`.
    """
    return cast(F, _kept(numba.njit(**_UNCOUNTED)(function)))


def allocating(function: F) -> F:
    """The same as `compiled` for a function that makes arrays or gives them back."""
    return cast(F, _kept(numba.njit(**_OPTIONS)(function)))


def inlined(function: F) -> F:
    """The same as `compiled`, written into its callers before they are compiled, so that it is not compiled by itself.

    For functions with one caller that call much: numba optimises all that a function calls once more at every level.
    """
    return cast(F, _kept(numba.njit(**_UNCOUNTED, inline="always")(function)))
