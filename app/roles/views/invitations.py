"""The way in of somebody who was invited to a role: the page behind the link, and the press of its button."""

from uuid import UUID

from flask import session, url_for
from werkzeug.wrappers import Response

from app.access.actions import note_came_in
from app.access.guard import public
from app.clock import now
from app.links import unseal
from app.roles.actions.invite import Way, check_invitation, open_invitation, way_in
from app.roles.errors import NotYou
from app.roles.queries.holders import get_holder
from app.roles.views.pages import roles
from app.roles.words import DUTIES, name_roles
from app.sign_in.errors import LinkError, LinkExpired
from app.web.here import actor
from app.web.pages import render, see_other
from app.web.session import start_account_session
from tenants.errors import NotHere


@roles.get("/role-invitations/<token>")
@public("Whoever was invited to a role comes here before the first sign-in.")
def invitation(token: str) -> Response:
    try:
        account = check_invitation(link_id=_id(token), now=now())
    except (LinkError, NotHere) as error:
        return _does_not_open(error)
    held = get_holder(account.id)
    return render(
        "roles/invitation.html",
        token=token,
        name=account.name,
        held=held,
        duties=DUTIES,
        name_roles=name_roles,
        comes_in=actor().id == account.id or way_in(account) is Way.BY_MAIL,
    )


@roles.post("/role-invitations/<token>")
@public("Whoever was invited to a role comes here before the first sign-in.")
def accept(token: str) -> Response:
    try:
        account = open_invitation(link_id=_id(token), by=actor(), now=now())
    except NotYou:
        return _sign_in_first(token)
    except (LinkError, NotHere) as error:
        return _does_not_open(error)
    if actor().id == account.id:
        note_came_in(account_id=account.id, now=now())
        return see_other("onboarding.home")
    way = way_in(account)
    if way is Way.OWN_SIGN_IN:
        return see_other("sign_in.door")
    if way is Way.FIRST_LOG_IN:
        # Remembered for this browser: the log-in that follows is connected to this account.
        session["role_invitation"] = str(account.id)
        return see_other("sign_in.start")
    note_came_in(account_id=account.id, now=now())
    start_account_session(account.id, method="link")
    return see_other("onboarding.home")


def _sign_in_first(token: str) -> Response:
    """Have them come in by their own sign-in, and then back to this page."""
    if actor().is_signed_in:
        return render("roles/invitation_ended.html", why="other", status=403)
    session["next"] = url_for("roles.invitation", token=token)
    return see_other("sign_in.door")


def _does_not_open(error: Exception) -> Response:
    status = 410 if isinstance(error, LinkError) else 404
    why = "expired" if isinstance(error, LinkExpired) else "used" if isinstance(error, LinkError) else "unknown"
    return render("roles/invitation_ended.html", why=why, status=status)


def _id(token: str) -> UUID:
    found = unseal("role-invitation", token)
    if found is None:
        raise NotHere("not a link of ours")
    return found
