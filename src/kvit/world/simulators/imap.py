"""A mailbox server: as much of IMAP4rev1 (RFC 3501) as a reader of one folder needs, over a real socket."""

import re
import socketserver
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Final

from typing_extensions import override

_LITERAL: Final = re.compile(rb"\{([0-9]+)\}$")
_CAPABILITIES: Final = "IMAP4rev1"


@dataclass
class Message:
    """A message as it lies on the server, and its flags."""

    content: bytes
    flags: set[str] = field(default_factory=set)


@dataclass
class MailServer:
    """One account with one folder. `keeps_marks`: whether clients may invent flags."""

    user: str = "kvit"
    password: str = "secret"  # noqa: S105 - of a simulator on this machine
    keeps_marks: bool = True
    messages: list[Message] = field(default_factory=list)
    port: int = 0
    drops_after_stores: int | None = None  # so many marks are kept, then the line breaks

    def deliver(self, content: bytes) -> Message:
        """Put a message into the folder."""
        message = Message(content)
        self.messages.append(message)
        return message

    @contextmanager
    def running(self) -> Iterator["MailServer"]:
        """Serve on a free port of this machine until the block ends."""
        account = self

        class Handler(_Session):
            server_account = account

        with socketserver.ThreadingTCPServer(("127.0.0.1", 0), Handler) as server:
            server.daemon_threads = True
            self.port = server.server_address[1]
            thread = threading.Thread(target=server.serve_forever, daemon=True)
            thread.start()
            try:
                yield self
            finally:
                server.shutdown()
                thread.join()


class _Session(socketserver.StreamRequestHandler):
    """One client's line: a tag and a command, then untagged answers and the tagged one."""

    server_account: MailServer

    @override
    def handle(self) -> None:
        self.account = self.server_account
        self.is_in = self.is_open = False
        self._say(f"* OK [CAPABILITY {_CAPABILITIES}] ready")
        while line := self._line():
            tag, _, rest = line.partition(" ")
            name, _, arguments = rest.partition(" ")
            name = name.upper()
            if name == "UID":
                name, _, arguments = arguments.partition(" ")
                name = f"UID {name.upper()}"
            if name == "LOGOUT":
                self._say("* BYE see you")
                self._say(f"{tag} OK done")
                return
            answer = self._answer(name, arguments)
            if answer is None:
                return
            self._say(f"{tag} {answer}")

    def _answer(self, name: str, arguments: str) -> str | None:
        if name in ("CAPABILITY", "NOOP"):
            self._say(f"* CAPABILITY {_CAPABILITIES}")
            return "OK done"
        if name == "LOGIN":
            self.is_in = _words(arguments) == [self.account.user, self.account.password]
            return "OK welcome" if self.is_in else "NO wrong user or password"
        if not self.is_in:
            return "BAD sign in first"
        if name == "SELECT":
            return self._select(arguments)
        return self._in_the_folder(name, arguments) if self.is_open else "BAD choose a folder first"

    def _in_the_folder(self, name: str, arguments: str) -> str | None:
        if name == "UID SEARCH":
            return self._search(arguments)
        if name == "UID FETCH":
            return self._fetch(*arguments.split(" ", 1))
        if name == "UID STORE":
            return self._store(*arguments.split(" ", 2))
        return "BAD unknown command"

    def _select(self, arguments: str) -> str:
        self.is_open = _words(arguments) == ["INBOX"]
        if not self.is_open:
            return "NO no such folder"
        self._say(f"* {len(self.account.messages)} EXISTS")
        self._say("* OK [UIDVALIDITY 1] fixed")
        own = " \\*" if self.account.keeps_marks else ""
        self._say(f"* OK [PERMANENTFLAGS (\\Answered \\Flagged \\Seen{own})] may be kept")
        return "OK [READ-WRITE] open"

    def _search(self, arguments: str) -> str:
        words = arguments.upper().split()
        without = "\\ANSWERED" if words == ["UNANSWERED"] else words[-1]
        found = [
            str(number)
            for number, one in enumerate(self.account.messages, 1)
            if without not in {flag.upper() for flag in one.flags}
        ]
        self._say(f"* SEARCH {' '.join(found)}".rstrip())
        return "OK done"

    def _fetch(self, uid: str, what: str) -> str:
        message = self.account.messages[int(uid) - 1]
        if "RFC822.SIZE" in what.upper():
            self._say(f"* {uid} FETCH (UID {uid} RFC822.SIZE {len(message.content)})")
            return "OK done"
        head, _, _ = message.content.partition(b"\r\n\r\n")
        section, body = ("BODY[]", message.content)
        if "HEADER.FIELDS" in what.upper():
            lines = [line for line in head.split(b"\r\n") if line.lower().startswith(b"from:")]
            section, body = "BODY[HEADER.FIELDS (FROM)]", b"\r\n".join([*lines, b"", b""])
        self.wfile.write(f"* {uid} FETCH (UID {uid} {section} {{{len(body)}}}\r\n".encode() + body + b")\r\n")
        return "OK done"

    def _store(self, uid: str, how: str, flags: str) -> str | None:
        account = self.account
        if account.drops_after_stores is not None:
            account.drops_after_stores -= 1
            if account.drops_after_stores < 0:
                return None
        given = flags.strip("()").split()
        if not account.keeps_marks and any(not flag.startswith("\\") for flag in given):
            return "NO no flags of your own here"
        message = account.messages[int(uid) - 1]
        message.flags |= set(given) if how.upper().startswith("+FLAGS") else set()
        self._say(f"* {uid} FETCH (UID {uid} FLAGS ({' '.join(sorted(message.flags))}))")
        return "OK done"

    def _line(self) -> str:
        line = self.rfile.readline(65536).rstrip(b"\r\n")
        while literal := _LITERAL.search(line):
            self._say("+ go on")
            size = int(literal[1])
            line = line[: literal.start()] + b'"' + self.rfile.read(size) + b'"' + self.rfile.readline().rstrip(b"\r\n")
        return line.decode("utf-8", "replace")

    def _say(self, line: str) -> None:
        self.wfile.write(f"{line}\r\n".encode())


def _words(text: str) -> list[str]:
    """Atoms and quoted strings."""
    return [quoted or atom for quoted, atom in re.findall(r'"([^"]*)"|(\S+)', text)]
