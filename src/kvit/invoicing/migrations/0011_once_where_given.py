"""Each index but the key has a condition, so that nothing else is taken to look a document up (see the models)."""

from django.db import migrations, models


class Migration(migrations.Migration):
    """Partial indexes."""

    dependencies = [
        ("base", "0007_keyed_commands"),
        ("invoicing", "0010_claim_fact_isolation"),
        ("parties", "0006_inquiry_isolation"),
    ]

    operations = [
        migrations.RemoveConstraint(
            model_name="invoice",
            name="invoicing_invoice_number",
        ),
        migrations.RemoveConstraint(
            model_name="invoice",
            name="invoicing_invoice_sequence",
        ),
        migrations.RemoveConstraint(
            model_name="invoice",
            name="invoicing_invoice_reference",
        ),
        migrations.AddConstraint(
            model_name="invoice",
            constraint=models.UniqueConstraint(
                condition=models.Q(("number__isnull", False)),
                fields=("tenant", "number"),
                name="invoicing_invoice_number",
            ),
        ),
        migrations.AddConstraint(
            model_name="invoice",
            constraint=models.UniqueConstraint(
                condition=models.Q(("sequence__isnull", False)),
                fields=("tenant", "series", "sequence"),
                name="invoicing_invoice_sequence",
            ),
        ),
        migrations.AddConstraint(
            model_name="invoice",
            constraint=models.UniqueConstraint(
                condition=models.Q(("payment_reference__isnull", False)),
                fields=("tenant", "payment_reference"),
                name="invoicing_invoice_reference",
            ),
        ),
        migrations.RemoveIndex("invoice", "invoicing_invoice_customer"),
        migrations.AddIndex(
            "invoice",
            models.Index(
                condition=models.Q(("customer__isnull", False)),
                fields=["tenant", "customer", "issue_date"],
                name="invoicing_invoice_customer",
            ),
        ),
    ]
