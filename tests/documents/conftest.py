"""What the tests of the archive stand on."""

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import pytest

from owner import owner

if TYPE_CHECKING:
    from kvit.base.command import Ctx

Look = Callable[..., Any]


@pytest.fixture
def looking(anna: "Ctx") -> Look:
    """Ask a query in Anna's company."""
    from kvit.base import tenant

    def ask(query: Callable[..., Any], *args: Any, **given: Any) -> Any:
        with tenant.scope(anna.tenant_id):
            return query(*args, **given)

    return ask


__all__ = ["looking", "owner"]
