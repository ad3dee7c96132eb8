"""Public registers that know numbers: which one knows what, what it is asked, and what its answer means."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from enum import StrEnum
from typing import Final

from kvit.base.codec import Personal
from kvit.parties.domain import names
from kvit.parties.domain.identities import IdentityKind


class Register(StrEnum):
    """A register that answers machines.

    `VIES` is the European Commission's: whether a VAT number is good for trade between member states (Regulation
    (EU) 904/2010, article 31). `WHITE_LIST` is the Polish list of VAT taxpayers with their bank accounts
    (VAT Act of 11 March 2004, article 96b).
    """

    VIES = "vies"
    WHITE_LIST = "white_list"


class Said(StrEnum):
    """What came back: yes or no, or no answer for now, for today, or to this question at all."""

    YES = "yes"
    NO = "no"
    UNAVAILABLE = "unavailable"
    LIMIT = "limit"
    REFUSED = "refused"


class CheckOutcome(StrEnum):
    """What an inquiry came to; silence is never more than `UNKNOWN`."""

    VERIFIED = "verified"
    REFUTED = "refuted"
    UNKNOWN = "unknown"


class Reason(StrEnum):
    """Why an inquiry came to its outcome."""

    CONFIRMED = "confirmed"
    DENIED = "denied"
    NOT_LISTED = "not_listed"
    NAME_DIFFERS = "name_differs"
    TAKEN = "taken"
    REFUSED = "refused"
    NO_ANSWER = "no_answer"


class VatStatus(StrEnum):
    """What the white list says of a taxpayer; the value of the fact `vat_status`."""

    ACTIVE = "active"
    EXEMPT = "exempt"
    NOT_REGISTERED = "not_registered"


@dataclass(frozen=True, slots=True)
class Question:
    """What a register is asked.

    `number` is a VAT number with its state's letters for VIES, a NIP for the white list; `account` 26 digits of a
    Polish account, where it is asked whose account it is. `requester` is our own VAT number with its letters: VIES
    then gives a consultation number. A white list of `on_date` is asked.
    """

    register: Register
    number: str
    account: str = ""
    requester: str = ""
    on_date: date | None = None
    is_no_final: bool = True  # False: not to be listed says nothing against the number


@dataclass(frozen=True, slots=True)
class Answer:
    """What a register said.

    `request_id` is its own proof of the question, `code` what it (or the network) called its silence. `name` is the
    holder's as registered, empty where the register gives none. `is_whole`: its silence is about every number, not
    about one country or one question.
    """

    said: Said
    request_id: str = ""
    code: str = ""
    name: Personal[str] = ""
    vat_status: VatStatus | None = None
    is_whole: bool = False


@dataclass(frozen=True, slots=True)
class Judgement:
    """What follows from an answer."""

    outcome: CheckOutcome
    reason: Reason


DOUBTS: Final = frozenset({Reason.DENIED, Reason.NAME_DIFFERS, Reason.TAKEN, Reason.REFUSED, Reason.NO_ANSWER})
"""Reasons that a person has to look at."""

KINDS: Final[Mapping[Register, frozenset[IdentityKind]]] = {
    Register.VIES: frozenset({IdentityKind.VAT, IdentityKind.ORGNR, IdentityKind.CUI}),
    Register.WHITE_LIST: frozenset({IdentityKind.NIP, IdentityKind.IBAN}),
}
"""The numbers of which each register can say anything."""

RENEW_AFTER_DAYS: Final[Mapping[IdentityKind, int]] = {
    IdentityKind.VAT: 90,
    IdentityKind.ORGNR: 90,
    IdentityKind.CUI: 90,
    IdentityKind.NIP: 90,
    IdentityKind.IBAN: 30,
}
"""When a check asks to be made anew: an account is moved more quickly than a number is lost."""

GRACE_DAYS: Final = 30
"""So long after that day a check is still relied on, while the register is asked anew."""

MOST_A_DAY: Final[Mapping[Register, int]] = {Register.VIES: 500, Register.WHITE_LIST: 90}
"""How many numbers the daily pass asks about; the ministry takes 100 searches a day from one address."""

MOST_ATTEMPTS: Final = 12
_PAUSES_MINUTES: Final = (5, 15, 60, 180, 360, 720, 1440)
_AFTER_MIDNIGHT_IN_WARSAW: Final = time(23, 10)  # UTC: ten past midnight in winter, ten past one in summer
_DIGITS_OF_A_NIP: Final = 10


def register_of(kind: IdentityKind, value: str) -> Register | None:
    """The register that knows this number; None where none does. Of accounts only Polish ones are listed."""
    if kind is IdentityKind.IBAN and not value.startswith("PL"):
        return None
    return next((register for register, kinds in KINDS.items() if kind in kinds), None)


def question(kind: IdentityKind, value: str, others: Sequence[tuple[IdentityKind, str]]) -> Question | None:
    """What to ask about a party's number; None where no register can be asked.

    `others` are the party's further numbers: an account is asked about together with its holder's NIP. A Swedish
    organisation number and a Romanian CUI are asked for as the VAT numbers made from them; who is not registered
    for VAT is in no list, and nothing follows from that.
    """
    if kind is IdentityKind.VAT:
        return Question(Register.VIES, value)
    if kind is IdentityKind.ORGNR:
        return Question(Register.VIES, f"SE{value}01", is_no_final=False)
    if kind is IdentityKind.CUI:
        return Question(Register.VIES, f"RO{value.removeprefix('RO')}", is_no_final=False)
    if kind is IdentityKind.NIP:
        return Question(Register.WHITE_LIST, value, is_no_final=False)
    nip = _nip_among(others)
    if kind is IdentityKind.IBAN and value.startswith("PL") and nip:
        return Question(Register.WHITE_LIST, nip, account=value.removeprefix("PL"))
    return None


def judged(question: Question, answer: Answer, *, party_name: str, is_person: bool) -> Judgement:
    """What an answer means for the number of a party of this name.

    A number that is registered under another name is not verified: it may be somebody else's.
    """
    if answer.said is Said.YES:
        agrees = not answer.name or names.agree(party_name, answer.name, is_person=is_person)
        return (
            Judgement(CheckOutcome.VERIFIED, Reason.CONFIRMED)
            if agrees
            else Judgement(CheckOutcome.UNKNOWN, Reason.NAME_DIFFERS)
        )
    if answer.said is Said.NO:
        return (
            Judgement(CheckOutcome.REFUTED, Reason.DENIED)
            if question.is_no_final
            else Judgement(CheckOutcome.UNKNOWN, Reason.NOT_LISTED)
        )
    return Judgement(CheckOutcome.UNKNOWN, Reason.REFUSED if answer.said is Said.REFUSED else Reason.NO_ANSWER)


def ask_again_at(said: Said, *, attempts: int, now: datetime) -> datetime | None:
    """When a silent register is asked again, by growing pauses; after the limit of a day on the next one.

    None where it answered, where it will never take the question, or after a dozen attempts in a week.
    """
    if said is Said.LIMIT:
        return rests_until(now)
    if said is not Said.UNAVAILABLE or attempts >= MOST_ATTEMPTS:
        return None
    return now + timedelta(minutes=_PAUSES_MINUTES[min(attempts, len(_PAUSES_MINUTES)) - 1])


def rests_until(now: datetime) -> datetime:
    """Until when a register that has had enough for today is left alone: past the next midnight in Warsaw."""
    today = datetime.combine(now.date(), _AFTER_MIDNIGHT_IN_WARSAW, now.tzinfo)
    return today if now < today else today + timedelta(days=1)


def key_of_the_day(today: date) -> str:
    """The key under which what is known is looked over once a day."""
    return f"day:{today.isoformat()}"


def _nip_among(others: Sequence[tuple[IdentityKind, str]]) -> str:
    for kind, value in others:
        if kind is IdentityKind.NIP:
            return value
    for kind, value in others:
        if kind is IdentityKind.VAT and value.startswith("PL") and len(value) == 2 + _DIGITS_OF_A_NIP:
            return value.removeprefix("PL")
    return ""
