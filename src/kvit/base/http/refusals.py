"""Why a request to the outside was not made or brought no answer."""

from typing import ClassVar

from kvit.kernel.refusals import DomainError


class OutboundRefused(DomainError):  # a refusal says what is wrong
    """The family. `maybe_received` tells whether the other side may have acted on the request.

    False: not a byte of it was sent, so it may be repeated or given up. True: what happened there is unknown,
    and anything that moves money has to ask before it tries again.
    """

    code: ClassVar[str] = "http.refused"

    def __init__(self, text: str, *, maybe_received: bool = False) -> None:
        super().__init__(text)
        self.maybe_received = maybe_received


class BadUrl(OutboundRefused):
    """Not an absolute https URL (or http, where the policy allows it) without user, password and tricks."""

    code: ClassVar[str] = "http.bad_url"


class BadRequest(OutboundRefused):
    """A method or a header that may not be sent."""

    code: ClassVar[str] = "http.bad_request"


class AddressRefused(OutboundRefused):
    """The host or port is not on the policy's list, or the name leads to an address that is not public."""

    code: ClassVar[str] = "http.address_refused"


class Unreachable(OutboundRefused):
    """The name is unknown, nobody answers, the certificate is not theirs, or the connection broke."""

    code: ClassVar[str] = "http.unreachable"


class TimedOut(OutboundRefused):
    """The whole exchange, name look-up included, took longer than the policy allows."""

    code: ClassVar[str] = "http.timeout"


class TooLarge(OutboundRefused):
    """The answer, unpacked, is larger than the policy allows."""

    code: ClassVar[str] = "http.too_large"


class Unreadable(OutboundRefused):
    """The answer is not HTTP, or is packed in a way that was not asked for or is damaged."""

    code: ClassVar[str] = "http.unreadable"
