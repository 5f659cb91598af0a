"""Kamu on servers of its own, started for one run and gone after it."""

import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TextIO

import structlog
from flask import Flask
from sqlalchemy import create_engine, text

from local.postgres import DatabaseUrls, PostgresServer
from local.settings import settings_for
from local.stripe.schema import prepare as prepare_billing
from local.valkey import ValkeyServer
from tenants.fleet import migrate_all
from wsgi import create_app


@contextmanager
def open_house(*, fast: bool = True) -> Iterator[Flask]:
    """Start PostgreSQL and Valkey, migrate, and build the app; nothing is mailed, no worker runs.

    ``fast``: a commit does not wait for the disk.
    """
    with tempfile.TemporaryDirectory(prefix="kamu-bench-") as place:
        Path(place).chmod(0o755)  # PostgreSQL gives up root's rights, and its data lies below
        postgres, valkey = PostgresServer(Path(place) / "postgres", fast=fast), ValkeyServer(Path(place) / "valkey")
        try:
            postgres.start()
            valkey.start()
            urls = postgres.create_database("bench")
            migrate_all(urls.ddl, urls.keys)
            with Path(os.devnull).open("w", encoding="utf-8") as nowhere:
                yield _build(urls, valkey.url, nowhere)
        finally:
            valkey.stop()
            postgres.stop()


def _build(urls: DatabaseUrls, redis_url: str, log: TextIO) -> Flask:
    app = create_app(settings_for(urls, redis_url=redis_url))
    # A line a request is written, as in life, but what is printed here are the values.
    structlog.configure(logger_factory=structlog.PrintLoggerFactory(log))
    prepare_billing(urls.ddl, app.config["KAMU"].secret_key)
    app.extensions["bench_superuser"] = urls.superuser
    return app


def settle(app: Flask) -> None:
    """Have the planner know all tables, as it does soon after they were filled."""
    engine = create_engine(app.extensions["bench_superuser"], isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        connection.execute(text("VACUUM ANALYZE"))
    engine.dispose()
