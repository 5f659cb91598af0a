"""Work that follows a change of a pair, or a last day of work. Each may run twice."""

from uuid import UUID

from app.access.queries import find_account_of_person
from app.clock import now
from app.pairs import actions
from app.pairs.emails import send_change
from app.pairs.models import Pair
from app.pairs.policies import is_over, local
from app.people.queries import find_person
from tenants.unit_of_work import current, session


def tell_of_change(*, pair_id: str) -> None:
    """Tenant: tell both of the pair that something has changed, in the same words."""
    tenant, pair = current().tenant, session().get(Pair, UUID(pair_id))
    if tenant is None or pair is None:
        return
    for person_id in (pair.kamu_id, pair.kaveri_id):
        account, person = find_account_of_person(person_id), find_person(person_id)
        if account is None or account.ended_at is not None:
            continue
        # Others read a work mailbox after a last day.
        if person is not None and not is_over(person.ends_on, now()):
            send_change(account, tenant)


def end_pairs_of_leavers() -> None:
    """Tenant: end the pairs of those whose last day is over."""
    actions.end_pairs_of_leavers(today=local(now()).date(), now=now())
