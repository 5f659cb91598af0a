"""Figures as they were frozen: the only ones that pages may show."""

from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from sqlalchemy import exists, func, select

from app.billing.queries import find_counter
from app.disclosure.models import FrozenFigure
from app.disclosure.policies.month import Value
from app.disclosure.policies.showing import find_due, find_next_month
from app.pairs.models import LASTING, Pair
from tenants.unit_of_work import session

MATCHING: Final = "matching"
PAIRS: Final = "pairs"
SITES: Final = "sites"
ORGANISATION: Final = "organisation"
SITE: Final = "site"
MONTHS: Final = 12


@dataclass(frozen=True, slots=True)
class Month:
    """The figures of one month, as shown to everybody who may see them."""

    month: date
    counted_on: date
    matching: Value
    pairs: Value
    sites: Value

    @property
    def sites_counted_on(self) -> date:
        """The day of the count by site, which may be older than the others."""
        told = self.sites.get("counted_on")
        return date.fromisoformat(told) if told else self.counted_on


def find_launched_on() -> date | None:
    """Find the day of the launch; None before it."""
    counter = find_counter()
    return counter.launched_at.date() if counter and counter.launched_at else None


def list_months(*, most: int = MONTHS) -> list[Month]:
    """List the newest months first."""
    rows = (
        session()
        .scalars(select(FrozenFigure).order_by(FrozenFigure.month.desc(), FrozenFigure.name).limit(3 * most))
        .all()
    )
    by_month: dict[date, dict[str, FrozenFigure]] = {}
    for row in rows:
        by_month.setdefault(row.month, {})[row.name] = row
    return [_month(month, found) for month, found in by_month.items() if len(found) == 3]


def find_month() -> Month | None:
    """Find the newest month that was counted."""
    return next(iter(list_months(most=1)), None)


def find_next_count(today: date) -> date | None:
    """The day of the next count; None before the launch."""
    launched_on = find_launched_on()
    if launched_on is None:
        return None
    newest = find_month()
    if newest is None or newest.month < today.replace(day=1):
        return find_due(today, launched_on)
    return find_due(find_next_month(today), launched_on)


def has_month(month: date) -> bool:
    """Whether the month was counted."""
    return bool(session().scalar(select(exists().where(FrozenFigure.month == month))))


def count_paired(known: Any) -> int:
    """Count those who have a Kamu, among the people of a subquery of ids. Raw: for freezing alone."""
    return (
        session().scalar(select(func.count(Pair.kaveri_id.distinct())).where(LASTING, Pair.kaveri_id.in_(known))) or 0
    )


def _month(month: date, found: dict[str, FrozenFigure]) -> Month:
    matching = found[MATCHING]
    return Month(month, matching.frozen_at.date(), matching.value, found[PAIRS].value, found[SITES].value)
