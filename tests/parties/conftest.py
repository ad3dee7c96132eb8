"""Parties everyone knows: Jan the person, Zakłady the company."""

from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from kvit.base.command import Ctx
    from kvit.world.simulators.registers import Registers

Register = Callable[["Ctx"], int]


@pytest.fixture
def register_jan() -> Register:
    """Registers Jan Kowalski, a person in Poland; his id."""
    from kvit.parties import commands
    from kvit.parties.domain.register import Language, PartyKind

    def register(ctx: "Ctx") -> int:
        return commands.register_party(
            ctx, kind=PartyKind.PERSON, name="Jan Kowalski", country="PL", language=Language.POLISH
        ).party_id

    return register


@pytest.fixture
def register_zaklady() -> Register:
    """Registers Łódzkie Zakłady, a company in Poland; its id."""
    from kvit.parties import commands
    from kvit.parties.domain.register import Language, PartyKind

    def register(ctx: "Ctx") -> int:
        return commands.register_party(
            ctx, kind=PartyKind.COMPANY, name="Łódzkie Zakłady Sp. z o.o.", country="PL", language=Language.POLISH
        ).party_id

    return register


@pytest.fixture
def jan(anna: "Ctx", register_jan: Register) -> int:
    """Jan, as Anna knows him."""
    return register_jan(anna)


@pytest.fixture
def zaklady(anna: "Ctx", register_zaklady: Register) -> int:
    """Zakłady, as Anna knows them."""
    return register_zaklady(anna)


@pytest.fixture
def there() -> "Iterator[Registers]":
    """Both registers, running on this machine and asked by jobs."""
    from simulated_registers import asked_by_jobs, registers_running

    with registers_running() as running, asked_by_jobs(running):
        yield running


@pytest.fixture
def asking(anna: "Ctx") -> "Ctx":
    """Anna, whose company asks both registers."""
    from simulated_registers import switch_on

    return switch_on(anna)
