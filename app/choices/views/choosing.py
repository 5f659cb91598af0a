"""How one takes part: the one question, and everything that follows from it."""

from dataclasses import replace

from flask import Response, flash, request
from flask_babel import gettext as _

from app.access.guard import needs
from app.access.permissions import Permission
from app.choices.actions import Choice, save_choices
from app.choices.forms import ChoicesForm, WantForm, choices_form
from app.choices.policies import Want
from app.choices.queries import find_participation
from app.choices.views.pages import choices
from app.choices.words import describe_wants
from app.clock import now
from app.people.queries import get_person
from app.time_policy.policies import terms_of
from app.time_policy.queries import find_policy
from app.training.queries import has_completed
from app.web.here import own_person
from app.web.pages import render, see_other


@choices.get("/choices")
@needs(Permission.TAKE_PART)
def choose() -> Response:
    return _page(_form(None))


@choices.post("/choices")
@needs(Permission.TAKE_PART)
def save() -> Response:
    form = _form(request.form)
    if not form.validate():
        return _page(form, 422)
    choice = form.choice()
    save_choices(person_id=own_person(), choice=choice, now=now())
    if choice.want is Want.NOT_NOW:
        return see_other("onboarding.not_now")
    flash(_("Saved."))
    return see_other("matching.suggestions" if choice.want.wants_kamu else "choices.choose")


@choices.post("/choices/want")
@needs(Permission.TAKE_PART)
def want() -> Response:
    """Keep the answer of the welcome page, and lead on to the details."""
    form = WantForm(request.form)
    if not form.validate():
        flash(_("Choose one of the four, or close the page."), "care")
        return see_other("onboarding.welcome")
    wanted = Want(form.want.data)
    save_choices(person_id=own_person(), choice=_with_answer(wanted), now=now())
    if wanted is Want.NOT_NOW:
        return see_other("onboarding.not_now")
    flash(_("Saved. Tell a little more now, or whenever you like."))
    return see_other("choices.choose")


def _with_answer(wanted: Want) -> Choice:
    """What was chosen before with another answer. What was on a Kaveri's mind does not become what a Kamu shows."""
    chosen, before = replace(_choice_so_far(), want=wanted), find_participation(own_person())
    shows = before is not None and before.wants_kamu and not wanted.wants_kamu
    return replace(chosen, topics=(), ways=()) if shows else chosen


def _choice_so_far() -> Choice:
    chosen = find_participation(own_person())
    if chosen is None:
        language = get_person(own_person()).language
        return Choice(Want.NOT_NOW, languages=[language] if language else [], places=_places())
    return Choice(
        want=Want.NOT_NOW,
        topics=chosen.topics,
        languages=chosen.languages,
        ways=chosen.ways,
        places=chosen.places if chosen.offers_kamu else _places(),
        introduction=chosen.introduction,
        lists_self=chosen.lists_self,
    )


def _places() -> int:
    return terms_of(find_policy()).places


def _form(data: object) -> ChoicesForm:
    chosen = find_participation(own_person())
    language = None if chosen else get_person(own_person()).language
    return choices_form(data, chosen, places=_places(), language=language)


def _page(form: ChoicesForm, status: int = 200) -> Response:
    chosen = find_participation(own_person())
    first_training = bool(chosen and chosen.offers_kamu) and not has_completed(own_person())
    return render(
        "choices/choose.html",
        status=status,
        form=form,
        first_training=first_training,
        notes=describe_wants(_places()),
    )
