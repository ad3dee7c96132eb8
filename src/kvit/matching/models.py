"""Links and what they booked beside, suggestions, rule, payers, refunds, reviews of the robot, a firm's own history."""

from django.db import models
from django.db.models import Q

from kvit.base.models import OfTenant, TenantKey


class Link(OfTenant):
    """A bank line booked by one ledger entry; undone links stay, and one line has one live link.

    `kind` says what was booked: a payment (to a party), a refund (money that goes back to one), or a line set aside to
    an account, which has no party. `amount_minor` is the line's: negative for money that went out. `confidence_ppm`,
    and what the robot asked of it, are in millionths and only of links that the robot made; `undone_as` tells whether
    a person called the link wrong.
    """

    line = TenantKey("banking.Line")
    party = TenantKey("parties.Party", null=True)
    entry = TenantKey("ledger.Entry")
    kind = models.CharField(max_length=20)
    amount_minor = models.BigIntegerField()
    currency = models.CharField(max_length=3)
    by_robot = models.BooleanField()
    confidence_ppm = models.IntegerField(null=True)
    threshold_ppm = models.IntegerField(null=True)
    target_ppm = models.IntegerField(null=True)
    evidence = models.JSONField()
    made_at = models.DateTimeField()
    state = models.CharField(max_length=30)
    undone_as = models.CharField(max_length=20)
    command = TenantKey("base.Command")

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["tenant", "line"], condition=Q(state="live"), name="matching_link_one_per_line"
            ),
            models.CheckConstraint(condition=Q(state__in=["live", "undone"]), name="matching_link_state"),
            models.CheckConstraint(condition=~Q(amount_minor=0), name="matching_link_amount"),
            models.CheckConstraint(
                condition=Q(kind="payment", amount_minor__gt=0, party__isnull=False)
                | Q(kind="refund", amount_minor__lt=0, party__isnull=False)
                | Q(kind="aside", party__isnull=True),
                name="matching_link_kind",
            ),
            models.CheckConstraint(
                condition=Q(undone_as__in=["", "wrong", "changed", "returned"]), name="matching_link_undone_as"
            ),
        ]
        indexes = [
            models.Index(fields=["tenant", "line", "id"], name="matching_link_of_line"),
            models.Index(fields=["tenant", "made_at"], condition=Q(by_robot=True), name="matching_link_by_robot"),
        ]


class Netting(OfTenant):
    """An allocation of a credit note that a link made; undoing the link takes back exactly these."""

    link = TenantKey("matching.Link")
    allocation = TenantKey("ledger.Allocation")
    command = TenantKey("base.Command")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["tenant", "allocation"], name="matching_netting_once")]
        indexes = [models.Index(fields=["tenant", "link"], name="matching_netting_of_link")]


class Suggestion(OfTenant):
    """What a waiting line may pay, as the engine last saw it; all of a line are replaced at each new look.

    `items` are {"item_id", "amount_minor"}; `evidence` is {"reasons": [[code, parameter]], …}; neither holds a name.
    """

    line = TenantKey("banking.Line")
    rank = models.SmallIntegerField()
    party = TenantKey("parties.Party")
    items = models.JSONField()
    confidence_ppm = models.IntegerField()
    evidence = models.JSONField()
    would_book = models.BooleanField()
    command = TenantKey("base.Command")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["tenant", "line", "rank"], name="matching_suggestion_rank"),
            models.CheckConstraint(condition=Q(rank__gte=1), name="matching_suggestion_from_one"),
        ]
        indexes = [models.Index(fields=["tenant", "party"], name="matching_suggestion_party")]


class Rule(OfTenant):
    """What the company lets the robot do, from an instant on; the newest row is in force."""

    mode = models.CharField(max_length=10)
    target_ppm = models.IntegerField()
    short_minor = models.BigIntegerField()
    short_permille = models.IntegerField()
    reminder_fee_minor = models.BigIntegerField()
    rounds_up_to_minor = models.BigIntegerField()
    most_items = models.SmallIntegerField()
    write_off_up_to_minor = models.BigIntegerField()
    reason = models.CharField(max_length=300)
    since_at = models.DateTimeField()
    command = TenantKey("base.Command")

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(mode__in=["off", "shadow", "live"]), name="matching_rule_mode"),
            models.CheckConstraint(
                condition=Q(target_ppm__gte=500_000, target_ppm__lt=1_000_000), name="matching_rule_target"
            ),
        ]


class Payer(OfTenant):
    """An account and a name that have paid for this customer; taught by people, and erased with the party.

    One account may stand for many customers. `account` is without blanks; `name_key` is the name as it is compared.
    """

    party = TenantKey("parties.Party")
    account = models.CharField(max_length=60)
    name = models.CharField(max_length=200)
    name_key = models.CharField(max_length=200, db_collation="C")
    times = models.IntegerField()
    source = models.CharField(max_length=20)
    state = models.CharField(max_length=10)
    first_command = TenantKey("base.Command")
    last_command = TenantKey("base.Command")
    learnt_at = models.DateTimeField()
    last_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["tenant", "party", "account", "name_key"],
                condition=Q(state="live"),
                name="matching_payer_once",
            ),
            models.CheckConstraint(condition=Q(state__in=["live", "removed"]), name="matching_payer_state"),
            models.CheckConstraint(condition=Q(times__gte=1), name="matching_payer_times"),
        ]
        indexes = [
            models.Index(fields=["tenant", "account"], condition=Q(state="live"), name="matching_payer_by_account"),
            models.Index(fields=["tenant", "name_key"], condition=Q(state="live"), name="matching_payer_by_name"),
        ]


class Refund(OfTenant):
    """Money of a linked payment that is to go back to who sent it: asked for, then paid by a line or withdrawn."""

    link = TenantKey("matching.Link")
    party = TenantKey("parties.Party")
    credit_item = TenantKey("ledger.OpenItem")
    amount_minor = models.BigIntegerField()
    currency = models.CharField(max_length=3)
    reason = models.CharField(max_length=300)
    asked_at = models.DateTimeField()
    state = models.CharField(max_length=10)
    paid_link = TenantKey("matching.Link", null=True)
    command = TenantKey("base.Command")

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(state__in=["asked", "paid", "withdrawn"]), name="matching_refund_state"),
            models.CheckConstraint(condition=Q(amount_minor__gt=0), name="matching_refund_amount"),
            models.UniqueConstraint(
                fields=["tenant", "credit_item"], condition=Q(state="asked"), name="matching_refund_one_asked"
            ),
        ]
        indexes = [models.Index(fields=["tenant", "link"], name="matching_refund_of_link")]


class Review(OfTenant):
    """How right the robot has been over a window, and the precision it aims at since; a row at each change."""

    from_date = models.DateField()
    linked_count = models.IntegerField()
    wrong_count = models.IntegerField()
    target_ppm = models.IntegerField()
    in_force_ppm = models.IntegerField()
    at = models.DateTimeField()
    command = TenantKey("base.Command")


class History(OfTenant):
    """A file of links that people have confirmed elsewhere; the file itself lies in the base by its content hash."""

    file = TenantKey("base.File")
    currency = models.CharField(max_length=3)
    given_at = models.DateTimeField()
    command = TenantKey("base.Command")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["tenant", "file"], name="matching_history_once")]


class HistoryReport(OfTenant):
    """What the robot would have done with a history; the newest of one counts. It names no payer."""

    history = TenantKey("matching.History")
    report = models.JSONField()
    at = models.DateTimeField()
    command = TenantKey("base.Command")

    class Meta:
        indexes = [models.Index(fields=["tenant", "history", "id"], name="matching_report_of_history")]


class Calibration(OfTenant):
    """How much surer than shipped the robot has to be from an instant on; the newest row is in force."""

    history = TenantKey("matching.History", null=True)
    factor_ppm = models.IntegerField()
    from_date = models.DateField(null=True)
    to_date = models.DateField(null=True)
    reason = models.CharField(max_length=300)
    since_at = models.DateTimeField()
    command = TenantKey("base.Command")

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(factor_ppm__gte=200_000, factor_ppm__lte=2_000_000), name="matching_calibration_factor"
            ),
        ]
        indexes = [models.Index(fields=["tenant", "history"], name="matching_calibration_history")]
