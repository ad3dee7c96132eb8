"""Compile hot functions with numba, lazily and kept on disk, without losing their types."""

from collections.abc import Callable
from typing import Any, TypeVar, cast

import numba

F = TypeVar("F", bound=Callable[..., Any])


def compiled(function: F) -> F:
    """The same function, compiled for the types of its first call; integers overflow as in C, arrays are not checked."""
    return cast(F, numba.njit(cache=True, nogil=True, error_model="numpy")(function))
