"""Pairs for tests: people who take part, and two who have become a pair."""

from dataclasses import dataclass
from uuid import UUID

from app.access.models import Account
from app.access.roles import Role
from app.choices.models import Participation
from app.pairs.actions import open_pair
from app.people.models import Person
from tenants.unit_of_work import session, tenant_work
from tests.cast import NOON, Cast, Organisation
from tests.factories.browsers import Browser


@dataclass
class Member:
    """Somebody who takes part, with an account."""

    person: Person
    account: Account
    browser: Browser

    @property
    def id(self) -> UUID:
        return self.person.id


@dataclass
class Two:
    """A Kamu, a Kaveri, and their pair."""

    id: UUID
    organisation: Organisation
    kamu: Member
    kaveri: Member

    @property
    def path(self) -> str:
        return f"/pairs/{self.id}"


def take_part(organisation: Organisation, person_id: UUID, *, places: int = 0) -> None:
    """Let somebody take part: as a Kamu when there are places, else as a Kaveri."""
    with tenant_work(organisation.ref):
        session().add(
            Participation(
                person_id=person_id,
                wants_kamu=not places,
                offers_kamu=bool(places),
                places=places,
                chosen_at=NOON,
                updated_at=NOON,
            )
        )


def member(cast: Cast, organisation: Organisation, name: str, *, places: int = 0) -> Member:
    """Somebody of the directory who takes part and is signed in."""
    email = f"{name.lower()}@{organisation.slug}.example"
    person = cast.person(organisation.ref, email, given_name=name)
    account = cast.account(organisation.ref, email, Role.MEMBER, name=name, person=person)
    take_part(organisation, person.id, places=places)
    return Member(person, account, cast.signed_in(organisation, account.id))


def become_a_pair(organisation: Organisation, kamu: Member, kaveri: Member) -> Two:
    """Make two a pair."""
    with tenant_work(organisation.ref):
        pair = open_pair(kamu_id=kamu.id, kaveri_id=kaveri.id, places=5, now=NOON)
    return Two(pair.id, organisation, kamu, kaveri)


def make_two(cast: Cast, organisation: Organisation) -> Two:
    """Rauha, who is a Kamu, and Lumi, her Kaveri."""
    kamu = member(cast, organisation, "Rauha", places=3)
    kaveri = member(cast, organisation, "Lumi")
    return become_a_pair(organisation, kamu, kaveri)
