"""How far a long job is, for the page that waits for it. Lives in Valkey for an hour; the outcome lives in the rows."""

from app.valkey import valkey
from tenants.unit_of_work import current

SECONDS_KEPT = 3600


def report(key: str, done: int, total: int) -> None:
    """Say that ``done`` of ``total`` are through; seen at once, before the job's transaction ends."""
    valkey().set(_name(key), f"{done}/{total}", ex=SECONDS_KEPT)


def read(key: str) -> tuple[int, int] | None:
    """Return (done, total), or None when nothing was reported in the last hour."""
    value = valkey().get(_name(key))
    if not isinstance(value, bytes):
        return None
    done, total = value.decode().split("/")
    return int(done), int(total)


def _name(key: str) -> str:
    tenant = current().tenant
    return f"progress:{tenant.id if tenant else 'control'}:{key}"
