"""Accounts at banks, files taken in, statements, their lines, what could not be read; payment files and payments."""

from django.db import models
from django.db.models import Q

from kvit.base.models import OfTenant, TenantKey


class Account(OfTenant):
    """One of the company's accounts: an IBAN, a national number, a bankgiro or plusgiro."""

    number = models.CharField(max_length=40)
    kind = models.CharField(max_length=10)
    currency = models.CharField(max_length=3)
    name = models.CharField(max_length=120)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["tenant", "number", "currency"], name="banking_account_number"),
            models.CheckConstraint(
                condition=Q(kind__in=["iban", "bankgiro", "plusgiro", "national"]), name="banking_account_kind"
            ),
        ]


class Intake(OfTenant):
    """A bank file being taken in; the file itself lies in the base by its content hash.

    `account` is the one it is of where it names none itself: told by the way it came, or by a person.
    """

    file = TenantKey("base.File")
    format = models.CharField(max_length=20)
    account = TenantKey("banking.Account", null=True)
    state = models.CharField(max_length=30)
    command = TenantKey("base.Command")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["tenant", "file"], name="banking_intake_once"),
            models.CheckConstraint(condition=Q(state__in=["open", "done"]), name="banking_intake_state"),
        ]


class CsvProfile(OfTenant):
    """How the company reads a CSV that no shipped profile knows; `shape` is a digest of the names in its header."""

    name = models.CharField(max_length=120)
    shape = models.CharField(max_length=64)
    profile = models.JSONField()
    command = TenantKey("base.Command")
    retired_by = TenantKey("base.Command", null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["tenant", "shape"], condition=Q(retired_by__isnull=True), name="banking_csvprofile_shape"
            ),
        ]


class Statement(OfTenant):
    """One account's movements in one file: received, then booked, or held until a person decides.

    `profile` is that of a file in columns, "" for others; with `currency_assumed` the profile named the currency.
    """

    intake = TenantKey("banking.Intake")
    place = models.CharField(max_length=60)
    account = TenantKey("banking.Account", null=True)
    account_number = models.CharField(max_length=40)
    currency = models.CharField(max_length=3)
    statement_number = models.CharField(max_length=80)
    sequence_number = models.CharField(max_length=40)
    from_date = models.DateField(null=True)
    to_date = models.DateField(null=True)
    opening_minor = models.BigIntegerField(null=True)
    closing_minor = models.BigIntegerField(null=True)
    state = models.CharField(max_length=30)
    hold_code = models.CharField(max_length=40)
    hold_reason = models.CharField(max_length=300)
    profile = models.CharField(max_length=80, default="")
    currency_assumed = models.BooleanField(default=False)
    command = TenantKey("base.Command")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["tenant", "intake", "place"], name="banking_statement_once"),
            models.CheckConstraint(
                condition=Q(state__in=["received", "booked", "held", "rejected"]), name="banking_statement_state"
            ),
            models.CheckConstraint(
                condition=~Q(state="booked") | Q(account__isnull=False), name="banking_statement_booked_on_account"
            ),
        ]
        indexes = [models.Index(fields=["tenant", "account", "to_date"], name="banking_statement_account")]


class AcceptedBreak(OfTenant):
    """A person has looked at where two statements of an account do not follow each other, and leaves it so."""

    before = TenantKey("banking.Statement")
    after = TenantKey("banking.Statement")
    reason = models.CharField(max_length=300)
    command = TenantKey("base.Command")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["tenant", "before", "after"], name="banking_acceptedbreak_once"),
        ]


class Line(OfTenant):
    """One booked movement; the same movement from another file finds this row by its content key."""

    statement = TenantKey("banking.Statement")
    account = TenantKey("banking.Account")
    content_key = models.UUIDField()
    place = models.CharField(max_length=60)
    booking_date = models.DateField()
    value_date = models.DateField(null=True)
    amount_minor = models.BigIntegerField()
    currency = models.CharField(max_length=3)
    counterparty_name = models.CharField(max_length=200)
    counterparty_account = models.CharField(max_length=60)
    reference = models.CharField(max_length=140)
    text = models.TextField()
    bank_id = models.CharField(max_length=80)
    details = models.JSONField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["tenant", "account", "content_key"], name="banking_line_once"),
        ]
        indexes = [models.Index(fields=["tenant", "statement", "id"], name="banking_line_statement")]


class LineClaim(OfTenant):
    """A statement says a line too that lies with another, not booked one: whichever is booked first books it."""

    statement = TenantKey("banking.Statement")
    line = TenantKey("banking.Line")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["tenant", "statement", "line"], name="banking_lineclaim_once"),
        ]


class Returned(OfTenant):
    """A line that takes another one back: money that did not stay, and the bank's reason."""

    line = TenantKey("banking.Line")
    returned_line = TenantKey("banking.Line")
    reason_code = models.CharField(max_length=35)
    command = TenantKey("base.Command")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["tenant", "line"], name="banking_returned_once"),
            models.UniqueConstraint(fields=["tenant", "returned_line"], name="banking_returned_line_once"),
        ]


class ReadingProblem(OfTenant):
    """What a reader could not read, and where it stands in the file."""

    intake = TenantKey("banking.Intake")
    place = models.CharField(max_length=200)
    reason = models.CharField(max_length=500)
    set_aside = models.CharField(max_length=300)
    set_aside_by = TenantKey("base.Command", null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["tenant", "intake", "place", "reason"], name="banking_problem_once")
        ]


class PaymentFile(OfTenant):
    """A file of payments to a bank; the file itself lies in the base by its content hash and never changes."""

    account = TenantKey("banking.Account")
    format = models.CharField(max_length=30)
    message_id = models.CharField(max_length=35)
    execution_date = models.DateField()
    payment_count = models.IntegerField()
    total_minor = models.BigIntegerField()
    currency = models.CharField(max_length=3)
    file = TenantKey("base.File")
    notes = models.JSONField()
    state = models.CharField(max_length=30)
    made_by = models.CharField(max_length=100)
    command = TenantKey("base.Command")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["tenant", "message_id"], name="banking_paymentfile_message"),
            models.CheckConstraint(
                condition=Q(payment_count__gt=0, total_minor__gt=0), name="banking_paymentfile_pays_something"
            ),
            models.CheckConstraint(
                condition=Q(
                    state__in=[
                        "made",
                        "signed",
                        "sending",
                        "sent",
                        "unknown",
                        "acknowledged",
                        "partly_rejected",
                        "rejected",
                        "discarded",
                    ]
                ),
                name="banking_paymentfile_state",
            ),
        ]


class PaymentSignature(OfTenant):
    """A person has signed this content of a payment file."""

    payment_file = TenantKey("banking.PaymentFile")
    person = models.CharField(max_length=100)
    sha256 = models.CharField(max_length=64)
    at = models.DateTimeField()
    command = TenantKey("base.Command")

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["tenant", "payment_file", "person"], name="banking_paymentsignature_once_each"
            )
        ]


class Payment(OfTenant):
    """One payment in a file. A subject has at most one that is, or may yet be, made."""

    payment_file = TenantKey("banking.PaymentFile")
    end_to_end_id = models.CharField(max_length=35)
    subject_kind = models.CharField(max_length=60)
    subject_id = models.BigIntegerField()
    amount_minor = models.BigIntegerField()
    currency = models.CharField(max_length=3)
    payee_name = models.CharField(max_length=200)
    payee_account = models.CharField(max_length=60)
    state = models.CharField(max_length=30)
    reason = models.CharField(max_length=300)
    command = TenantKey("base.Command")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["tenant", "payment_file", "end_to_end_id"], name="banking_payment_id"),
            models.UniqueConstraint(
                fields=["tenant", "subject_kind", "subject_id"],
                condition=Q(state__in=["open", "accepted"]),
                name="banking_payment_one_live",
            ),
            models.CheckConstraint(condition=Q(amount_minor__gt=0), name="banking_payment_amount"),
            models.CheckConstraint(
                condition=Q(state__in=["open", "accepted", "rejected", "discarded"]), name="banking_payment_state"
            ),
        ]
