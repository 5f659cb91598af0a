"""Confirming that it is still the same person, by the way they came in, and back to where they were."""

from uuid import UUID

from flask import redirect, session
from werkzeug.wrappers import Response

from app.access.guard import needs
from app.access.permissions import Permission
from app.break_glass.queries import has_passkey
from app.clock import now
from app.sessions.views.pages import sessions
from app.sign_in import actions
from app.sign_in.errors import ProviderError
from app.sign_in.models import Connection
from app.sign_in.queries import get_connection, has_invited_role
from app.sign_in.views.blueprint import local_path, redirect_uri
from app.sign_in.views.door import problem_page
from app.sign_in.views.explaining import explain
from app.sign_in.views.words import of_provider
from app.web.here import actor, own_account, tenant
from app.web.pages import render, see_other
from app.web.session import browser_nonce, is_fresh
from tenants.errors import NotHere


@sessions.get("/sign-in/again")
@needs(Permission.KEEP_OWN_SIGN_INS)
def again() -> Response:
    if is_fresh():
        return redirect(_wanted(), 303)
    return render(
        "sessions/again.html",
        connection=_own_connection(),
        email=actor().email,
        has_passkey=has_passkey(own_account()),
        may_have_link=has_invited_role(own_account()),
    )


@sessions.get("/sign-in/again/provider")
@needs(Permission.KEEP_OWN_SIGN_INS)
def by_provider() -> Response:
    connection = _own_connection()
    if connection is None:
        return see_other("sessions.again")
    try:
        url = actions.begin_again(
            connection=connection,
            redirect_uri=redirect_uri(connection.id),
            browser=browser_nonce(),
            account_id=own_account(),
            next_path=_wanted(),
            now=now(),
        )
    except ProviderError as error:
        return problem_page(of_provider(error, tenant().name), detail=explain(error))
    return redirect(url, 303)


@sessions.post("/sign-in/again/link")
@needs(Permission.KEEP_OWN_SIGN_INS)
def send_link() -> Response:
    actions.ask_login_link(email=actor().email, browser=browser_nonce(), now=now(), inside=own_account())
    return see_other("sessions.link_sent")


@sessions.get("/sign-in/again/link")
@needs(Permission.KEEP_OWN_SIGN_INS)
def link_sent() -> Response:
    if is_fresh():
        return redirect(_wanted(), 303)
    return render("sessions/again_sent.html", email=actor().email)


def _own_connection() -> Connection | None:
    """The connection by which this session came, while it is in use."""
    if not session.get("connection"):
        return None
    try:
        found = get_connection(UUID(session["connection"]))
    except NotHere:
        return None
    return found if found.is_in_use else None


def _wanted() -> str:
    return local_path(session.get("next")) or "/"
