"""A login with settings that are not in use yet."""

from collections.abc import Mapping

from flask import redirect
from werkzeug.wrappers import Response

from app import clock
from app.access.guard import needs
from app.access.permissions import Permission
from app.people.models import Person
from app.people.queries import find_person_by_email
from app.sign_in import actions
from app.sign_in.errors import NothingToTest, ProviderError, StateForeign
from app.sign_in.gateway import Trip, find_test_claims
from app.sign_in.models import Connection
from app.sign_in.queries import find_draft
from app.sign_in.views.blueprint import redirect_uri, sign_in
from app.sign_in.views.connection import page
from app.sign_in.views.door import away_from_here
from app.sign_in.views.explaining import explain
from app.web.here import actor, tenant
from app.web.pages import render, see_other
from app.web.session import browser_nonce


@sign_in.get("/set-up/sign-in/test/start")
@needs(Permission.MANAGE_SIGN_IN)
def start_test() -> Response:
    """A link leads here, not a form: a form may not send the browser to another host."""
    draft, account_id = find_draft(), actor().id
    if draft is None or account_id is None:
        return see_other("sign_in.connection")
    try:
        url = actions.begin_test(
            connection=draft,
            redirect_uri=redirect_uri(draft.id),
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
        return render("sign_in/test_failed.html", explanation=explain(error), here_path=away_from_here, status=502)
    return see_other("sign_in.test_result")


@sign_in.get("/set-up/sign-in/test")
@needs(Permission.MANAGE_SIGN_IN)
def test_result() -> Response:
    draft = find_draft()
    if draft is None or draft.tested_at is None:
        return see_other("sign_in.connection")
    claims = find_test_claims(tenant().id, draft.id, draft.revision)
    return render(
        "sign_in/test_result.html",
        draft=draft,
        claims=claims,
        person=_match(claims or {}),
        has_address=bool((claims or {}).get("email")),
    )


def _match(claims: Mapping[str, str]) -> Person | None:
    """Whom the directory knows by the address that came: shown, never used for signing anybody in."""
    email = claims.get("email")
    return find_person_by_email(email) if email else None
