"""Under what a drawn document is filed, for how long, and what it is called when it is handed out."""

from typing import Final

from kvit.documents.domain import files, wording
from kvit.documents.domain.files import NewFile, Subject
from kvit.documents.domain.kinds import SheetKind
from kvit.documents.domain.retention import RetentionClass, keep_until
from kvit.documents.domain.sheet import Sheet
from kvit.documents.domain.wording import Words

EINVOICE: Final = "einvoice"
_CLAIMS: Final = frozenset({SheetKind.ESTIMATE, SheetKind.REMINDER, SheetKind.CONFIRMATION})
"""Not books themselves, but what a claim may have to be proven by."""


def retention_of(kind: SheetKind) -> RetentionClass:
    """Why a document of this kind is kept."""
    return RetentionClass.CLAIM if kind in _CLAIMS else RetentionClass.ACCOUNTING


def drawn_file(
    sheet: Sheet, pdf: bytes, *, subject: tuple[str, int], words: Words, party_id: int | None = None
) -> NewFile:
    """The PDF of a sheet as a file for the archive, named in the language of the document."""
    kind = retention_of(sheet.kind)
    return files.new_file(
        pdf,
        name=files.file_name(words.gettext(wording.KINDS[sheet.kind]), sheet.number, sheet.seller.name, suffix="pdf"),
        media_type=files.PDF,
        retention=kind,
        keep_until=keep_until(kind, country=sheet.country, day=sheet.issue_date),
        subject=Subject(
            *subject,
            sheet.kind.value,
            sheet.language,
            sheet.number,
            sheet.issue_date,
            party_id=party_id,
            amount_minor=sheet.headline.amount_minor,
            currency=sheet.currency,
        ),
    )


def einvoice_file(sheet: Sheet, xml: bytes, *, subject: tuple[str, int], party_id: int | None = None) -> NewFile:
    """The e-invoice of a sheet as a file of its own, for what lies inside of the PDF must be found without it."""
    kind = retention_of(sheet.kind)
    return files.new_file(
        xml,
        name=files.file_name(sheet.number, sheet.seller.name, suffix="xml"),
        media_type=files.XML,
        retention=kind,
        keep_until=keep_until(kind, country=sheet.country, day=sheet.issue_date),
        subject=Subject(
            *subject,
            EINVOICE,
            sheet.language,
            sheet.number,
            sheet.issue_date,
            party_id=party_id,
            amount_minor=sheet.headline.amount_minor,
            currency=sheet.currency,
        ),
    )
