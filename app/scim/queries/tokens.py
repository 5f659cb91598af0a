"""The organisation's tokens."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy import ColumnElement, func, or_, select

from app.scim.models import ScimToken
from app.scim.policies import digest_of
from tenants.errors import NotHere
from tenants.unit_of_work import session


def find_token(secret: str) -> ScimToken | None:
    """Find the token that was handed out as `secret`, live or not."""
    return session().scalars(select(ScimToken).where(ScimToken.digest == digest_of(secret))).one_or_none()


def get_token(token_id: UUID) -> ScimToken:
    """Return a token; raises NotHere."""
    found = session().get(ScimToken, token_id)
    if found is None:
        raise NotHere(token_id)
    return found


def list_tokens() -> Sequence[ScimToken]:
    """List tokens, newest first."""
    return session().scalars(select(ScimToken).order_by(ScimToken.id.desc())).all()


def count_live_tokens(now: datetime) -> int:
    """Count the tokens that open anything now."""
    return session().scalar(select(func.count()).select_from(ScimToken).where(*_live(now))) or 0


def _live(now: datetime) -> list[ColumnElement[bool]]:
    return [ScimToken.revoked_at.is_(None), or_(ScimToken.expires_at.is_(None), ScimToken.expires_at > now)]
