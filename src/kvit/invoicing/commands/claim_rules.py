"""Set what customers may say about claims and get by themselves."""

from dataclasses import dataclass

from kvit.base import rows
from kvit.base.command import Ctx, command
from kvit.invoicing.domain import ClaimRule
from kvit.invoicing.domain.facts import check_rule


@dataclass(frozen=True)
class ClaimRuleSet:
    """The row that holds from now on."""

    rule_id: int


@command
def set_claim_rule(ctx: Ctx, *, rule: ClaimRule) -> ClaimRuleSet:
    """From now on this holds; what was said before keeps the days that it was given. Refuses `BadClaimRule`."""
    check_rule(rule)
    ((rule_id,),) = rows.select(
        """
        INSERT INTO invoicing_claimrule (tenant_id, stale_after_days, longest_promise_days, longest_extension_days,
                                         free_extension_days, at, command_id)
        VALUES (%s, %s, %s, %s, %s, %s, %s) RETURNING id
        """,
        [
            ctx.tenant_id,
            rule.stale_after_days,
            rule.longest_promise_days,
            rule.longest_extension_days,
            rule.free_extension_days,
            ctx.now,
            ctx.command_id,
        ],
    )
    return ClaimRuleSet(int(rule_id))
