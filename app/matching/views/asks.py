"""What a Kamu was asked: yes or no, and no reason for either."""

from uuid import UUID

from flask import Response, abort, flash, request
from flask_babel import gettext as _

from app.access.guard import needs
from app.access.permissions import Permission
from app.choices.queries import find_participation
from app.clock import now
from app.matching.actions import answer_ask
from app.matching.errors import AskIsOver
from app.matching.queries.asks import list_asks_to
from app.matching.views.pages import matching
from app.pairs.queries import count_lasting_places
from app.web.here import actor, own_person
from app.web.pages import render, see_other


@matching.get("/asks")
@needs(Permission.TAKE_PART)
def asks() -> Response:
    me = own_person()
    chosen = find_participation(me)
    free = chosen.places - count_lasting_places([me]).get(me, 0) if chosen and chosen.offers_kamu else 0
    return render(
        "matching/asks.html",
        asks=list_asks_to(me, now=now()),
        free=max(0, free),
        is_kamu=bool(chosen and chosen.offers_kamu),
    )


@matching.post("/asks/<uuid:ask_id>/answer")
@needs(Permission.TAKE_PART)
def answer(ask_id: UUID) -> Response:
    sent = request.form.get("answer")
    if sent not in {"yes", "no"}:
        abort(400)
    try:
        pair = answer_ask(ask_id=ask_id, yes=sent == "yes", by=actor(), now=now())
    except AskIsOver:
        flash(_("This question is over. There is nothing to do."), "info")
        return see_other("matching.asks")
    if pair is not None:
        flash(_("You two are a pair now."))
        return see_other("pairs.pair", pair_id=pair.id)
    if sent == "yes":
        flash(_("This one didn’t come about. There is nothing to do."), "info")
    else:
        flash(_("Answered. Nobody learns that it was a no."))
    return see_other("matching.asks")
