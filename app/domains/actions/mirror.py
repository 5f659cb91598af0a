"""What the control plane knows of an organisation's domains: those that are verified now."""

from collections.abc import Mapping
from datetime import datetime
from uuid import UUID

from sqlalchemy import delete, select

from app.domains.models import EmailDomain
from tenants.outbox import later_in_control
from tenants.unit_of_work import current, session


def tell_control() -> None:
    """Have control read anew which domains the current organisation has."""
    tenant = current().tenant
    if tenant:
        later_in_control("domains.mirror", tenant_id=str(tenant.id))


def mirror_domains(*, tenant_id: UUID, verified: Mapping[str, datetime]) -> None:
    """Control: have the mirror of an organisation hold just these domains."""
    known = {each.name: each for each in session().scalars(select(EmailDomain).filter_by(tenant_id=tenant_id))}
    for name in known.keys() - verified.keys():
        session().delete(known[name])
    for name, verified_at in verified.items():
        if name in known:
            known[name].verified_at = verified_at
        else:
            session().add(EmailDomain(name=name, tenant_id=tenant_id, verified_at=verified_at))


def forget_domains(tenant_id: UUID) -> None:
    """Control: forget the domains of an organisation that ends."""
    session().execute(delete(EmailDomain).where(EmailDomain.tenant_id == tenant_id))
