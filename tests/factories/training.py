"""Training that is offered, and people who have done it, through the product's own actions."""

from datetime import datetime
from uuid import UUID

from app.access.actor import Actor
from app.access.roles import Role
from app.training import actions
from app.training.models import TrainingPlan, TrainingRecord
from app.training.policies import PARTS
from app.training.queries import find_plan, find_record
from tenants.unit_of_work import tenant_work
from tests.cast import NOON, Organisation

HELP = (("Occupational health", "Call 3100, on working days"), ("Shop steward", "Vieno, in the blue room"))
WORDS = "I waited, and then it came."


def offer_training(organisation: Organisation, *, now: datetime = NOON) -> TrainingPlan | None:
    """Say where help is and offer the training, as the owner does."""
    with tenant_work(organisation.ref):
        actions.save_help_contacts(HELP)
        by = Actor("account", organisation.owner_id, roles=frozenset({Role.OWNER}))
        actions.offer_training(by=by, now=now)
        return find_plan()


def do_part(organisation: Organisation, person_id: UUID, key: str, *, text: str = WORDS, now: datetime = NOON) -> None:
    """Read or write one part of the module."""
    part = next(each for each in PARTS if each.key == key)
    with tenant_work(organisation.ref):
        if part.column:
            actions.save_writing(person_id=person_id, column=part.column, text=text, now=now)
        else:
            actions.read_section(person_id=person_id, section=key, now=now)


def train(organisation: Organisation, person_id: UUID, *, text: str = WORDS, now: datetime = NOON) -> None:
    """Do the whole module, which is offered if need be."""
    offer_training(organisation, now=now)
    for part in PARTS:
        do_part(organisation, person_id, part.key, text=text, now=now)


def read_record(organisation: Organisation, person_id: UUID) -> TrainingRecord | None:
    """How far somebody is."""
    with tenant_work(organisation.ref):
        return find_record(person_id)
