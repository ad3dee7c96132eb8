"""What is left where personal data stood."""

from typing import Final

ERASED: Final = "[erased]"
"""The neutral text; the database lets append-only rows change to this and to nothing else."""
