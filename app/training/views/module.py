"""The module for whoever takes it: read in parts, written in one's own space, gone on with any day."""

from flask import flash, request
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from app.access.guard import needs
from app.access.permissions import Permission
from app.clock import now
from app.people.queries import get_person
from app.training.actions import read_section, save_writing
from app.training.forms import WritingForm
from app.training.policies import PARTS, Part, get_part, length_in, next_part, part_after
from app.training.queries import find_record, has_plan, list_help_contacts
from app.training.queries.own_words import list_own_words
from app.training.views.pages import show, show_all, training
from app.web.here import own_person
from app.web.layout import page_language
from app.web.pages import render, see_other

# One of a few words that every organisation has: the address names nothing of anybody's.
PART = f"/training/<any({', '.join(repr(part.key) for part in PARTS)}):key>"


@training.get("/training")
@needs(Permission.TAKE_PART)
def index() -> Response:
    record = find_record(own_person())
    following = next_part(record)
    return render(
        "training/index.html",
        offered=has_plan(),
        parts=show_all(record),
        following=show(following) if following else None,
        has_begun=record is not None,
        is_complete=record is not None and record.completed_at is not None,
        length=length_in(page_language()),
    )


@training.get(PART)
@needs(Permission.TAKE_PART)
def part(key: str) -> Response:
    found = get_part(key)
    return _page(found) if has_plan() else see_other("training.index")


@training.post(PART)
@needs(Permission.TAKE_PART)
def finish_part(key: str) -> Response:
    """Keep the part as read or written, and lead on to the next."""
    found = get_part(key)
    if not has_plan():
        return see_other("training.index")
    if found.column is None:
        read_section(person_id=own_person(), section=key, now=now())
        return _onward(key)
    form = WritingForm(request.form)
    if not form.validate():
        return _page(found, form, 422)
    save_writing(person_id=own_person(), column=found.column, text=form.text.data, now=now())
    flash(_("Saved. Only you can read it."))
    return see_other("training.part", key=key) if "stay" in request.form else _onward(key)


@training.get("/training/certificate")
@needs(Permission.TAKE_PART)
def certificate() -> Response:
    record = find_record(own_person())
    if record is None or record.completed_at is None:
        return see_other("training.index")
    return render(
        "training/certificate.html",
        name=get_person(own_person()).name,
        done_on=record.completed_at,
        parts=[part for part in show_all() if not part.is_writing],
        length=length_in(page_language()),
    )


def _onward(key: str) -> Response:
    following = part_after(key)
    return see_other("training.part", key=following.key) if following else see_other("training.index")


def _page(found: Part, form: WritingForm | None = None, status: int = 200) -> Response:
    record = find_record(own_person())
    words = list_own_words(record) if found.column else {}
    return render(
        "training/part.html",
        status=status,
        part=show(found, record),
        parts=show_all(record),
        place=PARTS.index(found),
        contacts=list_help_contacts() if found.key == "enough" else (),
        form=form or WritingForm(data={"text": words.get(found.column or "", "")}),
    )
