"""Those whom nobody invited: what their login claims, and who asks to come in."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy import func, or_, select

from app.access.queries import find_account_by_email, find_account_of_person
from app.domains.queries import is_of_connection
from app.people.models import Person
from app.people.policies import is_away
from app.people.queries import find_person_by_email, list_people
from app.sign_in.models import Connection, Identity, Jit
from app.sign_in.policies import AddressFacts, ArrivalFacts, PersonFacts, read_address
from app.sign_in.queries.accounts import facts_of
from tenants.errors import NotHere
from tenants.models import TenantOutbox
from tenants.unit_of_work import session

LONGEST_EXTERNAL_ID = 255
MOST_LIKELY = 6
# One issuer for all the world: everybody may have an account there, under whatever mailbox they could once read.
EVERYBODYS = "https://accounts.google.com"


def read_arrival(connection: Connection, subject: str, claims: Mapping[str, object], *, now: datetime) -> ArrivalFacts:
    """Read what a login says of somebody whom the connection does not know, and whom it names in the directory."""
    external_id = _external_id(connection, claims)
    asked = find_identity(connection.id, subject)
    return ArrivalFacts(
        jit=Jit(connection.jit),
        may_ask=connection.issuer != EVERYBODYS or isinstance(claims.get("hd"), str),
        external_id=external_id,
        by_external_id=_person_facts(_find_by_external_id(external_id), connection.id, now),
        address=_address_facts(connection, claims, now),
        was_refused=asked is not None and asked.refused_at is not None,
    )


def _external_id(connection: Connection, claims: Mapping[str, object]) -> str | None:
    value = claims.get(connection.external_id_claim) if connection.external_id_claim else None
    return value if isinstance(value, str) and 0 < len(value) <= LONGEST_EXTERNAL_ID else None


def _find_by_external_id(external_id: str | None) -> Person | None:
    if external_id is None or "\0" in external_id:
        return None
    return session().scalars(select(Person).where(Person.external_id == external_id)).one_or_none()


def _address_facts(connection: Connection, claims: Mapping[str, object], now: datetime) -> AddressFacts:
    address = read_address(claims)
    if address is None:
        return AddressFacts()
    domain = address.rpartition("@")[2]
    # Google names by `hd` whose Workspace an account belongs to; one of nobody's has none. Entra calls guests 1.
    is_own = claims.get("hd") == domain if connection.issuer == EVERYBODYS else claims.get("acct") not in (1, "1")
    return AddressFacts(
        is_vouched_for=is_own,
        is_ours=is_of_connection(domain, connection.id),
        is_fixed=connection.addresses_fixed_at is not None,
        person=_person_facts(find_person_by_email(address), connection.id, now),
        has_account=find_account_by_email(address) is not None,
    )


def _person_facts(person: Person | None, connection_id: UUID, now: datetime) -> PersonFacts | None:
    if person is None:
        return None
    own = find_account_of_person(person.id)
    return PersonFacts(
        id=person.id,
        external_id=person.external_id,
        is_away=is_away(person, now.date()),
        own=facts_of(own, connection_id) if own else None,
        has_namesake=own is None and find_account_by_email(person.email) is not None,
    )


def hold_connection(connection_id: UUID) -> None:
    """Hold a connection against others until the end of the transaction; what only points to it goes on."""
    session().execute(select(Connection.id).where(Connection.id == connection_id).with_for_update(key_share=True))


def find_identity(connection_id: UUID, subject: str) -> Identity | None:
    """Find who a subject is at a connection, also somebody who only asks to come in."""
    mine = select(Identity).where(Identity.connection_id == connection_id, Identity.subject == subject)
    return session().scalars(mine).one_or_none()


def get_arrival(identity_id: UUID, *, lock: bool = False) -> Identity:
    """Return somebody who asks to come in, held against others if wanted.

    Raises NotHere, for those who are in and those of whom nothing is known any more alike.
    """
    found = session().get(Identity, identity_id, with_for_update=lock or None, populate_existing=lock)
    if found is None or found.account_id is not None or _is_forgotten(found):
        raise NotHere(identity_id)
    return found


def _is_forgotten(identity: Identity) -> bool:
    return identity.refused_at is not None and identity.claimed_name is None and identity.claimed_email is None


def list_arrivals(*, refused: bool, most: int) -> Sequence[Identity]:
    """List who asks to come in, longest waiting first, or who was refused and is still known by name, newest first."""
    asking = select(Identity).where(Identity.account_id.is_(None)).limit(most)
    if refused:
        known = or_(Identity.claimed_name.is_not(None), Identity.claimed_email.is_not(None))
        asking = asking.where(Identity.refused_at.is_not(None), known)
        return session().scalars(asking.order_by(Identity.refused_at.desc(), Identity.id)).all()
    return session().scalars(asking.where(Identity.refused_at.is_(None)).order_by(Identity.asked_at, Identity.id)).all()


def count_arrivals(*, since: datetime | None = None) -> int:
    """Count who asks to come in and waits for an answer, all of them or those who have asked since a moment."""
    waiting = select(func.count()).where(Identity.account_id.is_(None), Identity.refused_at.is_(None))
    return session().scalar(waiting.where(Identity.asked_at > since) if since else waiting) or 0


def list_likely_people(arrival: Identity, search: str) -> Sequence[Person]:
    """List whom of the directory they may be: those of the same address, then those whom the words find."""
    found = list(list_people(search=search, most=MOST_LIKELY).people) if search else []
    same = find_person_by_email(arrival.claimed_email) if arrival.claimed_email else None
    if same and same.removed_at is None:
        found = [same, *(each for each in found if each.id != same.id)]
    return found[:MOST_LIKELY]


def is_telling_of_arrivals() -> bool:
    """Whether whoever decides has been told within a day, or is about to be: work for it waits."""
    waiting = select(TenantOutbox.id).where(
        TenantOutbox.job == "sign_in.tell_of_arrivals", TenantOutbox.dead_at.is_(None)
    )
    return session().scalar(waiting.limit(1)) is not None
