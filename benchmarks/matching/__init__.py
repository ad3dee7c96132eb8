"""Which payment pays what, measured: workloads with their truth, scoring, other ways of matching to compare with."""

from collections.abc import Iterator

from benchmarks.figures import Figure


def measure(*words: str) -> Iterator[Figure]:
    """The figures of the matching engine; `--help` says how to ask for smaller runs."""
    from benchmarks.matching import measuring  # here, so that workloads are made without the engine

    return measuring.measure(*words)
