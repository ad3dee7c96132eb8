"""Who may go where: what each route answers to each of the cast, one row per route.

Anonymous; nobody, who has signed in and has no company; a clerk of the company; a clerk of another; the owner; a
customer in the company's portal; another customer of it. A route that changes things is asked by POST with `form`.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from pages.desk_rows import desk_rows

ACTORS = ("anonymous", "nobody", "clerk", "other", "owner", "customer", "other_customer")
SIGN_IN, AWAY, OK, NOT_HERE, FORBIDDEN = "to sign-in", 302, 200, 404, 403

Given = Callable[[Any], Mapping[str, Any]]
"""From the world of the test (`two_companies.Two`) to what stands in the address or in the form."""


@dataclass(frozen=True)
class Row:
    """What one route answers; `expected` follows the order of `ACTORS`."""

    expected: tuple[int | str, ...]
    method: str = "GET"
    kwargs: Given = field(default=lambda world: {})
    form: Given = field(default=lambda world: {})


def everybody(status: int | str, **given: Any) -> Row:
    """The same for all."""
    return Row((status,) * len(ACTORS), **given)


def people(status: int | str, **given: Any) -> Row:
    """The same for all who have signed in."""
    return Row((SIGN_IN, *(status,) * (len(ACTORS) - 1)), **given)


def clerks(status: int | str = OK, *, other: int | str | None = None, **given: Any) -> Row:
    """Open to the people of a company; `other`: what those of another get where the address names this one's things."""
    theirs = status if other is None else other
    return Row((SIGN_IN, AWAY, status, theirs, status, AWAY, AWAY), **given)


def owners(status: int | str = OK, *, other: int | str = FORBIDDEN, **given: Any) -> Row:
    """Open to owners only."""
    return Row((SIGN_IN, AWAY, FORBIDDEN, other, status, AWAY, AWAY), **given)


def customers(status: int | str = OK, *, other: int | str | None = None, **given: Any) -> Row:
    """Open to the customers of a company's portal."""
    theirs = status if other is None else other
    return Row((SIGN_IN, AWAY, AWAY, AWAY, AWAY, status, theirs), **given)


PAGES: Mapping[str, Row] = {
    "start": people(AWAY),
    "nowhere": people(OK),
    "choose_company": people(AWAY, method="POST"),
    "choose_place": people(AWAY, method="POST"),
    "choose_language": everybody(AWAY, method="POST"),
    "choose_theme": everybody(AWAY, method="POST"),
    "health": everybody(OK),
    "design": everybody(NOT_HERE),
    "account_login": Row((OK, *(AWAY,) * 6)),
    "account_inactive": everybody(OK),
    "account_reset_password_from_key": everybody(OK, kwargs=lambda two: {"uidb36": "1", "key": "set-password"}),
    "account_reset_password_from_key_done": everybody(OK),
    "mfa_login_webauthn": Row((SIGN_IN, *(AWAY,) * 6)),
    "mfa_authenticate": people(AWAY),
    "account_logout": people(OK),
    "mfa_index": people(OK),
    # The cast has no passwords: there is nothing to confirm by, and one to be set. test_sign_in.py has who has one.
    "account_change_password": people(AWAY),
    "account_set_password": people(OK),
    "account_reauthenticate": people(FORBIDDEN),
    "mfa_reauthenticate": people(FORBIDDEN),
    "mfa_reauthenticate_webauthn": people(FORBIDDEN),
    "mfa_activate_totp": people(OK),
    "mfa_deactivate_totp": people(NOT_HERE),
    "mfa_list_webauthn": people(OK),
    "mfa_add_webauthn": people(OK),
    "mfa_edit_webauthn": people(NOT_HERE, kwargs=lambda two: {"pk": 1}),
    "mfa_remove_webauthn": people(NOT_HERE, kwargs=lambda two: {"pk": 1}),
    "mfa_view_recovery_codes": people(NOT_HERE),
    "mfa_generate_recovery_codes": people(OK),
}
DESK: Mapping[str, Row] = {
    # Where there is a company, the first page leads everybody to the start.
    "desk_first_run": everybody(AWAY),
    **desk_rows(Row),
}
PORTAL: Mapping[str, Row] = {
    "portal": customers(),
    "portal_invoices": customers(),
    "portal_invoice": customers(other=NOT_HERE, kwargs=lambda world: {"invoice_id": world.unpaid}),
    "portal_invoice_pdf": customers(other=NOT_HERE, kwargs=lambda world: {"invoice_id": world.unpaid}),
    "portal_say": customers(
        AWAY,
        other=NOT_HERE,
        method="POST",
        kwargs=lambda world: {"invoice_id": world.unpaid, "what": "message"},
        form=lambda world: {"words": "Good day"},
    ),
    "portal_receipt": customers(
        other=NOT_HERE, kwargs=lambda world: {"invoice_id": world.unpaid, "fact_id": world.remittance}
    ),
    "portal_payments": customers(),
    "portal_statement": customers(),
    "portal_make_statement": customers(AWAY, method="POST"),
    "portal_kept_statement": customers(other=NOT_HERE, kwargs=lambda world: {"statement_id": world.statement}),
    "portal_statement_file": customers(
        other=NOT_HERE, kwargs=lambda world: {"statement_id": world.statement, "kind": "xlsx"}
    ),
    # Who holds the link sees the letter and may answer it, whoever they are.
    "confirmation": everybody(OK, kwargs=lambda world: {"token": world.confirmation_token}),
    "confirmation_pdf": everybody(NOT_HERE, kwargs=lambda world: {"token": world.confirmation_token}),
    "confirmation_compare": everybody(422, method="POST", kwargs=lambda world: {"token": world.confirmation_token}),
    "confirmation_answer": everybody(422, method="POST", kwargs=lambda world: {"token": world.confirmation_token}),
    # Who holds the link sees the invoice, whoever they are.
    "live_invoice": everybody(OK, kwargs=lambda world: {"token": world.link_token}),
    "live_invoice_pdf": everybody(OK, kwargs=lambda world: {"token": world.link_token}),
    "live_invoice_seen": everybody(204, method="POST", kwargs=lambda world: {"token": world.link_token}),
    "live_invoice_say": everybody(
        AWAY,
        method="POST",
        kwargs=lambda world: {"token": world.link_token, "what": "message"},
        form=lambda world: {"words": "Good day"},
    ),
    "live_invoice_receipt": everybody(
        OK, kwargs=lambda world: {"token": world.link_token, "fact_id": world.remittance}
    ),
    "live_invoice_ask": everybody(AWAY, method="POST", kwargs=lambda world: {"token": world.link_token}),
}
# In test mode, where nothing is real, everybody may be anybody of the simulated cast; elsewhere these are not there.
DEMO: Mapping[str, Row] = {
    "demo": everybody(OK),
    "demo_sign_in": everybody(AWAY, method="POST", form=lambda world: {"company": "nordljus", "as": "owner"}),
    "demo_next_day": everybody(OK),
    "demo_tour": everybody(AWAY, method="POST"),
    "demo_pay": everybody(AWAY, method="POST"),
    "demo_leave": everybody(AWAY, method="POST"),
    "demo_wipe": everybody(OK, method="POST"),
}

ALWAYS: Mapping[str, Row] = {**PAGES, **DESK, **PORTAL}
ROWS: Mapping[str, Row] = {**ALWAYS, **DEMO}
