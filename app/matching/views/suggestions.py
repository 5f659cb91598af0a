"""A few Kamus to choose from. Whatever keeps somebody off this page looks the same."""

import secrets
from uuid import UUID

from flask import Response, flash, request
from flask_babel import gettext as _

from app.access.guard import needs
from app.access.permissions import Permission
from app.choices.actions import add_veto
from app.choices.queries import find_participation
from app.choices.words import all_names
from app.clock import now
from app.matching.actions import ask_kamu, take_back
from app.matching.errors import AlreadyAsked, NotSuggested
from app.matching.queries.asks import find_waiting, has_not_come_about
from app.matching.queries.candidates import list_candidates
from app.matching.views.pages import matching
from app.matching.words import say
from app.pairs.queries import list_pairs_of
from app.web.here import actor, own_person
from app.web.pages import render, see_other
from tenants.errors import NotHere

CHOOSE_FOR_ME = "any"


@matching.get("/suggestions")
@needs(Permission.TAKE_PART)
def suggestions() -> Response:
    return _page()


@matching.post("/suggestions/ask")
@needs(Permission.TAKE_PART)
def ask() -> Response:
    kamu_id = _chosen_kamu(request.form.get("kamu", ""))
    if kamu_id is None:
        return _page(422)
    try:
        ask_kamu(kaveri_id=own_person(), kamu_id=kamu_id, by=actor(), now=now())
    except AlreadyAsked:
        flash(_("You have asked already. Take that question back first to ask somebody else."), "care")
    except NotSuggested:
        flash(_("This one didn’t come about; here are your other suggestions."), "info")
    else:
        flash(_("Asked. Nobody but the two of you knows."))
    return see_other("matching.suggestions")


@matching.post("/suggestions/take-back")
@needs(Permission.TAKE_PART)
def take_question_back() -> Response:
    take_back(kaveri_id=own_person(), by=actor(), now=now())
    flash(_("Taken back. You can ask somebody else whenever you like."))
    return see_other("matching.suggestions")


@matching.post("/suggestions/rather-not")
@needs(Permission.TAKE_PART)
def rather_not_with() -> Response:
    add_veto(person_id=own_person(), other_id=_sent_id(request.form.get("person", "")), now=now())
    flash(_("Added to your list “Rather not with”. Only you can read it."))
    return see_other("matching.suggestions")


def _how_many(count: int) -> str:
    words = {
        1: _("One who could be your Kamu"),
        2: _("Two who could be your Kamu"),
        3: _("Three who could be your Kamu"),
        4: _("Four who could be your Kamu"),
        5: _("Five who could be your Kamu"),
    }
    return words.get(count, "")


def _chosen_kamu(sent: str) -> UUID | None:
    """The Kamu who was chosen, by the person or by chance; None when nobody was."""
    if sent == CHOOSE_FOR_ME:
        found = list_candidates(own_person(), now=now())
        return secrets.choice(found).kamu_id if found else None
    return _sent_id(sent) if sent else None


def _sent_id(sent: str) -> UUID:
    try:
        return UUID(sent)
    except ValueError:
        raise NotHere from None


def _page(status: int = 200) -> Response:
    me, at = own_person(), now()
    chosen = find_participation(me)
    wants = bool(chosen and chosen.wants_kamu)
    own_kamu = next((pair for pair in list_pairs_of(me) if pair.lasts and not pair.is_kamu), None)
    waiting = find_waiting(me, now=at) if wants and not own_kamu else None
    found = list_candidates(me, now=at) if wants and not own_kamu and not waiting else []
    return render(
        "matching/suggestions.html",
        status=status,
        wants=wants,
        own_kamu=own_kamu,
        waiting=waiting,
        suggestions=found,
        how_many=_how_many(len(found)),
        nobody_chosen=status != 200,
        not_come_about=wants and not own_kamu and not waiting and has_not_come_about(me, now=at),
        name=actor().name,
        names=all_names(),
        say=say,
        choose_for_me=CHOOSE_FOR_ME,
    )
