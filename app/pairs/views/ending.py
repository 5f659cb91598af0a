"""Taking a break, going on, ending, shredding. Each page says first what is lost."""

from uuid import UUID

from flask import Response, flash, request
from flask_babel import gettext as _

from app.access.guard import needs
from app.access.permissions import Permission
from app.clock import now
from app.pairs import actions, queries
from app.pairs.errors import PairHasEnded, PairRests, StillAPair
from app.pairs.forms import SHRED, EndingForm
from app.pairs.views.blueprint import pairs
from app.training.queries import list_help_contacts
from app.web.here import own_person
from app.web.pages import render, see_other


@pairs.get("/pairs/<uuid:pair_id>/break")
@needs(Permission.TAKE_PART)
def pausing(pair_id: UUID) -> Response:
    found = queries.get_pair(pair_id, own_person())
    if not found.is_live:
        return see_other("pairs.pair", pair_id=pair_id)
    return render("pairs/pausing.html", pair=found)


@pairs.post("/pairs/<uuid:pair_id>/break")
@needs(Permission.TAKE_PART)
def pause(pair_id: UUID) -> Response:
    try:
        actions.pause_pair(pair_id=pair_id, person_id=own_person(), now=now())
    except (PairHasEnded, PairRests):
        return see_other("pairs.pair", pair_id=pair_id)
    flash(_("You two take a break, for as long as you like."))
    return see_other("pairs.pair", pair_id=pair_id)


@pairs.post("/pairs/<uuid:pair_id>/break/end")
@needs(Permission.TAKE_PART)
def resume(pair_id: UUID) -> Response:
    try:
        actions.resume_pair(pair_id=pair_id, person_id=own_person(), now=now())
    except (PairHasEnded, PairRests):
        return see_other("pairs.pair", pair_id=pair_id)
    flash(_("You two go on."))
    return see_other("pairs.pair", pair_id=pair_id)


@pairs.get("/pairs/<uuid:pair_id>/ending")
@needs(Permission.TAKE_PART)
def ending(pair_id: UUID) -> Response:
    found = queries.get_pair(pair_id, own_person())
    if not found.lasts:
        return see_other("pairs.pair", pair_id=pair_id)
    return render("pairs/ending.html", pair=found, form=EndingForm(None), contacts=list_help_contacts())


@pairs.post("/pairs/<uuid:pair_id>/ending")
@needs(Permission.TAKE_PART)
def end(pair_id: UUID) -> Response:
    form = EndingForm(request.form)
    actions.end_pair(pair_id=pair_id, person_id=own_person(), now=now())
    if form.text.data == SHRED:
        actions.shred_own(pair_id=pair_id, person_id=own_person())
    return see_other("pairs.pair", pair_id=pair_id)


@pairs.post("/pairs/<uuid:pair_id>/shredding")
@needs(Permission.TAKE_PART)
def shred(pair_id: UUID) -> Response:
    try:
        actions.shred_own(pair_id=pair_id, person_id=own_person())
    except StillAPair:
        return see_other("pairs.pair", pair_id=pair_id)
    flash(_("What you wrote here is shredded."))
    return see_other("pairs.pair", pair_id=pair_id)
