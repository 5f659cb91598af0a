"""What this part hears: an organisation is erased."""

from uuid import UUID

from sqlalchemy import delete

from app.closing.events import on_organisation_erased
from app.roles.models import OwnerRecovery
from tenants.unit_of_work import session


def subscribe() -> None:
    """Listen; once, however often it is called."""
    if forget_recoveries not in on_organisation_erased:
        on_organisation_erased.append(forget_recoveries)


def forget_recoveries(tenant_id: UUID) -> None:
    """Control: forget who was named as a new owner of an organisation that is erased."""
    session().execute(delete(OwnerRecovery).where(OwnerRecovery.tenant_id == tenant_id))
