"""Documents of every kind, issued through the commands, under the official schemas and schematron."""

import pytest

import official
from invoicing.issued_cases import CASES, LANDS, ONLY, open_firm
from invoicing.polish import issued
from kvit.base.command import Ctx
from kvit.formats import einvoice
from kvit.formats.einvoice import CIUS_RO, EN16931, PEPPOL, Profile, Severity, Syntax, profile_of
from shared_folder import needs_shared

TABLE = [(country, name) for country in LANDS for name in CASES if ONLY.get(name, country) == country]
ROMANIAN = frozenset({"380", "381", "384", "389"})
"""The kinds that CIUS-RO takes."""
DEBIT_NOTE = "383"
"""A note of fees and interest is no invoice under Polish law and does not go to KSeF."""
CHANGING = frozenset({"381", "261", "384"})
"""In FA(3) only a correction has quantities below zero (FA-08); a credit note is a correction with turned amounts."""
NATIONAL = frozenset({"384"})
"""Peppol takes a correction from Germany to Germany alone (PEPPOL-EN16931-P0112)."""


def formats(made: einvoice.Invoice, country: str) -> list[tuple[str, Syntax, Profile, tuple[str, ...]]]:
    """What a document is written as, with the official schema's and rules' names."""
    ubl = "ubl-credit-note" if made.is_credit_note else "ubl"
    cii = "cii-d22b" if len(made.preceding) > 1 else "cii-d16b"  # D16B has room for one
    found = [(ubl, Syntax.UBL, EN16931, ("en-ubl",)), (cii, Syntax.CII, EN16931, ("en-cii",))]
    turned = [line for line in made.lines if (line.quantity or 0) < 0]
    if country == "PL" and made.kind != DEBIT_NOTE and not (turned and made.kind not in CHANGING):
        found.append(("fa3", Syntax.FA3, EN16931, ()))
    if country == "SE" and made.kind not in NATIONAL:
        is_self_billed = profile_of(einvoice.under(made, PEPPOL)) is not PEPPOL
        found.append((ubl, Syntax.UBL, PEPPOL, ("peppol-cen", "peppol-self-billing" if is_self_billed else "peppol")))
    if country == "RO" and einvoice.under(made, CIUS_RO).kind in ROMANIAN:
        found.append((ubl, Syntax.UBL, CIUS_RO, ("cius-ro-cen", "cius-ro")))
    return found


def wrong(made: einvoice.Invoice, country: str) -> list[str]:
    """What own rules and the official ones find in each format; and what reading it again loses of its totals."""
    found = []
    for schema, syntax, profile, rules in formats(made, country):
        ready = einvoice.under(einvoice.normalize(made), profile)
        data = einvoice.write(ready, syntax)
        told = [
            f"own {one.rule} {one.place}: {one.words}"
            for one in einvoice.validate(ready, syntax=syntax.value)
            if one.severity is Severity.ERROR
        ]
        told += official.against_schema(schema, data)
        told += [line for name in rules for line in official.fatal(name, data)]
        again, due = einvoice.read(data).reading.invoice, made.totals.due_minor or 0
        if again is None or again.totals.due_minor != (-due if syntax is Syntax.FA3 and made.is_credit_note else due):
            told.append(f"{made.totals} are {again.totals if again else None} when it is read again")
        found += [f"{profile.name} {syntax.value}: {one}" for one in told]
    return found


@needs_shared
class TestADocumentIssuedThroughTheCommands:
    @pytest.mark.parametrize(("country", "name"), TABLE)
    def test_is_clean_in_every_format(self, anna: Ctx, country: str, name: str) -> None:
        firm = open_firm(anna, country)
        made = issued(firm.shop, CASES[name](firm)).einvoice
        assert wrong(made, country) == []
        assert firm.shop.problems() == []

    def test_is_not_clean_with_another_total(self, anna: Ctx) -> None:
        """The planted fault: a krona more is asked for than the lines make."""
        from dataclasses import replace

        firm = open_firm(anna, "SE")
        made = issued(firm.shop, CASES["ordinary"](firm)).einvoice
        false = replace(made, totals=replace(made.totals, due_minor=(made.totals.due_minor or 0) + 100))
        found = wrong(false, "SE")
        assert any("own BR-CO-16" in one for one in found)
        assert any("[BR-CO-16]" in one and "own" not in one for one in found)
