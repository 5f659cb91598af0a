"""Work on the directory that nobody waits for in a request."""

from functools import partial
from uuid import UUID

from app import progress
from app.clock import now
from app.people import actions
from app.people.queries import progress_key
from tenants.outbox import HEAVY_QUEUE, on_queue


@on_queue(HEAVY_QUEUE)
def take_in_import(*, import_id: str) -> None:
    """Take a queued file in; telling how far it is."""
    found = UUID(import_id)
    actions.take_in(import_id=found, now=now(), report=partial(progress.report, progress_key(found)))


def forget_changes() -> None:
    """Forget what imports did that can no longer be undone."""
    actions.forget_changes(now=now())
