"""Mails about questions, all in the same words, and the end of those that nobody answered. Each may run twice."""

from datetime import datetime
from uuid import UUID

from app.access.queries import find_account_of_person
from app.clock import now
from app.matching import actions
from app.matching.models import Ask
from app.pairs.emails import send_change
from app.pairs.policies import local
from app.people.policies import is_away
from app.people.queries import find_person
from tenants.unit_of_work import current, session


def lapse_asks() -> None:
    """Tenant: close the questions whose time is over."""
    actions.lapse_asks(now=now())


def tell_kamu(*, ask_id: str) -> None:
    """Tenant: mail the Kamu that something waits for them, unless it was taken back meanwhile."""
    ask = session().get(Ask, UUID(ask_id))
    if ask is not None and ask.state == "open":
        _tell(ask.kamu_id)


def tell_yes(*, ask_id: str) -> None:
    """Tenant: mail the Kaveri that something has changed."""
    ask = session().get(Ask, UUID(ask_id))
    if ask is not None and ask.state == "yes":
        _tell(ask.kaveri_id)


def tell_outcome(*, ask_id: str, until: str) -> None:
    """Tenant: on the morning fixed at asking, mail the Kaveri of a question without a yes; not of one taken back."""
    actions.lapse_asks(now=now())
    ask = session().get(Ask, UUID(ask_id))
    if ask is not None and ask.state == "closed" and ask.lapses_at == datetime.fromisoformat(until):
        _tell(ask.kaveri_id)


def _tell(person_id: UUID) -> None:
    tenant, account, person = current().tenant, find_account_of_person(person_id), find_person(person_id)
    if tenant is None or account is None or account.ended_at is not None:
        return
    # A work mailbox is read by others while somebody has no access, for now or for good.
    if person is not None and not is_away(person, local(now()).date()):
        send_change(person, account, tenant)
