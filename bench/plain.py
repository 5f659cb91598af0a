"""The same app without tenancy: one organisation, known beforehand, on connections that were set up for it once."""

from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from unittest.mock import patch

from flask import current_app
from sqlalchemy import create_engine, event

from tenants.context import TenantRef
from tenants.database import db, engine_options


@contextmanager
def without_tenancy(tenant: TenantRef) -> Iterator[None]:
    """Serve one organisation as an app would that had only this one: no door, no look for whose host it is, no turns.

    Connections, rows and pages are the same. Each engine keeps its own pool, so both ways stay warm.
    """
    engines = db.engines
    kept = engines[tenant.cell]
    plain = current_app.extensions.get("bench_plain")
    if plain is None:
        plain = create_engine(kept.url, **engine_options())
        event.listen(plain, "connect", lambda connection, _: _settle(connection, tenant))
        current_app.extensions["bench_plain"] = plain
    engines[tenant.cell] = plain
    try:
        with patch("app.web.guards.find_tenant", lambda _: tenant), patch("app.web.guards.turnstile", nullcontext):
            yield
    finally:
        engines[tenant.cell] = kept


def _settle(connection: object, tenant: TenantRef) -> None:
    with connection.cursor() as cursor:  # type: ignore[attr-defined]
        cursor.execute(f"SET ROLE {tenant.role}")
        cursor.execute(f"SET search_path TO {tenant.schema}, ext")
        cursor.execute("SET statement_timeout TO 15000")
    connection.commit()  # type: ignore[attr-defined]
