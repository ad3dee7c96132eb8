"""The desk's rows of the access matrix; those of another company find nothing of this one's."""

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from pages.access_rows import Row

AWAY, OK, NOT_HERE, FORBIDDEN, REFUSED = 302, 200, 404, 403, 422


def desk_rows(row: "type[Row]") -> Mapping[str, "Row"]:
    """One row per route of the desk."""

    def clerks(status: int, *, other: int | None = None, **given: Any) -> "Row":
        theirs = status if other is None else other
        return row(("to sign-in", AWAY, status, theirs, status, AWAY, AWAY), **given)

    def owners(status: int, *, other: int = FORBIDDEN, **given: Any) -> "Row":
        return row(("to sign-in", AWAY, FORBIDDEN, other, status, AWAY, AWAY), **given)

    def of(name: str, value: str) -> Any:
        return lambda two: {name: getattr(two, value)}

    def post(status: int, *, other: int = NOT_HERE, **given: Any) -> "Row":
        return clerks(status, other=other, method="POST", **given)

    invoice, draft = of("invoice_id", "unpaid"), of("invoice_id", "draft")
    customer, line = of("customer_id", "customer"), of("line_id", "linked_line")
    statement, item, user = of("statement_id", "held"), of("item_id", "item"), of("user_id", "user")
    return {
        "desk": clerks(OK),
        "desk_search": clerks(OK),
        "desk_put_off": post(AWAY, other=AWAY, kwargs=item),
        "desk_assign": post(AWAY, other=AWAY, kwargs=item),
        "desk_drop": post(AWAY, other=AWAY, kwargs=item),
        "desk_books": clerks(OK, other=NOT_HERE, kwargs=lambda two: {"kind": "invoice", "subject_id": two.unpaid}),
        "desk_invoices": clerks(OK),
        "desk_new_invoice": clerks(OK),
        "desk_totals": post(OK, kwargs=customer, form=lambda two: {"lines-TOTAL_FORMS": 0, "lines-INITIAL_FORMS": 0}),
        "desk_invoice": clerks(OK, other=NOT_HERE, kwargs=invoice),
        "desk_edit_invoice": clerks(OK, other=NOT_HERE, kwargs=draft),
        "desk_issue": post(AWAY, kwargs=invoice),
        "desk_discard": post(AWAY, kwargs=invoice),
        "desk_credit": clerks(OK, other=NOT_HERE, kwargs=invoice),
        "desk_open_link": post(OK, kwargs=invoice),
        "desk_revoke_link": post(NOT_HERE, kwargs=lambda two: {"invoice_id": two.unpaid, "link_id": 0}),
        "desk_move_due_date": post(REFUSED, kwargs=invoice),
        "desk_customers": clerks(OK),
        "desk_new_customer": clerks(OK),
        "desk_customer": clerks(OK, other=NOT_HERE, kwargs=customer),
        "desk_add_contact": post(REFUSED, kwargs=customer),
        "desk_close_contact": post(
            NOT_HERE, kwargs=lambda two: {"customer_id": two.customer, "contact_id": two.contact}
        ),
        "desk_bank": clerks(OK),
        "desk_lines": clerks(OK),
        "desk_line": clerks(OK, other=NOT_HERE, kwargs=line),
        "desk_link": post(REFUSED, kwargs=line),
        "desk_undo": post(AWAY, kwargs=of("link_id", "link")),
        "desk_imports": clerks(OK),
        "desk_upload": post(REFUSED, other=REFUSED),
        "desk_import": clerks(OK, other=NOT_HERE, kwargs=of("intake_id", "intake")),
        "desk_statement": clerks(OK, other=NOT_HERE, kwargs=statement),
        "desk_release": post(AWAY, kwargs=statement),
        "desk_reject": post(AWAY, kwargs=statement),
        "desk_settings": clerks(OK),
        "desk_change_company": owners(REFUSED, method="POST"),
        "desk_add_number": owners(REFUSED, method="POST"),
        "desk_accounts": clerks(OK),
        "desk_open_account": owners(REFUSED, method="POST"),
        "desk_people": clerks(OK),
        "desk_add_member": owners(REFUSED, method="POST"),
        "desk_invite": owners(OK, method="POST", kwargs=user),
        "desk_change_role": owners(AWAY, method="POST", kwargs=user),
        "desk_remove_member": owners(AWAY, method="POST", kwargs=lambda two: {"user_id": 0}),
    }
