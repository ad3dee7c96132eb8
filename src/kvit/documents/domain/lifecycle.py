"""States of a rendering: wanted, then done, or failed until it is wanted again."""

from enum import StrEnum

from kvit.kernel.lifecycle import Lifecycle


class RenderingState(StrEnum):
    """Where the PDF of a sheet stands."""

    WANTED = "wanted"
    DONE = "done"
    FAILED = "failed"


RENDERING = Lifecycle(
    kind="rendering",
    table="documents_rendering",
    moves={
        RenderingState.WANTED: frozenset({RenderingState.DONE, RenderingState.FAILED}),
        RenderingState.FAILED: frozenset({RenderingState.WANTED}),
        RenderingState.DONE: frozenset(),
    },
)
