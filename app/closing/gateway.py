"""What Valkey holds of one organisation: sessions, sign-ins in progress, wake-up times of its outbox."""

from collections.abc import Iterable
from typing import cast
from uuid import UUID

from app.queue import DUE_LATER
from app.valkey import valkey

SESSIONS = "sessions:"


def forget_in_valkey(tenant_id: UUID) -> int:
    """Delete every key that names the organisation and every session that its keys name; returns how many went."""
    client = valkey()
    names = list(cast("Iterable[bytes]", client.scan_iter(match=f"*{tenant_id}*", count=1000)))
    sessions = [each for name in names if name.startswith(SESSIONS.encode()) for each in _members(name)]
    waking = [each for each in cast("list[bytes]", client.zrange(DUE_LATER, 0, -1)) if str(tenant_id).encode() in each]
    if waking:
        client.zrem(DUE_LATER, *waking)
    gone = [*names, *sessions]
    return len(waking) + (client.delete(*gone) if gone else 0)


def _members(name: bytes) -> Iterable[bytes]:
    return cast("set[bytes]", valkey().smembers(name))
