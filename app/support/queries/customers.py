"""What Nitor's staff may know of a customer without a visit: set-up, dates, and people as a range."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Row, Select, and_, func, or_, select

from tenants.context import Status
from tenants.errors import NotHere
from tenants.models import Tenant, TenantProgress
from tenants.unit_of_work import session

STEP_ORDER = ("readiness", "sign-in", "people", "time", "training", "rules", "seats", "roles", "launch")
UNFINISHED = ("now", "open", "later")
NEEDS_A_HAND_AFTER = timedelta(days=7)
PAGE = 50


class Show(StrEnum):
    """Which customers a list holds."""

    ALL = "all"
    SET_UP = "set-up"
    LIVE = "live"


class Sort(StrEnum):
    """Who comes first in a list."""

    STANDS_STILL = "stands-still"
    NEWEST = "newest"
    NAME = "name"


@dataclass(frozen=True)
class Step:
    """One step of set-up; `state` is done, now, open or later."""

    key: str
    state: str


@dataclass(frozen=True)
class Customer:
    """One organisation as staff see it. `people_range` is a stored text such as "from 100 to 199"."""

    id: UUID
    slug: str
    name: str
    is_suspended: bool
    since: datetime
    steps: tuple[Step, ...]
    people_range: str | None
    launch_on: datetime | None
    launched_at: datetime | None
    as_of: datetime

    @property
    def done(self) -> int:
        """How many steps are done."""
        return sum(step.state == "done" for step in self.steps)

    @property
    def current(self) -> Step | None:
        """The step that set-up is at: the one begun, else the first that is not done."""
        begun = [step for step in self.steps if step.state == "now"]
        left = [step for step in self.steps if step.state != "done"]
        return next(iter(begun or left), None)

    def still_days(self, now: datetime) -> int:
        """Whole days since the last change of an unfinished set-up; 0 for those that are live."""
        return 0 if self.launched_at else max((now - self.as_of).days, 0)

    def needs_a_hand(self, now: datetime) -> bool:
        """Whether set-up has stood still for a week or longer."""
        return not (self.launched_at or self.is_suspended) and now - self.as_of >= NEEDS_A_HAND_AFTER


def list_customers(
    *, search: str = "", show: Show = Show.ALL, sort: Sort = Sort.STANDS_STILL, page: int = 1
) -> list[Customer]:
    """Return one page of PAGE customers whose name or address contains `search`."""
    chosen = _chosen(search, show).order_by(*_ORDER[sort], Tenant.id).limit(PAGE).offset(PAGE * (page - 1))
    return [_customer(row) for row in session().execute(chosen)]


def list_customers_in_need(now: datetime, limit: int = 2) -> list[Customer]:
    """Return those whose set-up has stood still for a week or longer, longest first."""
    chosen = _chosen("", Show.SET_UP).where(_in_need(now)).order_by(_as_of(), Tenant.id).limit(limit)
    return [_customer(row) for row in session().execute(chosen)]


def count_customers(*, search: str = "", show: Show = Show.ALL) -> int:
    """Return how many list_customers has on all its pages."""
    chosen = _chosen(search, show).with_only_columns(Tenant.id).subquery()
    return session().scalar(select(func.count()).select_from(chosen)) or 0


def count_customers_in_need(now: datetime) -> int:
    """Return how many list_customers_in_need has without its limit."""
    chosen = _chosen("", Show.SET_UP).where(_in_need(now)).with_only_columns(Tenant.id).subquery()
    return session().scalar(select(func.count()).select_from(chosen)) or 0


def get_customer(slug: str) -> Customer:
    """Return the customer with this address name; raise NotHere."""
    row = session().execute(_chosen("", Show.ALL).where(Tenant.slug == slug)).one_or_none()
    if row is None:
        raise NotHere
    return _customer(row)


def _as_of() -> ColumnElement[datetime]:
    return func.coalesce(TenantProgress.as_of, Tenant.opened_at, Tenant.created_at)


_ORDER: dict[Sort, tuple[Any, ...]] = {
    Sort.STANDS_STILL: (Tenant.status != Status.OPEN, TenantProgress.launched_at.is_not(None), _as_of()),
    Sort.NEWEST: (Tenant.created_at.desc(),),
    Sort.NAME: (func.lower(Tenant.name),),
}


def _chosen(search: str, show: Show) -> Select[Any, Any]:
    chosen: Select[Any, Any] = (
        select(Tenant, TenantProgress)
        .outerjoin(TenantProgress, TenantProgress.tenant_id == Tenant.id)
        .where(Tenant.status.in_([Status.OPEN, Status.SUSPENDED]))
    )
    if words := search.strip():
        found = (Tenant.name.icontains(words, autoescape=True), Tenant.slug.icontains(words, autoescape=True))
        chosen = chosen.where(or_(*found))
    return chosen.where(_shown(show)) if show is not Show.ALL else chosen


def _shown(show: Show) -> ColumnElement[bool]:
    launched = TenantProgress.launched_at
    return launched.is_not(None) if show is Show.LIVE else launched.is_(None)


def _in_need(now: datetime) -> ColumnElement[bool]:
    return and_(Tenant.status == Status.OPEN, _as_of() <= now - NEEDS_A_HAND_AFTER)


def _customer(row: Row[Any, Any]) -> Customer:
    tenant: Tenant = row.Tenant
    progress: TenantProgress | None = row.TenantProgress
    return Customer(
        id=tenant.id,
        slug=tenant.slug,
        name=tenant.name,
        is_suspended=tenant.status == Status.SUSPENDED,
        since=tenant.opened_at or tenant.created_at,
        steps=_steps(progress.steps if progress else {}),
        people_range=progress.people_range if progress else None,
        launch_on=progress.launch_on if progress else None,
        launched_at=progress.launched_at if progress else None,
        as_of=(progress.as_of if progress else None) or tenant.opened_at or tenant.created_at,
    )


def _steps(states: Mapping[str, Any]) -> tuple[Step, ...]:
    """In the order of set-up; a step not told of yet is open, one not known here comes last."""
    later = [key for key in states if key not in STEP_ORDER]
    return tuple(Step(key, str(states.get(key, "open"))) for key in (*STEP_ORDER, *sorted(later)))
