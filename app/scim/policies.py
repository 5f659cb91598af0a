"""What holds for tokens and for groups that give roles."""

import hashlib
import secrets
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Final

from app.access.roles import Role
from app.scim.models import ScimToken

MOST_LIVE_TOKENS: Final = 2
TOKEN_BEGINS: Final = "kamu-scim-"  # noqa: S105  what a token begins with, so that who finds one knows what it is
ROLES_OF_GROUPS: Final = (
    Role.PROGRAMME_LEAD,
    Role.IT_CONTACT,
    Role.BILLING_CONTACT,
    Role.EMPLOYEE_REPRESENTATIVE,
)


class Lives(StrEnum):
    """How long a new token lives."""

    HALF_A_YEAR = "half-a-year"
    YEAR = "year"
    TWO_YEARS = "two-years"


LIFETIMES: Final = {
    Lives.HALF_A_YEAR: timedelta(days=182),
    Lives.YEAR: timedelta(days=365),
    Lives.TWO_YEARS: timedelta(days=730),
}


class TokenState(StrEnum):
    """How a token stands."""

    LIVE = "live"
    EXPIRED = "expired"
    REVOKED = "revoked"


def make_secret() -> str:
    """Make up a token."""
    return TOKEN_BEGINS + secrets.token_urlsafe(32)


def digest_of(secret: str) -> str:
    """Return what is kept of a token. It is random and long, so a plain digest tells nothing of it."""
    return hashlib.sha256(secret.encode()).hexdigest()


def state_of(token: ScimToken, now: datetime) -> TokenState:
    """Tell how a token stands."""
    if token.revoked_at is not None:
        return TokenState.REVOKED
    if token.expires_at is not None and token.expires_at <= now:
        return TokenState.EXPIRED
    return TokenState.LIVE
