"""What each role may do at the desk; who may not change a thing still sees it."""

from typing import Final

from kvit.base.login import Role
from kvit.pages.visitor import Staff

WORKING: Final = frozenset({Role.OWNER, Role.MANAGER, Role.CLERK, Role.ACCOUNTANT})
"""Issue, credit, import, link."""
RUNNING: Final = frozenset({Role.OWNER, Role.MANAGER})
"""Change the company and its bank accounts."""
PAYING: Final = frozenset({Role.OWNER, Role.MANAGER, Role.ACCOUNTANT})
"""Sign payment files and hand them to the bank."""
OWNING: Final = frozenset({Role.OWNER})
"""Say who works here, and as what."""


def may_work(who: Staff) -> bool:
    """Whether buttons that change invoices and payments are shown."""
    return who.role in WORKING


def may_run(who: Staff) -> bool:
    """Whether the company's own particulars may be changed."""
    return who.role in RUNNING


def may_pay(who: Staff) -> bool:
    """Whether payment files may be signed and handed over."""
    return who.role in PAYING


def may_own(who: Staff) -> bool:
    """Whether people may be added and removed."""
    return who.role in OWNING
