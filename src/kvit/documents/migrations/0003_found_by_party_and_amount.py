"""Whom a document is to or from, and its sum, to be found by; files that are kept as long as they are used."""

from django.db import migrations, models
from django.db.models import Q

import kvit.base.models
from kvit.base.isolation import isolate_reference


class Migration(migrations.Migration):
    """Add the columns with their indexes, and the term of what is in use."""

    dependencies = [("documents", "0002_isolation"), ("parties", "0006_inquiry_isolation")]

    operations = [
        *(
            migrations.AddField(
                model_name=name,
                name="party",
                field=kvit.base.models.TenantKey(null=True, related_name="+", to="parties.party"),
            )
            for name in ("sheet", "filing")
        ),
        migrations.AddField(model_name="filing", name="amount_minor", field=models.BigIntegerField(null=True)),
        migrations.AddField(model_name="filing", name="currency", field=models.CharField(default="", max_length=3)),
        migrations.AddIndex(
            model_name="filing",
            index=models.Index(fields=["tenant", "party", "document_date"], name="documents_filing_party"),
        ),
        migrations.AddIndex(
            model_name="filing", index=models.Index(fields=["tenant", "amount_minor"], name="documents_filing_amount")
        ),
        migrations.RemoveConstraint(model_name="file", name="documents_file_retention"),
        migrations.AddConstraint(
            model_name="file",
            constraint=models.CheckConstraint(
                condition=Q(retention__in=["accounting", "claim", "use"]), name="documents_file_retention"
            ),
        ),
        *isolate_reference("documents_sheet", "party_id", "parties_party"),
        *isolate_reference("documents_filing", "party_id", "parties_party"),
    ]
