"""What happened to exports of the books."""

from dataclasses import dataclass

from kvit.ledger.domain.exports import ExportState


@dataclass(frozen=True)
class ExportOpened:
    """Files of an export are to be made, in this version."""

    export_id: int
    version: int


@dataclass(frozen=True)
class ExportMade:
    """The files of an export are made, or could not be."""

    export_id: int
    version: int


@dataclass(frozen=True)
class ExportAnswered:
    """The accountant has taken an export into the books, or refused it."""

    export_id: int
    state: ExportState
