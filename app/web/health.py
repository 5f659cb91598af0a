"""Whether the process lives, and whether it can serve."""

import redis
from flask import Response, jsonify, make_response
from sqlalchemy import text
from sqlalchemy.exc import SQLAlchemyError

from app.access.guard import public
from app.valkey import valkey
from app.web.areas import pages_everywhere
from tenants.unit_of_work import reading_control

health = pages_everywhere("health", __name__)


@health.get("/healthz")
@public("the platform asks whether the process lives; nothing is told")
def alive() -> Response:
    """Answer without touching anything."""
    return make_response("ok\n", 200, {"Content-Type": "text/plain; charset=utf-8"})


@health.get("/readyz")
@public("the platform asks whether to send traffic; only the names of parts are told")
def ready() -> Response:
    """Answer 200 when PostgreSQL and Valkey answer, else 503 naming the part that does not."""
    parts = {"postgresql": _postgresql_answers(), "valkey": _valkey_answers()}
    return make_response(jsonify(parts), 200 if all(parts.values()) else 503)


def _postgresql_answers() -> bool:
    try:
        with reading_control() as control:
            return bool(control.scalar(text("SELECT count(*) FROM cell")))
    except SQLAlchemyError:
        return False


def _valkey_answers() -> bool:
    try:
        return bool(valkey().ping())
    except redis.RedisError:
        return False
