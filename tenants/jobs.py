"""Work of the ground itself."""

from tenants.outbox import PROVISIONING_QUEUE, on_queue
from tenants.provisioning import POOL_SIZE, build_slots, count_ready


@on_queue(PROVISIONING_QUEUE)
def fill_pool() -> None:
    """Build as many blank schemas as the pool is short of; safe to run twice, each slot commits alone."""
    build_slots(max(0, POOL_SIZE - count_ready()))
