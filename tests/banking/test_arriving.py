"""What is put into a folder or sent to a mailbox is taken in once, whatever happens in between."""

import os
from collections.abc import Iterator
from email.message import EmailMessage
from pathlib import Path

import pytest

from bank_files import Pay, Stmt, camt
from kvit.banking import commands, jobs
from kvit.banking.adapters.inbox import FolderInbox, FolderTaken
from kvit.banking.adapters.inbox import folder as folders
from kvit.banking.adapters.mailbox import MailboxRefused, mailbox_at
from kvit.banking.adapters.mailbox import imap as adapter
from kvit.banking.jobs import watching
from kvit.base.command import Ctx
from kvit.world.simulators.imap import MailServer, Message
from receivables import bank_balance, counts

GOOD = camt(Stmt([Pay(1000)]))
OTHER = camt(Stmt([Pay(70, bank_id="B2")], opening_minor=1000))
BANK = "statements@bank.example"


class Folder:
    """A watched folder."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.inbox = FolderInbox(path)

    def put(self, name: str, data: bytes = GOOD) -> None:
        (self.path / name).write_bytes(data)

    def look(self, ctx: Ctx) -> list[tuple[str, bool]]:
        """One look."""
        return [(one.name, one.is_good) for one in watching.take_arrived(ctx, self.inbox)]

    def lies(self) -> list[str]:
        """Every file, by its path in the folder."""
        found = (p for p in self.path.rglob("*") if not p.is_dir() and p.name != ".lock")
        return sorted(str(p.relative_to(self.path)) for p in found)


@pytest.fixture
def watched(tmp_path: Path) -> Iterator[Folder]:
    folder = Folder(tmp_path)
    with folder.inbox.watched():
        yield folder


class TestAFileInTheFolder:
    def test_is_taken_once_and_moved_with_a_report(self, books_open: Ctx, account: int, watched: Folder) -> None:
        watched.put("march.xml")
        assert [watched.look(books_open) for _ in range(3)] == [[], [("march.xml", True)], []]
        assert watched.lies() == ["done/march.xml", "done/march.xml.report.txt"]
        report = (watched.path / "done/march.xml.report.txt").read_text()
        assert "booked, 1 new and 0 known lines" in report
        assert bank_balance(books_open, account) == 1000

    def test_goes_to_failed_if_it_gave_nothing(self, books_open: Ctx, account: int, watched: Folder) -> None:
        watched.put("notes.doc", b"hello")
        watched.look(books_open)
        assert watched.look(books_open) == [("notes.doc", False)]
        assert watched.lies() == ["failed/notes.doc", "failed/notes.doc.report.txt"]
        assert "in no format that is known here" in (watched.path / "failed/notes.doc.report.txt").read_text()

    def test_of_a_name_that_was_used_gets_a_number(self, books_open: Ctx, account: int, watched: Folder) -> None:
        for data in (GOOD, OTHER, GOOD):
            watched.put("bank.xml", data)
            watched.look(books_open)
            watched.look(books_open)
        assert [name for name in watched.lies() if name.endswith(".xml")] == [
            "done/bank-2.xml",
            "done/bank-3.xml",
            "done/bank.xml",
        ]
        assert "taken in before" in (watched.path / "done/bank-3.xml.report.txt").read_text()
        assert bank_balance(books_open, account) == 1070

    def test_is_waited_for_while_it_grows(self, books_open: Ctx, account: int, watched: Folder) -> None:
        for size in (100, 300, len(GOOD)):
            watched.put("march.xml", GOOD[:size])
            assert watched.look(books_open) == []
        assert watched.look(books_open) == [("march.xml", True)]
        assert bank_balance(books_open, account) == 1000

    def test_would_be_taken_half_if_nobody_waited(
        self, books_open: Ctx, account: int, watched: Folder, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        """Planted fault."""
        monkeypatch.setattr(FolderInbox, "_whole", lambda _: ["march.xml"])
        watched.put("march.xml", GOOD[:300])
        assert watched.look(books_open) == [("march.xml", True)]
        assert bank_balance(books_open, account) == 0

    @pytest.mark.parametrize("name", [".hidden", "march.xml.part", "march.xml~", "march.TMP"])
    def test_under_way_is_left_alone(self, books_open: Ctx, watched: Folder, name: str) -> None:
        watched.put(name)
        assert [watched.look(books_open) for _ in range(3)] == [[], [], []]

    def test_that_is_a_link_or_a_pipe_is_refused_unread(
        self, books_open: Ctx, account: int, watched: Folder, tmp_path_factory: pytest.TempPathFactory
    ) -> None:
        secret = tmp_path_factory.mktemp("elsewhere") / "secret.xml"
        secret.write_bytes(GOOD)
        (watched.path / "link.xml").symlink_to(secret)
        os.mkfifo(watched.path / "pipe.xml")
        watched.look(books_open)
        assert watched.look(books_open) == [("link.xml", False), ("pipe.xml", False)]
        assert (watched.path / "failed/link.xml").is_symlink()
        assert secret.read_bytes() == GOOD
        assert counts(books_open)["banking_intake"] == 0

    def test_would_be_read_through_a_link_without_the_guard(
        self, books_open: Ctx, account: int, watched: Folder, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        """Planted fault."""
        elsewhere = watched.path / "done" / "secret.xml"
        elsewhere.write_bytes(GOOD)
        (watched.path / "link.xml").symlink_to(elsewhere)
        monkeypatch.setattr(folders.os, "O_NOFOLLOW", 0)
        watched.look(books_open)
        assert watched.look(books_open) == [("link.xml", True)]


class TestACrash:
    def test_before_the_file_is_settled_takes_it_again_and_changes_nothing(
        self, books_open: Ctx, account: int, watched: Folder, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        watched.put("march.xml")
        watched.look(books_open)
        with monkeypatch.context() as patched:
            patched.setattr(FolderInbox, "settle", lambda *_, **__: _crash())
            with pytest.raises(RuntimeError):
                watched.look(books_open)
        assert watched.lies() == [".taking/march.xml"]
        assert watched.look(books_open) == [("march.xml", True)]
        assert bank_balance(books_open, account) == 1000

    def test_in_the_middle_of_the_import_finishes_it(
        self, books_open: Ctx, account: int, watched: Folder, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        watched.put("march.xml")
        watched.look(books_open)
        with monkeypatch.context() as patched:
            patched.setattr(commands, "settle_statement", lambda *_, **__: _crash())
            with pytest.raises(RuntimeError):
                watched.look(books_open)
        assert watched.look(books_open) == [("march.xml", True)]
        assert bank_balance(books_open, account) == 1000


class TestAFolder:
    def test_is_watched_by_one(self, watched: Folder) -> None:
        with pytest.raises(FolderTaken, match="another process"), FolderInbox(watched.path).watched():
            pass

    def test_that_cannot_be_written_to_is_refused(self, tmp_path: Path) -> None:
        with pytest.raises(FolderTaken, match="cannot be written"), FolderInbox(tmp_path / "none").watched():
            pass


def _crash() -> None:
    raise RuntimeError("the machine stops")


def message(*files: tuple[str, bytes], sender: str = f"The Bank <{BANK}>") -> bytes:
    """A message with these attachments."""
    found = EmailMessage()
    found["To"], found["Subject"] = "kvit@firm.example", "Your statement"
    found.set_content("Dear customer")
    for name, data in files:
        found.add_attachment(data, maintype="application", subtype="xml", filename=name)
    return f"From: {sender}\r\n".encode() + found.as_bytes().replace(b"\r\n", b"\n").replace(b"\n", b"\r\n")


@pytest.fixture
def server() -> Iterator[MailServer]:
    with MailServer().running() as server:
        yield server


def look(ctx: Ctx, server: MailServer, senders: str = BANK) -> list[tuple[str, bool]]:
    where = mailbox_at(f"imap://kvit@127.0.0.1:{server.port}/INBOX", "secret", senders)
    with where.opened() as opened:
        return [(one.name, one.is_good) for one in watching.take_arrived(ctx, opened)]


class TestAMessage:
    @pytest.mark.parametrize(("keeps_marks", "mark"), [(True, "$KvitTaken"), (False, "\\Answered")])
    def test_gives_its_attachments_once(
        self, books_open: Ctx, account: int, server: MailServer, keeps_marks: bool, mark: str
    ) -> None:
        server.keeps_marks = keeps_marks
        sent = server.deliver(message(("one.xml", GOOD), ("two.xml", OTHER)))
        assert look(books_open, server) == [("one.xml", True), ("two.xml", True)]
        assert sent.flags == {mark}
        assert look(books_open, server) == []
        assert bank_balance(books_open, account) == 1070

    def test_somebody_has_read_is_taken_all_the_same(self, books_open: Ctx, account: int, server: MailServer) -> None:
        server.messages.append(Message(message(("one.xml", GOOD)), {"\\Seen"}))
        assert look(books_open, server) == [("one.xml", True)]

    def test_that_gave_nothing_is_flagged(self, books_open: Ctx, account: int, server: MailServer) -> None:
        sent = server.deliver(message(("offer.pdf", b"%PDF"), ("one.xml", GOOD)))
        assert look(books_open, server) == [("offer.pdf", False), ("one.xml", True)]
        assert sent.flags == {"$KvitTaken", "\\Flagged"}

    def test_of_somebody_else_is_left_alone(self, books_open: Ctx, account: int, server: MailServer) -> None:
        sent = server.deliver(message(("one.xml", GOOD), sender=f"{BANK} <thief@evil.example>"))
        assert look(books_open, server) == []
        assert (sent.flags, counts(books_open)["banking_intake"]) == (set(), 0)
        assert look(books_open, server, senders="@evil.example") == [("one.xml", True)]

    def test_of_anybody_would_be_taken_without_the_guard(
        self, books_open: Ctx, account: int, server: MailServer, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        """Planted fault."""
        server.deliver(message(("one.xml", GOOD), sender="thief@evil.example"))
        monkeypatch.setattr(adapter.OpenMailbox, "_is_known_sender", lambda *_: True)
        assert look(books_open, server) == [("one.xml", True)]

    def test_is_taken_again_after_the_line_broke_and_changes_nothing(
        self, books_open: Ctx, account: int, server: MailServer
    ) -> None:
        server.deliver(message(("one.xml", GOOD)))
        server.drops_after_stores = 0
        with pytest.raises(MailboxRefused):
            look(books_open, server)
        server.drops_after_stores = None
        assert look(books_open, server) == [("one.xml", True)]
        assert bank_balance(books_open, account) == 1000

    @pytest.mark.parametrize("name", ["../../etc/passwd", "C:\\temp\\one.xml", "o\u0007ne.xml"])
    def test_names_no_folders(self, books_open: Ctx, account: int, server: MailServer, name: str) -> None:
        server.deliver(message((name, GOOD)))
        ((found, _),) = look(books_open, server)
        assert found in ("passwd", "one.xml")

    def test_too_large_is_not_fetched(
        self, books_open: Ctx, account: int, server: MailServer, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(adapter, "MAX_MESSAGE_BYTES", 100)
        sent = server.deliver(message(("one.xml", GOOD)))
        assert look(books_open, server) == [("message 1", False)]
        assert "\\Flagged" in sent.flags

    @pytest.mark.parametrize("raw", [b"", b"\xff\xfe\r\n\r\n", b"Content-Type: multipart/mixed\r\n\r\n--x"])
    def test_that_is_none_breaks_nothing(self, books_open: Ctx, account: int, server: MailServer, raw: bytes) -> None:
        server.deliver(b"From: " + BANK.encode() + b"\r\n" + raw)
        server.deliver(message(("one.xml", GOOD)))
        assert ("one.xml", True) in look(books_open, server)


class TestAMailbox:
    @pytest.mark.parametrize(
        ("address", "senders"),
        [
            ("", BANK),
            ("https://kvit@host/INBOX", BANK),
            ("imaps://host/INBOX", BANK),
            ("imap://kvit@mail.example/INBOX", BANK),
            ("imaps://kvit@mail.example/INBOX", " , "),
            ("imaps://kvit@mail.example/IN%22BOX", BANK),
        ],
    )
    def test_is_refused_with_an_address_that_is_none(self, address: str, senders: str) -> None:
        with pytest.raises(MailboxRefused):
            mailbox_at(address, "x", senders)

    def test_is_encrypted_unless_it_is_here(self) -> None:
        assert not mailbox_at("imaps://kvit@mail.example", "p@ss", BANK).is_plain
        assert "p@ss" not in repr(mailbox_at("imaps://kvit@mail.example", "p@ss", BANK))

    def test_that_lets_nobody_in_is_refused(self, books_open: Ctx, server: MailServer) -> None:
        server.password = "other"
        with pytest.raises(MailboxRefused):
            look(books_open, server)


def test_a_report_says_what_the_command_line_says() -> None:
    report = jobs.ImportReport("00", "pain.002", False, (), (), ("payment status report: ACSC 1",))
    assert watching.told("a.xml", report) == "a.xml: pain.002, SHA-256 00\npayment status report: ACSC 1\n"
