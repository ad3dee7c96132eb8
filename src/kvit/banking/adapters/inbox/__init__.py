"""A folder into which a bank's program or a person puts files; each is taken out of it once."""

from kvit.banking.adapters.inbox.folder import FolderInbox, FolderTaken

__all__ = ["FolderInbox", "FolderTaken"]
