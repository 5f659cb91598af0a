"""The privacy notice: members see it once in each version, before their own pages."""

from flask import redirect, session
from werkzeug.wrappers import Response

from app.access.guard import needs
from app.access.permissions import Permission
from app.clock import now
from app.sessions.actions import read_notice
from app.sessions.policies import CURRENT_NOTICE, NOTICES
from app.sessions.views.pages import sessions
from app.sessions.words import what_changed
from app.sign_in.views.blueprint import local_path
from app.web.here import actor, own_account, tenant
from app.web.pages import render


@sessions.get("/privacy-notice")
@needs(Permission.KEEP_OWN_SIGN_INS)
def notice() -> Response:
    versions = [(number, day, what_changed(number)) for number, day in enumerate(NOTICES, 1)]
    return render(
        "sessions/notice.html",
        organisation=tenant().name,
        read=actor().notice_version or 0,
        own_pages=actor().may(Permission.KEEP_OWN_RECORDS),
        versions=versions[::-1],
        is_asked=(actor().notice_version or 0) < CURRENT_NOTICE and actor().may(Permission.SEE_WELCOME),
    )


@sessions.post("/privacy-notice")
@needs(Permission.KEEP_OWN_SIGN_INS)
def have_read() -> Response:
    read_notice(account_id=own_account(), now=now())
    return redirect(local_path(session.pop("next", "")) or "/", 303)
