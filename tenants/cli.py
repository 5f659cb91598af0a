"""``bin/kamu``: what concerns organisations as such. On their data it prints counts, never people."""

import click
from sqlalchemy import select

from tenants.command import Answer, Refused, answers
from tenants.context import Status, TenantRef
from tenants.dead_work import count_dead, retry_dead
from tenants.models import Tenant
from tenants.provisioning import build_slots, count_ready, may_build
from tenants.resolution import ref_of
from tenants.unit_of_work import control_work, reading_control


@click.command("list")
@answers()
def list_tenants() -> Answer:
    """List every organisation with its address name and status."""
    with control_work() as control:
        rows = [_row(tenant) for tenant in control.scalars(select(Tenant).order_by(Tenant.slug))]
    lines = [f"{row['slug']:<24} {row['status']:<10} {row['name']}" for row in rows]
    return Answer({"tenants": rows}, "\n".join(lines) or "There are no organisations yet.")


def _row(tenant: Tenant) -> dict[str, str | None]:
    return {
        "id": str(tenant.id),
        "slug": tenant.slug,
        "name": tenant.name,
        "status": tenant.status,
        "opened_at": tenant.opened_at.isoformat() if tenant.opened_at else None,
    }


@click.command("fill")
@click.argument("number", type=click.IntRange(0, 500))
@answers()
def fill_pool(number: int) -> Answer:
    """Build blank schemas until NUMBER are ready."""
    if not may_build():
        raise Refused("no_ddl_login", "DATABASE_DDL_URL is not set, and building needs it.")
    with control_work():
        ready = count_ready()
    built = build_slots(max(0, number - ready))
    return Answer({"built": built, "ready": ready + built}, f"Built {built}, {ready + built} are ready.")


@click.command("list")
@answers()
def list_dead_work() -> Answer:
    """List the work that failed for good, by organisation, job and error. No argument of it is shown."""
    rows = [
        {"organisation": tenant.slug if tenant else None, "job": job, "error": error, "count": count}
        for tenant in (None, *_open_tenants())
        for (job, error), count in count_dead(tenant).items()
    ]
    lines = [
        f"{row['organisation'] or '(control)':<24} {row['job']:<32} {row['error']:<24} {row['count']}" for row in rows
    ]
    return Answer({"dead": rows}, "\n".join(lines) or "No work has failed for good.")


@click.command("retry")
@answers()
def retry_dead_work() -> Answer:
    """Have all work that failed for good tried again; the clock's next sweep takes it up."""
    count = sum(retry_dead(tenant) for tenant in (None, *_open_tenants()))
    return Answer({"retried": count}, f"{count} pieces of work will be tried again.")


def _open_tenants() -> list[TenantRef]:
    with reading_control() as control:
        return [ref_of(row) for row in control.scalars(select(Tenant).where(Tenant.status == Status.OPEN.value))]
