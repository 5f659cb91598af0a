"""Control: the ways back for organisations that have no owner left. An organisation's own pages read its one here."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from uuid import UUID

from sqlalchemy import Select, select
from sqlalchemy.orm import aliased

from app.roles.models import OwnerRecovery
from app.support.models import Staff
from tenants.context import Status
from tenants.errors import NotHere
from tenants.models import Tenant
from tenants.unit_of_work import reading_control, session

PAGE = 100
_asker, _approver = aliased(Staff), aliased(Staff)


class RecoveryState(StrEnum):
    """Where a recovery stands."""

    ASKED = "asked"
    NOTICE = "notice"
    DONE = "done"
    CALLED_OFF = "called_off"


@dataclass(frozen=True, slots=True)
class Case:
    """A recovery, whose it is, and who of Nitor's staff asked for and approved it."""

    recovery: OwnerRecovery
    tenant: Tenant
    asker: Staff
    approver: Staff | None

    @property
    def state(self) -> RecoveryState:
        """Where it stands."""
        return state_of(self.recovery)


def state_of(recovery: OwnerRecovery) -> RecoveryState:
    """Tell where a recovery stands."""
    if recovery.called_off_at:
        return RecoveryState.CALLED_OFF
    if recovery.done_at:
        return RecoveryState.DONE
    return RecoveryState.NOTICE if recovery.opens_at else RecoveryState.ASKED


def get_recovery(recovery_id: UUID, *, held: bool = False) -> OwnerRecovery:
    """Return a recovery, held for this transaction if wanted. Raises NotHere."""
    found = select(OwnerRecovery).where(OwnerRecovery.id == recovery_id)
    if held:
        found = found.with_for_update().execution_options(populate_existing=True)
    recovery = session().scalars(found).one_or_none()
    if recovery is None:
        raise NotHere(recovery_id)
    return recovery


def get_case(recovery_id: UUID) -> Case:
    """Return a recovery and all about it. Raises NotHere."""
    row = session().execute(_cases().where(OwnerRecovery.id == recovery_id)).one_or_none()
    if row is None:
        raise NotHere(recovery_id)
    return Case(*row)


def list_cases() -> list[Case]:
    """List recoveries, the newest first."""
    newest = _cases().order_by(OwnerRecovery.asked_at.desc(), OwnerRecovery.id.desc()).limit(PAGE)
    return [Case(*row) for row in session().execute(newest)]


def find_under_way(tenant_id: UUID) -> OwnerRecovery | None:
    """Find the organisation's recovery that is neither done nor called off."""
    return session().scalars(_under_way().where(OwnerRecovery.tenant_id == tenant_id)).one_or_none()


def list_due(now: datetime) -> Sequence[OwnerRecovery]:
    """List the recoveries of open organisations whose week is over."""
    of_open = _under_way().join(Tenant, Tenant.id == OwnerRecovery.tenant_id).where(Tenant.status == Status.OPEN.value)
    return session().scalars(of_open.where(OwnerRecovery.opens_at <= now)).all()


def find_open_tenant(slug: str) -> Tenant | None:
    """Find an open organisation by its address name, held for this transaction."""
    wanted = select(Tenant).where(Tenant.slug == slug, Tenant.status == Status.OPEN.value)
    return session().scalars(wanted.with_for_update()).one_or_none()


def read_recovery(recovery_id: UUID) -> OwnerRecovery | None:
    """From anywhere: read a recovery on control's own read-only connection."""
    with reading_control() as control:
        return control.get(OwnerRecovery, recovery_id)


def read_announced(tenant_id: UUID) -> OwnerRecovery | None:
    """From anywhere: read the recovery of an organisation that its people have been told of."""
    announced = _under_way().where(OwnerRecovery.tenant_id == tenant_id, OwnerRecovery.opens_at.is_not(None))
    with reading_control() as control:
        return control.scalars(announced).one_or_none()


def read_ownerless_since(tenant_id: UUID) -> datetime | None:
    """From anywhere: read since when it is known that no owner of an organisation can come in."""
    with reading_control() as control:
        return control.scalar(select(Tenant.ownerless_since).where(Tenant.id == tenant_id))


def _under_way() -> Select[OwnerRecovery]:
    return select(OwnerRecovery).where(OwnerRecovery.done_at.is_(None), OwnerRecovery.called_off_at.is_(None))


def _cases() -> Select[OwnerRecovery, Tenant, Staff, Staff]:
    return (
        select(OwnerRecovery, Tenant, _asker, _approver)
        .join(Tenant, Tenant.id == OwnerRecovery.tenant_id)
        .join(_asker, _asker.id == OwnerRecovery.asked_by)
        .outerjoin(_approver, _approver.id == OwnerRecovery.approved_by)
    )
