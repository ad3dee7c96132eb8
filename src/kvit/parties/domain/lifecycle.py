"""States of an identity (claimed, found true, found wrong, checked too long ago) and of an inquiry about it."""

from collections.abc import Mapping
from enum import StrEnum
from typing import Final


class IdentityState(StrEnum):
    """How far a party's number may be relied on."""

    UNVERIFIED = "unverified"
    VERIFIED = "verified"
    REFUTED = "refuted"
    EXPIRED = "expired"


# A register may have been wrong, or the number given anew: nothing but the erasure of a person is final,
# and that leaves no number behind to be moved.
MOVES: Final[Mapping[IdentityState, frozenset[IdentityState]]] = {
    IdentityState.UNVERIFIED: frozenset({IdentityState.VERIFIED, IdentityState.REFUTED, IdentityState.EXPIRED}),
    IdentityState.VERIFIED: frozenset({IdentityState.REFUTED, IdentityState.EXPIRED}),
    IdentityState.REFUTED: frozenset({IdentityState.VERIFIED, IdentityState.EXPIRED}),
    IdentityState.EXPIRED: frozenset({IdentityState.VERIFIED, IdentityState.REFUTED}),
}


class InquiryState(StrEnum):
    """Where a question to a register stands."""

    WAITING = "waiting"
    ASKED = "asked"
    ANSWERED = "answered"
    DROPPED = "dropped"


# A question waits for its time, and again after every silence; dropped is one that is not to be asked any more.
INQUIRY_MOVES: Final[Mapping[InquiryState, frozenset[InquiryState]]] = {
    InquiryState.WAITING: frozenset({InquiryState.ASKED, InquiryState.DROPPED}),
    InquiryState.ASKED: frozenset({InquiryState.WAITING, InquiryState.ANSWERED, InquiryState.DROPPED}),
    InquiryState.ANSWERED: frozenset(),
    InquiryState.DROPPED: frozenset(),
}
