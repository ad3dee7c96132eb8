"""The sheet of a draft: the same as that of the issued document, with a word in place of its number."""

from dataclasses import replace
from datetime import date, timedelta

from kvit.banking import queries as banking
from kvit.documents import queries as drawn
from kvit.documents.domain.sheet import Sheet
from kvit.invoicing.queries import Issued, Reckoned
from kvit.pages import previews, words
from kvit.pages.buyers import paying
from kvit.pages.buyers.sheets import Around, sheet_of
from kvit.pages.words import gettext as _
from kvit.parties import queries as parties


def sheet(found: Reckoned, day: date) -> Sheet:
    """The draft as it would be issued on a day. Needs the tenant's scope."""
    people = parties.parties([found.supplier_id, found.party_id])
    seller, buyer = people[found.supplier_id], people[found.party_id]
    draft = found.prepared.draft
    with words.reading(buyer.language.value):
        number = _("Draft")
    paper = replace(
        found.paper,
        kind=draft.kind,
        number=number,
        issue_date=day,
        due_date=day + timedelta(days=draft.terms_days or 0),
        payment_reference=draft.payment_reference,
    )
    made = Issued(0, paper, found.sides, found.supplier_id, found.party_id, found.customer_number, None, None)
    # Without a reference nobody could tell what a payment is for: the ways to pay come with the number.
    payees = banking.payees(paper.currency) if draft.payment_reference else ()
    ways = paying.ways_at_issue(made, payees, seller)
    return sheet_of(made, Around(seller, buyer, ways, drawn.look()))


previews.register(sheet)
