"""What the last calls of a token were, in Valkey: when, what was asked, how it ended. Nobody's name or id is in it."""

import json
from dataclasses import asdict, dataclass
from typing import Any, Final, cast
from uuid import UUID

import structlog

from app.valkey import ValkeyError, valkey

MOST_CALLS: Final = 50
KEPT_SECONDS: Final = 30 * 24 * 3600
_log = structlog.get_logger("kamu.scim")


@dataclass(frozen=True, slots=True)
class Call:
    """One call: when (ISO 8601), its method, what kind of resource it was about, and its status with SCIM's word."""

    at: str
    method: str
    about: str
    status: int
    error: str = ""


def note_call(tenant_id: UUID, token_id: UUID, call: Call) -> None:
    """Keep a call with the last ones of its token; losing one matters to nobody."""
    key = _key(tenant_id, token_id)
    try:
        with valkey().pipeline(transaction=False) as pipe:
            pipe.lpush(key, json.dumps(asdict(call)))
            pipe.ltrim(key, 0, MOST_CALLS - 1)
            pipe.expire(key, KEPT_SECONDS)
            pipe.execute()
    except ValkeyError as error:
        _log.warning("call_not_kept", error=type(error).__name__)


def list_calls(tenant_id: UUID, token_id: UUID) -> list[Call]:
    """List the last calls of a token, newest first."""
    kept = cast("list[bytes]", valkey().lrange(_key(tenant_id, token_id), 0, MOST_CALLS - 1))
    return [Call(**cast("dict[str, Any]", json.loads(each))) for each in kept]


def _key(tenant_id: UUID, token_id: UUID) -> str:
    return f"scim-calls:{tenant_id}:{token_id}"
