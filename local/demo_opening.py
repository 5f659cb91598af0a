"""The first half of the demo: an organisation is opened, its people come in, somebody can sign in.

Each step can be done again: what is there already stays as it is.
"""

from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta

from sqlalchemy import select

from app import clock
from app.access.actions import add_account
from app.access.actor import SYSTEM
from app.access.models import Account
from app.access.queries import find_account_of_person
from app.access.roles import Role
from app.people.actions import queue_import, take_in, upload_file
from app.people.models import Person
from app.people.queries import count_people
from app.sessions.policies import CURRENT_NOTICE
from app.sign_in.actions import add_active_connection
from app.sign_in.models import Identity, ProviderKind
from app.sign_in.queries import find_active_connection
from local.cast import Place
from tenants.context import TenantRef
from tenants.models import new_id
from tenants.provisioning import claim, open_tenant
from tenants.resolution import find_tenant, forget_tenants, get_tenant
from tenants.unit_of_work import control_work, session, tenant_work


def open_place(place: Place, *, now: datetime, age: timedelta = timedelta()) -> TenantRef:
    """Open the organisation; it signed up `age` ago."""
    begun = find_tenant(place.slug)
    tenant_id = begun.id if begun else new_id()
    with control_work():
        tenant = claim(tenant_id=tenant_id, slug=place.slug, name=place.name)
        tenant.created_at = tenant.created_at if begun else now - age
        open_tenant(tenant_id=tenant_id, now=now - age)
    forget_tenants()
    return get_tenant(tenant_id)


def take_in_people(tenant: TenantRef, place: Place) -> None:
    """Take the roster in, as the page of people does."""
    take_in_roster(tenant, place.people_file.read_bytes(), place.people_file.name)


def take_in_roster(tenant: TenantRef, data: bytes, name: str) -> None:
    """Take the bytes of a roster into an empty directory."""
    with tenant_work(tenant):
        if count_people():
            return
        begun = upload_file(data=data, file_name=name, by=SYSTEM, now=clock.now())
        queue_import(begun, now=clock.now())
    with tenant_work(tenant, timeout_ms=120_000):
        take_in(import_id=begun.id, now=clock.now(), report=lambda _done, _total: None)


def connect_provider(tenant: TenantRef, provider: Mapping[str, str], *, now: datetime) -> None:
    """Connect the local provider; `provider` is what `local.provider.prepare` wrote."""
    with tenant_work(tenant):
        if find_active_connection() is None:
            add_active_connection(
                provider=ProviderKind.OTHER,
                issuer=f"http://{provider['server']}",
                client_id=provider["client_id"],
                client_secret=provider["client_secret"],
                now=now,
            )


def seat(people: Iterable[Person], roles: Mapping[str, tuple[str, ...]], *, now: datetime) -> None:
    """Let these people have signed in before, with the roles of those who have any."""
    for person in people:
        if find_account_of_person(person.id) is None:
            _seat(person, roles.get(person.email.partition("@")[0], ()), now)


def seat_by_link(tenant: TenantRef, email: str, *, now: datetime) -> None:
    """Give an owner an account who comes in by a link, while there is no provider."""
    with tenant_work(tenant):
        person = session().scalars(select(Person).where(Person.email == email)).one()
        if find_account_of_person(person.id) is None:
            _add(person, [Role.OWNER, Role.MEMBER], now)


def _seat(person: Person, roles: tuple[str, ...], now: datetime) -> None:
    account = _add(person, [*(Role(role) for role in roles), Role.MEMBER], now)
    connection = find_active_connection()
    if connection:
        subject = person.email.partition("@")[0]
        session().add(Identity(connection_id=connection.id, subject=subject, account_id=account.id, created_at=now))


def _add(person: Person, roles: list[Role], now: datetime) -> Account:
    account = add_account(
        email=person.email, name=person.name, language=person.language, person_id=person.id, roles=roles, now=now
    )
    account.came_in_at = account.created_at
    account.notice_version, account.notice_read_at = CURRENT_NOTICE, now
    session().flush()  # flush: an identity names the account by its key
    return account
