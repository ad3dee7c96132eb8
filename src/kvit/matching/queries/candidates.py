"""What a person at the desk may choose from for one line, found without the engine."""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from kvit.banking import queries as banking
from kvit.banking.queries import BankLine
from kvit.invoicing import queries as invoicing
from kvit.ledger import queries as ledger
from kvit.ledger.queries import Item
from kvit.matching.domain.evidence import Reason
from kvit.matching.queries.payers import parties_of_payer, payers_by_account
from kvit.matching.queries.suggestions import Suggestion, first_suggestions, suggestions
from kvit.parties import queries as parties

_WORD: Final = re.compile(r"[A-Za-z0-9]+")
_DIGITS: Final = re.compile(r"\D+")
_LEAST_DIGITS: Final = 4
_CUSTOMERS: Final = 8
_OF_A_CUSTOMER: Final = 12


@dataclass(frozen=True, slots=True)
class CandidateItem:
    """An open item about a document: `open_minor` is open of it now, `amount_minor` what the line would pay of it.

    A credit note that would be netted has both negative.
    """

    item_id: int
    invoice_id: int
    amount_minor: int
    open_minor: int


@dataclass(frozen=True, slots=True)
class Candidate:
    """What the line may pay, of one customer: one item, or a set of them that is paid together.

    `rank` is that of the robot's suggestion, to be confirmed by `confirm_suggestion`; 0 where the robot did not
    suggest it. `found_by` is robot, account, number, amount, name or text; `reasons` are codes of evidence with
    their parameters. `confidence_ppm` is the robot's, in millionths, 0 for what it did not suggest.
    """

    rank: int
    party_id: int
    items: tuple[CandidateItem, ...]
    found_by: str
    reasons: tuple[Reason, ...]
    confidence_ppm: int


def candidates(line_id: int, text: str = "", *, limit: int = 20) -> tuple[Candidate, ...]:
    """What the line may pay, the likeliest first, with what is open now; empty for money that went out.

    The robot's suggestions as far as they are still open; then items of whom this account or name has paid for, of
    the number quoted, of the equal amount, of the payer's name. With `text` only what it finds: a number, or the
    beginning of a customer's name. Needs the tenant's scope.
    """
    line = next(iter(banking.lines([line_id])), None)
    if line is None or line.amount_minor <= 0:
        return ()
    found = _by_text(line, text) if text.strip() else (*_by_robot(line), *_by_books(line))
    chosen: dict[tuple[int, ...], Candidate] = {}
    for candidate in found:
        chosen.setdefault(tuple(item.item_id for item in candidate.items), candidate)
        if len(chosen) >= limit:
            break
    return tuple(chosen.values())


def numbers_in(*texts: str) -> tuple[str, ...]:
    """What in texts may be the number or reference of a document: words with digits, with their dashes and without,
    and each text without blanks.
    """
    found: list[str] = []
    for text in texts:
        words = _WORD.findall(text.upper())
        written = [word.strip(".,;:()") for word in text.upper().split()]
        found += [word for word in (*words, *written) if len(_DIGITS.sub("", word)) >= _LEAST_DIGITS]
        whole = "".join(words)
        if len(words) > 1 and len(_DIGITS.sub("", whole)) >= _LEAST_DIGITS and len(whole) <= 35:
            found.append(whole)
    return tuple(dict.fromkeys(found))


def _by_robot(line: BankLine) -> Iterator[Candidate]:
    """The suggestions kept, each only while all that it would pay is open."""
    kept = suggestions([line.id])
    items = {i.id: i for i in ledger.items_by_id([item.item_id for one in kept for item in one.items])}
    for one in kept:
        if all(item.item_id in items for item in one.items) and _is_open(one, items):
            yield Candidate(
                rank=one.rank,
                party_id=one.party_id,
                items=tuple(_item(items[item.item_id], abs(item.amount_minor)) for item in one.items),
                found_by="robot",
                reasons=one.evidence.reasons,
                confidence_ppm=one.confidence_ppm,
            )


def _is_open(one: Suggestion, items: Mapping[int, Item]) -> bool:
    return all(items[item.item_id].open_minor >= abs(item.amount_minor) for item in one.items)


def outdated() -> tuple[int, ...]:
    """Lines whose first suggestion would pay what has been paid otherwise since. Needs the tenant's scope."""
    first = first_suggestions()
    items = {i.id: i for i in ledger.items_by_id(sorted({item.item_id for one in first for item in one.items}))}
    return tuple(
        one.line_id for one in first if any(item.item_id not in items for item in one.items) or not _is_open(one, items)
    )


def _by_books(line: BankLine) -> Iterator[Candidate]:
    quoted = _documents(numbers_in(line.reference, line.text))
    yield from _singles(line, ledger.items_of_subjects("invoice", quoted), "number", "reference_equal")
    known = {payer.party_id for payer in payers_by_account([line.counterparty_account])}
    yield from _of_customers(line, known, "account", "account_known")
    equal = ledger.open_of_amount(line.amount_minor, line.currency, limit=_OF_A_CUSTOMER)
    yield from _singles(line, equal, "amount", "amount_equal")
    named = {hit.party_id for hit in parties.search(line.counterparty_name, limit=_CUSTOMERS)}
    learnt = set(parties_of_payer([line.counterparty_name])) - known
    yield from _of_customers(line, learnt, "name", "name_learnt")
    yield from _of_customers(line, named - learnt - known, "name", "name_equal")


def _by_text(line: BankLine, text: str) -> Iterator[Candidate]:
    yield from _singles(line, ledger.items_of_subjects("invoice", _documents(numbers_in(text))), "text", "")
    number = invoicing.find_customers([text.strip()])
    named = {hit.party_id for hit in parties.search(text, limit=_CUSTOMERS)}
    yield from _of_customers(line, named | {key.party_id for key in number.values()}, "text", "")


def _documents(numbers: Sequence[str]) -> list[int]:
    rows = [*invoicing.by_references(numbers), *invoicing.by_numbers(numbers)]
    return [row.id for row in rows if row.is_claim]


def _of_customers(line: BankLine, party_ids: Iterable[int], found_by: str, code: str) -> Iterator[Candidate]:
    for party_id in sorted(party_ids)[:_CUSTOMERS]:
        items = [i for i in ledger.open_items(party_id) if i.side == "debit" and i.subject_kind == "invoice"]
        yield from _singles(line, items[:_OF_A_CUSTOMER], found_by, code)


def _singles(line: BankLine, items: Iterable[Item], found_by: str, code: str) -> Iterator[Candidate]:
    """One item each, what equals the amount first."""
    fit = [i for i in items if i.side == "debit" and i.open_minor and i.currency == line.currency]
    for item in sorted(fit, key=lambda i: i.open_minor != line.amount_minor):
        reasons = ((code, 0),) if code and code != "amount_equal" else ()
        if item.open_minor == line.amount_minor:
            reasons = (*reasons, ("amount_equal", 0))
        yield Candidate(0, item.party_id, (_item(item, line.amount_minor),), found_by, reasons, 0)


def _item(item: Item, wanted: int) -> CandidateItem:
    sign = 1 if item.side == "debit" else -1
    paid = min(wanted, item.open_minor)
    return CandidateItem(item.id, item.subject_id, sign * paid, sign * item.open_minor)
