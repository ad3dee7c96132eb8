"""A mailbox read over IMAP: the attachments of each message of a known sender, once.

A taken message keeps a mark of ours (`$KvitTaken`, or answered where the server keeps no marks of others), so that
whoever reads the mailbox too hides nothing from us; a message that gave nothing is flagged. Only senders that are
named are read. Anybody can write any sender into a message: let the bank send to an address that nobody else knows,
on a server that checks where messages come from. What arrives is judged by its balances like any file.
Source: RFC 3501.
"""

import contextlib
import email
import email.policy
import imaplib
import io
import ssl
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from email.message import EmailMessage
from typing import ClassVar, Final
from urllib.parse import unquote, urlsplit

from kvit.banking.domain.ports import Arrived
from kvit.kernel.refusals import DomainError

MAX_MESSAGE_BYTES: Final = 50 << 20
MAX_ATTACHMENTS: Final = 100
TIMEOUT_SECONDS: Final = 30
_MARK: Final = "$KvitTaken"
_HERE: Final = frozenset({"localhost", "127.0.0.1", "::1"})


class MailboxRefused(DomainError):
    """The mailbox cannot be reached, does not let us in, or its address is none."""

    code: ClassVar[str] = "banking.mailbox_refused"


@dataclass(frozen=True)
class Mailbox:
    """Where the mailbox is, who opens it, and from whose messages attachments are taken (addresses, or "@domain")."""

    host: str
    port: int
    user: str
    password: str = field(repr=False)
    folder: str
    is_plain: bool
    senders: frozenset[str]

    @contextmanager
    def opened(self) -> Iterator["OpenMailbox"]:
        """Sign in and choose the folder. Refuses `MailboxRefused`, also where the line breaks later."""
        try:
            if self.is_plain:
                line: imaplib.IMAP4 = imaplib.IMAP4(self.host, self.port, timeout=TIMEOUT_SECONDS)
            else:
                line = imaplib.IMAP4_SSL(
                    self.host, self.port, ssl_context=ssl.create_default_context(), timeout=TIMEOUT_SECONDS
                )
            with _closing(line):
                line.login(self.user, self.password)
                answer, _ = line.select(f'"{self.folder}"')
                if answer != "OK":
                    raise MailboxRefused(f"{self.host} has no folder {self.folder}")
                yield OpenMailbox(line, self.senders)
        except (imaplib.IMAP4.error, OSError) as error:
            raise MailboxRefused(f"the mailbox at {self.host} does not answer as it should: {error}") from error


@contextmanager
def _closing(line: imaplib.IMAP4) -> Iterator[None]:
    """Sign out, and close the socket whatever state the line is in."""
    try:
        yield
    finally:
        with contextlib.suppress(imaplib.IMAP4.error, OSError):
            line.logout()
        with contextlib.suppress(OSError):
            line.shutdown()


def mailbox_at(address: str, password: str, senders: str) -> Mailbox:
    """A mailbox from `imaps://user@host:993/FOLDER`, its password, and a list of senders with commas between.

    `imap://` sends the password in the clear and is for a server on this machine only. Refuses `MailboxRefused`.
    """
    parts = urlsplit(address)
    host = parts.hostname or ""
    allowed = frozenset(one.strip().lower() for one in senders.split(",") if one.strip())
    if parts.scheme not in ("imaps", "imap") or not host or not parts.username or parts.password:
        raise MailboxRefused("the address of a mailbox is like imaps://user@host/INBOX")
    if parts.scheme == "imap" and host not in _HERE:
        raise MailboxRefused(f"{host} would get the password in the clear; use imaps")
    if not allowed:
        raise MailboxRefused("name the senders whose messages are taken in")
    folder = unquote(parts.path.strip("/")) or "INBOX"
    if any(not letter.isprintable() or letter in '"\\' for letter in folder):
        raise MailboxRefused("the name of the folder holds a character that it cannot hold")
    port = parts.port or (143 if parts.scheme == "imap" else 993)
    return Mailbox(host, port, unquote(parts.username), password, folder, parts.scheme == "imap", allowed)


class OpenMailbox:
    """See `Inbox`. The id of what arrived is the message's UID and the attachment's number."""

    def __init__(self, line: imaplib.IMAP4, senders: frozenset[str]) -> None:
        self._line = line
        self._senders = senders
        _, permanent = line.response("PERMANENTFLAGS")
        kept = b" ".join(one for one in permanent or [] if isinstance(one, bytes))
        self._mark = _MARK if b"\\*" in kept or _MARK.encode() in kept else "\\Answered"
        self._left: dict[str, int] = {}
        self._bad: set[str] = set()

    def arrived(self) -> Iterator[Arrived]:
        """The attachments of messages without the mark; a message is marked when all of them are settled."""
        wanted = f"UNKEYWORD {_MARK}" if self._mark == _MARK else "UNANSWERED"
        found = b" ".join(one for one in self._asked("SEARCH", wanted) if isinstance(one, bytes))
        for uid in found.decode("ascii", "replace").split():
            if not uid.isdecimal() or not self._is_known_sender(uid):
                continue
            parts = self._attachments(uid)
            self._left[uid] = len(parts)
            if not parts:
                self._store(uid, is_good=True)
            yield from parts

    def settle(self, arrived: Arrived, *, is_good: bool, report: str) -> None:
        """Count the attachment; the message is marked with the last one, and flagged if one gave nothing."""
        uid = arrived.id.partition("/")[0]
        if not is_good:
            self._bad.add(uid)
        self._left[uid] -= 1
        if not self._left[uid]:
            self._store(uid, is_good=uid not in self._bad)

    def _store(self, uid: str, *, is_good: bool) -> None:
        self._asked("STORE", uid, "+FLAGS", f"({self._mark})" if is_good else f"({self._mark} \\Flagged)")

    def _asked(self, command: str, *arguments: str) -> Sequence[bytes | tuple[bytes, bytes] | None]:
        answer, data = self._line.uid(command, *arguments)
        if answer != "OK":
            raise imaplib.IMAP4.error(f"{command} was answered {answer}")
        return data

    def _fetched(self, uid: str, what: str) -> tuple[bytes, bytes]:
        """What stands around the literal, and the literal."""
        for part in self._asked("FETCH", uid, what):
            if isinstance(part, tuple):
                return part[0], part[1]
        return b"", b""

    def _is_known_sender(self, uid: str) -> bool:
        _, head = self._fetched(uid, "(BODY.PEEK[HEADER.FIELDS (FROM)])")
        message = email.message_from_bytes(head[:100_000], policy=email.policy.compat32)
        address = _address(str(message.get("From", "")))
        return address in self._senders or f"@{address.rpartition('@')[2]}" in self._senders

    def _attachments(self, uid: str) -> list[Arrived]:
        if self._size(uid) > MAX_MESSAGE_BYTES:
            return [Arrived(f"{uid}/0", f"message {uid}", None, f"it is larger than {MAX_MESSAGE_BYTES} bytes")]
        _, raw = self._fetched(uid, "(BODY.PEEK[])")
        message = email.message_from_bytes(raw, policy=email.policy.default)
        found = []
        for number, part in enumerate(_files(message)):
            if number == MAX_ATTACHMENTS:
                refused = f"it has more than {MAX_ATTACHMENTS} attachments; those after are not read"
                found.append(Arrived(f"{uid}/{number}", f"message {uid}", None, refused))
                break
            name = _name(part) or f"message-{uid}-{number + 1}"
            content = part.get_payload(decode=True)
            if isinstance(content, bytes):
                found.append(Arrived(f"{uid}/{number}", name, io.BytesIO(content)))
        return found

    def _size(self, uid: str) -> int:
        for part in self._asked("FETCH", uid, "(RFC822.SIZE)"):
            text = part if isinstance(part, bytes) else b""
            digits = text.partition(b"RFC822.SIZE ")[2].split(b")")[0].split(b" ")[0]
            if digits.isdigit():
                return int(digits)
        return MAX_MESSAGE_BYTES + 1


def _address(sender: str) -> str:
    """What stands between the only angle brackets, or all where there are none; "" for anything else.

    Stricter than a parser of addresses, which takes the first of "bank@bank.example <thief@evil.example>".
    """
    before, bracket, rest = sender.rpartition("<")
    address = rest.rstrip().removesuffix(">") if bracket else sender
    return "" if "<" in before or any(letter in address for letter in '<>,; "') else address.strip().lower()


def _files(message: EmailMessage) -> Iterator[EmailMessage]:
    """The parts that are files: with a name, or said to be attached; whole messages inside are looked into."""
    for part in message.walk():
        if part.is_multipart() or not isinstance(part, EmailMessage):
            continue
        if part.get_content_disposition() == "attachment" or _name(part):
            yield part


def _name(part: EmailMessage) -> str:
    """The file's name without folders and what cannot be shown; "" where it has none."""
    try:
        name = part.get_filename() or ""
    except (LookupError, ValueError):
        return ""
    last = name.replace("\\", "/").rpartition("/")[2]
    return "".join(letter for letter in last if letter.isprintable())[:200]
