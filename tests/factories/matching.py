"""Volunteers and all that the rules ask about, written straight into an organisation's tables."""

from dataclasses import dataclass, field
from datetime import UTC, datetime
from uuid import UUID

from app.choices.models import Participation, Veto
from app.matching.models import Ask, MatchingRules
from app.pairs.models import Pair
from app.people.models import Person
from app.training.models import TrainingRecord
from app.training.policies import MODULE
from tenants.context import TenantRef
from tenants.models import new_id
from tenants.unit_of_work import session, tenant_work

NOON = datetime(2026, 11, 21, 12, 0, tzinfo=UTC)


@dataclass
class Volunteers:
    """One organisation's people. Unless said otherwise each has a unit and a superior of their own, and no language."""

    ref: TenantRef
    made: int = field(default=0)

    def person(self, **fields: object) -> UUID:
        """Somebody of the directory; ``supervisor_id`` and ``unit`` None mean unknown."""
        self.made += 1
        fields.setdefault("unit", f"Unit {self.made}")
        if "supervisor_id" not in fields:
            fields["supervisor_id"] = self._add_person(unit=f"Board {self.made}", given_name=f"Boss{self.made}")
        return self._add_person(**fields)

    def _add_person(self, **fields: object) -> UUID:
        row_id = fields.pop("id", None) or new_id()
        values = {"given_name": "Ilta", "family_name": "Koski", "created_at": NOON, "updated_at": NOON, **fields}
        with tenant_work(self.ref):
            session().add(Person(id=row_id, email=f"{row_id.hex}@people.example", **values))
        return row_id

    def chooses(self, person_id: UUID, **choices: object) -> UUID:
        """Their participation: ``wants_kamu``, ``offers_kamu``, ``places`` and the wishes."""
        with tenant_work(self.ref):
            session().add(Participation(person_id=person_id, chosen_at=NOON, updated_at=NOON, **choices))
        return person_id

    def trained(self, person_id: UUID) -> UUID:
        with tenant_work(self.ref):
            session().add(TrainingRecord(person_id=person_id, module=MODULE, started_at=NOON, completed_at=NOON))
        return person_id

    def kaveri(self, *, wishes: dict | None = None, **fields: object) -> UUID:
        """Somebody who wants a Kamu."""
        return self.chooses(self.person(**fields), wants_kamu=True, **(wishes or {}))

    def kamu(self, *, places: int = 3, trained: bool = True, wishes: dict | None = None, **fields: object) -> UUID:
        """Somebody who is a Kamu for others, trained unless said otherwise."""
        person_id = self.person(**fields)
        self.chooses(person_id, offers_kamu=True, places=places, **(wishes or {}))
        return self.trained(person_id) if trained else person_id

    def veto(self, person_id: UUID, other_id: UUID) -> None:
        with tenant_work(self.ref):
            session().add(Veto(person_id=person_id, other_id=other_id, created_at=NOON))

    def pair(self, kamu_id: UUID, kaveri_id: UUID, *, place: int = 1, state: str = "live") -> UUID:
        """A pair that lasts; its Kamu's ``place`` is taken."""
        low, high = sorted((kamu_id, kaveri_id))
        pair = Pair(
            id=new_id(), kamu_id=kamu_id, kaveri_id=kaveri_id, low_id=low, high_id=high, place_no=place,
            state=state, began_at=NOON, paused_at=NOON if state == "paused" else None,
        )  # fmt: skip
        with tenant_work(self.ref):
            session().add(pair)
        return pair.id

    def asked(self, kaveri_id: UUID, kamu_id: UUID, *, state: str = "closed", at: datetime = NOON) -> None:
        with tenant_work(self.ref):
            closed = None if state == "open" else at
            session().add(
                Ask(kaveri_id=kaveri_id, kamu_id=kamu_id, state=state, asked_at=at, lapses_at=at, closed_at=closed)
            )

    def rules(self, account_id: UUID, **switches: bool) -> None:
        with tenant_work(self.ref):
            session().add(MatchingRules(account_id=account_id, decided_at=NOON, **switches))
