"""Public registers: VIES and the Polish white list as they speak over HTTP, with their errors, limits and delays."""

import json
import re
import threading
import time
from collections import Counter, deque
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date, datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, Final
from urllib.parse import parse_qs, urlsplit

from typing_extensions import override

from kvit.base.clock import SystemClock
from kvit.kernel.identifiers import pl_nip, pl_nrb

_POLL_MS: Final = 20
VIES: Final = "/taxation_customs/vies/rest-api"
_MS: Final = re.compile(VIES + r"/ms/([A-Z]{2})/vat/([^/]+)")
_SEARCH: Final = re.compile(r"/api/search/nip/([^/]+)")
_CHECK: Final = re.compile(r"/api/check/nip/([^/]+)/bank-account/([^/]+)")
_WORDS: Final = {
    "WL-101": "Pole 'data' nie może być puste.",
    "WL-103": "Data nie może być datą przyszłą.",
    "WL-109": "Pole 'numer konta' ma nieprawidłową długość. Wymagane 26 znaków.",
    "WL-113": "Pole 'NIP' ma nieprawidłową długość. Wymagane 10 znaków.",
    "WL-114": "Pole 'NIP' zawiera niedozwolone znaki. Wymagane tylko cyfry.",
    "WL-115": "Nieprawidłowy NIP.",
    "WL-191": "Osiągnięto limit zapytań dla danego adresu IP w ciągu doby.",
    "WL-195": "Nastąpiła aktualizacja bazy danych. Proszę wysłać zapytanie ponownie.",
    "WL-196": "Trwa aktualizacja bazy danych. Proszę spróbować później.",
}
SILENCE, CUT, NONSENSE, BUSY = "silence", "cut", "nonsense", "http.503"
"""Troubles of the network beside the registers' own codes: no answer, half of one, something else, none of theirs."""


@dataclass(frozen=True, slots=True)
class Taxpayer:
    """Who stands in the white list; accounts of 26 digits, `status` as the list writes it."""

    name: str
    status: str = "Czynny"
    accounts: tuple[str, ...] = ()


@dataclass
class Registers:
    """One machine that answers for both. `taxpayer` and `vat_holder` are who is listed under a NIP, a VAT number.

    `troubles` are had one after another by the next questions: a code of VIES (`MS_UNAVAILABLE`), of the white list
    (`WL-196`), or one of the network. `down` are states whose own register VIES cannot reach. `latest` is the last
    day that the list can be asked for; `searches_a_day` and `checks_a_day` its limits.
    """

    taxpayer: Callable[[str], Taxpayer | None] = lambda nip: None
    vat_holder: Callable[[str], str | None] = lambda number: None
    latest: Callable[[], date] | None = None
    now: Callable[[], datetime] = SystemClock().now
    searches_a_day: int = 100
    checks_a_day: int = 5000
    delay_ms: int = 0
    down: set[str] = field(default_factory=set)
    troubles: deque[str] = field(default_factory=deque)
    requests: list[tuple[str, str, Mapping[str, Any]]] = field(default_factory=list)
    asked: Counter[str] = field(default_factory=Counter)
    port: int = 0
    ending: threading.Event = field(default_factory=threading.Event)

    @property
    def white_list_url(self) -> str:
        """Where the white list is asked."""
        return f"http://127.0.0.1:{self.port}"

    @property
    def vies_url(self) -> str:
        """Where VIES is asked."""
        return f"http://127.0.0.1:{self.port}{VIES}"

    @contextmanager
    def running(self) -> Iterator["Registers"]:
        """Serve on a free port of this machine until the block ends."""
        registers = self

        class Handler(_Exchange):
            server_registers = registers

        with _Server(("127.0.0.1", 0), Handler) as server:
            self.port = int(server.server_address[1])
            thread = threading.Thread(target=server.serve_forever, args=(_POLL_MS / 1000,), daemon=True)
            thread.start()
            try:
                yield self
            finally:
                self.ending.set()
                server.shutdown()
                thread.join()


class _Server(ThreadingHTTPServer):
    daemon_threads = True

    @override
    def handle_error(self, request: Any, client_address: Any) -> None:
        """Clients that hang up are part of the game."""


class _Exchange(BaseHTTPRequestHandler):
    """One question and its answer."""

    server_registers: Registers
    protocol_version = "HTTP/1.1"

    @override
    def log_message(self, format: str, *args: Any) -> None:
        """Not to the terminal."""

    def do_GET(self) -> None:
        """A state's number, a taxpayer, an account."""
        self._answer({})

    def do_POST(self) -> None:
        """A number with who asks for it."""
        content = self.rfile.read(int(self.headers.get("content-length", "0")))
        try:
            given = json.loads(content)
        except ValueError:
            given = None
        if not isinstance(given, dict):
            self._send({"actionSucceed": False, "errorWrappers": [{"error": "VOW-ERR-11"}]}, status=400)
            return
        self._answer(given)

    def _answer(self, given: Mapping[str, Any]) -> None:
        registers, (path, query) = self.server_registers, self._target()
        registers.requests.append((self.command, self.path, given))
        if registers.delay_ms:
            time.sleep(registers.delay_ms / 1000)
        trouble = registers.troubles.popleft() if registers.troubles else ""
        if self._has_network_trouble(trouble):
            return
        if found := _MS.fullmatch(path):
            self._vies(found[1], found[2], trouble)
        elif path == f"{VIES}/check-vat-number" and self.command == "POST":
            self._vies_with_requester(given, trouble)
        elif (found := _SEARCH.fullmatch(path)) or (found := _CHECK.fullmatch(path)):
            self._white_list(found[1], found[2] if found.re is _CHECK else None, query, trouble)
        else:
            self._send({"timestamp": "", "status": 404, "error": "Not Found"}, status=404)

    def _target(self) -> tuple[str, Mapping[str, list[str]]]:
        parts = urlsplit(self.path)
        return parts.path, parse_qs(parts.query)

    def _has_network_trouble(self, trouble: str) -> bool:
        if trouble == SILENCE:
            self.server_registers.ending.wait(30)
        elif trouble == CUT:
            self.wfile.write(b'HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n{"isVa')
        elif trouble == NONSENSE:
            self._send_bytes(b"<html>maintenance</html>", "text/html", 200)
        elif trouble == BUSY:
            self._send_bytes(b"upstream connect error", "text/plain", 503)
        if trouble in (SILENCE, CUT):
            self.close_connection = True
        return trouble in (SILENCE, CUT, NONSENSE, BUSY)

    def _vies(self, state: str, number: str, trouble: str) -> None:
        """Status 200 whatever happened; a failure is a number that is "not valid", with its code beside."""
        code = trouble or ("MS_UNAVAILABLE" if state in self.server_registers.down else "")
        name = None if code else self.server_registers.vat_holder(state + number)
        self._send(
            {
                "isValid": name is not None,
                "requestDate": self._moment(),
                "userError": code or ("VALID" if name is not None else "INVALID"),
                "name": name or "---",
                "address": "---",
                "requestIdentifier": "",
                "originalVatNumber": number,
                "vatNumber": number,
            }
        )

    def _vies_with_requester(self, given: Mapping[str, Any], trouble: str) -> None:
        state, number = str(given.get("countryCode", "")), str(given.get("vatNumber", ""))
        code = trouble or ("MS_UNAVAILABLE" if state in self.server_registers.down else "")
        requester = f"{given.get('requesterMemberStateCode', '')}{given.get('requesterNumber', '')}"
        if not code and requester and self.server_registers.vat_holder(requester) is None:
            code = "INVALID_REQUESTER_INFO"
        if code:
            self._send({"actionSucceed": False, "errorWrappers": [{"error": code}]})
            return
        name = self.server_registers.vat_holder(state + number)
        self._send(
            {
                "countryCode": state,
                "vatNumber": number,
                "requestDate": self._moment(),
                "valid": name is not None,
                "requestIdentifier": f"WAPI{len(self.server_registers.requests):012d}" if requester else "",
                "name": name or "---",
                "address": "---",
            }
        )

    def _white_list(self, nip: str, account: str | None, query: Mapping[str, list[str]], trouble: str) -> None:
        registers = self.server_registers
        method, limit = ("search", registers.searches_a_day) if account is None else ("check", registers.checks_a_day)
        day = query.get("date", [""])[0]
        registers.asked[method] += 1
        code = trouble or ("WL-191" if registers.asked[method] > limit else "") or self._refusal(nip, account, day)
        if code:
            self._send({"code": code, "message": _WORDS.get(code, code)}, status=400)
            return
        found = registers.taxpayer(nip)
        result: dict[str, Any] = {
            "requestDateTime": registers.now().strftime("%d-%m-%Y %H:%M:%S"),
            "requestId": f"d2n10-{len(registers.requests):07x}",
        }
        if account is None:
            result["subject"] = None if found is None else _subject(nip, found)
        else:
            result["accountAssigned"] = "TAK" if found and account in found.accounts else "NIE"
        self._send({"result": result})

    def _refusal(self, nip: str, account: str | None, day: str) -> str:
        checks = (
            ("WL-101", not day and account is None),
            ("WL-103", bool(day) and self.server_registers.latest is not None and day > str(self._latest())),
            ("WL-113", len(nip) != 10),
            ("WL-114", not nip.isdecimal()),
            ("WL-115", not pl_nip.is_valid(nip)),
            ("WL-109", account is not None and not pl_nrb.is_valid(account)),
        )
        return next((code for code, is_wrong in checks if is_wrong), "")

    def _moment(self) -> str:
        return self.server_registers.now().strftime("%Y-%m-%dT%H:%M:%S.000Z")

    def _latest(self) -> date:
        return self.server_registers.latest() if self.server_registers.latest else date.max

    def _send(self, fields: Mapping[str, Any], *, status: int = 200) -> None:
        self._send_bytes(json.dumps(fields, ensure_ascii=False).encode(), "application/json", status)

    def _send_bytes(self, content: bytes, kind: str, status: int) -> None:
        self.send_response(status)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)


def _subject(nip: str, found: Taxpayer) -> dict[str, Any]:
    return {
        "name": found.name,
        "nip": nip,
        "statusVat": found.status,
        "regon": None,
        "krs": None,
        "accountNumbers": list(found.accounts),
        "hasVirtualAccounts": False,
    }
