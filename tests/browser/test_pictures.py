"""`make screenshots`: every page of a populated company in every look, in var/pictures; the chosen in docs/pictures.

Not run otherwise: what pages promise is tested by `test_every_page.py`.
"""

import gc
import itertools
import warnings
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from types import SimpleNamespace
from typing import Any

import pytest

import browsing
from browser.conftest import Reach
from browser.shown import PAGES, Shown
from kvit.banking import queries as banking
from kvit.base import clock, login, tenant
from kvit.base.command import Ctx
from kvit.invoicing import commands as invoicing
from kvit.invoicing import queries as invoices
from kvit.invoicing.domain import Draft, DraftLine
from kvit.matching import queries as matching
from kvit.pages.buyers.tokens import new_token
from kvit.parties import commands as parties
from kvit.parties import queries as party_queries
from kvit.world import founding, playing
from kvit.world.commands import Founding
from surfaces import add_person
from two_companies import build

pytestmark = pytest.mark.skipif(not browsing.TAKES_PICTURES, reason="pictures are taken by `make screenshots`")

DAYS, CUSTOMERS, SEED = 75, 60, 2026
EVERYTHING = browsing.PICTURES.parent.parent / "var" / "pictures"
CHOSEN = {
    "desk-1280-light",
    "desk-1280-dark",
    "desk-invoices-1280-light",
    "desk-customer-1280-light",
    "desk-payment-waiting-1280-light",
    "live-invoice-360-light",
    "live-invoice-360-dark",
    "portal-360-light",
    "demo-1280-light",
    "demo-1280-dark",
    "tour-issue-1280-light",
    "tour-decide-1280-light",
}
"""What README and guide show: of a wide page what stands above the fold."""

NARROW = 600


@dataclass(frozen=True)
class Company:
    """What there is to look at, by the names that `shown.py` asks for, and who looks."""

    there: Any
    people: dict[str, int]


@pytest.fixture(scope="module", autouse=True)
def other(unblocked: None) -> Company:
    """The company of the tests: it has what no world brings about, as a payment file of which nobody knows the end."""
    two = build()
    return Company(two, {"owner": add_person(two.anna, role=login.Role.OWNER)})


@pytest.fixture(scope="module", autouse=True)
def company(unblocked: None) -> Company:
    """Nordljus after two months and a half; made before any browser runs, for jobs need a loop of their own."""
    from kvit.banking import jobs
    from kvit.base import job

    now = clock.current().now()
    wanted = Founding(
        company="nordljus",
        seed=SEED,
        customers=CUSTOMERS,
        first_day=now.date() - timedelta(days=DAYS),
        opened_on=now.date(),
    )
    simulated = founding.open_company(wanted, actor="world:pictures", now=now)
    ctx = Ctx(tenant_id=simulated.tenant_id, actor="world:pictures", now=now)

    def take_in(given: Ctx, *, name: str, content: bytes) -> None:
        from io import BytesIO

        jobs.import_file(given, BytesIO(content), name=name)

    for stretch in playing.stretches(simulated.founding, after=None, until=now.date()):
        playing.play(ctx, simulated, stretch, take_in=take_in)
    job.run_until_empty(slow_too=False)
    with warnings.catch_warnings(action="ignore", category=ResourceWarning):
        gc.collect()  # the connections of the worker's own threads
    return _shown(ctx, now.date())


def _shown(ctx: Ctx, today: date) -> Company:
    with tenant.scope(ctx.tenant_id):
        listed = [row for row in invoices.all_invoices() if row.state == "issued"]
        receivables = matching.receivables([row.id for row in listed])
        owing = [row for row in listed if row.id in receivables and receivables[row.id].open_minor > 0]
        unpaid = next(row for row in reversed(owing) if row.due_date is not None and row.due_date >= today)
        asking = banking.lines(matching.waiting_lines())
        sure = matching.sureness([line.id for line in asking])
        linked = matching.latest_linked(limit=1)
        intake = banking.intakes(limit=1)[0]
        account = banking.known_accounts()[0]
        party = party_queries.parties([unpaid.party_id])[unpaid.party_id]
    line = DraftLine("Bredband 1000", Decimal(1), Decimal("479.20"), Decimal(25))
    draft = invoicing.draft_invoices(ctx, drafts=(Draft(customer_id=unpaid.customer_id, lines=(line,)),), day=today)
    token = new_token()
    invoicing.open_link(ctx, invoice_id=unpaid.id, token=token)
    portal = parties.open_login(
        ctx, party_id=unpaid.party_id, email=f"kund-{ctx.tenant_id}@example.org", full_name=party.name
    )
    there = SimpleNamespace(
        unpaid=unpaid.id,
        draft=draft.invoice_ids[0],
        customer=unpaid.customer_id,
        waiting_line=max((line for line in asking if line.amount_minor > 0), key=lambda one: sure.get(one.id, 0)).id,
        linked_line=linked[0],
        link_token=token,
        intake=intake.id,
        account=account.id,
    )
    people = {"owner": add_person(ctx, role=login.Role.OWNER), "customer": portal.user_id}
    return Company(there, people)


class TestAPicture:
    @pytest.mark.parametrize("shown", PAGES, ids=lambda shown: shown.name)
    def test_is_taken_in_every_look(self, reach: Reach, company: Company, other: Company, shown: Shown) -> None:
        if shown.actor == "nobody":
            pytest.skip("nobody's page has nothing of the company on it")
        try:
            window, path = reach(shown, company.there, company.people.get(shown.actor))
        except AttributeError:
            window, path = reach(shown, other.there, other.people.get(shown.actor))
        EVERYTHING.mkdir(parents=True, exist_ok=True)
        window.open(path)
        for width, scheme in window.in_every_look():
            name = f"{shown.name}-{width}-{scheme}"
            window.picture(EVERYTHING / f"{name}.png")
            if name in CHOSEN:
                window.picture(browsing.PICTURES / f"{name}.png", whole=width < NARROW)

    def test_that_is_chosen_is_one_of_a_page(self) -> None:
        looks = itertools.product((shown.name for shown in PAGES), browsing.WIDTHS, browsing.SCHEMES)
        assert {f"{name}-{width}-{scheme}" for name, width, scheme in looks} >= CHOSEN
