"""Work that follows a change of a pair, or a last day of work. Each may run twice."""

from uuid import UUID

from app.access.queries import find_account_of_person
from app.clock import now
from app.pairs import actions
from app.pairs.emails import send_change
from app.pairs.models import Pair
from app.pairs.policies import local
from app.people.policies import is_away
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
        # Others read a work mailbox after a last day, or while somebody is away.
        if person is not None and not is_away(person, local(now()).date()):
            send_change(person, account, tenant)


def follow_directory() -> None:
    """Tenant: let pairs rest, go on and end by the days in the directory."""
    actions.follow_directory(now=now())
