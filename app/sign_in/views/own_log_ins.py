"""Somebody who is in already connects their log-in at the provider to their account: nobody else can do it for them."""

from uuid import UUID

from flask import flash, redirect, request, session
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from app import clock
from app.access.actions import note_came_in
from app.access.guard import fresh, needs
from app.access.permissions import Permission
from app.access.queries import find_actor
from app.sign_in import actions
from app.sign_in.errors import LogInTaken, ProviderError, StateUnknown
from app.sign_in.gateway import Trip
from app.sign_in.models import Connection
from app.sign_in.queries import get_connection, list_connections_in_use
from app.sign_in.queries.connections import list_own_connections
from app.sign_in.views.blueprint import home_of, redirect_uri, sign_in
from app.sign_in.views.door import problem_page
from app.sign_in.views.explaining import explain
from app.sign_in.views.words import Problem, of_provider, of_state
from app.web.here import actor, tenant
from app.web.pages import render, see_other
from app.web.session import browser_nonce, start_account_session
from tenants.errors import NotHere

PENDING = "own_log_in"
# Set by the page of an invitation to a role, where the provider is the only way in: whose log-in comes next.
INVITED = "role_invitation"


@sign_in.get("/me/log-ins")
@needs(Permission.KEEP_OWN_SIGN_INS)
@fresh
def own_log_ins() -> Response:
    pending = session.get(PENDING)
    return render(
        "sign_in/own_log_ins.html",
        connections=list_connections_in_use(),
        own=list_own_connections(_account_id()),
        pending=pending,
        pending_connection=UUID(pending["connection"]) if pending else None,
    )


@sign_in.get("/me/log-ins/<uuid:connection_id>/start")
@needs(Permission.KEEP_OWN_SIGN_INS)
@fresh
def start_own_log_in(connection_id: UUID) -> Response:
    """A link leads here, not a form: a form may not send the browser to another host."""
    connection = get_connection(connection_id)
    if not connection.is_in_use:
        raise NotHere(connection_id)
    try:
        url = actions.begin_own_log_in(
            connection=connection,
            redirect_uri=redirect_uri(connection.id),
            browser=browser_nonce(),
            account_id=_account_id(),
            now=clock.now(),
        )
    except ProviderError as error:
        return problem_page(of_provider(error, tenant().name), detail=explain(error))
    return redirect(url, 303)


def come_back_with_own_log_in(connection: Connection, trip: Trip, answer: dict[str, str]) -> Response:
    """The way back: the log-in is shown, and noted only when its owner says that it is theirs.

    Who comes by an invitation to a role has just said so, on the page of its link.
    """
    invited = None if actor().is_signed_in else session.pop(INVITED, None)
    try:
        found = actions.finish_own_log_in(
            connection=connection,
            redirect_uri=redirect_uri(connection.id),
            trip=trip,
            answer=answer,
            account_id=UUID(invited) if invited else actor().id,
            now=clock.now(),
        )
        if invited:
            return _come_in_invited(connection, found, UUID(invited))
    except LogInTaken:
        return _taken()
    session[PENDING] = {"connection": str(connection.id), "subject": found.subject, "shown": found.shown}
    return see_other("sign_in.own_log_ins")


def _come_in_invited(connection: Connection, found: actions.Found, account_id: UUID) -> Response:
    who = find_actor(account_id)
    if who is None:
        raise StateUnknown
    now = clock.now()
    actions.note_own_log_in(connection=connection, subject=found.subject, account_id=account_id, now=now)
    note_came_in(account_id=account_id, now=now)
    start_account_session(account_id, method="oidc", connection_id=connection.id, sid=found.provider_session)
    return redirect(home_of(who), 303)


@sign_in.post("/me/log-ins")
@needs(Permission.KEEP_OWN_SIGN_INS)
@fresh
def note_own_log_in() -> Response:
    pending = session.pop(PENDING, None)
    if pending is None:
        return see_other("sign_in.own_log_ins")
    if request.form.get("answer") != "yes":
        flash(_("Nothing was connected."))
        return see_other("sign_in.own_log_ins")
    try:
        actions.note_own_log_in(
            connection=get_connection(UUID(pending["connection"])),
            subject=pending["subject"],
            account_id=_account_id(),
            now=clock.now(),
        )
    except LogInTaken:
        return _taken()
    except StateUnknown as error:
        return problem_page(of_state(error))
    flash(_("Connected. You come in with this log-in from now on."), "good")
    return see_other("sign_in.own_log_ins")


def _taken() -> Response:
    return problem_page(
        Problem(
            _("This log-in cannot be connected"),
            _("It opens another account here already, or your account has another log-in at this provider."),
            409,
            _("Sign out of your organisation’s account in this browser, and try with the log-in that is yours."),
            try_again=False,
        )
    )


def _account_id() -> UUID:
    account_id = actor().id
    if account_id is None:
        raise NotHere("nobody is signed in")
    return account_id
