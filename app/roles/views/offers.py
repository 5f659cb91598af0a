"""The ownership, offered: the page of whoever may say yes or no."""

from flask import flash
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from app.access.guard import fresh, needs
from app.access.permissions import Permission
from app.clock import now
from app.roles import actions
from app.roles.errors import RoleRefusal
from app.roles.queries.offers import find_offer
from app.roles.views.pages import roles
from app.roles.words import say_refusal
from app.web.here import actor
from app.web.pages import render, see_other


@roles.get("/ownership")
@needs(Permission.SEE_SET_UP)
def offer() -> Response:
    return _page()


@roles.post("/ownership/acceptance")
@needs(Permission.SEE_SET_UP)
@fresh
def accept_offer() -> Response:
    try:
        actions.accept_offer(by=actor(), now=now())
    except RoleRefusal as refusal:
        return _page(problem=say_refusal(refusal), status=410)
    flash(_("You are an owner now. Every owner is told by mail."))
    return see_other("roles.index")


@roles.post("/ownership/refusal")
@needs(Permission.SEE_SET_UP)
def decline_offer() -> Response:
    actions.decline_offer(by=actor())
    flash(_("Nothing has changed."))
    return see_other("onboarding.home")


def _page(problem: str | None = None, status: int = 200) -> Response:
    account_id = actor().id
    found = find_offer(account_id, now()) if account_id else None
    return render(
        "roles/offer.html",
        by=found[0] if found else None,
        stays=found[1] if found else False,
        problem=problem,
        status=status,
    )
