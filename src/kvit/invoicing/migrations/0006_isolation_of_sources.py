"""Row-level security and rights of what leads to documents; what an issue writes besides."""

from django.conf import settings
from django.db import migrations

from kvit.base.isolation import check_per_statement, isolate

# A run of thousands is issued in two statements; keys would be checked again for every row of both (docs/decisions/0007).
OF_INVOICES = {
    "supplier_id": "parties_party",
    "customer_id": "invoicing_customer",
    "credits_id": "invoicing_invoice",
    "series_id": "invoicing_series",
    "command_id": "base_command",
    "estimate_id": "invoicing_invoice",
    "contract_id": "invoicing_contract",
    "supplier_copy_id": "invoicing_partycopy",
    "customer_copy_id": "invoicing_partycopy",
}
RIGHTS = (
    f"GRANT UPDATE (supplier_copy_id, customer_copy_id, is_unverified) ON invoicing_invoice TO {settings.KVIT_APP_ROLE}"
)


class Migration(migrations.Migration):
    """Isolate the new tables."""

    dependencies = [
        ("invoicing", "0005_documents_of_all_kinds"),
        ("parties", "0002_isolation"),
        ("ledger", "0004_documents_by_amount"),
    ]

    operations = [
        *isolate("invoicing_partycopy", references={"party_id": "parties_party"}),
        *isolate("invoicing_exchangerate", references={"command_id": "base_command"}),
        *isolate(
            "invoicing_agreement",
            references={"supplier_id": "parties_party", "command_id": "base_command"},
            update=("to_date",),
        ),
        *isolate(
            "invoicing_contract",
            references={"customer_id": "invoicing_customer", "command_id": "base_command"},
            update=("end_date",),
        ),
        *isolate(
            "invoicing_contractperiod",
            references={
                "contract_id": "invoicing_contract",
                "invoice_id": "invoicing_invoice",
                "command_id": "base_command",
            },
        ),
        *isolate(
            "invoicing_contractindex", references={"contract_id": "invoicing_contract", "command_id": "base_command"}
        ),
        *isolate("invoicing_order", references={"customer_id": "invoicing_customer", "command_id": "base_command"}),
        *isolate(
            "invoicing_orderbilling",
            references={
                "order_id": "invoicing_order",
                "invoice_id": "invoicing_invoice",
                "command_id": "base_command",
            },
        ),
        *isolate(
            "invoicing_estimatepayment",
            references={
                "estimate_id": "invoicing_invoice",
                "invoice_id": "invoicing_invoice",
                "item_id": "ledger_openitem",
                "command_id": "base_command",
            },
        ),
        *isolate(
            "invoicing_incominginvoice", references={"supplier_id": "parties_party", "command_id": "base_command"}
        ),
        *check_per_statement(
            "invoicing_invoice", OF_INVOICES, later=("series_id", "supplier_copy_id", "customer_copy_id")
        ),
        migrations.RunSQL(RIGHTS, migrations.RunSQL.noop),
    ]
