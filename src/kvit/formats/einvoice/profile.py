"""The agreements under which invoices travel: their identifiers, and what each expects beyond EN 16931."""

from dataclasses import dataclass, replace
from typing import Final

from kvit.formats.einvoice.model import SELF_BILLING, Invoice


@dataclass(frozen=True, slots=True)
class Profile:
    """An agreement (CIUS): `specification` is its BT-24, `process` its BT-23, `rules` the sets beside the core."""

    name: str
    specification: str
    process: str = ""
    rules: frozenset[str] = frozenset()


_PEPPOL: Final = "urn:cen.eu:en16931:2017#compliant#urn:fdc:peppol.eu:2017:poacc:"

EN16931: Final = Profile("en16931", "urn:cen.eu:en16931:2017")
PEPPOL: Final = Profile(
    "peppol",
    f"{_PEPPOL}billing:3.0",
    "urn:fdc:peppol.eu:2017:poacc:billing:01:1.0",
    frozenset({"peppol", "peppol-billing"}),
)
PEPPOL_SELF_BILLING: Final = Profile(
    "peppol-self-billing",
    f"{_PEPPOL}selfbilling:3.0",
    "urn:fdc:peppol.eu:2017:poacc:selfbilling:01:1.0",
    frozenset({"peppol", "peppol-self-billing"}),
)
CIUS_RO: Final = Profile(
    "cius-ro",
    "urn:cen.eu:en16931:2017#compliant#urn:efactura.mfinante.ro:CIUS-RO:1.0.1",
    rules=frozenset({"cius-ro"}),
)

PROFILES: Final = {profile.name: profile for profile in (EN16931, PEPPOL, PEPPOL_SELF_BILLING, CIUS_RO)}


def profile_of(invoice: Invoice) -> Profile:
    """The profile that the invoice names in BT-24; the bare standard where it names none of ours."""
    told = invoice.specification
    if told.startswith(PEPPOL_SELF_BILLING.specification):
        return PEPPOL_SELF_BILLING
    if told.startswith(PEPPOL.specification):
        return PEPPOL
    if "CIUS-RO" in told:
        return CIUS_RO
    return EN16931


def under(invoice: Invoice, profile: Profile) -> Invoice:
    """The invoice as one of this profile: its BT-23 and BT-24 say so. Peppol becomes self-billing by the kind."""
    if profile is PEPPOL and invoice.kind in SELF_BILLING:
        profile = PEPPOL_SELF_BILLING
    return replace(invoice, specification=profile.specification, process=profile.process or invoice.process)
