"""Draw what is wanted and file it, chunk by chunk; let contents go from the store; draw what was left lying."""

import logging
from collections.abc import Sequence
from dataclasses import replace
from typing import Final

from django.conf import settings
from procrastinate.contrib.django import app

from kvit.base import clock, job, login, tenant, texts
from kvit.base.command import Ctx
from kvit.documents import commands, queries
from kvit.documents.adapters.s3 import S3Store
from kvit.documents.adapters.typst import TypstRenderer
from kvit.documents.commands import Drawn
from kvit.documents.domain import filing, renderers, stores
from kvit.documents.domain.files import DATABASE, S3
from kvit.documents.domain.ports import Attached, Renderer, Store
from kvit.documents.domain.refusals import ContentLost, NotRenderable, StoreUnreachable, UnreadableLogo
from kvit.documents.events import FilesErased, RenderingsWanted
from kvit.documents.queries import FileRow, ToDraw
from kvit.kernel.results import Problem

log = logging.getLogger("kvit.documents")
CHUNK: Final = 50
LEFT_AT_ONCE: Final = 500
ACTOR: Final = "robot:documents.renderer"
ERASER: Final = "robot:documents.eraser"
NO_LOGO: Final = "documents.unreadable_logo"
_renderer: Final[Renderer] = TypstRenderer()


class StoreSilent(RuntimeError):
    """The store did not answer: the job is tried again, for nothing is lost by it."""


def _of_the_settings() -> Store | None:
    """The store outside of the database, where the settings name one."""
    if not settings.KVIT_STORE_URL:
        return None
    return S3Store.at(
        settings.KVIT_STORE_URL,
        region=settings.KVIT_STORE_REGION,
        key_id=settings.KVIT_STORE_KEY_ID,
        secret=settings.KVIT_STORE_SECRET,
        allow_private=settings.KVIT_STORE_PRIVATE,
    )


stores.use(_of_the_settings())
renderers.use(_renderer)


@job.on(RenderingsWanted, "documents.draw", is_slow=True)
def draw(ctx: Ctx, event: RenderingsWanted) -> None:
    """Draw sheets that were frozen."""
    draw_all(ctx, event.rendering_ids)


def draw_all(ctx: Ctx, rendering_ids: Sequence[int], *, renderer: Renderer = _renderer) -> int:
    """Draw and file what of these is still wanted; how many were filed.

    A chunk at a time: the data are read, the drawing and the store's network stand outside of any transaction, one
    command records the outcome. Done twice it is done once, for equal sheets are equal bytes and what is filed stays.
    """
    count = 0
    unkeyed = replace(ctx, key=None)  # by what still stands: a part of a chunk may have been filed before
    for first in range(0, len(rendering_ids), CHUNK):
        with tenant.scope(ctx.tenant_id):
            wanted = queries.to_draw(rendering_ids[first : first + CHUNK])
            contents = _contents(wanted)
        drawn = [found for each in wanted if (found := _drawn(unkeyed, each, contents, renderer)) is not None]
        if drawn:
            count += commands.file_drawn(unkeyed, drawn=tuple(_stored(each) for each in drawn)).count
    return count


def _contents(wanted: Sequence[ToDraw]) -> dict[str, bytes]:
    """Logos and e-invoices of these sheets that lie in the database, each once."""
    hashes = {each.sheet.look.logo_sha256 for each in wanted} | {
        each.sheet.einvoice.sha256 for each in wanted if each.sheet.einvoice
    }
    return {sha256: found for sha256 in hashes if sha256 and (found := queries.content(sha256)) is not None}


def _drawn(ctx: Ctx, wanted: ToDraw, contents: dict[str, bytes], renderer: Renderer) -> Drawn | None:
    sheet, trouble = wanted.sheet, ""
    try:
        attached = None
        if (inside := sheet.einvoice) is not None:
            attached = Attached(_content(inside.sha256, contents), inside.profile, inside.name)
        try:
            logo = _content(sheet.look.logo_sha256, contents) if sheet.look.logo_sha256 else None
            pdf = renderer.pdf(sheet, logo=logo, attached=attached)
        except (UnreadableLogo, ContentLost):
            trouble = NO_LOGO  # a document without its logo is a document all the same
            pdf = renderer.pdf(sheet, attached=attached)
    except (NotRenderable, ContentLost) as refusal:
        log.warning("rendering %s: %s", wanted.rendering_id, refusal)
        commands.record_trouble(ctx, rendering_id=wanted.rendering_id, reason_code=refusal.code, reason=str(refusal))
        return None
    subject = (wanted.subject_kind, wanted.subject_id)
    words = texts.catalogue(sheet.language)
    file = filing.drawn_file(sheet, pdf, subject=subject, words=words, party_id=wanted.party_id)
    return Drawn(wanted.rendering_id, file, trouble)


def _content(sha256: str, contents: dict[str, bytes]) -> bytes:
    if sha256 not in contents:
        store = stores.outside()
        if store is None:
            raise ContentLost(f"content {sha256} lies in a store that the settings do not name")
        try:
            contents[sha256] = store.get(sha256)
        except StoreUnreachable as refusal:
            raise StoreSilent(str(refusal)) from refusal
    return contents[sha256]


def _stored(drawn: Drawn) -> Drawn:
    """Hand the content to the store, where there is one; the database then keeps what it is and where it lies."""
    store = stores.outside()
    if store is None:
        return drawn
    file = drawn.file
    try:
        store.put(file.sha256, file.content, media_type=file.media_type)
    except StoreUnreachable as refusal:
        raise StoreSilent(str(refusal)) from refusal
    return replace(drawn, file=replace(file, content=b"", store=S3))


@job.on(FilesErased, "documents.erase_contents")
def erase_contents(ctx: Ctx, event: FilesErased) -> None:
    """Let contents go from the store whose time is over."""
    store = stores.outside()
    if store is None:
        raise StoreSilent("the store that these contents lie in is not named by the settings")
    for sha256 in event.sha256s:
        with tenant.scope(ctx.tenant_id):
            file = queries.file(sha256)
        if file is None or file.erased_date is None or file.store == DATABASE:
            continue  # it was filed again since
        try:
            store.erase(sha256)
        except StoreUnreachable as refusal:
            raise StoreSilent(str(refusal)) from refusal


@app.periodic(cron="*/10 * * * *")
@app.task(name="kvit.draw_left", queue="documents", queueing_lock="kvit.draw_left")
def draw_left(timestamp: int) -> None:
    """Every ten minutes: draw what is wanted and was left lying, because a store was silent for long."""
    for tenant_id in login.tenant_ids():
        ctx = Ctx(tenant_id=tenant_id, actor=ACTOR, now=clock.current().now())
        with tenant.scope(tenant_id):
            left = queries.left_to_draw(limit=LEFT_AT_ONCE)
        if left:
            draw_all(ctx, left)


@app.periodic(cron="40 3 * * *")
@app.task(name="kvit.erase_due", queue="documents", queueing_lock="kvit.erase_due")
def erase_due(timestamp: int) -> None:
    """Every night: let go what the law lets go."""
    for tenant_id in login.tenant_ids():
        erase_over(Ctx(tenant_id=tenant_id, actor=ERASER, now=clock.current().now()))


def erase_over(ctx: Ctx) -> int:
    """Erase the contents of files whose term is over, chunk by chunk; how many. A file a day early is refused."""
    count = 0
    while True:
        with tenant.scope(ctx.tenant_id):
            due = queries.due_for_erasure(login.own_day(ctx.now), limit=LEFT_AT_ONCE)
        if not due:
            return count
        count += commands.erase(ctx, file_ids=tuple(file.id for file in due)).count


def lost_outside(tenant_id: int) -> tuple[Problem, ...]:
    """Files whose content the store outside has no more, or has changed; none is asked about where none lies there."""
    found: list[Problem] = []
    last = 0
    while True:
        with tenant.scope(tenant_id):
            files = queries.outside(above_id=last, limit=LEFT_AT_ONCE)
        if not files:
            return tuple(found)
        found += [Problem("archive", f"file {file.id} ({file.name}): {why}") for file in files if (why := _why(file))]
        last = files[-1].id


def _why(file: FileRow) -> str:
    store = stores.outside()
    if store is None:
        return "it lies in a store that the settings do not name"
    try:
        store.get(file.sha256)
    except ContentLost as refusal:
        return str(refusal)
    except StoreUnreachable as refusal:
        raise StoreSilent(str(refusal)) from refusal
    return ""
