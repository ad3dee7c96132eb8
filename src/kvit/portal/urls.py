"""Routes of the portal and the live invoice."""

from django.urls import path

from kvit.portal import account, live_invoice

urlpatterns = [
    path("portal/", account.home, name="portal"),
    path("portal/invoices/", account.invoices, name="portal_invoices"),
    path("portal/invoices/<int:invoice_id>/", account.invoice, name="portal_invoice"),
    path("portal/payments/", account.payments, name="portal_payments"),
    path("portal/statement/", account.statement, name="portal_statement"),
    path("i/<str:token>/", live_invoice.live_invoice, name="live_invoice"),
    path("i/<str:token>/seen/", live_invoice.seen, name="live_invoice_seen"),
    path("i/<str:token>/ask/", live_invoice.ask_for_link, name="live_invoice_ask"),
]
