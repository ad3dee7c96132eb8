"""Who did something, in the reader's words: a person's name, or the robot."""

from collections.abc import Iterable, Mapping

from kvit.base import login
from kvit.pages.words import gettext as _


def names_of(actors: Iterable[str]) -> Mapping[str, str]:
    """Each actor of the audit log (`user:7`, `robot:matching.match_statement`) as a reader knows them."""
    wanted = set(actors)
    signed_in = [actor for actor in wanted if actor.startswith(("user:", "customer:"))]
    ids = {actor: int(tail) for actor in signed_in if (tail := actor.partition(":")[2]).isdigit()}
    people = login.names(list(ids.values()))
    return {actor: people.get(ids.get(actor, 0)) or _other(actor) for actor in wanted}


def is_robot(actor: str) -> bool:
    """Whether nobody in person did it."""
    return actor.startswith("robot:")


def _other(actor: str) -> str:
    kind, _colon, tail = actor.partition(":")
    if kind == "robot":
        return _("Robot")
    if kind == "cli":
        return _("Command line (%(name)s)") % {"name": tail}
    if kind == "link":
        return _("Whoever holds the link")
    if kind == "world":
        return _("The simulated world")
    return tail or actor
