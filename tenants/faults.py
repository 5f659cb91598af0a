"""Named places at which a test may end this process or stop it. In life each costs one look at an empty variable."""

from collections.abc import Callable
from enum import StrEnum


class Fault(StrEnum):
    """Where something may go wrong that must lose nothing and do nothing twice. A test reaches each."""

    REQUEST_DONE = "request.done"
    REQUEST_COMMITTED = "request.committed"
    SIGN_UP_BUILT = "sign_up.built"
    SIGN_UP_SEATED = "sign_up.seated"
    SIGN_UP_OPENED = "sign_up.opened"
    SLOT_BUILT = "slot.built"
    SCHEMA_MIGRATED = "schema.migrated"
    LEDGER_BEHIND = "ledger.behind"
    IMPORT_WRITTEN = "import.written"
    JOB_DONE = "job.done"
    JOB_DONE_ELSEWHERE = "job.done_elsewhere"
    BACKFILL_BATCH = "backfill.batch"
    EXPORT_WRITTEN = "export.written"
    ERASE_SUSPENDED = "erase.suspended"
    ERASE_KEYS_DESTROYED = "erase.keys_destroyed"
    ERASE_RECEIPT_SENT = "erase.receipt_sent"
    ERASE_DROPPED = "erase.dropped"
    RESTORE_LOADED = "restore.loaded"
    RESTORE_SWAPPED = "restore.swapped"


_hooks: list[Callable[[Fault], None]] = []


def fault_point(fault: Fault) -> None:
    """Say that ``fault`` is reached."""
    for hook in _hooks:
        hook(fault)


def arm(hook: Callable[[Fault], None]) -> None:
    """Have ``hook`` called at every fault point of this process; for tests."""
    _hooks.append(hook)


def disarm() -> None:
    """Forget all hooks."""
    _hooks.clear()
