"""The owner's page of exports: ask for one, see how far it is, take it along."""

from collections.abc import Iterator
from uuid import UUID

from flask import Response, current_app, request
from flask.globals import app_ctx
from flask_babel import format_decimal
from flask_babel import gettext as _

from app import progress
from app.access.guard import needs
from app.access.permissions import Permission
from app.clock import now
from app.export.actions import ask_for_export
from app.export.queries import Listed, count_parts, get_kept, list_exports, progress_key
from app.export.words import FILE_WORDS
from app.files.queries import count_chunks, read_chunk
from app.web.areas import org_pages
from app.web.here import actor, tenant
from app.web.pages import render, see_other
from tenants.errors import NotHere
from tenants.unit_of_work import tenant_work

export = org_pages("export", "app.export")
MEGABYTE = 1024 * 1024
SECONDS_BETWEEN_LOOKS = 2


@export.get("/set-up/export")
@needs(Permission.EXPORT_ORGANISATION)
def index() -> Response:
    exports = list_exports(now=now())
    newest = exports[0] if exports else None
    waits = newest is not None and newest.state == "waiting"
    answer = _page(exports, newest, waits=waits)
    if not waits and request.headers.get("HX-Request") == "true":
        # The progress bar asked, and there is nothing to wait for any more: show the whole page.
        answer.headers["HX-Refresh"] = "true"
    return answer


@export.post("/set-up/export")
@needs(Permission.EXPORT_ORGANISATION)
def ask() -> Response:
    who = actor()
    if who.id is None:
        raise NotHere(who.id)
    ask_for_export(account_id=who.id, now=now())
    return see_other("export.index")


@export.get("/set-up/export/<uuid:export_id>/file")
@needs(Permission.EXPORT_ORGANISATION)
def download(export_id: UUID) -> Response:
    """Send the file part by part; each part is read in a short transaction of its own, after this one has ended."""
    _found, file = get_kept(export_id, now=now())
    app, whose, file_id, parts = app_ctx.app, tenant(), file.id, count_chunks(file)

    def read() -> Iterator[bytes]:
        for place in range(parts):
            with app.app_context(), tenant_work(whose):
                data = read_chunk(file_id, place)
            yield data

    answer = current_app.response_class(read(), mimetype=file.media_type)
    answer.headers["Content-Disposition"] = f'attachment; filename="{file.name}"'
    answer.content_length = file.size
    return answer


def _page(exports: list[Listed], newest: Listed | None, *, waits: bool) -> Response:
    done, total = (progress.read(progress_key(newest.id)) if newest and waits else None) or (0, count_parts())
    return render(
        "export/index.html",
        block="progress" if waits else None,
        newest=newest,
        earlier=exports[1:],
        waits=waits,
        done=done,
        total=total,
        files=FILE_WORDS,
        size=_size,
        refresh_seconds=SECONDS_BETWEEN_LOOKS if waits else None,
    )


def _size(each: Listed) -> str:
    """How large a file is, in words."""
    if each.size < MEGABYTE:
        return _("%(number)s kB", number=format_decimal(max(1, round(each.size / 1024))))
    return _("%(number)s MB", number=format_decimal(round(each.size / MEGABYTE, 1)))
