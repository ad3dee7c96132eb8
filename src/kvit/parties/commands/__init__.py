"""What can be done to parties."""

from kvit.parties.commands.consents import BadConsent, ConsentRecorded, give_consent, withdraw_consent
from kvit.parties.commands.contacts import ContactAdded, ContactClosed, NoSuchContact, add_contact, close_contact
from kvit.parties.commands.erasure import Erased, NotAPerson, erase_person
from kvit.parties.commands.facts import Recorded, record_fact
from kvit.parties.commands.hold import NoSuchParty, PartyErased
from kvit.parties.commands.identities import (
    BadVerification,
    IdentityKnown,
    IdentityTaken,
    NoSuchIdentity,
    Outcome,
    VerificationRecorded,
    VerificationsExpired,
    add_identity,
    expire_verifications,
    record_verification,
)
from kvit.parties.commands.logins import LoginClosed, LoginOpened, NoSuchLogin, close_login, open_login
from kvit.parties.commands.particulars import (
    AddressSet,
    LanguageSet,
    Renamed,
    change_language,
    rename_party,
    set_address,
)
from kvit.parties.commands.registration import (
    BadParty,
    ChunkRegistered,
    Registered,
    register_parties,
    register_party,
)

__all__ = [
    "AddressSet",
    "BadConsent",
    "BadParty",
    "BadVerification",
    "ChunkRegistered",
    "ConsentRecorded",
    "ContactAdded",
    "ContactClosed",
    "Erased",
    "IdentityKnown",
    "IdentityTaken",
    "LanguageSet",
    "LoginClosed",
    "LoginOpened",
    "NoSuchContact",
    "NoSuchIdentity",
    "NoSuchLogin",
    "NoSuchParty",
    "NotAPerson",
    "Outcome",
    "PartyErased",
    "Recorded",
    "Registered",
    "Renamed",
    "VerificationRecorded",
    "VerificationsExpired",
    "add_contact",
    "add_identity",
    "change_language",
    "close_contact",
    "close_login",
    "erase_person",
    "expire_verifications",
    "give_consent",
    "open_login",
    "record_fact",
    "record_verification",
    "register_parties",
    "register_party",
    "rename_party",
    "set_address",
    "withdraw_consent",
]
