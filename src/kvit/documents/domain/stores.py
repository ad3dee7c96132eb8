"""Which store outside of the database this process uses; said once at start, in tests for the length of one."""

from collections.abc import Iterator
from contextlib import contextmanager

from kvit.documents.domain.ports import Store

_outside: list[Store] = []


def use(store: Store | None) -> None:
    """Keep contents in this store from now on; None: in the database."""
    _outside[:] = [] if store is None else [store]


def outside() -> Store | None:
    """The store, or None where contents lie in the database."""
    return _outside[0] if _outside else None


@contextmanager
def using(store: Store | None) -> Iterator[None]:
    """The same for a while."""
    before = outside()
    use(store)
    try:
        yield
    finally:
        use(before)
