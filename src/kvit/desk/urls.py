"""Routes of the desk."""

from django.urls import path

from kvit.desk import (
    accounts,
    bank,
    books,
    columns,
    customers,
    editor,
    first_run,
    home,
    imports,
    invoices,
    naming,
    paying,
    searching,
    settings,
    verification,
)

_HOME = [
    path("", home.home, name="desk"),
    path("first-run/", first_run.first_run, name="desk_first_run"),
    path("search/", searching.search, name="desk_search"),
    path("work/<int:item_id>/put-off/", home.put_off, name="desk_put_off"),
    path("work/<int:item_id>/assign/", home.assign, name="desk_assign"),
    path("work/<int:item_id>/drop/", home.drop, name="desk_drop"),
    path("ledger/<slug:kind>/<int:subject_id>/", books.books, name="desk_books"),
]
_INVOICES = [
    path("invoices/", invoices.invoices, name="desk_invoices"),
    path("invoices/new/", editor.new_invoice, name="desk_new_invoice"),
    path("invoices/totals/<int:customer_id>/", editor.totals, name="desk_totals"),
    path("invoices/<int:invoice_id>/", invoices.invoice, name="desk_invoice"),
    path("invoices/<int:invoice_id>/edit/", editor.edit_invoice, name="desk_edit_invoice"),
    path("invoices/<int:invoice_id>/issue/", invoices.issue, name="desk_issue"),
    path("invoices/<int:invoice_id>/discard/", invoices.discard, name="desk_discard"),
    path("invoices/<int:invoice_id>/credit/", editor.credit, name="desk_credit"),
    path("invoices/<int:invoice_id>/links/", invoices.open_link, name="desk_open_link"),
    path("invoices/<int:invoice_id>/links/<int:link_id>/revoke/", invoices.revoke_link, name="desk_revoke_link"),
    path("invoices/<int:invoice_id>/due-date/", invoices.move_due_date, name="desk_move_due_date"),
]
_CUSTOMERS = [
    path("customers/", customers.customers, name="desk_customers"),
    path("customers/new/", customers.new_customer, name="desk_new_customer"),
    path("customers/<int:customer_id>/", customers.customer, name="desk_customer"),
    path("customers/<int:customer_id>/contacts/", customers.add_contact, name="desk_add_contact"),
    path(
        "customers/<int:customer_id>/contacts/<int:contact_id>/close/",
        customers.close_contact,
        name="desk_close_contact",
    ),
    path("customers/<int:customer_id>/numbers/", verification.add_payer_number, name="desk_add_payer_number"),
    path(
        "customers/<int:customer_id>/numbers/<int:identity_id>/ask/",
        verification.ask_register,
        name="desk_ask_register",
    ),
    path(
        "customers/<int:customer_id>/numbers/<int:identity_id>/decide/",
        verification.decide_number,
        name="desk_decide_number",
    ),
]
_BANK = [
    path("bank/", bank.bank, name="desk_bank"),
    path("bank/lines/", bank.lines, name="desk_lines"),
    path("bank/lines/<int:line_id>/", bank.line, name="desk_line"),
    path("bank/lines/<int:line_id>/link/", bank.link, name="desk_link"),
    path("bank/links/<int:link_id>/undo/", bank.undo, name="desk_undo"),
    path("bank/imports/", imports.imports, name="desk_imports"),
    path("bank/upload/", imports.upload, name="desk_upload"),
    path("bank/imports/<int:intake_id>/", imports.intake, name="desk_import"),
    path("bank/imports/<int:intake_id>/columns/", columns.columns, name="desk_columns"),
    path("bank/profiles/", columns.profiles, name="desk_profiles"),
    path("bank/profiles/<int:profile_id>/retire/", columns.retire, name="desk_retire_profile"),
    path("bank/statements/<int:statement_id>/account/", naming.name_account, name="desk_name_account"),
    path("bank/imports/<int:intake_id>/set-aside/", accounts.set_aside, name="desk_set_aside"),
    path("bank/accounts/<int:account_id>/", accounts.account, name="desk_account"),
    path("bank/accounts/<int:account_id>/accept/", accounts.accept_break, name="desk_accept_break"),
    path("bank/payments/", paying.payment_files, name="desk_payment_files"),
    path("bank/payments/<int:file_id>/", paying.payment_file, name="desk_payment_file"),
    path("bank/payments/<int:file_id>/content/", paying.content, name="desk_payment_content"),
    path("bank/payments/<int:file_id>/sign/", paying.sign, name="desk_sign_payment"),
    path("bank/payments/<int:file_id>/discard/", paying.discard, name="desk_discard_payment"),
    path("bank/payments/<int:file_id>/take-out/", paying.take_out, name="desk_take_out_payment"),
    path("bank/payments/<int:file_id>/handed-over/", paying.handed_over, name="desk_handed_over"),
    path("bank/payments/<int:file_id>/resolve/", paying.resolve, name="desk_resolve_payment"),
    path("bank/statements/<int:statement_id>/", imports.statement, name="desk_statement"),
    path("bank/statements/<int:statement_id>/release/", imports.release, name="desk_release"),
    path("bank/statements/<int:statement_id>/reject/", imports.reject, name="desk_reject"),
]
_SETTINGS = [
    path("settings/", settings.company, name="desk_settings"),
    path("settings/company/", settings.change_company, name="desk_change_company"),
    path("settings/numbers/", settings.add_number, name="desk_add_number"),
    path("settings/registers/", verification.switch_register, name="desk_switch_register"),
    path("settings/accounts/", settings.bank_accounts, name="desk_accounts"),
    path("settings/accounts/open/", settings.open_account, name="desk_open_account"),
    path("settings/people/", settings.people, name="desk_people"),
    path("settings/people/add/", settings.add_member, name="desk_add_member"),
    path("settings/people/<int:user_id>/invite/", settings.invite, name="desk_invite"),
    path("settings/people/<int:user_id>/role/", settings.change_role, name="desk_change_role"),
    path("settings/people/<int:user_id>/remove/", settings.remove_member, name="desk_remove_member"),
]
urlpatterns = [*_HOME, *_INVOICES, *_CUSTOMERS, *_BANK, *_SETTINGS]
