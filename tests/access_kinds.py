"""What a row of the access matrix says about a command or a query."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from kvit.base.command import Ctx
from two_companies import Two


@dataclass(frozen=True)
class Asks:
    """A command run by somebody with Anna's ids: what Cilla gets is a refusal or this answer.

    `own` says that the command names nothing of anybody: Cilla's succeeds, among her own things.
    """

    run: Callable[[Ctx, Two], Any]
    gets: type[Exception] | object = None
    own: bool = False


@dataclass(frozen=True)
class Reads:
    """A query with Anna's ids: what Cilla gets is nothing. `alike`: Anna gets nothing either, all being well."""

    run: Callable[[Two], Any]
    gets: object
    alike: bool = False


Matrix = Mapping[str, Asks | Reads]
