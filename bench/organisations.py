"""Many small organisations: each with an owner who is signed in, and the same twenty people."""

from datetime import datetime

from flask import Flask

from app.access.actions import add_account
from app.access.roles import Role
from app.people.models import Person
from app.settings import settings
from bench.readers import Reader
from tenants.context import TenantRef
from tenants.models import new_id
from tenants.provisioning import claim, open_tenant
from tenants.resolution import get_tenant
from tenants.unit_of_work import control_work, session, tenant_work

PEOPLE = 20
PAGE = "/people"


def found(app: Flask, number: int, now: datetime) -> Reader:
    """Open one organisation on a warm slot; returns its owner's browser."""
    tenant_id = new_id()
    with control_work():
        claim(tenant_id=tenant_id, slug=f"org-{number:04}", name=f"Organisation {number}")
        open_tenant(tenant_id=tenant_id, now=now)
    tenant = get_tenant(tenant_id)
    with tenant_work(tenant):
        session().add_all(_person(number, now) for number in range(PEOPLE))
        roles = (Role.OWNER,)
        email = f"owner@{tenant.slug}.example"
        account = add_account(email=email, name="Meri", language="en", person_id=None, roles=roles, now=now)
    reader = Reader(app, settings().organisation_host(tenant.slug), tenant.slug)
    reader.sign_in(tenant, account.id)
    return reader


def tenant_of(reader: Reader) -> TenantRef:
    """The organisation at whose host a reader is."""
    from tenants.resolution import find_tenant

    tenant = find_tenant(reader.name)
    if tenant is None:
        raise LookupError(reader.name)
    return tenant


def _person(number: int, now: datetime) -> Person:
    return Person(
        id=new_id(),
        email=f"p{number:02}@people.example",
        given_name="Ilta",
        family_name=f"Koski {number}",
        created_at=now,
        updated_at=now,
    )
