"""One's own goals: the list, a new one, and one of them. A Kamu reads told goals on the page of the two, not here."""

from collections.abc import Callable
from datetime import date
from typing import Any
from uuid import UUID

from flask import Response, flash, request
from flask_babel import gettext as _

from app.access.guard import needs
from app.access.permissions import Permission
from app.clock import now
from app.goals import actions, queries
from app.goals.errors import GoalIsClosed, NoKamuToTell
from app.goals.forms import FollowUpForm, GoalForm, NewGoalForm
from app.goals.models import How
from app.goals.policies import in_a_month, is_due
from app.goals.queries import ShownGoal
from app.goals.words import HOW_BADGES, HOW_WORDS
from app.pairs.policies import local
from app.pairs.queries import MyPair, list_coming_meetings, list_pairs_of
from app.pairs.words import day_and_weekday
from app.web.areas import org_pages
from app.web.here import own_person
from app.web.pages import render, see_other

goals = org_pages("goals", "app.goals")
WORDS: dict[str, Any] = {
    "how_words": HOW_WORDS,
    "how_badges": HOW_BADGES,
    "in_words": day_and_weekday,
    "is_due": is_due,
}


@goals.get("/goals")
@needs(Permission.TAKE_PART)
def index() -> Response:
    own = queries.list_own_goals(own_person())
    return render(
        "goals/index.html",
        open_goals=[goal for goal in own if goal.is_open],
        closed_goals=[goal for goal in own if not goal.is_open],
        kamu=_live_kamu(),
        today=_today(),
        **WORDS,
    )


@goals.get("/goals/new")
@needs(Permission.TAKE_PART)
def new_goal() -> Response:
    return _new_page(200)


@goals.post("/goals")
@needs(Permission.TAKE_PART)
def add_goal() -> Response:
    kamu = _live_kamu()
    form = _new_form(kamu)
    if not form.validate():
        return _new_page(422, form, kamu)
    goal = actions.add_goal(owner_id=own_person(), line=form.line.data, look_back_on=form.look_back_on, now=now())
    flash(_("Kept. You look back at it on %(day)s.", day=day_and_weekday(form.look_back_on)))
    if form.is_to_be_told:
        _tell(goal.id, form.pair_id)
    return see_other("goals.goal", goal_id=goal.id)


@goals.get("/goals/<uuid:goal_id>")
@needs(Permission.TAKE_PART)
def goal(goal_id: UUID) -> Response:
    return _goal_page(queries.get_own_goal(goal_id, own_person()))


@goals.post("/goals/<uuid:goal_id>")
@needs(Permission.TAKE_PART)
def change_goal(goal_id: UUID) -> Response:
    found = queries.get_own_goal(goal_id, own_person())
    form = GoalForm(request.form, today=_today())
    if not form.validate():
        return _goal_page(found, goal_form=form, status=422)
    actions.change_goal(
        goal_id=goal_id, owner_id=own_person(), line=form.line.data, look_back_on=form.look_back_on.data
    )
    flash(_("Saved."))
    return see_other("goals.goal", goal_id=goal_id)


@goals.post("/goals/<uuid:goal_id>/follow-ups")
@needs(Permission.TAKE_PART)
def follow_up(goal_id: UUID) -> Response:
    found = queries.get_own_goal(goal_id, own_person())
    form = FollowUpForm(request.form, today=_today())
    if not form.validate():
        return _goal_page(found, follow_form=form, status=422)
    try:
        actions.follow_up(
            goal_id=goal_id,
            owner_id=own_person(),
            how=How(form.how.data),
            line=form.note.data or "",
            look_back_on=form.next_on.data or found.look_back_on,
            now=now(),
        )
    except GoalIsClosed:
        form.note.errors = [_("This goal is closed. Take it up again first.")]
        return _goal_page(found, follow_form=form, status=409)
    flash(_("You let it go. That is a decision too.") if form.how.data == How.LET_GO else _("Saved."))
    return see_other("goals.goal", goal_id=goal_id)


@goals.post("/goals/<uuid:goal_id>/telling")
@needs(Permission.TAKE_PART)
def tell(goal_id: UUID) -> Response:
    if _tell(goal_id, request.form.get("pair", type=UUID)):
        flash(_("Told. You can take it back any day."))
    return see_other("goals.goal", goal_id=goal_id)


@goals.post("/goals/<uuid:goal_id>/telling/removal")
@needs(Permission.TAKE_PART)
def take_back(goal_id: UUID) -> Response:
    return _done(goal_id, actions.take_back_goal, _("Only you read it now."))


@goals.post("/goals/<uuid:goal_id>/reached")
@needs(Permission.TAKE_PART)
def reach(goal_id: UUID) -> Response:
    return _done(goal_id, actions.reach_goal, _("You reached it. It stays here for you to look back at."), now=now())


@goals.post("/goals/<uuid:goal_id>/reopening")
@needs(Permission.TAKE_PART)
def reopen(goal_id: UUID) -> Response:
    return _done(goal_id, actions.reopen_goal, _("Taken up again."), look_back_on=in_a_month(_today()))


@goals.post("/goals/<uuid:goal_id>/removal")
@needs(Permission.TAKE_PART)
def remove(goal_id: UUID) -> Response:
    actions.remove_goal(goal_id=goal_id, owner_id=own_person())
    flash(_("The goal and what you wrote about it are gone."))
    return see_other("goals.index")


def _tell(goal_id: UUID, pair_id: UUID | None) -> bool:
    """Tell a goal in the pair that the form named, and say so when that is no longer possible."""
    try:
        actions.tell_goal(goal_id=goal_id, owner_id=own_person(), pair_id=pair_id)
    except NoKamuToTell:
        flash(_("It could not be told just now. It stays with you."), "care")
        return False
    return True


def _done(goal_id: UUID, action: Callable[..., None], said: str, **values: object) -> Response:
    action(goal_id=goal_id, owner_id=own_person(), **values)
    flash(said)
    return see_other("goals.goal", goal_id=goal_id)


def _today() -> date:
    return local(now()).date()


def _live_kamu() -> MyPair | None:
    """Find the pair, live or resting, in which this person is the Kaveri."""
    reads = (pair for pair in list_pairs_of(own_person()) if pair.is_live or pair.is_resting)
    return next((pair for pair in reads if not pair.is_kamu), None)


def _new_form(kamu: MyPair | None) -> NewGoalForm:
    coming = list_coming_meetings([kamu], now=now()) if kamu else []
    days = [local(meeting.begins_at).date() for meeting in coming if not meeting.is_off]
    sent = request.form if request.method == "POST" else None
    return NewGoalForm(sent, today=_today(), meeting=days[0] if days else None, kamu=kamu)


def _new_page(status: int, form: NewGoalForm | None = None, kamu: MyPair | None = None) -> Response:
    kamu = kamu or _live_kamu()
    form = form or _new_form(kamu)
    notes = {
        "meeting": day_and_weekday(form.meeting) if form.meeting else "",
        "month": day_and_weekday(in_a_month(_today())),
    }
    return render("goals/new.html", status=status, form=form, kamu=kamu, notes=notes)


def _goal_page(
    found: ShownGoal, *, goal_form: GoalForm | None = None, follow_form: FollowUpForm | None = None, status: int = 200
) -> Response:
    today = _today()
    next_on = in_a_month(today) if is_due(found.look_back_on, today) else found.look_back_on
    return render(
        "goals/goal.html",
        status=status,
        goal=found,
        kamu=_live_kamu(),
        goal_form=goal_form or GoalForm(None, obj=found, today=today),
        follow_form=follow_form or FollowUpForm(None, today=today, next_on=next_on),
        today=today,
        **WORDS,
    )
