"""Who a transaction is for: values without behaviour, safe to hand from thread to thread."""

from dataclasses import dataclass
from enum import StrEnum
from uuid import UUID


class Plane(StrEnum):
    """Where a table lives; every table lives in exactly one."""

    CONTROL = "control"
    TENANT = "tenant"
    KEYS = "keys"


class Status(StrEnum):
    """Life of an organisation. Routable only at ``OPEN``."""

    BUILDING = "building"
    OPEN = "open"
    SUSPENDED = "suspended"
    ERASED = "erased"


@dataclass(frozen=True, slots=True)
class TenantRef:
    """One organisation as the router and the door need it; a snapshot at most five seconds old.

    ``generation`` rises whenever sessions and queued work of the organisation must lapse. ``is_served``: this
    application works with the revision that the schema is at. The two limits are None where nobody set them.
    """

    id: UUID
    slug: str
    name: str
    schema: str
    role: str
    generation: int
    cell: str
    status: Status
    is_served: bool = True
    request_limit: int | None = None
    statement_ms: int | None = None


@dataclass(frozen=True, slots=True)
class Door:
    """What one transaction is allowed to see: a schema, the role that owns nothing but its rows, a time limit."""

    schema: str
    role: str
    statement_timeout_ms: int
