"""Payment files put into a folder that the bank's own program empties."""

from kvit.banking.adapters.folder.channel import FolderChannel

__all__ = ["FolderChannel"]
