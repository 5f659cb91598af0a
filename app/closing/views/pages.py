"""The two blueprints: on an organisation's host and on the staff host."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from flask import g, request, url_for

from app.access.permissions import Permission
from app.closing.models import Closing, ClosingState
from app.closing.queries.control import find_latest, is_being_erased
from app.closing.queries.notice import find_told
from app.web.areas import org_pages, staff_pages
from app.web.here import actor
from tenants.errors import NoUnitOfWork

closing = org_pages("closing", "app.closing")
closings = staff_pages("closings", "app.closing")


@dataclass(frozen=True, slots=True)
class ToldLine:
    """The line on a page: whether it is decided, the day, and where the reader may go about it."""

    is_decided: bool
    due_at: datetime | None
    own_url: str | None
    page_url: str | None


@closing.app_template_global()
def closing_told() -> ToldLine | None:
    """What this page says of a closing: before it is decided only to owners, from then on to everybody."""
    if actor().kind != "account":
        return None
    try:
        told = find_told()
    except NoUnitOfWork:
        return None
    if told is None or request.endpoint in {"closing.page", "closing.ask"}:
        return None
    is_decided = told.state == ClosingState.GRACE.value
    may_close = actor().may(Permission.CLOSE_ORGANISATION)
    if not (is_decided or may_close):
        return None
    own_url = url_for("rights.me") if actor().may(Permission.KEEP_OWN_RECORDS) else None
    return ToldLine(is_decided, told.due_at, own_url, url_for("closing.page") if may_close else None)


@closing.app_template_global()
def erasure_has_begun() -> bool:
    """Whether the organisation that this page finds closed will not open again."""
    tenant = g.get("tenant")
    return tenant is not None and is_being_erased(tenant.id)


@closings.app_template_global()
def closing_of(tenant_id: UUID) -> Closing | None:
    """The newest closing of a customer that was not called off, for the customer's page."""
    return find_latest(tenant_id)
