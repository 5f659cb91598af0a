"""One uploaded file: checked row by row, put right, taken in, taken back."""

import re
from collections import defaultdict
from typing import Final
from uuid import UUID

from flask import Response, abort, flash, request
from flask_babel import gettext as _

from app.access.guard import needs
from app.access.permissions import Permission
from app.clock import now
from app.people import actions, queries
from app.people.errors import ImportIsClosed, ImportIsUnderWay, MappingIsWrong, NothingToTakeIn, TooLateToUndo
from app.people.models import PeopleImport
from app.people.reading.dates import DateStyle
from app.people.reading.fields import Field
from app.people.views.check_page import check_page
from app.people.views.outcome_pages import outcome_page, progress_page
from app.people.views.pages import people
from app.people.views.words import field_name
from app.web.pages import see_other
from tenants.errors import NotHere

_INPUT: Final = re.compile(r"(all|\d{1,6})\.([a-z_]+)")


@people.get("/people/imports/<uuid:import_id>")
@needs(Permission.IMPORT_PEOPLE)
def show_import(import_id: UUID) -> Response:
    found = queries.get_import(import_id)
    if found.state == "queued":
        return progress_page(found)
    if found.state == "thrown_away":
        raise NotHere(import_id)
    answer = outcome_page(found) if found.state in {"taken_in", "undone"} else check_page(found)
    if request.headers.get("HX-Request") == "true":
        # The progress bar asked, and there is nothing to wait for any more: show the whole page.
        answer.headers["HX-Refresh"] = "true"
    return answer


@people.post("/people/imports/<uuid:import_id>/columns")
@needs(Permission.IMPORT_PEOPLE)
def map_columns(import_id: UUID) -> Response:
    found = _open_import(import_id)
    mapping = [_choice(request.form.get(f"column-{place}", "")) for place in range(len(found.columns))]
    style = request.form.get("date_style")
    try:
        actions.map_columns(
            found, mapping=mapping, date_style=DateStyle(style) if style in set(DateStyle) else None, now=now()
        )
    except MappingIsWrong as error:
        sentence = _(
            "Two columns were chosen as “%(field)s”. Leave one of them out.", field=field_name(Field(error.field))
        )
        return check_page(found, mapping=mapping, mapping_error=sentence, status=422)
    except ImportIsClosed:
        return _closed(found)
    return see_other("people.show_import", import_id=import_id)


@people.post("/people/imports/<uuid:import_id>/corrections")
@needs(Permission.IMPORT_PEOPLE)
def put_right(import_id: UUID) -> Response:
    found = _open_import(import_id)
    corrections: defaultdict[int, dict[Field, str]] = defaultdict(dict)
    for name, text in request.form.items():
        told = _INPUT.fullmatch(name)
        if told and (field := _choice(told[2])):
            for row in _rows() if told[1] == "all" else [int(told[1])]:
                corrections[row][field] = text
    try:
        actions.put_right(found, corrections=corrections, now=now())
    except ImportIsClosed:
        return _closed(found)
    return _back(import_id)


@people.post("/people/imports/<uuid:import_id>/left-out")
@needs(Permission.IMPORT_PEOPLE)
def leave_out(import_id: UUID) -> Response:
    found = _open_import(import_id)
    try:
        actions.leave_out(found, rows=_rows(), now=now())
    except ImportIsClosed:
        return _closed(found)
    return _back(import_id)


@people.post("/people/imports/<uuid:import_id>/left-out/removal")
@needs(Permission.IMPORT_PEOPLE)
def bring_back(import_id: UUID) -> Response:
    found = _open_import(import_id)
    try:
        actions.bring_back(found, now=now())
    except ImportIsClosed:
        return _closed(found)
    return _back(import_id)


@people.post("/people/imports/<uuid:import_id>/intake")
@needs(Permission.IMPORT_PEOPLE)
def take_in(import_id: UUID) -> Response:
    found = _open_import(import_id)
    try:
        actions.queue_import(found, now=now())
    except ImportIsClosed:
        return _closed(found)
    except ImportIsUnderWay:
        return check_page(found, stopped=_under_way(), status=409)
    except NothingToTakeIn:
        return check_page(found, stopped=_("There is no row to take in yet. Put one right first."), status=409)
    return see_other("people.show_import", import_id=import_id)


@people.post("/people/imports/<uuid:import_id>/removal")
@needs(Permission.IMPORT_PEOPLE)
def throw_away(import_id: UUID) -> Response:
    found = _open_import(import_id)
    try:
        actions.throw_away(found, now=now())
    except ImportIsClosed:
        return _closed(found)
    flash(_("%(file)s was thrown away. Nothing changed in the directory.", file=found.file_name))
    return see_other("people.index")


@people.post("/people/imports/<uuid:import_id>/undo")
@needs(Permission.IMPORT_PEOPLE)
def undo_import(import_id: UUID) -> Response:
    found = queries.get_import(import_id, lock=True)
    try:
        actions.undo_import(found, now=now())
    except TooLateToUndo:
        return outcome_page(found, stopped=_("It is too late to undo this file as a whole."), status=409)
    except ImportIsUnderWay:
        return outcome_page(found, stopped=_under_way(), status=409)
    flash(_("%(file)s was taken back.", file=found.file_name))
    return see_other("people.show_import", import_id=import_id)


def _open_import(import_id: UUID) -> PeopleImport:
    """Hold the file, so that two windows cannot change it at once; a thrown away one is gone."""
    found = queries.get_import(import_id, lock=True)
    if found.state == "thrown_away":
        raise NotHere(import_id)
    return found


def _closed(found: PeopleImport) -> Response:
    """Show what became of a file that can no longer change; a form from an old window did nothing."""
    flash(_("This file was taken in meanwhile, so nothing was changed."), "care")
    return see_other("people.show_import", import_id=found.id)


def _under_way() -> str:
    return _("Another file is being taken in right now. Wait until it is through, then press the button again.")


def _back(import_id: UUID) -> Response:
    return see_other("people.show_import", import_id=import_id, _anchor="fix")


def _choice(text: str) -> Field | None:
    return Field(text) if text in set(Field) else None


def _rows() -> list[int]:
    rows = request.form.get("rows", "").split(",")
    if not all(row.isdecimal() and len(row) <= 6 for row in rows):
        abort(400)
    return [int(row) for row in rows]
