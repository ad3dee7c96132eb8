"""What happens to documents."""

from dataclasses import dataclass


@dataclass(frozen=True)
class RenderingsWanted:
    """Sheets are frozen and wait to be drawn; one event per set."""

    rendering_ids: tuple[int, ...]


@dataclass(frozen=True)
class SheetsFiled:
    """The PDFs of these renderings lie in the archive."""

    rendering_ids: tuple[int, ...]


@dataclass(frozen=True)
class RenderingTroubled:
    """A sheet could not be drawn (`is_drawn` False), or only without a part of it, which `reason_code` names."""

    rendering_id: int
    subject_kind: str
    subject_id: int
    is_drawn: bool
    reason_code: str


@dataclass(frozen=True)
class FilesErased:
    """The contents of these hashes lie in a store outside of the database and must go from there."""

    sha256s: tuple[str, ...]
