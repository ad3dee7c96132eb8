"""Whether there are estimates that money could quote is asked for every chunk of payments."""

from django.db import migrations, models


class Migration(migrations.Migration):
    """An index of issued estimates."""

    dependencies = [
        ("base", "0007_keyed_commands"),
        ("invoicing", "0012_answers_erased"),
        ("parties", "0006_inquiry_isolation"),
    ]

    operations = [
        migrations.AddIndex(
            model_name="invoice",
            index=models.Index(
                condition=models.Q(("kind", "estimate"), ("state", "issued")),
                fields=["tenant", "id"],
                name="invoicing_invoice_quoted",
            ),
        ),
    ]
