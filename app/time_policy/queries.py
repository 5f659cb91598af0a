"""Reads of the organisation's promise of time."""

from sqlalchemy import select

from app.time_policy.models import TimePolicy
from tenants.unit_of_work import session


def find_policy() -> TimePolicy | None:
    """Find what the organisation decided; None until it has."""
    return session().scalars(select(TimePolicy)).one_or_none()


def has_policy() -> bool:
    """Whether time for Kamu is decided."""
    return session().scalar(select(TimePolicy.id)) is not None
