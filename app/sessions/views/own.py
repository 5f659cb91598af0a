"""One's own sign-ins: on which devices, and ending them. Nobody else sees this list."""

import time

from flask import flash, redirect, request, session
from flask_babel import gettext as _
from flask_babel import ngettext
from werkzeug.wrappers import Response

from app.access.guard import needs
from app.access.permissions import Permission
from app.clock import now
from app.sessions import actions, words
from app.sessions.gateway import list_sessions
from app.sessions.queries import find_limits
from app.sessions.views.pages import sessions
from app.web.here import actor, own_account, tenant
from app.web.pages import render, see_other
from app.web.session import end_session


@sessions.get("/me/sign-ins")
@needs(Permission.KEEP_OWN_SIGN_INS)
def own() -> Response:
    mine = list_sessions(tenant().id, own_account())
    return render(
        "sessions/own.html",
        here=next((each for each in mine if each.handle == session.get("handle")), None),
        others=[each for each in mine if each.handle != session.get("handle")],
        limits=find_limits(),
        own_pages=actor().may(Permission.KEEP_OWN_RECORDS),
        has_passkeys_page=actor().may(Permission.KEEP_RESCUE),
        words=words,
        now=now(),
    )


@sessions.post("/me/sign-ins/end")
@needs(Permission.KEEP_OWN_SIGN_INS)
def end_one() -> Response:
    handle = request.form.get("handle", "")
    if handle == session.get("handle"):
        end_session()
        return redirect("/sign-in", 303)
    actions.end_one_session(account_id=own_account(), handle=handle)
    flash(_("Ended. Whoever uses that device has to sign in there again."))
    return see_other("sessions.own")


@sessions.post("/me/sign-ins/end-others")
@needs(Permission.KEEP_OWN_SIGN_INS)
def end_others() -> Response:
    others = len(list_sessions(tenant().id, own_account())) - 1
    actions.end_other_sessions(account_id=own_account(), handle=session.get("handle", ""), now=now())
    # This one goes on: for whoever compares, it begins after the end of the others.
    session["since"] = time.time() + 0.001
    flash(ngettext("%(num)s other sign-in ended.", "%(num)s other sign-ins ended.", max(others, 0)))
    return see_other("sessions.own")
