"""`kvit verify`: recompute everything and say where it differs."""

from kvit.banking import queries as banking
from kvit.base import tenant
from kvit.cli.actions import show
from kvit.cli.boot import Edge
from kvit.documents import jobs as archive_jobs
from kvit.documents import queries as archive
from kvit.invoicing import queries as invoicing
from kvit.kernel.results import Problem
from kvit.ledger import queries as ledger
from kvit.matching import queries as matching

CHECKS = (
    ("ledger", ledger.verify),
    ("documents", invoicing.verify),
    ("archive", archive.verify),
    ("bank accounts", banking.verify),
    ("links", matching.verify),
)


def verify(edge: Edge, *, as_json: bool = False) -> int:
    """Print what each check finds; 0 when nothing differs, else 1."""
    problems: list[Problem] = []
    for name, check in CHECKS:
        with show.err.status(f"verifying {name}"), tenant.scope(edge.tenant_id):
            found = check()
        if name == "archive":
            found = (*found, *archive_jobs.lost_outside(edge.tenant_id))
        problems += found
        if not as_json:
            show.say(f"{name}: {'sound' if not found else f'{len(found)} differences'}")
    if as_json:
        show.as_json({"sound": not problems, "differences": problems})
    else:
        for problem in problems:
            show.say(f"{problem.place}: {problem.reason}", style="red")
    return 1 if problems else 0


def problems_of(tenant_id: int) -> tuple[Problem, ...]:
    """All that any check finds in a company's books."""
    with tenant.scope(tenant_id):
        found = tuple(problem for _, check in CHECKS for problem in check())
    return (*found, *archive_jobs.lost_outside(tenant_id))
