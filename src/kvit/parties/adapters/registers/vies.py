"""VIES of the European Commission, by its REST interface.

https://ec.europa.eu/taxation_customs/vies/#/technical-information: `GET /ms/{state}/vat/{number}`, and with a
requester `POST /check-vat-number`, whose answer carries a consultation number. Failures come with status 200 as
`userError` or as `errorWrappers`, beside an `isValid` that is false and says nothing.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final
from urllib.parse import quote

from kvit.base import http
from kvit.parties.adapters.registers.exchange import Reply, asked, silent, text
from kvit.parties.domain.registers import Answer, Question, Said

NO_REQUESTER: Final = "INVALID_REQUESTER_INFO"
_REFUSED: Final = frozenset({"INVALID_INPUT", NO_REQUESTER})
_BLOCKED: Final = frozenset({"IP_BLOCKED", "VAT_BLOCKED"})
_OF_ONE_STATE: Final = frozenset({"MS_UNAVAILABLE", "MS_MAX_CONCURRENT_REQ", "MS_MAX_CONCURRENT_REQ_TIME", "TIMEOUT"})
_JUDGED: Final = frozenset({"", "VALID", "INVALID"})
_NOT_OK: Final = 400
_BAD_REQUEST: Final = 400


@dataclass(frozen=True, slots=True)
class Vies:
    """VIES at a base address, `https://ec.europa.eu/taxation_customs/vies/rest-api`."""

    url: str
    policy: http.Policy

    def ask(self, question: Question) -> Answer:
        """Whether a VAT number is registered; with our own number for the proof, and without it where VIES minds."""
        if not question.requester:
            return self._plain(question)
        answer = self._with_requester(question)
        return self._plain(question) if answer.code == NO_REQUESTER else answer

    def _plain(self, question: Question) -> Answer:
        state, number = question.number[:2], quote(question.number[2:], safe="")
        return _read(asked("GET", f"{self.url}/ms/{state}/vat/{number}", policy=self.policy), question)

    def _with_requester(self, question: Question) -> Answer:
        given = {
            "countryCode": question.number[:2],
            "vatNumber": question.number[2:],
            "requesterMemberStateCode": question.requester[:2],
            "requesterNumber": question.requester[2:],
        }
        return _read(asked("POST", f"{self.url}/check-vat-number", policy=self.policy, given=given), question)


def _read(reply: Reply | Answer, question: Question) -> Answer:
    if isinstance(reply, Answer):
        return reply
    code = _code(reply.fields)
    if code not in _JUDGED or reply.status >= _NOT_OK or reply.fields.get("actionSucceed") is False:
        return _failed(code, reply.status)
    is_valid = reply.fields.get("valid", reply.fields.get("isValid"))
    if not isinstance(is_valid, bool) or not _is_about(reply.fields, question):
        return silent("strange_answer")
    if code and is_valid is not (code == "VALID"):
        return silent("strange_answer")
    return Answer(
        Said.YES if is_valid else Said.NO,
        request_id=text(reply.fields, "requestIdentifier"),
        code=code,
        name=text(reply.fields, "name") if is_valid else "",
    )


def _code(fields: Mapping[str, Any]) -> str:
    wrapped = fields.get("errorWrappers")
    if isinstance(wrapped, list) and wrapped:
        first = wrapped[0]
        return (text(first, "error") if isinstance(first, dict) else "") or "UNKNOWN_ERROR"
    return text(fields, "userError")


def _failed(code: str, status: int) -> Answer:
    if code in _BLOCKED:
        return silent(code, is_whole=True, said=Said.LIMIT)
    if code in _REFUSED or status == _BAD_REQUEST:
        return silent(code or f"http.{status}", said=Said.REFUSED)
    return silent(code or f"http.{status}", is_whole=code not in _OF_ONE_STATE)


def _is_about(fields: Mapping[str, Any], question: Question) -> bool:
    """Whether an answer that names a number names the one that was asked about."""
    number = text(fields, "vatNumber")
    return not number or number in (question.number, question.number[2:])
