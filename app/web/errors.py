"""Every failure has a page that says what to do next; what went wrong inside goes to the log only, by its name."""

import redis
import structlog
from flask import Flask, Response, current_app, g, make_response, render_template, request
from sqlalchemy.exc import DBAPIError, OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeout
from werkzeug.exceptions import HTTPException

from app.web.turnstile import Busy
from tenants.errors import NotHere, TenantNotServed, TenantSuspended, WrongDoor
from tenants.resolution import forget_tenants

PAGES = {400, 401, 403, 404, 405, 409, 410, 413, 422, 429, 500, 503}
_log = structlog.get_logger("kamu.errors")


def init_app(app: Flask) -> None:
    """Answer every exception with a page."""
    app.register_error_handler(HTTPException, _http)
    app.register_error_handler(NotHere, lambda _: error_page(404))
    app.register_error_handler(TenantSuspended, _suspended)
    app.register_error_handler(Busy, _busy)
    for unavailable in (
        OperationalError,
        PoolTimeout,
        redis.ConnectionError,
        redis.TimeoutError,
        TenantNotServed,
    ):
        app.register_error_handler(unavailable, _unavailable)
    app.register_error_handler(WrongDoor, _moved)
    app.register_error_handler(DBAPIError, _database)
    app.register_error_handler(Exception, _unexpected)


def error_page(status: int, *, reason: str | None = None) -> Response:
    """Render the page of a status; 500 and 503 use no session and no database."""
    known = status if status in PAGES else (400 if status < 500 else 500)
    if known >= 500:
        g.bare = True
    return make_response(render_template(f"errors/{known}.html", reason=reason), status)


def _http(error: HTTPException) -> Response:
    if error.code is None or error.code < 400:
        return make_response(error.get_response())
    answer = error_page(error.code, reason=error.description if error.code in {400, 403} else None)
    for name, value in error.get_headers():
        if name in {"Allow", "Retry-After"}:
            answer.headers[name] = value
    return answer


def _unavailable(error: Exception) -> Response:
    _log.error("unavailable", error=type(error).__name__, route=_route())
    answer = error_page(503)
    answer.headers["Retry-After"] = "5"
    return answer


def _moved(error: WrongDoor) -> Response:
    """The organisation has just got another schema: nothing was read or written, and the next look finds it."""
    forget_tenants()
    return _unavailable(error)


def _suspended(error: TenantSuspended) -> Response:
    g.bare = True
    start = f"{request.scheme}://{current_app.config['SERVER_NAME']}/"
    return make_response(render_template("errors/suspended.html", name=error.name, start=start), 403)


def _busy(_error: Busy) -> Response:
    _log.warning("busy", organisation=str(g.tenant.id), route=_route())
    answer = error_page(503, reason="busy")
    answer.headers["Retry-After"] = "3"
    return answer


def _database(error: DBAPIError) -> Response:
    return _unavailable(error) if error.connection_invalidated else _unexpected(error)


def _unexpected(error: Exception) -> Response:
    # The trace names files and lines; SQLAlchemy is told to keep bound values out of messages (hide_parameters).
    _log.error("failed", error=type(error).__name__, route=_route(), exc_info=error)
    return error_page(500)


def _route() -> str | None:
    return request.url_rule.rule if request.url_rule else None
