"""A folder as the way to the bank: files appear in it whole, and once."""

from pathlib import Path

from kvit.banking.adapters.folder import FolderChannel
from kvit.banking.domain.payments import SendingOutcome


class TestAFolder:
    def test_gets_the_file_whole_and_once(self, tmp_path: Path) -> None:
        channel = FolderChannel(tmp_path)
        assert channel.hand_over(message_id="M", name="M.xml", content=b"abc") is SendingOutcome.SENT
        assert (tmp_path / "M.xml").read_bytes() == b"abc"
        assert channel.hand_over(message_id="M", name="M.xml", content=b"abc") is SendingOutcome.UNKNOWN
        assert channel.hand_over(message_id="M", name="M.xml", content=b"abd") is SendingOutcome.NOT_SENT
        assert [path.name for path in tmp_path.iterdir() if path.is_file()] == ["M.xml"]
        assert [path.name for path in (tmp_path / ".handed-over").iterdir()] == ["M"]

    def test_gets_nothing_again_that_the_bank_has_taken_away(self, tmp_path: Path) -> None:
        channel = FolderChannel(tmp_path)
        channel.hand_over(message_id="M", name="M.xml", content=b"abc")
        (tmp_path / "M.xml").unlink()
        assert channel.hand_over(message_id="M", name="M.xml", content=b"abc") is SendingOutcome.UNKNOWN
        assert not (tmp_path / "M.xml").exists()

    def test_would_get_it_again_without_its_register(self, tmp_path: Path) -> None:
        """Planted fault: nobody remembers which ids were used."""
        channel = FolderChannel(tmp_path)
        channel.hand_over(message_id="M", name="M.xml", content=b"abc")
        (tmp_path / "M.xml").unlink()
        (tmp_path / ".handed-over/M").unlink()
        assert channel.hand_over(message_id="M", name="M.xml", content=b"abc") is SendingOutcome.SENT

    def test_that_is_not_there_has_got_nothing(self, tmp_path: Path) -> None:
        channel = FolderChannel(tmp_path / "nowhere")
        assert channel.hand_over(message_id="M", name="M.xml", content=b"abc") is SendingOutcome.NOT_SENT

    def test_with_a_foreign_file_of_that_name_is_in_doubt(self, tmp_path: Path) -> None:
        (tmp_path / "M.xml").write_bytes(b"foreign")
        channel = FolderChannel(tmp_path)
        assert channel.hand_over(message_id="M", name="M.xml", content=b"abc") is SendingOutcome.UNKNOWN
        assert (tmp_path / "M.xml").read_bytes() == b"foreign"
