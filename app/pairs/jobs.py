"""Work that follows a change of a pair. Each may run twice."""

from uuid import UUID

from app.access.queries import find_account_of_person
from app.pairs.emails import send_change
from app.pairs.models import Pair
from tenants.unit_of_work import current, session


def tell_of_change(*, pair_id: str) -> None:
    """Tenant: tell both of the pair that something has changed, in the same words."""
    tenant, pair = current().tenant, session().get(Pair, UUID(pair_id))
    if tenant is None or pair is None:
        return
    for person_id in (pair.kamu_id, pair.kaveri_id):
        account = find_account_of_person(person_id)
        if account is not None and account.ended_at is None:
            send_change(account, tenant)
