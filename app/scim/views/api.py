"""`/scim/v2`: the organisation's own directory writes its people here, with a token."""

import json
from http import HTTPStatus
from typing import Final, cast
from uuid import UUID

from flask import Request, Response, current_app, g, request
from flask.blueprints import BlueprintSetupState
from scim2_models import SCIMException, UnauthorizedException
from scim2_server.requests import ScimRequest
from scim2_server.responses import ScimResponse
from sqlalchemy.exc import OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeout
from werkzeug.exceptions import HTTPException

from app import clock
from app.access.actor import Actor
from app.access.guard import by_token
from app.access.permissions import Permission
from app.access.roles import Role
from app.scim.gateway import Call, note_call
from app.scim.policies import TokenState, state_of
from app.scim.queries.tokens import find_token
from app.scim.views.protocol import Service, error_of_status, handler_of, make_service
from app.valkey import Unreachable
from app.web.areas import org_pages
from app.web.here import TokenFinder
from app.web.turnstile import Busy
from tenants.errors import TenantNotServed, TenantSuspended, WrongDoor

scim = org_pages("scim", "app.scim")
ROOT: Final = "/scim/v2"
METHODS: Final = ["GET", "POST", "PUT", "PATCH", "DELETE"]
ABOUT: Final = {
    each.lower(): each
    for each in ("Users", "Groups", "Bulk", "Schemas", "ResourceTypes", "ServiceProviderConfig", "Me", ".search")
}
COMES_BACK: Final = (OperationalError, PoolTimeout, *Unreachable, TenantNotServed, Busy)
_SERVICE: Final = "kamu_scim"


@scim.route(f"{ROOT}/", defaults={"path": ""}, methods=METHODS)
@scim.route(f"{ROOT}/<path:path>", methods=METHODS)
@by_token(Permission.PROVISION_PEOPLE)
def speak(path: str) -> Response:
    """Serve one request of SCIM, in the request's unit of work: a refusal leaves nothing behind."""
    asked = ScimRequest(
        method=request.method,
        base_url=request.host_url.rstrip("/") + ROOT,
        path=f"/{path}",
        query=request.args.to_dict(),
        headers=list(request.headers.items()),
    )
    service = _service()
    most = service.max_body_size(asked)
    asked.body = request.get_data() if most is None else request.stream.read(most + 1)
    return _answer(handler_of(service).handle(asked))


@scim.record_once
def _begin(state: BlueprintSetupState) -> None:
    state.app.extensions[_SERVICE] = make_service(str(state.app.secret_key))
    TokenFinder.find = staticmethod(find_directory)


def find_directory(asked: Request) -> Actor | None:
    """Return whose token a request brings; None for one that is unknown, over, or another organisation's."""
    scheme, _, secret = asked.headers.get("Authorization", "").partition(" ")
    token = find_token(secret.strip()) if scheme.lower() == "bearer" and secret.strip() else None
    if token is None:
        return None
    g.scim_token = token.id
    g.scim_error = state_of(token, clock.now()).value
    if g.scim_error != TokenState.LIVE:
        return None
    g.scim_error = ""
    return Actor("system", token.id, name=token.label, roles=frozenset({Role.DIRECTORY}))


@scim.errorhandler(SCIMException)
def _refused(error: SCIMException) -> Response:
    g.scim_error = error.scim_type or ""
    return _answer(_service().error_response(error))


@scim.errorhandler(HTTPException)
def _stopped(error: HTTPException) -> Response:
    if error.code == HTTPStatus.UNAUTHORIZED:
        return _answer(_service().error_response(UnauthorizedException()))
    answer = _answer(error_of_status(error.code or 500, error.description))
    for name, value in error.get_headers():
        if name in {"Allow", "Retry-After"}:
            answer.headers[name] = value
    return answer


def _comes_back(error: Exception) -> Response:
    answer = _answer(error_of_status(503, "Kamu is busy or being looked after. Ask again in a moment."))
    answer.headers["Retry-After"] = "5"
    g.scim_error = type(error).__name__
    return answer


for _each in (*COMES_BACK, WrongDoor):
    scim.register_error_handler(_each, _comes_back)


@scim.errorhandler(TenantSuspended)
def _suspended(_error: TenantSuspended) -> Response:
    return _answer(error_of_status(403, "Kamu is closed for now in this organisation."))


@scim.errorhandler(Exception)
def _unforeseen(error: Exception) -> Response:
    g.scim_error = "failed"
    return _answer(_service().error_response(error))


@scim.after_request
def _keep_in_mind(answer: Response) -> Response:
    token_id = cast("UUID | None", g.get("scim_token"))
    if token_id is not None:
        about = ABOUT.get(_first_part().lower(), "")
        at = clock.now().isoformat(timespec="seconds")
        call = Call(at, request.method, about, answer.status_code, str(g.get("scim_error", "")))
        note_call(g.tenant.id, token_id, call)
    return answer


def _first_part() -> str:
    return request.path.removeprefix(ROOT).strip("/").partition("/")[0]


def _service() -> Service:
    return cast("Service", current_app.extensions[_SERVICE])


def _answer(said: ScimResponse) -> Response:
    body = None if said.body is None else json.dumps(said.body)
    return Response(body, status=said.status, headers=said.headers)
