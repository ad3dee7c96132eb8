"""What may be done to documents: freeze them, file what was drawn, archive and erase files, choose the look."""

from kvit.documents.commands.archiving import Archived, BadFile, Erased, MustBeKept, NoSuchFile, archive, erase
from kvit.documents.commands.looks import BadLook, LookChosen, choose_look
from kvit.documents.commands.rendering import (
    Drawn,
    Filed,
    Frozen,
    NewSheet,
    TroubleRecorded,
    draw_again,
    file_drawn,
    freeze,
    record_trouble,
)

__all__ = [
    "Archived",
    "BadFile",
    "BadLook",
    "Drawn",
    "Erased",
    "Filed",
    "Frozen",
    "LookChosen",
    "MustBeKept",
    "NewSheet",
    "NoSuchFile",
    "TroubleRecorded",
    "archive",
    "choose_look",
    "draw_again",
    "erase",
    "file_drawn",
    "freeze",
    "record_trouble",
]
