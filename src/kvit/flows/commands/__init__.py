"""Commands that several contexts do together."""

from kvit.flows.commands.founding import AlreadyFounded, found_first_company

__all__ = ["AlreadyFounded", "found_first_company"]
