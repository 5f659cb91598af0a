"""Links that carry a sealed id. The same id always seals to the same text, so a mail can be sent again unchanged.

A seal proves only that we made the link; how long and how often it works is kept in the row it names.
"""

from uuid import UUID

from itsdangerous import BadSignature, URLSafeSerializer

from app.settings import settings


def seal(purpose: str, row_id: UUID) -> str:
    """Seal a row's id for one purpose; a token of another purpose never opens with it."""
    return str(_serializer(purpose).dumps(str(row_id)))


def unseal(purpose: str, token: str) -> UUID | None:
    """Return the id in a token of ours, or None for anything else."""
    try:
        return UUID(_serializer(purpose).loads(token))
    except (BadSignature, ValueError, TypeError, AttributeError):
        return None


def _serializer(purpose: str) -> URLSafeSerializer:
    return URLSafeSerializer(settings().secret_key, salt=f"kamu.link.{purpose}")
