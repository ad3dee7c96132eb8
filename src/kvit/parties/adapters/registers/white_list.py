"""The Polish list of VAT taxpayers, by its interface "API Rejestr WL" 1.6 of the Ministry of Finance.

https://wl-api.mf.gov.pl: `GET /api/search/nip/{nip}?date=` gives the subject with its name and VAT status, null where
nobody is listed under the number; `GET /api/check/nip/{nip}/bank-account/{account}?date=` says TAK or NIE. Each answer
carries a `requestId`, the proof in law of having asked. Errors come with status 400 as `WL-1xx`; `WL-191` is the
limit of a day, `WL-195` and `WL-196` that the list is being renewed.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final
from urllib.parse import quote

from kvit.base import http
from kvit.parties.adapters.registers.exchange import Reply, asked, part, silent, text
from kvit.parties.domain.registers import Answer, Question, Said, VatStatus

_LIMIT: Final = "WL-191"
_LATER: Final = frozenset({"WL-100", "WL-195", "WL-196"})
_TOO_MANY, _BAD_REQUEST, _OK = 429, 400, 200
_SAID: Final[Mapping[str, Said]] = {"TAK": Said.YES, "NIE": Said.NO}
_STATUS: Final[Mapping[str, VatStatus]] = {
    "czynny": VatStatus.ACTIVE,
    "zwolniony": VatStatus.EXEMPT,
    "niezarejestrowany": VatStatus.NOT_REGISTERED,
}


@dataclass(frozen=True, slots=True)
class WhiteList:
    """The list at a base address, `https://wl-api.mf.gov.pl`."""

    url: str
    policy: http.Policy

    def ask(self, question: Question) -> Answer:
        """Who is listed under a NIP, or whether an account is listed as this NIP's."""
        nip, day = quote(question.number, safe=""), f"?date={question.on_date}" if question.on_date else ""
        if question.account:
            account = quote(question.account, safe="")
            path = f"/api/check/nip/{nip}/bank-account/{account}{day}"
        else:
            path = f"/api/search/nip/{nip}{day}"
        reply = asked("GET", f"{self.url}{path}", policy=self.policy)
        if isinstance(reply, Answer):
            # The limit of a day may come from a machine before theirs, without a word of JSON.
            return silent(reply.code, is_whole=True, said=Said.LIMIT) if reply.code == "http.429" else reply
        if reply.status != _OK:
            return _failed(reply)
        return _assigned(reply) if question.account else _subject(reply, question)


def _failed(reply: Reply) -> Answer:
    code = text(reply.fields, "code")
    if code == _LIMIT or reply.status == _TOO_MANY:
        return silent(code or "http.429", is_whole=True, said=Said.LIMIT)
    if reply.status == _BAD_REQUEST and code and code not in _LATER:
        return silent(code, said=Said.REFUSED)
    return silent(code or f"http.{reply.status}", is_whole=True)


def _assigned(reply: Reply) -> Answer:
    result = part(reply.fields, "result")
    said, request_id = _SAID.get(text(result, "accountAssigned").upper()), text(result, "requestId")
    if said is None or not request_id:
        return silent("strange_answer")
    return Answer(said, request_id=request_id)


def _subject(reply: Reply, question: Question) -> Answer:
    result = part(reply.fields, "result")
    request_id = text(result, "requestId")
    if not request_id or "subject" not in result:
        return silent("strange_answer")
    subject = result["subject"]
    if subject is None:
        return Answer(Said.NO, request_id=request_id, vat_status=VatStatus.NOT_REGISTERED)
    if not isinstance(subject, dict) or text(subject, "nip") != question.number:
        return silent("strange_answer")
    return Answer(
        Said.YES,
        request_id=request_id,
        name=text(subject, "name"),
        vat_status=_STATUS.get(text(subject, "statusVat").lower()),
    )
