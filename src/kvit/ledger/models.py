"""The books: accounts, entries with lines, open items, allocations; rows are only ever added. What was handed out.

The application's role inserts entries, lines and allocations and nothing else. Open items, what is allocated
of them, and customers' balances are written by triggers from those rows (docs/decisions/0004).
"""

from django.db import models
from django.db.models import F, Q, Value

from kvit.base.models import OfTenant, OwnTenant, TenantKey


class Account(OfTenant):
    """A general-ledger account by its system code; a control account keeps an open item per line."""

    code = models.CharField(max_length=40)
    name = models.CharField(max_length=120)
    control = models.BooleanField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["tenant", "code"], name="ledger_account_code")]


class Entry(OfTenant):
    """The header of a journal entry; a trigger sees that its lines come with it and balance."""

    entry_date = models.DateField()
    recorded_at = models.DateTimeField()
    kind = models.CharField(max_length=30)
    subject_kind = models.CharField(max_length=30)
    subject_id = models.BigIntegerField()
    line_count = models.SmallIntegerField()
    command = TenantKey("base.Command")
    reverses = TenantKey("ledger.Entry", null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(line_count__gte=2), name="ledger_entry_two_lines"),
            models.UniqueConstraint(
                fields=["tenant", "reverses"], name="ledger_entry_reversed_once", condition=Q(reverses__isnull=False)
            ),
        ]
        indexes = [models.Index(fields=["tenant", "subject_kind", "subject_id"], name="ledger_entry_subject")]


class Line(models.Model):
    """One side of an entry: debit positive, credit negative."""

    pk = models.CompositePrimaryKey("tenant_id", "entry_id", "position")
    tenant = OwnTenant()
    entry = TenantKey("ledger.Entry")
    position = models.SmallIntegerField()
    account = TenantKey("ledger.Account")
    currency = models.CharField(max_length=3)
    amount_minor = models.BigIntegerField()
    party = TenantKey("parties.Party", null=True)
    due_date = models.DateField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=~Q(amount_minor=0), name="ledger_line_not_zero"),
            models.CheckConstraint(condition=Q(position__gte=1), name="ledger_line_position"),
        ]
        # None by party: the lines of a party are its open items, which have one.
        indexes = [models.Index(fields=["tenant", "account", "currency", "entry"], name="ledger_line_account")]


class OpenItem(OfTenant):
    """What is owed by one line on a control account, and how much of it is still open."""

    account = TenantKey("ledger.Account")
    party = TenantKey("parties.Party")
    side = models.CharField(max_length=6)
    currency = models.CharField(max_length=3)
    amount_minor = models.BigIntegerField()
    allocated_minor = models.BigIntegerField(db_default=Value(0))
    open_minor = models.GeneratedField(
        expression=F("amount_minor") - F("allocated_minor"), output_field=models.BigIntegerField(), db_persist=True
    )
    item_date = models.DateField()
    due_date = models.DateField(null=True)
    subject_kind = models.CharField(max_length=30)
    subject_id = models.BigIntegerField()
    entry = TenantKey("ledger.Entry")
    position = models.SmallIntegerField()

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(amount_minor__gt=0), name="ledger_openitem_amount"),
            models.CheckConstraint(condition=Q(side__in=["debit", "credit"]), name="ledger_openitem_side"),
            models.CheckConstraint(
                condition=Q(allocated_minor__gte=0, allocated_minor__lte=F("amount_minor")),
                name="ledger_openitem_capacity",
            ),
            models.UniqueConstraint(fields=["tenant", "entry", "position"], name="ledger_openitem_line"),
        ]
        indexes = [
            # Not partial on what is open: a settled item is updated in place only where no index speaks of it.
            models.Index(fields=["tenant", "party", "due_date"], name="ledger_openitem_party"),
            models.Index(fields=["tenant", "subject_kind", "subject_id"], name="ledger_openitem_subject"),
            # Documents by what they come to, which never changes; what is settled of them is asked of the row.
            models.Index(
                fields=["tenant", "amount_minor"],
                condition=Q(side="debit", due_date__isnull=False),
                name="ledger_openitem_amount",
            ),
        ]


class Allocation(OfTenant):
    """How much of a credit item settles a debit item; a reversal is a row of its own with the amount negated."""

    debit_item = TenantKey("ledger.OpenItem")
    credit_item = TenantKey("ledger.OpenItem")
    amount_minor = models.BigIntegerField()
    allocation_date = models.DateField()
    recorded_at = models.DateTimeField()
    command = TenantKey("base.Command")
    reverses = TenantKey("ledger.Allocation", null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(amount_minor__gt=0, reverses__isnull=True) | Q(amount_minor__lt=0, reverses__isnull=False),
                name="ledger_allocation_sign",
            ),
            models.UniqueConstraint(
                fields=["tenant", "reverses"],
                name="ledger_allocation_reversed_once",
                condition=Q(reverses__isnull=False),
            ),
        ]
        indexes = [
            models.Index(fields=["tenant", "debit_item"], name="ledger_allocation_debit"),
            models.Index(fields=["tenant", "credit_item"], name="ledger_allocation_credit"),
        ]


class Balance(models.Model):
    """The running balance of one party on one control account: the only balance kept per row (RELIABILITY 2)."""

    pk = models.CompositePrimaryKey("tenant_id", "party_id", "account_id", "currency")
    tenant = OwnTenant()
    party = TenantKey("parties.Party")
    account = TenantKey("ledger.Account")
    currency = models.CharField(max_length=3)
    balance_minor = models.BigIntegerField()


class Checkpoint(OfTenant):
    """The sum of an account's lines through an entry, so that a hot account is summed from there on."""

    account = TenantKey("ledger.Account")
    currency = models.CharField(max_length=3)
    through_entry_id = models.BigIntegerField()
    balance_minor = models.BigIntegerField()
    command = TenantKey("base.Command")

    class Meta:
        indexes = [models.Index(fields=["tenant", "account", "currency", "id"], name="ledger_checkpoint_latest")]


class AccountMapping(OfTenant):
    """What an account of ours is called in the company's own chart; used from the next file on."""

    account = TenantKey("ledger.Account")
    number = models.CharField(max_length=20)
    name = models.CharField(max_length=120)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["tenant", "account"], name="ledger_mapping_once")]


class Export(OfTenant):
    """Entries that are handed to the accountant together: made, delivered, acknowledged or refused."""

    sequence = models.IntegerField()
    from_date = models.DateField()
    to_date = models.DateField()
    state = models.CharField(max_length=20)
    entry_count = models.IntegerField()
    line_count = models.IntegerField()
    version = models.SmallIntegerField()
    formats = models.CharField(max_length=100)
    answer = models.CharField(max_length=300)
    answered_by = models.CharField(max_length=200)
    at = models.DateTimeField()
    command = TenantKey("base.Command")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["tenant", "sequence"], name="ledger_export_sequence"),
            models.CheckConstraint(
                condition=Q(state__in=["preparing", "made", "delivered", "acknowledged", "refused"]),
                name="ledger_export_state",
            ),
            models.CheckConstraint(condition=Q(from_date__lte=F("to_date")), name="ledger_export_period"),
            models.CheckConstraint(condition=Q(entry_count__gte=1), name="ledger_export_not_empty"),
        ]


class ExportedEntry(models.Model):
    """An entry belongs to one export at most, where it has its number in the journal of its year, without gaps."""

    pk = models.CompositePrimaryKey("tenant_id", "entry_id")
    tenant = OwnTenant()
    entry = TenantKey("ledger.Entry")
    export = TenantKey("ledger.Export")
    year = models.SmallIntegerField()
    number = models.IntegerField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["tenant", "export", "year", "number"], name="ledger_exported_of"),
            models.UniqueConstraint(fields=["tenant", "year", "number"], name="ledger_exported_number"),
            models.CheckConstraint(condition=Q(number__gte=1), name="ledger_exported_from_one"),
        ]


class ExportFile(OfTenant):
    """A file of an export, kept as it was made; a refused export gets files of a higher version."""

    export = TenantKey("ledger.Export")
    version = models.SmallIntegerField()
    format = models.CharField(max_length=20)
    currency = models.CharField(max_length=3)
    name = models.CharField(max_length=200)
    file = TenantKey("base.File")
    sha256 = models.CharField(max_length=64)
    size = models.BigIntegerField()
    row_count = models.IntegerField()
    note = models.CharField(max_length=300)
    at = models.DateTimeField()
    command = TenantKey("base.Command")

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["tenant", "export", "version", "format", "currency"], name="ledger_exportfile_once"
            ),
            models.CheckConstraint(condition=Q(sha256__regex="^[0-9a-f]{64}$"), name="ledger_exportfile_hashed"),
        ]


class ExportTrouble(OfTenant):
    """Why a file of an export could not be made."""

    export = TenantKey("ledger.Export")
    version = models.SmallIntegerField()
    format = models.CharField(max_length=20)
    reason_code = models.CharField(max_length=60)
    reason = models.CharField(max_length=300)
    at = models.DateTimeField()
    command = TenantKey("base.Command")

    class Meta:
        indexes = [models.Index(fields=["tenant", "export", "id"], name="ledger_exporttrouble_of")]
