"""Asks an invoice all the rules that apply to it."""

from collections.abc import Iterable
from typing import Final

from kvit.formats.einvoice.model import Invoice
from kvit.formats.einvoice.problem import Problem
from kvit.formats.einvoice.profile import Profile, profile_of
from kvit.formats.einvoice.rules import numbers, peppol, poland, romania, romanian_lengths, sweden
from kvit.formats.einvoice.rules.codes import CODES, UBL
from kvit.formats.einvoice.rules.presence import PRESENCE
from kvit.formats.einvoice.rules.rule import Rule, RuleSet
from kvit.formats.einvoice.rules.sums import SUMS
from kvit.formats.einvoice.rules.vat import VAT

EXTENDING: Final = (numbers, sweden, romanian_lengths)
"""Modules that add their rules to a set of another one."""
FA3: Final = "fa3"
CORE: Final = (PRESENCE, SUMS, VAT, CODES)
SETS: Final[dict[str, RuleSet]] = {
    "ubl": UBL,
    "peppol": peppol.PEPPOL_RULES,
    "peppol-billing": peppol.BILLING,
    "peppol-self-billing": peppol.SELF_BILLING,
    "cius-ro": romania.ROMANIA,
    "fa3": poland.POLAND,
}
"""The sets beside the core, by the names that profiles know them by."""
RULES: Final[tuple[Rule, ...]] = tuple(rule for one in (*CORE, *SETS.values()) for rule in one.rules)


def validate(
    invoice: Invoice, *, profile: Profile | None = None, syntax: str = "ubl", only: Iterable[str] = ()
) -> tuple[Problem, ...]:
    """What is wrong with the invoice under EN 16931 and a profile, the one it names if none is given.

    `syntax` adds what that syntax cannot say: "ubl" or "cii". "fa3" asks the rules on the Polish structured invoice
    alone, which is no document of EN 16931. `only` asks the rules of these numbers alone. Nothing in the answer means
    that the invoice may be sent.
    """
    wanted = frozenset(only)
    names = {syntax, *(profile or profile_of(invoice)).rules}
    beside = tuple(one for name, one in SETS.items() if name in names)
    sets = (SETS[FA3],) if syntax == FA3 else (*CORE, *beside)
    return tuple(
        problem
        for one in sets
        for rule in one.rules
        if not wanted or rule.id in wanted or wanted.intersection(rule.also)
        for problem in rule.problems(invoice)
    )
