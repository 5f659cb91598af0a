"""Tokens of the organisation's own directory."""

from datetime import datetime
from uuid import UUID

from app.scim.errors import TooManyTokens
from app.scim.models import ScimToken
from app.scim.policies import LIFETIMES, MOST_LIVE_TOKENS, Lives, digest_of, make_secret
from app.scim.queries.tokens import count_live_tokens
from tenants.models import new_id
from tenants.unit_of_work import session


def make_token(*, label: str, lives: Lives, account_id: UUID, now: datetime) -> tuple[ScimToken, str]:
    """Make a token and return it with its secret, which is kept nowhere. Raises TooManyTokens when two live."""
    if count_live_tokens(now) >= MOST_LIVE_TOKENS:
        raise TooManyTokens
    secret = make_secret()
    token = ScimToken(
        id=new_id(),
        label=label,
        digest=digest_of(secret),
        created_by=account_id,
        created_at=now,
        expires_at=now + LIFETIMES[lives],
    )
    session().add(token)
    return token, secret


def revoke_token(token: ScimToken, *, now: datetime) -> None:
    """Close a token at once, for good."""
    token.revoked_at = token.revoked_at or now
