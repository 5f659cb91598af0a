"""How many requests of one organisation this process serves at once, so that none takes every thread for itself.

Counted in this process alone: what one web process has to share are its own threads, eight of them in the Procfile.
"""

import threading
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from uuid import UUID

from tenants.context import TenantRef

AT_ONCE = 5
MAY_WAIT = 2
SECONDS_OF_WAITING = 2.0

_changed = threading.Condition()
_inside: Counter[UUID] = Counter()
_waiting: Counter[UUID] = Counter()


class Busy(RuntimeError):
    """The organisation has as many requests in flight here as it may have; the same one will do in a moment."""


@contextmanager
def turnstile(tenant: TenantRef) -> Iterator[None]:
    """Pass one request of an organisation; at its limit a few wait a little for those before them.

    Raises:
        Busy: its turn did not come in time, or enough are waiting already.

    """
    most = tenant.request_limit or AT_ONCE
    with _changed:
        if _inside[tenant.id] >= most and not _comes_free(tenant.id, most):
            raise Busy("too many requests of one organisation at once")
        _inside[tenant.id] += 1
    try:
        yield
    finally:
        with _changed:
            _leave(_inside, tenant.id)
            _changed.notify_all()


def _comes_free(tenant_id: UUID, most: int) -> bool:
    if _waiting[tenant_id] >= MAY_WAIT:
        return False
    _waiting[tenant_id] += 1
    try:
        return _changed.wait_for(lambda: _inside[tenant_id] < most, SECONDS_OF_WAITING)
    finally:
        _leave(_waiting, tenant_id)


def _leave(counter: Counter[UUID], tenant_id: UUID) -> None:
    counter[tenant_id] -= 1
    if not counter[tenant_id]:
        del counter[tenant_id]
