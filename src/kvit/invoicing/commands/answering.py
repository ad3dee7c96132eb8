"""A customer answers a balance confirmation: it agrees, or differs in these items."""

from dataclasses import dataclass
from typing import Final

from kvit.base import codec, rows
from kvit.base.codec import Personal
from kvit.base.command import Ctx, command
from kvit.base.lifecycle import move
from kvit.invoicing import queries
from kvit.invoicing.domain.confirmations import (
    ANSWERABLE,
    CONFIRMATION,
    LONGEST_TEXT,
    MOST_DIFFERENCES,
    BadAnswer,
    ConfirmationState,
    Difference,
    NoSuchConfirmation,
    StaleAnswer,
    their_balance,
)
from kvit.invoicing.events import ConfirmationAnswered

_LONGEST_NAME: Final = 200
_MOST_ANSWERS: Final = 50


@dataclass(frozen=True)
class Answered:
    """The answer, and where the confirmation stands now."""

    answer_id: int
    state: ConfirmationState


@dataclass(frozen=True, slots=True)
class Signature:
    """Who answers for the customer, through which link, having seen the letter of this hash."""

    name: Personal[str]
    role: Personal[str]
    seen_sha256: str
    link_id: int | None = None


@dataclass(frozen=True, slots=True)
class Reply:
    """What is said: with no differences the balance agrees. `file_id` is the ledger that was laid beside."""

    differences: tuple[Difference, ...] = ()
    explanation: Personal[str] = ""
    file_id: int | None = None


@command
def answer_confirmation(ctx: Ctx, *, confirmation_id: int, signature: Signature, reply: Reply) -> Answered:
    """Sign for the customer: with no differences the balance agrees, else it differs in these.

    Name, time, link and the hash of the letter that was shown are the customer's signature.
    Who said that it differs may say it anew or agree after all. Refuses `BadAnswer`, `StaleAnswer`,
    `NoSuchConfirmation`.
    """
    who, office = signature.name.strip(), signature.role.strip()
    differences, explanation = reply.differences, reply.explanation
    if not 0 < len(who) <= _LONGEST_NAME or len(office) > _LONGEST_NAME or len(explanation) > LONGEST_TEXT:
        raise BadAnswer("an answer has a name, and a role and an explanation that are not too long")
    if len(differences) > MOST_DIFFERENCES or any(not _is_one(each) for each in differences):
        raise BadAnswer("each difference is in an amount, or an item that one of the two does not have")
    found = rows.select(
        "SELECT state, sha256 FROM invoicing_confirmation WHERE id = %s FOR NO KEY UPDATE", [confirmation_id]
    )
    if not found:
        raise NoSuchConfirmation(f"there is no confirmation {confirmation_id}")
    state, sha256 = ConfirmationState(found[0][0]), found[0][1]
    if state not in ANSWERABLE or sha256 != signature.seen_sha256:
        raise StaleAnswer(f"confirmation {confirmation_id} is answered for good, or another letter than the one shown")
    if len(queries.answers_of(confirmation_id)) >= _MOST_ANSWERS:
        raise StaleAnswer(f"confirmation {confirmation_id} was answered {_MOST_ANSWERS} times; talk to each other")
    letter = queries.confirmation_contents([confirmation_id])[confirmation_id]
    ((answer_id,),) = rows.select(
        """
        INSERT INTO invoicing_confirmationanswer (tenant_id, confirmation_id, link_id, agrees, name, role, explanation,
            their_balance_minor, differences, file_id, seen_sha256, at, command_id)
        VALUES (%s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s) RETURNING id
        """,
        [
            *(ctx.tenant_id, confirmation_id, signature.link_id, not differences, who, office, explanation.strip()),
            *(their_balance(letter, differences), codec.canonical(differences).decode(), reply.file_id, sha256),
            *(ctx.now, ctx.command_id),
        ],
    )
    reached = ConfirmationState.DIFFERS if differences else ConfirmationState.CONFIRMED
    if reached is not state:
        move(ctx, CONFIRMATION, [confirmation_id], to=reached)
    ctx.emit(ConfirmationAnswered(confirmation_id=confirmation_id, answer_id=answer_id, agrees=not differences))
    return Answered(answer_id, reached)


def _is_one(each: Difference) -> bool:
    return each.our_minor != each.their_minor and len(each.number) <= _LONGEST_NAME and len(each.note) <= LONGEST_TEXT
