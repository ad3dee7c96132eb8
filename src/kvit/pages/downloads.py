"""Hand out a file of the archive under the name it has there, and what strangers have brought as receipts."""

from collections.abc import Iterator
from typing import Final

from django.http import HttpResponse, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.utils.http import content_disposition_header

from kvit.base import files
from kvit.documents import queries as documents
from kvit.documents.domain import stores
from kvit.documents.domain.files import DATABASE, PDF
from kvit.documents.queries import FilingRow
from kvit.invoicing.domain import recognised
from kvit.invoicing.domain.receipts import HEAD_BYTES, TAIL_BYTES
from kvit.invoicing.queries import ReceiptRow

INVOICE: Final = "invoice"


def pdf_of(subject_id: int, *, kind: str = INVOICE) -> FilingRow | None:
    """The PDF of an invoice, a statement or a confirmation, the newest; None while there is none. Needs the scope."""
    found = documents.files_of(kind, subject_id)
    return next((each for each in found if each.file.media_type == PDF and each.file.erased_date is None), None)


def handed_out(found: FilingRow) -> HttpResponseBase:
    """The file, to be saved. Needs the tenant's scope; a store outside is asked once the scope is closed."""
    content = documents.content(found.file.sha256) if found.file.store == DATABASE else None
    response = (
        HttpResponse(content, content_type=found.file.media_type)
        if content is not None
        else StreamingHttpResponse(_fetched(found.file.sha256), content_type=found.file.media_type)
    )
    response["Content-Disposition"] = content_disposition_header(as_attachment=True, filename=found.name) or ""
    response["Content-Length"] = str(found.file.size)
    return response


def receipt(found: ReceiptRow) -> HttpResponse:
    """What a stranger has brought as a receipt: only ever to be saved, never shown or run by a browser of ours.

    Known by its bytes; the name is ours. Needs the tenant's scope.
    """
    content = b"".join(files.read_parts(found.sha256))
    kind = recognised(content[:HEAD_BYTES], content[-TAIL_BYTES:], len(content))
    response = HttpResponse(content, content_type=kind.media_type)
    name = f"receipt-{found.fact_id}.{kind.ending}"
    response["Content-Disposition"] = content_disposition_header(as_attachment=True, filename=name) or ""
    response["Content-Security-Policy"] = "default-src 'none'; sandbox"
    response["X-Content-Type-Options"] = "nosniff"
    response["Cross-Origin-Resource-Policy"] = "same-origin"
    return response


def _fetched(sha256: str) -> Iterator[bytes]:
    store = stores.outside()
    if store is None:
        raise LookupError(f"content {sha256} lies in a store that the settings do not name")
    yield store.get(sha256)
