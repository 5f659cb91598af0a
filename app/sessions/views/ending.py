"""How long sign-ins last here, and ending those of others. Who is signed in, and since when, shows nowhere."""

from uuid import UUID

from flask import flash, request
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from app.access.guard import fresh, needs
from app.access.permissions import Permission
from app.clock import now
from app.people.queries import list_people
from app.sessions import actions
from app.sessions.forms import LimitsForm
from app.sessions.queries import find_account_id, find_limits, search_role_holders
from app.sessions.views.pages import sessions
from app.sign_in.queries import get_connection, list_connections_in_use
from app.web.forms import tidy
from app.web.pages import render, see_other
from tenants.errors import NotHere

MOST_FOUND = 8


@sessions.get("/set-up/sessions")
@needs(Permission.END_SESSIONS)
def settings() -> Response:
    return _page()


@sessions.post("/set-up/sessions")
@needs(Permission.END_SESSIONS)
@fresh
def set_limits() -> Response:
    form = LimitsForm(request.form, limits=find_limits())
    if not form.validate():
        return _page(form=form, status=422)
    actions.set_limits(limits=form.limits(), now=now())
    flash(_("Saved. It holds from now on, for everybody who is signed in too."))
    return see_other("sessions.settings")


@sessions.post("/set-up/sessions/search")
@needs(Permission.END_SESSIONS)
def search() -> Response:
    """Answer at once rather than by an address: a name searched for here would lie in logs and histories."""
    return _page(name=" ".join(tidy(request.form.get("name", "")).split())[:80])


@sessions.post("/set-up/sessions/of-person")
@needs(Permission.END_SESSIONS)
def end_of_person() -> Response:
    account_id = find_account_id(_sent("who"))
    if account_id:
        actions.end_sessions_of_account(account_id=account_id, now=now())
    flash(_("Done. Wherever they were signed in, they have to sign in again."))
    return see_other("sessions.settings")


@sessions.post("/set-up/sessions/of-connection")
@needs(Permission.END_SESSIONS)
def end_of_connection() -> Response:
    connection = get_connection(_sent("connection"))
    actions.end_sessions_of_connection(connection_id=connection.id, now=now())
    flash(_("Done. Everybody who came by this connection has to sign in again."))
    return see_other("sessions.settings")


@sessions.post("/set-up/sessions/of-all")
@needs(Permission.END_SESSIONS)
def end_of_all() -> Response:
    actions.end_sessions_of_organisation(now=now())
    return see_other("sign_in.door")


def _page(*, form: LimitsForm | None = None, name: str = "", status: int = 200) -> Response:
    limits = find_limits()
    return render(
        "sessions/settings.html",
        form=form or LimitsForm(limits=limits),
        name=name,
        found=_found(name) if name else None,
        connections=list_connections_in_use(),
        status=status,
    )


def _found(name: str) -> list[tuple[UUID, str, str]]:
    people = [(each.id, each.name, each.email) for each in list_people(search=name, most=MOST_FOUND).people]
    holders = [(each.id, each.name, each.email) for each in search_role_holders(name, most=MOST_FOUND)]
    return [*people, *holders]


def _sent(field: str) -> UUID:
    try:
        return UUID(request.form.get(field, ""))
    except ValueError as error:
        raise NotHere(field) from error
