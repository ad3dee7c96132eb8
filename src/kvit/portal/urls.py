"""Routes of the portal and the live invoice."""

from django.urls import path

from kvit.portal import account, confirming, live_invoice, statements

urlpatterns = [
    path("portal/", account.home, name="portal"),
    path("portal/invoices/", account.invoices, name="portal_invoices"),
    path("portal/invoices/<int:invoice_id>/", account.invoice, name="portal_invoice"),
    path("portal/invoices/<int:invoice_id>/pdf/", account.pdf, name="portal_invoice_pdf"),
    path("portal/invoices/<int:invoice_id>/say/<str:what>/", account.say, name="portal_say"),
    path("portal/invoices/<int:invoice_id>/receipts/<int:fact_id>/", account.receipt, name="portal_receipt"),
    path("portal/payments/", account.payments, name="portal_payments"),
    path("portal/statement/", account.statement, name="portal_statement"),
    path("portal/statement/keep/", statements.make, name="portal_make_statement"),
    path("portal/statements/<int:statement_id>/", statements.kept, name="portal_kept_statement"),
    path("portal/statements/<int:statement_id>/<slug:kind>/", statements.file, name="portal_statement_file"),
    path("c/<str:token>/", confirming.confirmation, name="confirmation"),
    path("c/<str:token>/pdf/", confirming.pdf, name="confirmation_pdf"),
    path("c/<str:token>/compare/", confirming.compare, name="confirmation_compare"),
    path("c/<str:token>/answer/", confirming.answer, name="confirmation_answer"),
    path("i/<str:token>/", live_invoice.live_invoice, name="live_invoice"),
    path("i/<str:token>/pdf/", live_invoice.pdf, name="live_invoice_pdf"),
    path("i/<str:token>/seen/", live_invoice.seen, name="live_invoice_seen"),
    path("i/<str:token>/say/<str:what>/", live_invoice.say, name="live_invoice_say"),
    path("i/<str:token>/receipts/<int:fact_id>/", live_invoice.receipt, name="live_invoice_receipt"),
    path("i/<str:token>/ask/", live_invoice.ask_for_link, name="live_invoice_ask"),
]
