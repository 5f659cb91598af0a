"""Reads about domains: an organisation's own, and in the control plane those that are verified."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy import func, or_, select

from app.domains.models import Domain, EmailDomain, PlaceSearch
from tenants.context import Status
from tenants.errors import NotHere
from tenants.models import Tenant
from tenants.unit_of_work import session


def list_domains() -> Sequence[Domain]:
    """List the organisation's domains by name."""
    return session().scalars(select(Domain).order_by(Domain.name)).all()


def find_domain_called(name: str) -> Domain | None:
    """Find a domain of the organisation by its name."""
    return session().scalars(select(Domain).where(Domain.name == name)).one_or_none()


def find_domain(domain_id: UUID) -> Domain | None:
    """Find a domain of the organisation."""
    return session().get(Domain, domain_id)


def get_domain(domain_id: UUID) -> Domain:
    """Return a domain of the organisation; raises NotHere."""
    found = find_domain(domain_id)
    if found is None:
        raise NotHere(domain_id)
    return found


def is_of_connection(name: str, connection_id: UUID) -> bool:
    """Whether a domain is verified, and its people sign in by this connection or by any."""
    bound = or_(Domain.connection_id == connection_id, Domain.connection_id.is_(None))
    found = select(Domain.id).where(Domain.name == name, Domain.verified_at.is_not(None), bound)
    return session().scalar(found) is not None


def list_organisations_of(name: str) -> Sequence[tuple[str, str]]:
    """Control: list names and slugs of the open organisations whose verified domain this is, oldest first."""
    found = (
        select(Tenant.name, Tenant.slug)
        .join(EmailDomain, EmailDomain.tenant_id == Tenant.id)
        .where(EmailDomain.name == name, Tenant.status == Status.OPEN.value)
    )
    return [(row[0], row[1]) for row in session().execute(found.order_by(Tenant.id))]


def find_search(search_id: UUID) -> PlaceSearch | None:
    """Control: find somebody's question where their organisation is."""
    return session().get(PlaceSearch, search_id)


def count_searches_before(search: PlaceSearch, moment: datetime) -> int:
    """Control: count how often the same address was asked about since a moment and before this question."""
    earlier = select(func.count()).where(
        PlaceSearch.email == search.email, PlaceSearch.created_at >= moment, PlaceSearch.id < search.id
    )
    return session().scalar(earlier) or 0


def list_tenants_with_domains() -> Sequence[UUID]:
    """Control: list the open organisations that have a verified domain."""
    having = select(EmailDomain.tenant_id).join(Tenant, Tenant.id == EmailDomain.tenant_id)
    return session().scalars(having.where(Tenant.status == Status.OPEN.value).distinct()).all()
