"""Questions for tests: who asks whom, and what becomes of it."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import select

from app.access.actor import Actor
from app.choices.actions import add_veto
from app.matching import actions
from app.matching.models import Ask
from app.matching.queries.asks import find_waiting, has_not_come_about, list_asks_to
from tenants.context import TenantRef
from tenants.unit_of_work import session, tenant_work
from tests.factories.matching import NOON

AFTER_A_WEEK = NOON + timedelta(days=9)


@dataclass(frozen=True)
class Asking:
    """What people of one organisation do, each in a transaction of its own."""

    ref: TenantRef

    def ask(self, kaveri_id: UUID, kamu_id: UUID, *, now: datetime = NOON) -> UUID:
        with tenant_work(self.ref):
            return actions.ask_kamu(kaveri_id=kaveri_id, kamu_id=kamu_id, by=acting(kaveri_id), now=now).id

    def answer(self, ask_id: UUID, kamu_id: UUID, *, yes: bool, now: datetime = NOON) -> bool:
        """Whether a pair began."""
        with tenant_work(self.ref):
            return actions.answer_ask(ask_id=ask_id, yes=yes, by=acting(kamu_id), now=now) is not None

    def take_back(self, kaveri_id: UUID, *, now: datetime = NOON) -> None:
        with tenant_work(self.ref):
            actions.take_back(kaveri_id=kaveri_id, by=acting(kaveri_id), now=now)

    def rather_not(self, person_id: UUID, other_id: UUID, *, now: datetime = NOON) -> None:
        with tenant_work(self.ref):
            add_veto(person_id=person_id, other_id=other_id, now=now)

    def row(self, ask_id: UUID) -> Ask:
        with tenant_work(self.ref):
            return session().scalars(select(Ask).where(Ask.id == ask_id)).one()

    def waits(self, kaveri_id: UUID, *, now: datetime = NOON) -> bool:
        with tenant_work(self.ref):
            return find_waiting(kaveri_id, now=now) is not None

    def was_told(self, kaveri_id: UUID, *, now: datetime = AFTER_A_WEEK) -> bool:
        """Whether the Kaveri reads that it didn't come about."""
        with tenant_work(self.ref):
            return has_not_come_about(kaveri_id, now=now)

    def asked(self, kamu_id: UUID, *, now: datetime = NOON) -> list[UUID]:
        """The questions that the Kamu can answer."""
        with tenant_work(self.ref):
            return [each.id for each in list_asks_to(kamu_id, now=now)]


def acting(person_id: UUID) -> Actor:
    """Somebody of the directory, signed in."""
    return Actor("account", person_id=person_id)
