"""The agreements under which invoices travel: their identifiers, and what each expects beyond EN 16931."""

from dataclasses import dataclass, replace
from typing import Final

from kvit.formats.einvoice.counties import placed
from kvit.formats.einvoice.model import SELF_BILLING, Invoice, Kind, Note


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

_PLAIN_IN_ROMANIA: Final = frozenset({Kind.ADVANCE, Kind.DEBIT_NOTE})
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
    """The invoice as one of this profile: its BT-23 and BT-24 say so. Peppol becomes self-billing by the kind.

    What the profile asks for in another shape is brought into it. Peppol: one note, and the invoice's number as the
    buyer's reference where nothing is known that the buyer would quote. CIUS-RO: counties, and an invoice over an
    advance and a debit note as invoices, for it knows no kinds of their own for them.
    """
    if profile is PEPPOL and invoice.kind in SELF_BILLING:
        profile = PEPPOL_SELF_BILLING
    if profile in (PEPPOL, PEPPOL_SELF_BILLING):
        invoice = _for_peppol(invoice)
    if profile is CIUS_RO:
        invoice = placed(invoice)
        if invoice.kind in _PLAIN_IN_ROMANIA:
            invoice = replace(invoice, kind=Kind.INVOICE)
    return replace(invoice, specification=profile.specification, process=profile.process or invoice.process)


def _for_peppol(invoice: Invoice) -> Invoice:
    """One note at most (PEPPOL-EN16931-R002); a reference of the buyer or an order (R003)."""
    if len(invoice.notes) > 1:
        invoice = replace(invoice, notes=(Note(text="\n".join(note.text for note in invoice.notes)),))
    if not (invoice.buyer_reference or invoice.order):
        invoice = replace(invoice, buyer_reference=invoice.number)
    return invoice
