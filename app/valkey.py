"""The connection to Valkey: sessions, queues, progress. Nothing in it is the only copy of anything that matters."""

from typing import cast

import redis
from flask import Flask, current_app
from redis.backoff import ExponentialBackoff
from redis.retry import Retry

from app.settings import Settings

ValkeyError = redis.RedisError
Unreachable = (redis.ConnectionError, redis.TimeoutError)


def connect(settings: Settings) -> redis.Redis:
    """Make a client with timeouts; it reconnects by itself after a restart of the server."""
    return redis.Redis.from_url(
        settings.redis_url,
        socket_timeout=5,
        socket_connect_timeout=2,
        health_check_interval=30,
        retry=Retry(ExponentialBackoff(cap=0.5, base=0.05), 2),
        retry_on_error=[redis.ConnectionError],
    )


def init_app(app: Flask) -> None:
    """Keep one client an app."""
    app.extensions["kamu_valkey"] = connect(app.config["KAMU"])


def valkey() -> redis.Redis:
    """Return the current app's client."""
    return cast("redis.Redis", current_app.extensions["kamu_valkey"])
