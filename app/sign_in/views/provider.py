"""To the organisation's provider and back."""

from collections.abc import Callable
from uuid import UUID

from flask import redirect, request, session
from werkzeug.wrappers import Response

from app import clock
from app.access.guard import public
from app.access.queries import find_actor
from app.sign_in import actions
from app.sign_in.errors import ProviderError, SignInRefused, StateError, StateUnknown
from app.sign_in.gateway import Purpose, Trip, take_trip
from app.sign_in.models import Connection
from app.sign_in.queries import find_active_connection, get_connection, list_connections_in_use
from app.sign_in.views.arrivals import asked_page
from app.sign_in.views.blueprint import home_of, local_path, redirect_uri, sign_in
from app.sign_in.views.door import problem_page
from app.sign_in.views.explaining import explain
from app.sign_in.views.own_log_ins import INVITED, come_back_with_own_log_in
from app.sign_in.views.trying import come_back_from_test
from app.sign_in.views.words import of_provider, of_refusal, of_state
from app.web.here import actor, tenant
from app.web.pages import see_other
from app.web.session import browser_nonce, start_account_session
from tenants.errors import NotHere


@sign_in.get("/sign-in/start")
@public("The organisation's door: nobody is signed in yet.")
def start() -> Response:
    """One connection is named by its id, where there are several; else it is the one that the door names first."""
    connection = _chosen(request.args.get("by", ""))
    if connection is None:
        return see_other("sign_in.door")
    try:
        url = _way_to(connection)
    except ProviderError as error:
        return problem_page(of_provider(error, tenant().name), detail=explain(error))
    return redirect(url, 303)


def _way_to(connection: Connection) -> str:
    """Where the browser goes: to sign in, or to show the log-in of somebody who was just invited to a role."""
    invited, invitation = session.get(INVITED), session.get("invitation")
    if invited and not actor().is_signed_in:
        return actions.begin_own_log_in(
            connection=connection,
            redirect_uri=redirect_uri(connection.id),
            browser=browser_nonce(),
            account_id=UUID(invited),
            now=clock.now(),
        )
    return actions.begin_login(
        connection=connection,
        redirect_uri=redirect_uri(connection.id),
        browser=browser_nonce(),
        invitation_id=UUID(invitation) if invitation else None,
        next_path=local_path(session.get("next")),
        now=clock.now(),
    )


def _chosen(connection_id: str) -> Connection | None:
    if not connection_id:
        return find_active_connection()
    return next((each for each in list_connections_in_use() if str(each.id) == connection_id), None)


@sign_in.get("/sign-in/callback/<uuid:connection_id>")
@public("People come back from their provider here; a state of this very browser is checked first.")
def callback(connection_id: UUID) -> Response:
    answer = request.args.to_dict()
    try:
        connection, trip = _taken(connection_id, answer.get("state", ""))
        return COME_BACK[trip.purpose](connection, trip, answer)
    except StateError as error:
        return problem_page(of_state(error))
    except SignInRefused as refused:
        return problem_page(of_refusal(refused.reason))
    except ProviderError as error:
        return problem_page(of_provider(error, tenant().name), detail=explain(error))


def _taken(connection_id: UUID, state: str) -> tuple[Connection, Trip]:
    """The connection and the sign-in under way; before this nothing of the answer is looked at."""
    trip = take_trip(tenant().id, state, connection_id=connection_id, browser=browser_nonce(), now=clock.now())
    try:
        return get_connection(connection_id), trip
    except NotHere as error:
        raise StateUnknown from error


def _come_in(connection: Connection, trip: Trip, answer: dict[str, str]) -> Response:
    arrived = actions.come_in(
        connection=connection,
        redirect_uri=redirect_uri(connection.id),
        trip=trip,
        answer=answer,
        now=clock.now(),
    )
    if arrived.account_id is None:
        return asked_page()
    start_account_session(arrived.account_id, method="oidc", connection_id=connection.id, sid=arrived.provider_session)
    return redirect(local_path(trip.next) or _home(arrived.account_id), 303)


def _come_again(connection: Connection, trip: Trip, answer: dict[str, str]) -> Response:
    """Whoever showed that it is still them goes on, in a session that begins anew."""
    account_id = actor().id
    provider_session = actions.come_again(
        connection=connection,
        redirect_uri=redirect_uri(connection.id),
        trip=trip,
        answer=answer,
        account_id=account_id,
        now=clock.now(),
    )
    if account_id is None:
        raise StateUnknown
    start_account_session(account_id, method="oidc", connection_id=connection.id, sid=provider_session, asked=True)
    return redirect(local_path(trip.next) or _home(account_id), 303)


def _home(account_id: UUID) -> str:
    who = find_actor(account_id)
    if who is None:
        raise NotHere(account_id)
    return home_of(who)


COME_BACK: dict[Purpose, Callable[[Connection, Trip, dict[str, str]], Response]] = {
    "sign-in": _come_in,
    "test": come_back_from_test,
    "again": _come_again,
    "own-log-in": come_back_with_own_log_in,
}
