"""The page of the two, and the list of one's pairs."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from flask import Response

from app.access.guard import needs
from app.access.permissions import Permission
from app.clock import now
from app.goals.forms import NewGoalForm
from app.goals.policies import is_due
from app.goals.queries import has_goals, list_told_goals
from app.goals.words import HOW_BADGES, HOW_WORDS
from app.pairs import queries
from app.pairs.forms import EndingForm, MeetingForm, NoteForm, TopicForm
from app.pairs.policies import local
from app.pairs.queries import MyPair, ShownNote
from app.pairs.views.blueprint import pairs
from app.pairs.words import day_and_weekday, leaf_of, moment_in_words
from app.training.queries import list_help_contacts
from app.web.here import own_person
from app.web.pages import render


@pairs.get("/pairs")
@needs(Permission.TAKE_PART)
def index() -> Response:
    found = queries.list_pairs_of(own_person())
    coming = queries.list_coming_meetings(found, now=now())
    return render(
        "pairs/index.html",
        lasting=[pair for pair in found if pair.lasts],
        ended=[pair for pair in found if not pair.lasts],
        meetings={meeting.pair_id: meeting for meeting in reversed(coming) if not meeting.is_off},
        in_words=moment_in_words,
    )


@pairs.get("/pairs/<uuid:pair_id>")
@needs(Permission.TAKE_PART)
def pair(pair_id: UUID) -> Response:
    return show(queries.get_pair(pair_id, own_person()))


def show(
    found: MyPair,
    *,
    meeting_form: MeetingForm | None = None,
    topic_form: TopicForm | None = None,
    note_form: NoteForm | None = None,
    status: int = 200,
) -> Response:
    """Answer the page as it is for this person now; a form that came back keeps what was written in it."""
    if not found.lasts:
        return show_ended(found)
    queries.hold_keys_of([found])
    coming = queries.list_coming_meetings([found], now=now())
    standing = [meeting for meeting in coming if not meeting.is_off]
    written = queries.list_notes([found])
    told = list_told_goals(found)
    return render(
        "pairs/pair.html",
        status=status,
        pair=found,
        meetings=standing,
        taken_off=[meeting for meeting in coming if meeting.is_off and not standing],
        topics=_of(written, "agenda"),
        notes=_of(written, "note"),
        goals=told,
        is_first_visit=not (coming or written or told),
        may_write_goal=not found.is_kamu and not told and not has_goals(found.me_id),
        meeting_form=meeting_form or MeetingForm(None, now=now()),
        topic_form=topic_form or TopicForm(None),
        note_form=note_form or NoteForm(None),
        goal_form=NewGoalForm(None, today=local(now()).date(), meeting=None, kamu=found),
        contacts=list_help_contacts(),
        **_words(),
    )


def show_ended(found: MyPair, *, unsaved: str = "", status: int = 200) -> Response:
    """Answer what is left when a pair has ended; `unsaved` is what somebody was writing at that moment."""
    return render(
        "pairs/ended.html",
        status=status,
        pair=found,
        notes=queries.list_notes([found]),
        is_kept=queries.is_own_half_kept(found),
        unsaved=unsaved,
        form=EndingForm(None),
        contacts=list_help_contacts(),
        **_words(),
    )


def _of(written: Sequence[ShownNote], kind: str) -> list[ShownNote]:
    return [note for note in written if note.kind == kind]


def _words() -> dict[str, Any]:
    return {
        "in_words": moment_in_words,
        "day_in_words": day_and_weekday,
        "leaf_of": leaf_of,
        "how_words": HOW_WORDS,
        "how_badges": HOW_BADGES,
        "is_due": is_due,
        "today": local(now()).date(),
    }
