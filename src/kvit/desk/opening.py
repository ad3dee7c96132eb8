"""What the desk asks of the contexts together when the first company opens; `kvit.flows` registers the answer."""

from dataclasses import dataclass
from typing import Final, Protocol

from kvit.base.command import Ctx
from kvit.parties.domain.register import Language, NewIdentity, PostalAddress


@dataclass(frozen=True)
class NewCompany:
    """A company as its owner describes it; `country` is ISO 3166-1 alpha-2, `account_number` may be empty."""

    code: str
    name: str
    country: str
    currency: str
    language: Language
    address: PostalAddress | None = None
    numbers: tuple[NewIdentity, ...] = ()
    account_number: str = ""
    account_name: str = ""


@dataclass(frozen=True)
class NewOwner:
    """The person who owns it, and signs in by this address."""

    email: str
    full_name: str


@dataclass(frozen=True)
class Opened:
    """The company has its books, and its owner may sign in."""

    tenant_id: int
    user_id: int


class Opening(Protocol):
    """A command that opens the first company with all that it needs, or refuses and leaves nothing behind."""

    def __call__(self, ctx: Ctx, /, *, company: NewCompany, owner: NewOwner, password: str) -> Opened: ...


_registered: Final[list[Opening]] = []


def register(opening: Opening) -> None:
    """Say who opens companies; once, at the start of the process."""
    _registered[:] = [opening]


def opening() -> Opening:
    """The registered command; without one it is a bug."""
    return _registered[0]
