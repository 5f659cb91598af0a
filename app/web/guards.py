"""What stands between a request and a view: the host's organisation, the session's, membership, permission, origin.

Every refusal of a stranger is a 404, so that it tells nothing about what is there.
"""

import hmac
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any, cast
from uuid import UUID

import redis
import structlog
from flask import (
    Response,
    abort,
    current_app,
    g,
    make_response,
    redirect,
    render_template,
    request,
    session,
    url_for,
)

from app.access.actor import VISITOR, Actor
from app.access.guard import is_by_token, is_for_programs, is_public, needs_fresh, permissions_of_view
from app.access.policies import Stay
from app.access.queries import find_actor
from app.access.roles import Role
from app.sessions.policies import wants_notice
from app.web.areas import Area, area_of_endpoint, area_of_label, host_label
from app.web.here import StaffFinder, TokenFinder
from app.web.session import ServerSession, end_session, is_fresh
from app.web.turnstile import turnstile
from tenants.context import Status, TenantRef
from tenants.errors import TenantNotServed, TenantSuspended
from tenants.fleet import ask_for_priority
from tenants.resolution import find_tenant
from tenants.unit_of_work import control_work, tenant_work

SAFE = {"GET", "HEAD", "OPTIONS"}
RESCUE_LASTS = 30 * 60
WITHOUT_DATABASE = {"assets", "health"}
_log = structlog.get_logger("kamu.guard")


@contextmanager
def admitted() -> Iterator[Response | None]:
    """Open the request's unit of work and let in who may; yields the answer for those who must sign in first."""
    if request.blueprint in WITHOUT_DATABASE:
        yield None
        return
    if is_for_programs(current_app.view_functions[request.endpoint or ""]):
        with _program_admitted():
            yield None
        return
    if cast("ServerSession", session).is_lost:
        raise redis.ConnectionError("the session could not be read")
    with _request_work():
        g.actor = _find_actor()
        _check_origin_and_token()
        yield _check_permission()


@contextmanager
def _program_admitted() -> Iterator[None]:
    """Let in a program: whatever session its request names is neither looked at nor kept."""
    cast("ServerSession", session).set_aside()
    with _request_work():
        view = current_app.view_functions[request.endpoint or ""]
        g.actor = VISITOR
        if is_by_token(view):
            found = TokenFinder.find(request)
            if found is None:
                abort(401)
            g.actor = found
            _check_permission_of(view)
        yield


@contextmanager
def _request_work() -> Iterator[None]:
    g.label = host_label()
    g.area = area_of_label(g.label)
    wanted = area_of_endpoint(request.endpoint)
    if wanted is not None and wanted is not g.area:
        abort(404)
    if g.area is not Area.ORGANISATION:
        with control_work():
            yield
        return
    found = _served_tenant()
    with turnstile(found), tenant_work(found):
        yield


def _served_tenant() -> TenantRef:
    """Return the host's organisation; one that is closed for a time has a page that says so, any other is not there."""
    found = find_tenant(g.label)
    if found is None or found.status not in {Status.OPEN, Status.SUSPENDED}:
        abort(404)
    g.tenant = found
    if found.status is Status.SUSPENDED:
        raise TenantSuspended(found.name)
    if not found.is_served:
        ask_for_priority(found)
        raise TenantNotServed("its schema is not at a revision that this application works with")
    return found


def _find_actor() -> Actor:
    kind = session.get("kind")
    if kind == "account":
        return _find_account()
    if kind == "staff":
        if g.area is not Area.STAFF:
            abort(404)
        return StaffFinder.find(UUID(session["staff"])) or _nobody_any_more()
    return VISITOR


def _find_account() -> Actor:
    """Compare the three values: the host's organisation, the session's, and a membership that holds now."""
    if g.area is not Area.ORGANISATION or session["tenant"] != str(g.tenant.id):
        abort(404)
    if session["generation"] != g.tenant.generation:
        return _nobody_any_more()
    found = find_actor(UUID(session["account"]), _stay())
    if found and session.get("method") == "rescue":
        found = _rescuer(found)
    if found is None:
        return _nobody_any_more()
    _rotate_when_roles_changed(found)
    return found


def _stay() -> Stay:
    mine = cast("ServerSession", session)
    connection = mine.get("connection")
    return Stay(
        began=_moment(mine["began"]),
        since=_moment(mine.get("since", mine["began"])),
        used=_moment(mine.used),
        connection_id=UUID(connection) if connection else None,
    )


def _moment(seconds: float) -> datetime:
    return datetime.fromtimestamp(seconds, UTC)


def _rescuer(found: Actor) -> Actor | None:
    """Somebody who came in by rescue: for half an hour, while they are an owner, and nothing but the sign-in pages."""
    is_late = time.time() - session["began"] > RESCUE_LASTS
    if is_late or Role.OWNER not in found.roles:
        return None
    return replace(found, roles=frozenset({Role.RESCUER}), person_id=None)


def _rotate_when_roles_changed(found: Actor) -> None:
    roles = " ".join(sorted(found.roles))
    if session.get("roles", roles) != roles:
        cast("ServerSession", session).rotate()
    if session.get("roles") != roles:
        session["roles"] = roles


def _nobody_any_more() -> Actor:
    end_session()
    return VISITOR


def _check_origin_and_token() -> None:
    """Refuse a form that another page sent, even one on a sibling host. Both checks must hold."""
    if request.method in SAFE:
        return
    site, origin = request.headers.get("Sec-Fetch-Site"), request.headers.get("Origin")
    from_here = site in {"same-origin", "none"} if site else origin == request.host_url.rstrip("/")
    sent = request.headers.get("X-CSRF-Token") or request.form.get("csrf_token", "")
    if not from_here:
        abort(403, "origin")
    if not hmac.compare_digest(sent.encode(), str(session.get("csrf", "")).encode()) or not sent:
        abort(400, "csrf")


def _check_permission() -> Response | None:
    view = current_app.view_functions[request.endpoint or ""]
    if is_public(view):
        return None
    needed = permissions_of_view(view)
    if not needed:
        _log.error("unmarked_view", endpoint=request.endpoint)
        abort(403)
    if not g.actor.is_signed_in:
        return _ask_to_sign_in()
    _check_permission_of(view)
    if needs_fresh(view, changes=request.method not in SAFE) and not is_fresh():
        return _ask_to_confirm()
    return _show_notice() if _wants_notice(view) else None


def _wants_notice(view: Callable[..., Any]) -> bool:
    """Whether a member reads the privacy notice first; a form of somebody who has read an earlier one is taken."""
    if request.method not in SAFE and g.actor.notice_version:
        return False
    return g.actor.kind == "account" and wants_notice(g.actor, permissions_of_view(view))


def _show_notice() -> Response:
    if request.method in SAFE:
        session["next"] = request.full_path.rstrip("?")
    return current_app.make_response(redirect(url_for("sessions.notice"), 303))


def _check_permission_of(view: Callable[..., Any]) -> None:
    if not any(g.actor.may(permission) for permission in permissions_of_view(view)):
        abort(403)


def _ask_to_sign_in() -> Response:
    """Send a reader to the door and remember where they were going; a form that arrives too late is told so."""
    if request.method not in SAFE:
        abort(401)
    if g.area is Area.START:
        abort(404)
    session["next"] = request.full_path.rstrip("?")
    door = "support.sign_in" if g.area is Area.STAFF else "sign_in.door"
    answer = redirect(url_for(door), 303)
    return current_app.make_response(answer)


def _ask_to_confirm() -> Response:
    """Have whoever is signed in show again that it is them; a form was not taken, and they begin at its page anew."""
    if request.method in SAFE and request.headers.get("HX-Request") != "true":
        session["next"] = request.full_path.rstrip("?")
        return current_app.make_response(redirect(_again(), 303))
    session["next"] = _nearest_page()
    return make_response(render_template("errors/confirm.html", again=_again()), 401)


def _again() -> str:
    return url_for("support.again" if g.area is Area.STAFF else "sessions.again")


def _nearest_page() -> str:
    """The nearest page at or above the address of a form."""
    adapter = current_app.create_url_adapter(request)
    path = request.path
    while adapter and path:
        if adapter.test(path, method="GET"):
            return path
        path = path.rpartition("/")[0]
    return "/"
