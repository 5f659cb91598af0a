"""Work of the ground itself."""

from tenants.backfills import fill
from tenants.database import DDL, db
from tenants.fleet import bring_to_head as bring
from tenants.outbox import HEAVY_QUEUE, PROVISIONING_QUEUE, on_queue
from tenants.provisioning import POOL_SIZE, build_slots, count_ready
from tenants.resolution import forget_tenants


@on_queue(PROVISIONING_QUEUE)
def fill_pool() -> None:
    """Build as many blank schemas as the pool is short of; safe to run twice, each slot commits alone."""
    build_slots(max(0, POOL_SIZE - count_ready()))


@on_queue(PROVISIONING_QUEUE)
def bring_to_head(*, schema: str) -> None:
    """Bring a schema that somebody waits for to head; one that is there already is left alone."""
    bring(db.engines[DDL], schema)
    forget_tenants()


@on_queue(HEAVY_QUEUE)
def backfill(*, name: str) -> None:
    """Do one batch of a backfill, and ask for the next."""
    fill(name)
