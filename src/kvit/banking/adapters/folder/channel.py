"""A folder that the bank's own program (or a transfer agent) empties: each file appears in it whole, and once."""

import os
import tempfile
from pathlib import Path

from kvit.banking.domain.payments import SendingOutcome


class FolderChannel:
    """Puts files into `outbox`. Names that were used stand in `outbox/.handed-over` for good, as hard links.

    So a file that the bank's program has taken away is not put there a second time.
    """

    def __init__(self, outbox: Path) -> None:
        self.outbox = outbox

    def hand_over(self, *, message_id: str, name: str, content: bytes) -> SendingOutcome:
        """See `PaymentChannel`. A folder that cannot be written to has got nothing."""
        register = self.outbox / ".handed-over"
        try:
            register.mkdir(exist_ok=True)
            written = self._written(register, content)
        except OSError:
            return SendingOutcome.NOT_SENT
        try:
            return self._linked(written, register / message_id, name)
        finally:
            written.unlink(missing_ok=True)

    def _written(self, register: Path, content: bytes) -> Path:
        """The content on disk under a name of no meaning."""
        handle, path = tempfile.mkstemp(dir=register, prefix=".writing-")
        with os.fdopen(handle, "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        return Path(path)

    def _linked(self, written: Path, registered: Path, name: str) -> SendingOutcome:
        """The register first, which takes an id once; then the outbox. In between the file is in doubt."""
        try:
            os.link(written, registered)
        except FileExistsError:
            is_equal = registered.read_bytes() == written.read_bytes()
            return SendingOutcome.UNKNOWN if is_equal else SendingOutcome.NOT_SENT
        except OSError:
            return SendingOutcome.NOT_SENT
        try:
            os.link(written, self.outbox / name)
        except OSError:
            return SendingOutcome.UNKNOWN
        _sync(self.outbox)
        return SendingOutcome.SENT


def _sync(folder: Path) -> None:
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
