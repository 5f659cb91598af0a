"""``bin/kamu tenants limit``: what one organisation may take of the service at once."""

from typing import Any

import click
from sqlalchemy import update

from tenants.command import Answer, answers, tenant_named
from tenants.models import Tenant
from tenants.resolution import forget_tenants
from tenants.unit_of_work import control_work


@click.command("limit")
@click.argument("slug")
@click.option("--requests", type=click.IntRange(1, 1000), help="Requests served at once by one web process.")
@click.option(
    "--statement-ms", type=click.IntRange(100, 600_000), help="Milliseconds one statement of a page may take."
)
@click.option("--none", "lift", is_flag=True, help="Take away what was set: what holds for everybody holds again.")
@answers()
def limit(slug: str, requests: int | None, statement_ms: int | None, *, lift: bool) -> Answer:
    """Set limits of one organisation in place of those of everybody, or show them.

    Web processes follow within five seconds.
    """
    tenant = tenant_named(slug)
    given = {"request_limit": requests, "statement_ms": statement_ms}
    wanted: dict[str, Any] = {name: value for name, value in given.items() if value is not None or lift}
    if wanted:
        with control_work() as control:
            control.execute(update(Tenant).where(Tenant.id == tenant.id).values(wanted))
        forget_tenants()
        tenant = tenant_named(slug)
    data = {"slug": slug, "requests": tenant.request_limit, "statement_ms": tenant.statement_ms}
    return Answer(data, f"{slug}: {_told(tenant.request_limit, 'requests')}, {_told(tenant.statement_ms, 'ms')}.")


def _told(value: int | None, unit: str) -> str:
    return f"{unit} as everybody" if value is None else f"{value} {unit}"
