"""The two blueprints: on an organisation's host and on the staff host."""

from datetime import datetime
from uuid import UUID

from app.roles.queries.recoveries import read_ownerless_since
from app.web.areas import org_pages, staff_pages

roles = org_pages("roles", "app.roles")
recoveries = staff_pages("recoveries", "app.roles")


@recoveries.app_template_global()
def ownerless_since(tenant_id: UUID) -> datetime | None:
    """Since when no owner of a customer can come in, for the customer's page."""
    return read_ownerless_since(tenant_id)
