"""The demo: one organisation that has been through the whole set-up, loaded by the product's own actions."""

import json
from datetime import datetime
from pathlib import Path

from sqlalchemy import select

from app import clock
from app.access.actions import add_account
from app.access.actor import SYSTEM, Actor
from app.access.queries import find_account_by_email, list_accounts_with
from app.access.roles import Role
from app.people.actions import queue_import, take_in, upload_file
from app.people.models import Person
from app.people.queries import count_people
from app.sign_in.actions import add_active_connection
from app.sign_in.models import Connection, Identity, ProviderKind
from app.sign_in.queries import find_active_connection
from app.support.actions import invite_staff
from app.support.emails import enrolment_link
from app.time_policy.actions import decide_time
from app.time_policy.policies import Terms
from app.time_policy.queries import find_policy
from local.cast import DOMAIN, INSIDE, NAME, PEOPLE_FILE, SLUG, STAFF_EMAIL
from local.disk import write_private
from onboarding.actions.launch_kamu import plan_launch
from onboarding.queries.launch import find_launch
from tenants.context import TenantRef
from tenants.models import new_id
from tenants.provisioning import claim, open_tenant
from tenants.resolution import find_tenant, forget_tenants, get_tenant
from tenants.unit_of_work import control_work, session, tenant_work
from wsgi import create_app


def load_demo(directory: Path) -> None:
    """Bring the demo to its end from wherever an earlier run stopped; `directory` is bin/dev's own.

    The environment must hold DATABASE_DDL_URL: the organisation's schema is built on the spot.
    """
    provider = json.loads((directory / "provider.json").read_text(encoding="utf-8"))
    with create_app().app_context():
        now = clock.now()
        tenant = _open_organisation(now)
        _take_in_people(tenant)
        _connect_provider(tenant, provider, now)
        _seat_first_people(tenant, now)
        _promise_time(tenant, now)
        _launch(tenant, clock.now())
        _invite_staff(directory, now)


def _open_organisation(now: datetime) -> TenantRef:
    begun = find_tenant(SLUG)
    tenant_id = begun.id if begun else new_id()
    with control_work():
        claim(tenant_id=tenant_id, slug=SLUG, name=NAME)
        open_tenant(tenant_id=tenant_id, now=now)
    forget_tenants()
    return get_tenant(tenant_id)


def _take_in_people(tenant: TenantRef) -> None:
    with tenant_work(tenant):
        if count_people():
            return
        begun = upload_file(data=PEOPLE_FILE.read_bytes(), file_name=PEOPLE_FILE.name, by=SYSTEM, now=clock.now())
        queue_import(begun, now=clock.now())
    with tenant_work(tenant):
        take_in(import_id=begun.id, now=clock.now(), report=lambda _done, _total: None)


def _connect_provider(tenant: TenantRef, provider: dict[str, str], now: datetime) -> None:
    with tenant_work(tenant):
        if find_active_connection() is None:
            add_active_connection(
                provider=ProviderKind.OTHER,
                issuer=f"http://{provider['server']}",
                client_id=provider["client_id"],
                client_secret=provider["client_secret"],
                now=now,
            )


def _seat_first_people(tenant: TenantRef, now: datetime) -> None:
    """Those who prepared the set-up have signed in before; everybody else waits for an invitation."""
    with tenant_work(tenant):
        connection = find_active_connection()
        for user_name, roles in INSIDE.items():
            if connection and find_account_by_email(f"{user_name}@{DOMAIN}") is None:
                _seat(user_name, roles, connection, now)


def _seat(user_name: str, roles: tuple[str, ...], connection: Connection, now: datetime) -> None:
    email = f"{user_name}@{DOMAIN}"
    person = session().scalars(select(Person).where(Person.email == email)).one()
    account = add_account(
        email=email,
        name=person.name,
        language=person.language,
        person_id=person.id,
        roles=[Role(role) for role in roles],
        now=now,
    )
    session().flush()  # flush: the identity names the account by its key
    session().add(Identity(connection_id=connection.id, subject=user_name, account_id=account.id, created_at=now))


def _promise_time(tenant: TenantRef, now: datetime) -> None:
    with tenant_work(tenant):
        if find_policy() is None:
            owner = list_accounts_with(Role.OWNER)[0]
            decide_time(Terms(), by=Actor("account", owner.id), now=now)


def _launch(tenant: TenantRef, now: datetime) -> None:
    with tenant_work(tenant):
        launch = find_launch()
        if launch is None or not launch.launched_at:
            plan_launch(on=now.date(), now=now)


def _invite_staff(directory: Path, now: datetime) -> None:
    with control_work():
        invitation = invite_staff(email=STAFF_EMAIL, name="Local staff", language="en", now=now)
    write_private(directory / "staff-link", enrolment_link(invitation))
