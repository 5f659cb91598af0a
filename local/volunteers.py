"""Invented volunteers for a directory that is there already: wishes, Kamus, training, and with whom rather not.

The same seed draws the same for the same people. Everything is written by the product's own actions.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from random import Random
from typing import TypeVar

from sqlalchemy import select

from app.access.actor import Actor
from app.access.queries import find_actor, list_accounts_with
from app.access.roles import Role
from app.choices.actions import Choice, add_veto, save_choices
from app.choices.policies import TOPICS, WAYS, Want
from app.people.models import Person
from app.training.actions import forget_training, offer_training, read_section, save_help_contacts, save_writing
from app.training.policies import PARTS
from app.training.queries import has_plan
from local.demo_words import HELP, INTRODUCTIONS, LEARNED
from tenants.unit_of_work import session

WANTING, OFFERING, TRAINED, VETOING = 1 / 3, 1 / 5, 0.85, 0.06
PLACES = (2, 3, 3, 3, 4)
# The training takes most people about an hour; here they began it the evening before.
TOOK = timedelta(hours=20)

Of = TypeVar("Of")


@dataclass(frozen=True)
class Drawn:
    """Who wants what, in the order of the people's addresses."""

    choices: dict[Person, Choice]
    trained: list[Person]
    vetoes: list[tuple[Person, Person]]


def list_everybody() -> Sequence[Person]:
    """Everybody of the directory in an order that is the same wherever the file was taken in."""
    return session().scalars(select(Person).order_by(Person.email)).all()


def draw(people: Sequence[Person], random: Random, *, wanting_share: float = WANTING) -> Drawn:
    """Draw volunteers: about a third would like a Kamu, about a fifth would like to be one, some both."""
    wanting, offering = _some(people, wanting_share, random), _some(people, OFFERING, random)
    choices = {
        person: _choice(person, Want.of(wants_kamu=person in wanting, offers_kamu=person in offering), random)
        for person in people
        if person in {*wanting, *offering}
    }
    taking_part = list(choices)
    return Drawn(
        choices,
        trained=_some(offering, TRAINED, random),
        vetoes=[(one, random.choice(people)) for one in _some(taking_part, VETOING, random)],
    )


def write(drawn: Drawn, *, now: datetime) -> None:
    """Keep the choices of all who were drawn, and have most Kamus do the training; offer it first if need be."""
    for person, choice in drawn.choices.items():
        save_choices(person_id=person.id, choice=choice, now=now)
    if not has_plan():
        offer(by=owner(), now=now)
    for person in drawn.trained:
        train(person, now=now)
    for one, other in drawn.vetoes:
        if one is not other:
            add_veto(person_id=one.id, other_id=other.id, now=now)


def owner() -> Actor:
    """Return the owner who came first."""
    found = find_actor(list_accounts_with(Role.OWNER)[0].id)
    if found is None:
        raise LookupError("the organisation has no owner")
    return found


def offer(*, by: Actor, now: datetime) -> None:
    """Say where help is, and offer the training."""
    save_help_contacts(HELP)
    offer_training(by=by, now=now)


def train(person: Person, *, now: datetime) -> None:
    """Do the whole module as a person does it: read each section, write where it asks."""
    learned = iter(LEARNED[person.language or "en"])
    for part in PARTS:
        if part.column is None:
            read_section(person_id=person.id, section=part.key, now=now - TOOK)
        else:
            save_writing(person_id=person.id, column=part.column, text=next(learned), now=now)


def forget_training_of(people: Sequence[Person]) -> None:
    """Let everybody be as if they had never begun the training."""
    for person in people:
        forget_training(person_id=person.id)


def languages_of(person: Person, random: Random) -> list[str]:
    """Return the languages a person can have a talk in: the directory's own, and often English or Finnish."""
    own = person.language or "en"
    return [own, *(code for code in ("en", "fi") if code != own and random.random() < (0.7 if code == "en" else 0.3))]


def _choice(person: Person, want: Want, random: Random) -> Choice:
    introductions = INTRODUCTIONS[person.language or "en"]
    return Choice(
        want=want,
        topics=random.sample(TOPICS, random.randint(1, 3)),
        languages=languages_of(person, random),
        ways=random.sample(WAYS, random.randint(1, 3)),
        places=random.choice(PLACES),
        introduction=random.choice(introductions) if want.offers_kamu else "",
        lists_self=random.random() < 0.5,
    )


def _some(of: Sequence[Of], share: float, random: Random) -> list[Of]:
    return random.sample(of, round(len(of) * share))
