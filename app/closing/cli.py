"""``bin/kamu tenants suspend, resume, close, erase``: what operators do at the end of an organisation's life.

Suspending takes an address name and is undone by resuming. Erasing takes ids, after two approvals and thirty days.
"""

from typing import Any
from uuid import UUID

import click

from app.clock import now
from app.closing.actions import ask, erase
from app.closing.errors import AlreadyClosing, EnoughForToday, NotDue, NotOpen, WrongName
from app.closing.models import Closing, ClosingState
from app.closing.policies import AT_MOST_A_DAY
from app.closing.queries.control import UNDER_WAY, count_places_left, find_latest, list_due
from app.closing.queries.notice import count_rows, list_recipients
from tenants import lifecycle
from tenants.command import Answer, Refused, answers
from tenants.context import Status, TenantRef
from tenants.errors import WrongStatus
from tenants.models import Tenant
from tenants.resolution import find_tenant, ref_of
from tenants.unit_of_work import control_work, reading_control, tenant_work


@click.command("suspend")
@click.argument("slug")
@answers(WrongStatus)
def suspend(slug: str) -> Answer:
    """Close the organisation SLUG for the time being. Sessions end, work waits, nothing is lost; resume undoes it."""
    tenant = _named(slug)
    with control_work():
        lifecycle.suspend(tenant_id=tenant.id, now=now())
    return Answer({"id": str(tenant.id), "status": "suspended"}, f"{slug} is closed for the time being.")


@click.command("resume")
@click.argument("slug")
@answers(WrongStatus)
def resume(slug: str) -> Answer:
    """Open the suspended organisation SLUG again. Everybody signs in anew."""
    tenant = _named(slug)
    with control_work() as control:
        closing = find_latest(tenant.id)
        if closing and closing.state in UNDER_WAY:
            raise Refused("erasure_begun", f"The erasure of {slug} has begun. Nothing brings it back.")
        before = control.get_one(Tenant, tenant.id).suspended_at
        lifecycle.resume(tenant_id=tenant.id)
        ask.postpone(tenant_id=tenant.id, suspended_at=before, now=now())
    return Answer({"id": str(tenant.id), "status": "open"}, f"{slug} is open again.")


@click.command("close")
@click.argument("slug")
@click.option("--yes-close", "typed", required=True, metavar="SLUG", help="The address name once more.")
@answers(WrongName, NotOpen, AlreadyClosing)
def close(slug: str, typed: str) -> Answer:
    """Ask for the erasure of the organisation SLUG, on its behalf.

    Two of Nitor's staff approve on the staff host; then everybody there is told, and thirty days begin.
    """
    with control_work():
        closing = ask.ask_for(slug=slug, typed=typed, now=now())
    text = f"Asked. It waits for two approvals on the staff host; its reference is {closing.id}."
    return Answer({"closing": str(closing.id), "state": closing.state}, text)


@click.command("call-off")
@click.argument("slug")
@answers()
def call_off(slug: str) -> Answer:
    """Call off the closing of the organisation SLUG, up to its day."""
    tenant = _named(slug)
    with control_work():
        closing = find_latest(tenant.id)
        if closing is None or closing.state not in {ClosingState.ASKED, ClosingState.GRACE}:
            raise Refused("nothing_to_call_off", f"No closing of {slug} can be called off.")
        ask.call_off(closing_id=closing.id, now=now())
    return Answer({"closing": str(closing.id), "state": closing.state}, "Called off. Whoever was told hears that too.")


@click.command("erase")
@click.argument("ids", nargs=-1, type=click.UUID)
@click.option("--dry-run", is_flag=True, help="Only say what would go, in counts.")
@answers(NotDue, EnoughForToday)
def erase_due(ids: tuple[UUID, ...], *, dry_run: bool) -> Answer:
    """Begin the erasure of organisations whose day has come, named by their IDs.

    The clock does the same by itself. An id that is not approved and due refuses the whole command.
    """
    if dry_run:
        return _say_what_would_go(ids)
    if not ids:
        raise click.UsageError("Name the organisations by their ids; --dry-run lists those that are due.")
    with control_work():
        begun = erase.begin_named(list(ids), now=now())
    text = f"{len(begun)} erasures have begun. The worker goes on with them; see the staff host."
    return Answer({"begun": [str(each) for each in begun]}, text)


def _say_what_would_go(ids: tuple[UUID, ...]) -> Answer:
    with control_work():
        due = [closing for closing in list_due(now()) if not ids or closing.tenant_id in ids]
        if set(ids) - {closing.tenant_id for closing in due}:
            raise NotDue
        left = count_places_left(now())
    rows = [_count(closing) for closing in due]
    lines = [f"{row['id']}  {row['slug']:<24} {row['rows']:>8} rows, {row['mails']} receipts" for row in rows]
    tail = f"{left} of {AT_MOST_A_DAY} erasures may begin within this day. Nothing was done."
    return Answer({"due": rows, "may_begin": left}, "\n".join([*lines, tail]))


def _count(closing: Closing) -> dict[str, Any]:
    with reading_control() as control:
        tenant = ref_of(control.get_one(Tenant, closing.tenant_id))
    with tenant_work(tenant):
        tables = count_rows()
        mails = len(list_recipients(now().date()))
    return {
        "id": str(tenant.id),
        "slug": tenant.slug,
        "reference": str(closing.id),
        "due_at": closing.due_at.isoformat() if closing.due_at else None,
        "is_open": tenant.status is Status.OPEN,
        "tables": len(tables),
        "rows": sum(tables.values()),
        "mails": mails,
    }


def _named(slug: str) -> TenantRef:
    found = find_tenant(slug)
    if found is None:
        raise Refused("no_such_tenant", f"No organisation has the address name “{slug}”.")
    return found
