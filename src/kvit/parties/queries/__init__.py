"""What is known about parties; every query needs the tenant's scope."""

from kvit.parties.queries.knowledge import Fact, facts, stale_facts
from kvit.parties.queries.logins import PortalLogin, PortalPlace, portal_logins, portal_places
from kvit.parties.queries.reach import Consent, Contact, consents, contacts_for, contacts_of, has_consent
from kvit.parties.queries.register import (
    Holder,
    Identity,
    NameHit,
    Party,
    account_columns,
    holders,
    holders_of,
    holders_of_names,
    name_columns,
    names,
    own_parties,
    parties,
    party,
    search,
)

__all__ = [
    "Consent",
    "Contact",
    "Fact",
    "Holder",
    "Identity",
    "NameHit",
    "Party",
    "PortalLogin",
    "PortalPlace",
    "account_columns",
    "consents",
    "contacts_for",
    "contacts_of",
    "facts",
    "has_consent",
    "holders",
    "holders_of",
    "holders_of_names",
    "name_columns",
    "names",
    "own_parties",
    "parties",
    "party",
    "portal_logins",
    "portal_places",
    "search",
    "stale_facts",
]
