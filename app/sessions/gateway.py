"""What Valkey holds of one account's sessions: to list one's own, and to end them."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import cast
from uuid import UUID

from app.valkey import valkey
from app.web.session import index_of_account, index_of_provider, read_stored, used_at


@dataclass(frozen=True, slots=True)
class Kept:
    """One session: `handle` names it on its owner's page, `key` in Valkey."""

    key: bytes
    handle: str
    device: str
    method: str
    connection: str | None
    began: datetime
    used: datetime


def list_sessions(tenant_id: UUID, account_id: UUID) -> list[Kept]:
    """An account's sessions, the one last used first; what has ended by itself is no longer noted."""
    index = index_of_account(tenant_id, account_id)
    keys = sorted(_members(index))
    reading = valkey().pipeline(transaction=False)
    for key in keys:
        reading.get(key)
        reading.pttl(key)
    answers = reading.execute()
    found = list(zip(keys, answers[::2], answers[1::2], strict=True))
    gone = [key for key, stored, _ in found if stored is None]
    if gone:
        valkey().srem(index, *gone)
    kept = [_kept(key, stored, left) for key, stored, left in found if stored is not None]
    return sorted(kept, key=lambda each: each.used, reverse=True)


def list_keys_of_provider(tenant_id: UUID, connection_id: UUID, provider_sid: str) -> set[bytes]:
    """The sessions that came from one session at the provider."""
    return _members(index_of_provider(tenant_id, connection_id, provider_sid))


def forget(keys: Iterable[bytes]) -> None:
    """End sessions at once."""
    wanted = list(keys)
    if wanted:
        valkey().delete(*wanted)


def _members(index: str) -> set[bytes]:
    return cast("set[bytes]", valkey().smembers(index))


def _kept(key: bytes, stored: bytes, left: int) -> Kept:
    data = read_stored(stored)
    return Kept(
        key=key,
        handle=data.get("handle", ""),
        device=data.get("device", ""),
        method=data.get("method", ""),
        connection=data.get("connection"),
        began=datetime.fromtimestamp(data["began"], UTC),
        used=datetime.fromtimestamp(used_at("account", left), UTC),
    )
