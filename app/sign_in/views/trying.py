"""A login with settings that are not in use yet, or anew with those that are."""

from collections.abc import Mapping
from uuid import UUID

from flask import redirect, session
from werkzeug.wrappers import Response

from app import clock
from app.access.guard import fresh, needs
from app.access.permissions import Permission
from app.people.models import Person
from app.people.queries import find_person_by_email
from app.sign_in import actions
from app.sign_in.errors import NothingToTest, ProviderError, StateForeign
from app.sign_in.gateway import Trip, find_test_claims
from app.sign_in.models import Connection
from app.sign_in.queries import find_draft, get_connection, is_enforced, list_connections_in_use
from app.sign_in.views.blueprint import redirect_uri, sign_in
from app.sign_in.views.door import away_from_here
from app.sign_in.views.explaining import explain
from app.sign_in.views.overview import look_ahead, page
from app.web.here import actor, tenant
from app.web.pages import render, see_other
from app.web.session import browser_nonce
from tenants.errors import NotHere

TRIED = "tried"


@sign_in.get("/set-up/sign-in/test/start")
@needs(Permission.MANAGE_SIGN_IN)
@fresh
def start_test() -> Response:
    """A link leads here, not a form: a form may not send the browser to another host."""
    draft = find_draft()
    return see_other("sign_in.connection") if draft is None else _try(draft)


@sign_in.get("/set-up/sign-in/active/<uuid:connection_id>/test")
@needs(Permission.MANAGE_SIGN_IN)
@fresh
def try_in_use(connection_id: UUID) -> Response:
    found = get_connection(connection_id)
    if not found.is_in_use:
        raise NotHere(connection_id)
    return _try(found)


def _try(connection: Connection) -> Response:
    account_id = actor().id
    if account_id is None:
        raise NotHere("nobody is signed in")
    try:
        url = actions.begin_test(
            connection=connection,
            redirect_uri=redirect_uri(connection.id),
            browser=browser_nonce(),
            account_id=account_id,
            now=clock.now(),
        )
    except NothingToTest:
        return see_other("sign_in.connection")
    except ProviderError as error:
        return page(refused=explain(error), status=502)
    return redirect(url, 303)


def come_back_from_test(connection: Connection, trip: Trip, answer: Mapping[str, str]) -> Response:
    """The end of a test login. Raises StateForeign, StateUnknown."""
    if not actor().may(Permission.MANAGE_SIGN_IN):
        raise StateForeign
    try:
        actions.finish_test(
            connection=connection,
            redirect_uri=redirect_uri(connection.id),
            trip=trip,
            answer=answer,
            account_id=actor().id,
            now=clock.now(),
        )
    except ProviderError as error:
        return render(
            "sign_in/test_failed.html",
            explanation=explain(error),
            connection=connection,
            here_path=away_from_here,
            status=502,
        )
    session[TRIED] = str(connection.id)
    return see_other("sign_in.test_result")


@sign_in.get("/set-up/sign-in/test")
@needs(Permission.MANAGE_SIGN_IN)
@fresh
def test_result() -> Response:
    tried = _tried()
    if tried is None or tried.tested_at is None:
        return see_other("sign_in.connection")
    claims = find_test_claims(tenant().id, tried.id, tried.revision)
    return render(
        "sign_in/test_result.html",
        connection=tried,
        claims={name: value for name, value in (claims or {}).items() if name != actions.TELLS_WHEN},
        tells_when=actions.TELLS_WHEN in (claims or {}),
        person=_match(claims or {}),
        has_address=bool((claims or {}).get("email")),
        dry=look_ahead(tried, list_connections_in_use(), enforced=is_enforced()) if not tried.is_in_use else None,
    )


def _tried() -> Connection | None:
    """The connection that was last tried in this browser; the draft, when none was."""
    if TRIED not in session:
        return find_draft()
    try:
        return get_connection(UUID(session[TRIED]))
    except NotHere:
        return find_draft()


def _match(claims: Mapping[str, str]) -> Person | None:
    """Whom the directory knows by the address that came: shown, never used for signing anybody in."""
    email = claims.get("email")
    return find_person_by_email(email) if email else None
