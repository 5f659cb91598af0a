"""Kamus who show themselves to their colleagues."""

from flask import Response, request

from app.access.guard import needs
from app.access.permissions import Permission
from app.choices.queries import LISTED_A_PAGE, find_participation, list_listed
from app.choices.views.pages import choices
from app.clock import now
from app.web.here import own_person
from app.web.pages import render


@choices.get("/kamus")
@needs(Permission.TAKE_PART)
def listed() -> Response:
    start = max(0, min(request.args.get("start", 0, int), 10**5))
    kamus, more = list_listed(start=start, today=now().date())
    chosen = find_participation(own_person())
    return render(
        "choices/listed.html",
        kamus=kamus,
        more=more,
        start=start,
        step=LISTED_A_PAGE,
        wants_kamu=bool(chosen and chosen.wants_kamu),
    )
