"""Organisations on their way to a launch, with directories of everybody a launch meets."""

from datetime import UTC, date, datetime, timedelta

from app.access.actions import add_account
from app.access.queries import find_account_by_email
from app.access.roles import Role
from app.people.events import people_changed
from app.people.models import Person
from app.roles.events import roles_changed
from app.sign_in.actions import add_active_connection
from app.sign_in.models import ProviderKind
from onboarding.actions.launch_kamu import plan_launch
from tenants.models import new_id
from tenants.unit_of_work import session, tenant_work
from tests.factories.policies import time_decided


def today() -> date:
    return datetime.now(UTC).date()


def people(organisation, count, *, language="en", **fields):
    """Add `count` people to the directory. Returns their addresses."""
    now = datetime.now(UTC)
    emails = [f"p{new_id().hex[-10:]}@{organisation.slug}.example" for _ in range(count)]
    with tenant_work(organisation.ref):
        for email in emails:
            values = {"given_name": "Ilta", "family_name": "Koski", "language": language, **fields}
            session().add(Person(email=email, created_at=now, updated_at=now, **values))
        people_changed()
    return emails


def everybody_a_launch_meets(organisation):
    """Three to invite, one who starts later, one who has left, one who left yesterday. Returns the three."""
    people(organisation, 1, starts_on=today() + timedelta(days=30))
    people(organisation, 2, ends_on=today() - timedelta(days=1))
    return people(organisation, 3)


def connected(organisation):
    """Switch a sign-in on."""
    with tenant_work(organisation.ref):
        add_active_connection(
            provider=ProviderKind.OTHER,
            issuer="https://login.example",
            client_id="kamu",
            client_secret="a secret",
            now=datetime.now(UTC),
        )


def second_owner(organisation):
    """Somebody else is named as owner, and has not come in."""
    email = f"second@{organisation.slug}.example"
    with tenant_work(organisation.ref):
        if find_account_by_email(email) is None:
            add_account(email=email, name="Aava", language="en", roles=[Role.OWNER], now=datetime.now(UTC))
            roles_changed()


def ready(organisation, count=3):
    """All that a launch needs is there. Returns the addresses."""
    connected(organisation)
    time_decided(organisation)
    second_owner(organisation)
    return people(organisation, count)


def planned(organisation, day=None):
    """A launch is planned: in ten days, or on `day`."""
    second_owner(organisation)
    with tenant_work(organisation.ref):
        plan_launch(on=day or today() + timedelta(days=10), now=datetime.now(UTC))


def launched(cast, organisation):
    """A launch has happened and its mails are out."""
    planned(organisation, today())
    cast.run_jobs()


def with_role(cast, organisation, role):
    account = cast.account(organisation.ref, f"has.{role}@{organisation.slug}.example", role)
    return cast.signed_in(organisation, account.id)
