"""A run over all customers: what it makes, and in which chunks."""

from enum import StrEnum
from typing import ClassVar, Final

from kvit.kernel.refusals import DomainError

CHUNK: Final = 200
"""Customers in one transaction."""


class RunKind(StrEnum):
    """What a run makes for each customer."""

    STATEMENTS = "statements"
    CONFIRMATIONS = "confirmations"


class NoSuchRun(DomainError):
    """The tenant has no such run."""

    code: ClassVar[str] = "invoicing.no_such_run"
