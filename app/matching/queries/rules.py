"""The organisation's switches as they are now."""

from sqlalchemy import select

from app.matching.models import MatchingRules
from app.matching.policies.rules import SWITCHES, Rules
from tenants.unit_of_work import session


def find_decision() -> MatchingRules | None:
    """Find the row of the switches; None while nobody has decided."""
    return session().scalars(select(MatchingRules)).one_or_none()


def has_rules() -> bool:
    """Whether somebody has decided on the rules."""
    return find_decision() is not None


def read_rules() -> Rules:
    """The switches in force: all on until somebody decides."""
    decided = find_decision()
    return Rules(**{name: getattr(decided, name) for name in SWITCHES}) if decided else Rules()
