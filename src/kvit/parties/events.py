"""What happens to parties; ids only, since events are kept when a person is erased."""

from dataclasses import dataclass

from kvit.parties.domain.consents import ConsentKind
from kvit.parties.domain.registers import CheckOutcome, Reason, Register


@dataclass(frozen=True)
class PartyRegistered:
    """A party is known now."""

    party_id: int


@dataclass(frozen=True)
class PartiesRegistered:
    """A chunk of parties is known now."""

    party_ids: tuple[int, ...]


@dataclass(frozen=True)
class PartyRenamed:
    """A party has another name; the former one still finds it."""

    party_id: int


@dataclass(frozen=True)
class LanguageChanged:
    """A party reads another language from now on."""

    party_id: int


@dataclass(frozen=True)
class AddressChanged:
    """A party has another address."""

    party_id: int


@dataclass(frozen=True)
class ContactChanged:
    """A way to reach a party was added or closed."""

    party_id: int
    contact_id: int


@dataclass(frozen=True)
class LoginChanged:
    """Somebody may sign in for a party, or no longer may."""

    party_id: int
    login_id: int


@dataclass(frozen=True)
class ConsentChanged:
    """A party gave or withdrew a consent."""

    party_id: int
    kind: ConsentKind
    is_given: bool


@dataclass(frozen=True)
class IdentityAdded:
    """A party claims a number that nobody has checked yet."""

    party_id: int
    identity_id: int


@dataclass(frozen=True)
class IdentityVerified:
    """A source confirmed that a number is the party's."""

    party_id: int
    identity_id: int


@dataclass(frozen=True)
class IdentityRefuted:
    """A source denied that a number is the party's."""

    party_id: int
    identity_id: int


@dataclass(frozen=True)
class IdentitiesExpired:
    """The checks of a set of identities are too old to be relied on."""

    identity_ids: tuple[int, ...]


@dataclass(frozen=True)
class FactRecorded:
    """Something was learnt about a party."""

    party_id: int
    fact_id: int


@dataclass(frozen=True)
class RegisterSwitched:
    """A company asks a register from now on, or no longer."""

    register: Register
    is_on: bool


@dataclass(frozen=True)
class RegistersAsked:
    """Questions about numbers are to be put now."""

    inquiry_ids: tuple[int, ...]


@dataclass(frozen=True)
class RegisterAnswered:
    """An inquiry about a party's number has come to an outcome."""

    party_id: int
    identity_id: int
    outcome: CheckOutcome
    reason: Reason


@dataclass(frozen=True)
class NumberDecided:
    """A person said whether a number is the party's."""

    party_id: int
    identity_id: int


@dataclass(frozen=True)
class KnowledgeLookedOver:
    """What is known was looked over: of these parties something is out of date that no register renews.

    `is_whole`: these are all of them.
    """

    party_ids: tuple[int, ...]
    is_whole: bool


@dataclass(frozen=True)
class PersonErased:
    """A person's data are gone; what other contexts hold about them in words should go as well."""

    party_id: int
