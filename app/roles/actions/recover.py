"""A new owner for an organisation that has none: asked and approved by two of Nitor's people, told for a week."""

from datetime import datetime
from uuid import UUID

from app.roles.errors import AlreadyAsked, NothingToApprove, NotOpen, TakesTwo, TooLate
from app.roles.models import OwnerRecovery
from app.roles.policies import NOTICE, check_name
from app.roles.queries.recoveries import (
    RecoveryState,
    find_open_tenant,
    find_under_way,
    get_recovery,
    list_due,
    state_of,
)
from app.support.queries.staff import list_staff
from tenants.models import Tenant, new_id
from tenants.outbox import later, later_in_tenant
from tenants.unit_of_work import session


def ask_recovery(*, slug: str, email: str, name: str, reference: str, staff_id: UUID, now: datetime) -> OwnerRecovery:
    """Control: write down whom a signed request names as the new owner. Raises NotOpen or AlreadyAsked."""
    tenant = find_open_tenant(slug.strip().lower())
    if tenant is None:
        raise NotOpen
    if find_under_way(tenant.id):
        raise AlreadyAsked
    recovery = OwnerRecovery(
        id=new_id(),
        tenant_id=tenant.id,
        email=email.lower(),
        name=name,
        reference=reference,
        asked_by=staff_id,
        asked_at=now,
    )
    session().add(recovery)
    for staff, passkeys in list_staff():
        if passkeys and not staff.ended_at and staff.id != staff_id:
            later("roles.mail_staff", recovery_id=str(recovery.id), staff_id=str(staff.id))
    return recovery


def approve_recovery(*, recovery_id: UUID, staff_id: UUID, typed: str, now: datetime) -> OwnerRecovery:
    """Control: a second person says yes. Everybody with a role is told now; a week later the new owner is let in.

    Raises NotHere, WrongName, NothingToApprove, or TakesTwo.
    """
    recovery = get_recovery(recovery_id, held=True)
    tenant = session().get_one(Tenant, recovery.tenant_id)
    check_name(typed, tenant.slug)
    if state_of(recovery) is not RecoveryState.ASKED:
        raise NothingToApprove
    if recovery.asked_by == staff_id:
        raise TakesTwo
    recovery.approved_by, recovery.opens_at = staff_id, now + NOTICE
    later_in_tenant(recovery.tenant_id, "roles.tell_recovery", recovery_id=str(recovery.id))
    return recovery


def call_off_recovery(*, recovery_id: UUID, now: datetime) -> OwnerRecovery:
    """Control: call it off; twice the same changes nothing. Raises NotHere or TooLate."""
    recovery = get_recovery(recovery_id, held=True)
    if recovery.done_at:
        raise TooLate
    if recovery.called_off_at is None:
        recovery.called_off_at = now
        if recovery.opens_at:
            later_in_tenant(recovery.tenant_id, "roles.tell_called_off", recovery_id=str(recovery.id))
    return recovery


def finish_recovery(*, recovery_id: UUID, now: datetime) -> bool:
    """Control: from here on nothing calls it off, and the organisation lets its new owner in. Whether it was due."""
    recovery = get_recovery(recovery_id, held=True)
    if state_of(recovery) is not RecoveryState.NOTICE or recovery.opens_at is None or now < recovery.opens_at:
        return False
    recovery.done_at = now
    later_in_tenant(recovery.tenant_id, "roles.seat_new_owner", recovery_id=str(recovery.id))
    return True


def finish_due(*, now: datetime) -> None:
    """Control: finish each recovery whose week is over."""
    for recovery in list_due(now):
        finish_recovery(recovery_id=recovery.id, now=now)


def note_ownerless(*, tenant_id: UUID, is_ownerless: bool, now: datetime) -> None:
    """Control: note that no owner of an organisation can come in any more, or that one can again."""
    tenant = session().get_one(Tenant, tenant_id)
    if is_ownerless and tenant.ownerless_since is None:
        tenant.ownerless_since = now
        later_in_tenant(tenant_id, "roles.tell_ownerless")
    elif not is_ownerless:
        tenant.ownerless_since = None
