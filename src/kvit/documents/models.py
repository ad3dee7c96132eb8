"""Frozen sheets and their renderings, files with their content, what each is filed under, and the look."""

from django.db import models
from django.db.models import F, Q

from kvit.base.models import OfTenant, TenantKey


class Look(OfTenant):
    """The company's colour and logo on documents; the latest counts."""

    colour = models.CharField(max_length=7)
    logo_sha256 = models.CharField(max_length=64)
    at = models.DateTimeField()
    command = TenantKey("base.Command")


class Sheet(OfTenant):
    """A document as data, frozen; the body is its canonical JSON, and is emptied when its time is over."""

    subject_kind = models.CharField(max_length=60)
    subject_id = models.BigIntegerField()
    kind = models.CharField(max_length=30)
    language = models.CharField(max_length=2)
    country = models.CharField(max_length=2)
    number = models.CharField(max_length=60)
    document_date = models.DateField()
    sha256 = models.CharField(max_length=64)
    body = models.TextField()
    party = TenantKey("parties.Party", null=True)
    at = models.DateTimeField()
    command = TenantKey("base.Command")

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["tenant", "subject_kind", "subject_id", "sha256"], name="documents_sheet_once"
            ),
        ]


class File(OfTenant):
    """A file of the archive, once by content hash; what it is filed under stands in `Filing`, its bytes in `store`."""

    sha256 = models.CharField(max_length=64)
    size = models.BigIntegerField()
    media_type = models.CharField(max_length=100)
    name = models.CharField(max_length=255)
    store = models.CharField(max_length=20)
    retention = models.CharField(max_length=20)
    keep_until = models.DateField()
    erased_date = models.DateField(null=True)
    at = models.DateTimeField()
    command = TenantKey("base.Command")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["tenant", "sha256"], name="documents_file_once"),
            models.CheckConstraint(condition=Q(store__in=["database", "s3"]), name="documents_file_store"),
            models.CheckConstraint(
                condition=Q(retention__in=["accounting", "claim", "use"]), name="documents_file_retention"
            ),
            models.CheckConstraint(
                condition=Q(erased_date__isnull=True) | Q(erased_date__gt=F("keep_until")), name="documents_file_kept"
            ),
            models.CheckConstraint(condition=Q(size__gt=0), name="documents_file_size"),
        ]
        indexes = [models.Index(fields=["tenant", "keep_until"], name="documents_file_due")]


class Content(OfTenant):
    """The bytes of a file that lies in the database."""

    sha256 = models.CharField(max_length=64)
    content = models.BinaryField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["tenant", "sha256"], name="documents_content_once")]


class Filing(OfTenant):
    """What a file is of: a subject without a key (an invoice, a customer), its kind, number and day, the other side
    and the amount that counts."""

    file = TenantKey("documents.File")
    subject_kind = models.CharField(max_length=60)
    subject_id = models.BigIntegerField()
    kind = models.CharField(max_length=30)
    language = models.CharField(max_length=2)
    number = models.CharField(max_length=60)
    document_date = models.DateField()
    name = models.CharField(max_length=255)
    party = TenantKey("parties.Party", null=True)
    amount_minor = models.BigIntegerField(null=True)
    currency = models.CharField(max_length=3, default="")
    command = TenantKey("base.Command")

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["tenant", "subject_kind", "subject_id", "kind", "file"], name="documents_filing_once"
            ),
        ]
        indexes = [
            models.Index(fields=["tenant", "number"], name="documents_filing_number"),
            models.Index(fields=["tenant", "document_date", "id"], name="documents_filing_date"),
            models.Index(fields=["tenant", "file"], name="documents_filing_file"),
            models.Index(fields=["tenant", "party", "document_date"], name="documents_filing_party"),
            models.Index(fields=["tenant", "amount_minor"], name="documents_filing_amount"),
        ]


class Rendering(OfTenant):
    """A sheet on its way to a PDF: wanted, done with its file, or failed with the reason."""

    sheet = TenantKey("documents.Sheet")
    state = models.CharField(max_length=10)
    reason = models.CharField(max_length=300)
    file = TenantKey("documents.File", null=True)
    command = TenantKey("base.Command")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["tenant", "sheet"], name="documents_rendering_once"),
            models.CheckConstraint(
                condition=Q(state__in=["wanted", "done", "failed"]), name="documents_rendering_state"
            ),
            models.CheckConstraint(
                condition=~Q(state="done") | Q(file__isnull=False), name="documents_rendering_has_file"
            ),
        ]
        indexes = [
            models.Index(fields=["tenant", "id"], condition=~Q(state="done"), name="documents_rendering_left"),
        ]
