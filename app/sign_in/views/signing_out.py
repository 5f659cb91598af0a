"""Out of Kamu; out of the provider too, if wanted; and word from there that somebody has signed out."""

from uuid import UUID

from flask import flash, jsonify, redirect, request, session
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from app import clock
from app.access.guard import for_programs, public
from app.sessions.actions import end_sessions_of_connection
from app.sign_in import actions
from app.sign_in.errors import NothingToTest, ProviderError
from app.sign_in.models import Connection
from app.sign_in.queries import get_connection
from app.sign_in.views.blueprint import addresses_of, redirect_uri, sign_in
from app.web.pages import render, see_other
from app.web.session import end_session
from tenants.errors import NotHere

LEFT = "signed_out_of"
LONGEST_TOKEN = 20_000


@sign_in.post("/sign-out")
@public("Leaving is open to everybody.")
def sign_out() -> Response:
    came_by = session.get("connection") if session.get("method") == "oidc" else None
    end_session()
    if came_by:
        session[LEFT] = came_by
        return see_other("sign_in.signed_out")
    flash(_("You are signed out of Kamu."))
    return see_other("sign_in.door")


@sign_in.get("/signed-out")
@public("Whoever has left reads it, and nobody is signed in any more.")
def signed_out() -> Response:
    connection = _left()
    return render("sign_in/signed_out.html", connection=connection)


@sign_in.get("/signed-out/there")
@public("Whoever has left Kamu leaves the provider too.")
def sign_out_there() -> Response:
    """A link leads here, not a form: a form may not send the browser to another host."""
    connection = _left()
    if connection is None:
        return see_other("sign_in.signed_out")
    session.pop(LEFT, None)
    try:
        url = actions.way_out(
            connection=connection,
            redirect_uri=redirect_uri(connection.id),
            back=addresses_of(connection.id).after_logout,
        )
    except (ProviderError, NothingToTest):
        url = None
    return redirect(url, 303) if url else render("sign_in/signed_out.html", connection=None, nowhere=True)


@sign_in.post("/sign-in/back-channel/<uuid:connection_id>")
@for_programs("The provider tells that a sign-in ended there, and its signature proves that it is the provider.")
def back_channel(connection_id: UUID) -> Response:
    """OpenID Connect Back-Channel Logout 1.0, sections 2.5 to 2.8."""
    token = request.form.get("logout_token", "")
    try:
        connection = get_connection(connection_id)
        if not connection.is_in_use or not 0 < len(token) <= LONGEST_TOKEN:
            return _not_heard()
        ended = actions.hear_of_end(
            connection=connection, redirect_uri=redirect_uri(connection_id), token=token, now=clock.now()
        )
    except (NotHere, ProviderError):
        return _not_heard()
    end_sessions_of_connection(
        connection_id=connection_id, provider_sid=ended.session_id, subject=ended.subject, now=clock.now()
    )
    return jsonify({})


def _not_heard() -> Response:
    answer = jsonify(error="invalid_request")
    answer.status_code = 400
    return answer


def _left() -> Connection | None:
    """The connection by which whoever has just left had come, while it is in use."""
    if LEFT not in session:
        return None
    try:
        found = get_connection(UUID(session[LEFT]))
    except NotHere:
        return None
    return found if found.is_in_use else None
