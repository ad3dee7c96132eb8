"""States of an identity: claimed by somebody, found true, found wrong, or checked too long ago."""

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
