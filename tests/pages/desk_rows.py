"""The desk's rows of the access matrix; those of another company find nothing of this one's."""

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from pages.access_rows import Row

AWAY, OK, NOT_HERE, FORBIDDEN, REFUSED = 302, 200, 404, 403, 422


def _of(name: str, value: str) -> Any:
    return lambda two: {name: getattr(two, value)}


INVOICE, DRAFT = _of("invoice_id", "unpaid"), _of("invoice_id", "draft")
CUSTOMER, LINE = _of("customer_id", "customer"), _of("line_id", "linked_line")
PAYMENTS = _of("file_id", "made_file")
STATEMENT, ITEM, USER = _of("statement_id", "held"), _of("item_id", "item"), _of("user_id", "user")


class _Rows:
    """The kinds of row the desk has."""

    def __init__(self, row: "type[Row]") -> None:
        self._row = row

    def clerks(self, status: int, *, other: int | None = None, **given: Any) -> "Row":
        """Open to who works with invoices."""
        theirs = status if other is None else other
        return self._row(("to sign-in", AWAY, status, theirs, status, AWAY, AWAY), **given)

    def owners(self, status: int, *, other: int = FORBIDDEN, **given: Any) -> "Row":
        """Open to owners."""
        return self._row(("to sign-in", AWAY, FORBIDDEN, other, status, AWAY, AWAY), **given)

    def post(self, status: int, *, other: int = NOT_HERE, **given: Any) -> "Row":
        """Changes a thing of the company's."""
        return self.clerks(status, other=other, method="POST", **given)


def desk_rows(row: "type[Row]") -> Mapping[str, "Row"]:
    """One row per route of the desk."""
    rows = _Rows(row)
    return {
        **_documents(rows),
        **_sources(rows),
        **_customers_and_bank(rows),
        **_cash(rows),
        **_letters(rows),
        **_books(rows),
        **_settings(rows),
    }


def _documents(rows: _Rows) -> Mapping[str, "Row"]:
    """Work, invoices, the books."""
    clerks, post = rows.clerks, rows.post
    return {
        "desk": clerks(OK),
        "desk_search": clerks(OK),
        "desk_put_off": post(AWAY, other=AWAY, kwargs=ITEM),
        "desk_assign": post(AWAY, other=AWAY, kwargs=ITEM),
        "desk_drop": post(AWAY, other=AWAY, kwargs=ITEM),
        "desk_books": clerks(OK, other=NOT_HERE, kwargs=lambda two: {"kind": "invoice", "subject_id": two.unpaid}),
        "desk_invoices": clerks(OK),
        "desk_draw_again": post(AWAY, kwargs=INVOICE),
        "desk_invoice_pdf": clerks(OK, other=NOT_HERE, kwargs=INVOICE),
        "desk_new_invoice": clerks(OK),
        "desk_totals": post(OK, kwargs=CUSTOMER, form=lambda two: {"lines-TOTAL_FORMS": 0, "lines-INITIAL_FORMS": 0}),
        "desk_issue_many": post(OK, other=AWAY, form=lambda two: {"id": two.draft}),
        "desk_invoice": clerks(OK, other=NOT_HERE, kwargs=INVOICE),
        "desk_edit_invoice": clerks(OK, other=NOT_HERE, kwargs=DRAFT),
        "desk_issue": post(AWAY, kwargs=INVOICE),
        "desk_discard": post(AWAY, kwargs=INVOICE),
        "desk_credit": clerks(OK, other=NOT_HERE, kwargs=INVOICE),
        "desk_interest": clerks(OK, other=NOT_HERE, kwargs=INVOICE),
        "desk_open_link": post(OK, kwargs=INVOICE),
        "desk_revoke_link": post(NOT_HERE, kwargs=lambda two: {"invoice_id": two.unpaid, "link_id": 0}),
        "desk_move_due_date": post(REFUSED, kwargs=INVOICE),
        "desk_claims": clerks(OK),
        "desk_say": post(
            AWAY,
            kwargs=lambda two: {"invoice_id": two.unpaid, "what": "message"},
            form=lambda two: {"words": "Good day"},
        ),
        "desk_decide_fact": post(
            AWAY,
            kwargs=lambda two: {"invoice_id": two.told, "fact_id": two.extension, "act": "reject"},
            form=lambda two: {"words": "It is late already"},
        ),
        "desk_receipt": clerks(
            OK, other=NOT_HERE, kwargs=lambda two: {"invoice_id": two.unpaid, "fact_id": two.remittance}
        ),
    }


def _sources(rows: _Rows) -> Mapping[str, "Row"]:
    """Estimates, orders, contracts, corrections."""
    clerks, post = rows.clerks, rows.post

    def of(name: str, value: str) -> Any:
        return lambda two: {name: getattr(two.sources, value)}

    estimate, contract = of("invoice_id", "estimate"), of("contract_id", "contract")
    return {
        "desk_correct": clerks(OK, other=NOT_HERE, kwargs=INVOICE),
        "desk_change": post(OK, kwargs=INVOICE, form=lambda two: {"lines-TOTAL_FORMS": 0, "lines-INITIAL_FORMS": 0}),
        "desk_estimates": clerks(OK),
        "desk_collective": post(REFUSED, other=REFUSED),
        "desk_invoice_estimate": post(AWAY, kwargs=estimate),
        "desk_take_advance": post(AWAY, kwargs=estimate),
        "desk_estimate_order": post(AWAY, kwargs=of("order_id", "order")),
        "desk_new_order": clerks(OK, other=NOT_HERE, kwargs=CUSTOMER),
        "desk_contracts": clerks(OK),
        "desk_draft_contracts": post(AWAY, other=AWAY),
        "desk_contract": clerks(OK, other=NOT_HERE, kwargs=contract),
        "desk_give_notice": post(REFUSED, kwargs=contract),
        "desk_raise_contract": post(REFUSED, kwargs=contract),
        "desk_agreements": clerks(OK),
        "desk_new_agreement": clerks(OK),
        "desk_new_supplier": clerks(OK),
        "desk_agreement": clerks(OK, other=NOT_HERE, kwargs=of("agreement_id", "agreement")),
        "desk_end_agreement": post(REFUSED, kwargs=of("agreement_id", "agreement")),
        "desk_new_contract": clerks(OK, other=NOT_HERE, kwargs=CUSTOMER),
    }


def _customers_and_bank(rows: _Rows) -> Mapping[str, "Row"]:
    """Customers, payments, files."""
    clerks, post = rows.clerks, rows.post
    return {
        "desk_customers": clerks(OK),
        "desk_new_customer": clerks(OK),
        "desk_customer": clerks(OK, other=NOT_HERE, kwargs=CUSTOMER),
        "desk_add_contact": post(REFUSED, kwargs=CUSTOMER),
        "desk_close_contact": post(
            NOT_HERE, kwargs=lambda two: {"customer_id": two.customer, "contact_id": two.contact}
        ),
        "desk_add_payer_number": post(AWAY, kwargs=CUSTOMER),
        "desk_ask_register": post(
            AWAY, kwargs=lambda two: {"customer_id": two.customer, "identity_id": two.payer_number}
        ),
        "desk_decide_number": post(
            AWAY, kwargs=lambda two: {"customer_id": two.customer, "identity_id": two.payer_number}
        ),
        "desk_bank": clerks(OK),
        "desk_lines": clerks(OK),
        "desk_line": clerks(OK, other=NOT_HERE, kwargs=LINE),
        "desk_refund": post(AWAY, kwargs=_of("link_id", "link")),
        "desk_withdraw_refund": post(NOT_HERE, kwargs=lambda two: {"refund_id": 0}),
        "desk_undo": post(AWAY, kwargs=_of("link_id", "link")),
        "desk_imports": clerks(OK),
        "desk_upload": post(REFUSED, other=REFUSED),
        "desk_import": clerks(OK, other=NOT_HERE, kwargs=_of("intake_id", "intake")),
        "desk_columns": clerks(OK, other=NOT_HERE, kwargs=_of("intake_id", "csv_intake")),
        "desk_profiles": clerks(OK),
        "desk_retire_profile": post(AWAY, other=AWAY, kwargs=_of("profile_id", "csv_profile")),
        "desk_name_account": post(AWAY, kwargs=_of("statement_id", "asked"), form=lambda two: {"account": two.account}),
        "desk_set_aside": post(AWAY, kwargs=_of("intake_id", "intake")),
        "desk_account": clerks(OK, other=NOT_HERE, kwargs=_of("account_id", "account")),
        "desk_accept_break": post(AWAY, kwargs=_of("account_id", "account")),
        "desk_payment_files": clerks(OK),
        "desk_payment_file": clerks(OK, other=NOT_HERE, kwargs=PAYMENTS),
        "desk_payment_content": rows.owners(OK, kwargs=PAYMENTS),
        "desk_sign_payment": rows.owners(AWAY, method="POST", kwargs=PAYMENTS),
        "desk_discard_payment": rows.owners(AWAY, method="POST", kwargs=PAYMENTS),
        "desk_take_out_payment": rows.owners(AWAY, method="POST", kwargs=PAYMENTS),
        "desk_handed_over": rows.owners(AWAY, method="POST", kwargs=PAYMENTS),
        "desk_resolve_payment": rows.owners(AWAY, method="POST", kwargs=PAYMENTS),
        "desk_statement": clerks(OK, other=NOT_HERE, kwargs=STATEMENT),
        "desk_release": post(AWAY, kwargs=STATEMENT),
        "desk_reject": post(AWAY, kwargs=STATEMENT),
    }


def _cash(rows: _Rows) -> Mapping[str, "Row"]:
    """Cash application, and the robot."""
    clerks, post = rows.clerks, rows.post
    waiting = _of("line_id", "waiting_line")
    return {
        "desk_cash": clerks(OK),
        "desk_cash_today": clerks(OK),
        "desk_payers": clerks(OK),
        "desk_refunds": clerks(OK),
        "desk_pay_refunds": rows.owners(REFUSED, other=FORBIDDEN, method="POST"),
        "desk_forget_payer": post(NOT_HERE, kwargs=lambda two: {"payer_id": 0}),
        "desk_learn_payer": post(AWAY, kwargs=CUSTOMER),
        "desk_cash_line": clerks(OK, other=NOT_HERE, kwargs=waiting),
        "desk_cash_confirm": post(REFUSED, kwargs=waiting),
        "desk_cash_split": post(REFUSED, kwargs=waiting),
        "desk_cash_aside": post(REFUSED, kwargs=waiting),
        "desk_cash_pay_back": post(REFUSED, kwargs=waiting),
        "desk_cash_paid_back": post(REFUSED, kwargs=waiting),
        "desk_cash_alike": clerks(OK, other=NOT_HERE, kwargs=waiting),
        "desk_cash_confirm_alike": post(AWAY, kwargs=waiting),
        "desk_robot": clerks(OK),
        "desk_change_robot": rows.owners(REFUSED, method="POST"),
        "desk_drop_calibration": rows.owners(AWAY, method="POST"),
        "desk_histories": clerks(OK),
        "desk_bring_history": rows.owners(REFUSED, method="POST"),
        "desk_history": clerks(OK, other=NOT_HERE, kwargs=_of("history_id", "history")),
        "desk_use_history": rows.owners(AWAY, method="POST", kwargs=_of("history_id", "history")),
    }


def _letters(rows: _Rows) -> Mapping[str, "Row"]:
    """Statements of account and balance confirmations."""
    clerks, post = rows.clerks, rows.post
    letter, of_run = _of("confirmation_id", "confirmation"), _of("run_id", "confirmation_run")
    return {
        "desk_letters": clerks(OK),
        "desk_open_letter_run": post(REFUSED, other=REFUSED),
        "desk_letter_run": clerks(OK, other=NOT_HERE, kwargs=_of("run_id", "letter_run")),
        "desk_letter": clerks(OK, other=NOT_HERE, kwargs=_of("statement_id", "statement")),
        "desk_letter_file": clerks(
            OK, other=NOT_HERE, kwargs=lambda two: {"statement_id": two.statement, "kind": "csv"}
        ),
        "desk_customer_letters": clerks(OK, other=NOT_HERE, kwargs=CUSTOMER),
        "desk_make_statement": post(REFUSED, kwargs=CUSTOMER),
        "desk_ask_confirmation": clerks(OK, other=NOT_HERE, kwargs=CUSTOMER),
        "desk_confirmations": clerks(OK),
        "desk_open_confirmation_run": post(REFUSED, other=REFUSED),
        "desk_confirmation_run": clerks(OK, other=NOT_HERE, kwargs=of_run),
        "desk_chase_confirmations": post(AWAY, kwargs=of_run),
        "desk_confirmation_links": post(OK, kwargs=of_run),
        "desk_confirmation": clerks(OK, other=NOT_HERE, kwargs=letter),
        "desk_confirmation_pdf": clerks(NOT_HERE, other=NOT_HERE, kwargs=letter),
        "desk_confirmation_link": post(OK, kwargs=letter),
        "desk_settle_confirmation": post(AWAY, kwargs=letter),
    }


def _books(rows: _Rows) -> Mapping[str, "Row"]:
    """Exports of the books."""
    clerks, post = rows.clerks, rows.post
    export = _of("export_id", "export")
    return {
        "desk_exports": clerks(OK),
        "desk_new_export": clerks(OK),
        "desk_chart": clerks(OK),
        "desk_change_chart": rows.owners(AWAY, method="POST"),
        "desk_export": clerks(OK, other=NOT_HERE, kwargs=export),
        "desk_export_file": clerks(
            OK, other=NOT_HERE, kwargs=lambda two: {"export_id": two.export, "file_id": two.export_file}
        ),
        "desk_deliver_export": post(AWAY, kwargs=export),
        "desk_answer_export": post(AWAY, kwargs=export),
        "desk_remake_export": post(AWAY, kwargs=export),
    }


def _settings(rows: _Rows) -> Mapping[str, "Row"]:
    """The company itself."""
    clerks, owners = rows.clerks, rows.owners
    return {
        "desk_settings": clerks(OK),
        "desk_change_company": owners(REFUSED, method="POST"),
        "desk_add_number": owners(REFUSED, method="POST"),
        "desk_switch_register": owners(AWAY, method="POST", form=lambda two: {"register": "vies", "on": "1"}),
        "desk_claim_rule": clerks(OK),
        "desk_change_claim_rule": owners(REFUSED, method="POST"),
        "desk_accounts": clerks(OK),
        "desk_open_account": owners(REFUSED, method="POST"),
        "desk_look": clerks(OK),
        "desk_look_example": clerks(OK),
        "desk_choose_look": owners(OK, method="POST"),
        "desk_archive": clerks(OK),
        "desk_archived": clerks(OK, other=NOT_HERE, kwargs=_of("filing_id", "filing")),
        "desk_people": clerks(OK),
        "desk_add_member": owners(REFUSED, method="POST"),
        "desk_invite": owners(OK, method="POST", kwargs=USER),
        "desk_change_role": owners(AWAY, method="POST", kwargs=USER),
        "desk_remove_member": owners(AWAY, method="POST", kwargs=lambda two: {"user_id": 0}),
    }
