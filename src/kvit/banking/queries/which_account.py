"""Of which of the company's accounts a statement is: what its file names or what was told of it; nothing is guessed."""

from kvit.banking.domain import Header, account_key
from kvit.base import rows


def account_of(header: Header, *, intake_id: int) -> int | None:
    """The account that the file names or that was told of it; None where a person has to say it.

    A file of which neither is known is taken only where there is nothing to choose: the company has one account in
    the currency, and statements that this profile read were booked on it before. Where the profile names the
    currency and the file does not, accounts in every currency count. Needs the tenant's scope.
    """
    number = account_key(header.account_number)
    is_open = header.is_currency_assumed or not header.currency
    fitting = _fitting(number, "" if is_open else header.currency)
    told = account_told(intake_id)
    found = None
    if told is not None and told[0] in fitting:
        found = told[0]
    elif len(fitting) == 1 and (number or (told is None and may_be_taken(fitting, header.profile))):
        found = next(iter(fitting))
    if found is not None and header.currency not in ("", fitting[found]):
        return None  # its lines were read in another currency
    return found


def may_be_taken(sole: dict[int, str], profile: str) -> bool:
    """Whether the company's only account in the currency is one that files read by this profile are of."""
    found = rows.select(
        "SELECT DISTINCT account_id FROM banking_statement WHERE profile = %s AND profile <> '' AND state = 'booked'",
        [profile],
    )
    return bool(sole.keys() & {row[0] for row in found})


def account_told(intake_id: int) -> tuple[int, str] | None:
    """The account, and its currency, of a file that names none, if somebody said it. Needs the tenant's scope."""
    found = rows.select(
        """
        SELECT a.id, a.currency FROM banking_intake i JOIN banking_account a ON a.id = i.account_id WHERE i.id = %s
        """,
        [intake_id],
    )
    return (int(found[0][0]), str(found[0][1])) if found else None


def candidates(statement_id: int) -> dict[int, str]:
    """The accounts, with their currencies, that a statement without one may be of; empty where none fits.

    One that is not alone in its file is read in the currency that is assumed for it. Needs the tenant's scope.
    """
    found = rows.select(
        "SELECT account_number, currency, currency_assumed FROM banking_statement WHERE id = %s", [statement_id]
    )
    if not found:
        return {}
    number, currency, is_assumed = found[0]
    return _fitting(account_key(number), "" if is_assumed and is_alone(statement_id) else currency)


def is_alone(statement_id: int) -> bool:
    """Whether a statement is all of its file, so that what is told of the one holds for the other."""
    found = rows.select(
        """
        SELECT FROM banking_statement s JOIN banking_intake i ON i.id = s.intake_id
        WHERE s.id = %s AND i.format <> 'zip'
          AND NOT EXISTS (SELECT FROM banking_statement o WHERE o.intake_id = s.intake_id AND o.id <> s.id)
        """,
        [statement_id],
    )
    return bool(found)


def _fitting(number: str, currency: str) -> dict[int, str]:
    """The company's accounts, with their currencies, of a number and in a currency where these are not empty."""
    found = rows.select("SELECT id, number, currency FROM banking_account ORDER BY id")
    return {
        int(account_id): of_currency
        for account_id, of, of_currency in found
        if number in ("", of) and currency in ("", of_currency)
    }
