"""One line of JSON a request: route template, organisation, status, time. Never a path, a query or a person."""

import logging
import sys
import time
import traceback
from pathlib import Path

import structlog
from flask import Flask, Response, g, request
from structlog.typing import EventDict

_log = structlog.get_logger("kamu.request")


def configure() -> None:
    """Send our own and libraries' logs to standard output as JSON lines."""
    logging.basicConfig(
        stream=sys.stdout, level=logging.WARNING, format='{"event": "library", "message": "%(message)s"}'
    )
    structlog.configure(
        processors=[
            structlog.contextvars.merge_contextvars,
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            trace_without_words,
            structlog.processors.JSONRenderer(),
        ],
    )


def trace_without_words(_logger: object, _name: str, event: EventDict) -> EventDict:
    """Keep of an exception its type and where it passed; its message may quote what somebody wrote."""
    error = event.pop("exc_info", None)
    if isinstance(error, BaseException):
        frames = traceback.extract_tb(error.__traceback__)
        event["trace"] = [f"{Path(frame.filename).name}:{frame.lineno} {frame.name}" for frame in frames[-12:]]
        event["error"] = type(error).__name__
    return event


def init_app(app: Flask) -> None:
    """Log each request when it has been answered, assets and health checks aside."""
    configure()

    @app.before_request
    def _begin() -> None:
        g.began = time.perf_counter()

    @app.after_request
    def _end(response: Response) -> Response:
        if request.blueprint not in {"assets", "health"}:
            tenant = g.get("tenant")
            _log.info(
                "request",
                route=request.url_rule.rule if request.url_rule else None,
                area=str(g.get("area", "")),
                organisation=str(tenant.id) if tenant else None,
                method=request.method,
                status=response.status_code,
                ms=round((time.perf_counter() - g.get("began", time.perf_counter())) * 1000, 1),
            )
        return response
