"""What the two put down: meetings, topics, notes. A form that fails comes back with its text."""

from uuid import UUID

from flask import Response, flash, request
from flask_babel import gettext as _

from app.access.guard import needs
from app.access.permissions import Permission
from app.clock import now
from app.pairs import actions, queries
from app.pairs.errors import PairHasEnded, PairIsPaused
from app.pairs.forms import MeetingForm, NoteForm, TopicForm
from app.pairs.queries import MyPair
from app.pairs.views.blueprint import pairs
from app.pairs.views.page import show, show_ended
from app.web.here import own_person
from app.web.pages import render, see_other


@pairs.post("/pairs/<uuid:pair_id>/meetings")
@needs(Permission.TAKE_PART)
def set_meeting(pair_id: UUID) -> Response:
    found = queries.get_pair(pair_id, own_person())
    form = MeetingForm(request.form, now=now())
    if found.lasts and not form.validate():
        return show(found, meeting_form=form, status=422)
    try:
        actions.set_meeting(
            pair_id=pair_id,
            person_id=own_person(),
            begins_at=form.begins_at if found.lasts else now(),
            place=form.place.data or "",
            now=now(),
        )
    except PairHasEnded:
        return _ended_meanwhile(pair_id, form.place.data)
    except PairIsPaused:
        found = queries.get_pair(pair_id, own_person())
        form.day.errors = [_wait_to_meet(found)]
        return show(found, meeting_form=form, status=409)
    flash(_("The meeting is set. The other of you sees it here."))
    return see_other("pairs.pair", pair_id=pair_id)


@pairs.post("/pairs/<uuid:pair_id>/meetings/<uuid:meeting_id>/cancellation")
@needs(Permission.TAKE_PART)
def cancel_meeting(pair_id: UUID, meeting_id: UUID) -> Response:
    try:
        actions.cancel_meeting(pair_id=pair_id, meeting_id=meeting_id, person_id=own_person(), now=now())
    except (PairHasEnded, PairIsPaused):
        return see_other("pairs.pair", pair_id=pair_id)
    flash(_("The meeting is taken off. The other of you sees it here."))
    return see_other("pairs.pair", pair_id=pair_id)


@pairs.post("/pairs/<uuid:pair_id>/topics")
@needs(Permission.TAKE_PART)
def add_topic(pair_id: UUID) -> Response:
    found = queries.get_pair(pair_id, own_person())
    form = TopicForm(request.form)
    if found.lasts and not form.validate():
        return show(found, topic_form=form, status=422)
    return _write(pair_id, "agenda", form.topic.data)


@pairs.post("/pairs/<uuid:pair_id>/notes")
@needs(Permission.TAKE_PART)
def add_note(pair_id: UUID) -> Response:
    found = queries.get_pair(pair_id, own_person())
    form = NoteForm(request.form)
    if found.lasts and not form.validate():
        return show(found, note_form=form, status=422)
    return _write(pair_id, "note", form.note.data)


@pairs.get("/pairs/<uuid:pair_id>/notes/<uuid:note_id>")
@needs(Permission.TAKE_PART)
def note(pair_id: UUID, note_id: UUID) -> Response:
    found = queries.get_pair(pair_id, own_person())
    written = queries.get_own_note(pair_id, note_id, own_person())
    return render("pairs/note.html", pair=found, note=written, form=NoteForm(None, note=written.text))


@pairs.post("/pairs/<uuid:pair_id>/notes/<uuid:note_id>")
@needs(Permission.TAKE_PART)
def change_note(pair_id: UUID, note_id: UUID) -> Response:
    found = queries.get_pair(pair_id, own_person())
    written = queries.get_own_note(pair_id, note_id, own_person())
    form = NoteForm(request.form)
    if found.lasts and not form.validate():
        return render("pairs/note.html", pair=found, note=written, form=form, status=422)
    try:
        actions.change_note(
            pair_id=pair_id, note_id=note_id, person_id=own_person(), text=form.note.data or "", now=now()
        )
    except PairHasEnded:
        return _ended_meanwhile(pair_id, form.note.data)
    flash(_("Saved."))
    return see_other("pairs.pair", pair_id=pair_id)


@pairs.post("/pairs/<uuid:pair_id>/notes/<uuid:note_id>/removal")
@needs(Permission.TAKE_PART)
def remove_note(pair_id: UUID, note_id: UUID) -> Response:
    actions.remove_note(pair_id=pair_id, note_id=note_id, person_id=own_person())
    flash(_("Removed."))
    return see_other("pairs.pair", pair_id=pair_id)


def _wait_to_meet(found: MyPair) -> str:
    if found.is_resting:
        return _("You two rest for now. A time can be set when it goes on.")
    return _("You two take a break. Go on first, then set a time.")


def _write(pair_id: UUID, kind: str, text: str | None) -> Response:
    try:
        actions.add_note(pair_id=pair_id, person_id=own_person(), kind=kind, text=text or "", now=now())
    except PairHasEnded:
        return _ended_meanwhile(pair_id, text)
    flash(_("Saved, for the two of you."))
    return see_other("pairs.pair", pair_id=pair_id)


def _ended_meanwhile(pair_id: UUID, text: str | None) -> Response:
    """Show the page as it is now, with the text that came too late, so that it is not lost to whoever wrote it."""
    return show_ended(queries.get_pair(pair_id, own_person()), unsaved=text or "", status=409)
