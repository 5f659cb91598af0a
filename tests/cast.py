"""The cast of the tests: organisations and people, made through the product's own actions."""

from dataclasses import dataclass
from datetime import UTC, datetime
from uuid import UUID

from flask import Flask
from sqlalchemy import select

from app.access.actions import add_account
from app.access.models import Account
from app.access.roles import Role
from app.people.models import Person
from app.sessions.policies import CURRENT_NOTICE
from local.mail.mailbox import Mail
from local.mail.sink import MailSink
from tenants.context import Status, TenantRef
from tenants.models import ControlOutbox, Tenant, new_id, utc_now
from tenants.outbox import drain, list_queues_due
from tenants.provisioning import claim, open_tenant
from tenants.resolution import forget_tenants, get_tenant
from tenants.unit_of_work import control_work, session, tenant_work
from tests.factories.browsers import Browser
from tests.watching import unwatched

NOON = datetime(2026, 11, 21, 12, 0, tzinfo=UTC)


@dataclass(frozen=True)
class Organisation:
    """An open organisation and its owner's account id."""

    ref: TenantRef
    owner_id: UUID

    @property
    def slug(self) -> str:
        return self.ref.slug


class Cast:
    """Makes who a test needs."""

    def __init__(self, app: Flask, sink: MailSink) -> None:
        self.app = app
        self.sink = sink

    @unwatched()
    def organisation(self, slug: str, *, name: str | None = None) -> Organisation:
        """An open organisation with one owner, ``owner@<slug>.example``."""
        tenant_id = new_id()
        with control_work():
            claim(tenant_id=tenant_id, slug=slug, name=name or slug.capitalize())
            open_tenant(tenant_id=tenant_id, now=NOON)
        forget_tenants()
        ref = get_tenant(tenant_id)
        owner = self.account(ref, f"owner@{slug}.example", Role.OWNER, name="Meri")
        return Organisation(ref, owner.id)

    @unwatched()
    def account(
        self, ref: TenantRef, email: str, *roles: Role, name: str = "Ilta", person: Person | None = None
    ) -> Account:
        with tenant_work(ref):
            account = add_account(
                email=email,
                name=name,
                language="en",
                person_id=person.id if person else None,
                roles=roles,
                now=NOON,
            )
            account.came_in_at = NOON if set(roles) - {Role.MEMBER} else None
            account.notice_version, account.notice_read_at = CURRENT_NOTICE, NOON
        return account

    @unwatched()
    def person(self, ref: TenantRef, email: str, **fields: object) -> Person:
        """A person of the directory."""
        values = {
            "given_name": "Ilta",
            "family_name": "Koski",
            "created_at": NOON,
            "updated_at": NOON,
            **fields,
        }
        with tenant_work(ref):
            row = Person(email=email, **values)
            session().add(row)
        return row

    def browser(self, organisation: Organisation | None = None, *, host: str | None = None) -> Browser:
        """A browser at an organisation's host, at ``host``, or at the start host."""
        label = f"{organisation.slug}." if organisation else ""
        return Browser(self.app, host or f"{label}{self.app.config['SERVER_NAME']}")

    @unwatched()
    def signed_in(self, organisation: Organisation, account_id: UUID | None = None) -> Browser:
        """A browser in which the owner, or another account, is signed in."""
        browser = self.browser(organisation)
        browser.sign_in(organisation.ref, account_id or organisation.owner_id)
        return browser

    def employee(self, organisation: Organisation, email: str | None = None) -> tuple[Browser, Account]:
        """A member of the directory who is signed in."""
        email = email or f"ilta@{organisation.slug}.example"
        person = self.person(organisation.ref, email)
        account = self.account(organisation.ref, email, Role.MEMBER, person=person)
        return self.signed_in(organisation, account.id), account

    def run_jobs(self) -> None:
        """Do what waits in every outbox, as the workers would, until nothing is due."""
        forget_tenants()
        for _ in range(20):
            due = self._due()
            for ref, queue in due:
                drain(ref, queue)
            if not due:
                break

    def mails(self, to: str | None = None) -> list[Mail]:
        """Mails that have arrived, newest first."""
        return [mail for mail in self.sink.list_mails() if to is None or to in mail.to]

    def _tenants(self) -> list[TenantRef]:
        with control_work() as control:
            served = Tenant.status.in_([Status.OPEN.value, Status.BUILDING.value])
            ids = [row.id for row in control.query(Tenant).where(served).all()]
        return [get_tenant(each) for each in ids]

    def _due(self) -> list[tuple[TenantRef | None, str]]:
        """Whose outbox holds rows that are due, and in which queue; control comes first."""
        rows = select(ControlOutbox.queue).where(ControlOutbox.dead_at.is_(None), ControlOutbox.due_at <= utc_now())
        with control_work() as control:
            due: list[tuple[TenantRef | None, str]] = [(None, queue) for queue in control.scalars(rows.distinct())]
        return due + [(ref, queue) for ref in self._tenants() for queue in list_queues_due(ref)]
