"""The prior that ships with the engine, for a company that has confirmed nothing yet; a text of this package."""

from importlib import resources
from typing import Final

from kvit.matching.domain.engine import Prior, read_prior

PACKAGE: Final = "kvit.matching.domain.engine"
FILE: Final = "prior.json"


def shipped_prior() -> Prior:
    """The prior of this version; see `python -m benchmarks.matching train`."""
    return read_prior(resources.files(PACKAGE).joinpath(FILE).read_text("utf-8"))
