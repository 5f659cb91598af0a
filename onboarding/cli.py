"""``bin/kamu tenants create``: an organisation with its owner, made by an operator instead of a sign-up."""

from datetime import datetime

import click
from email_validator import EmailNotValidError, validate_email

from app import clock
from app.access.actions import add_account, grant_role
from app.access.queries import find_account_by_email
from app.access.roles import Role
from app.settings import settings
from onboarding.policies import why_not_an_address
from tenants.command import Answer, Refused, answers
from tenants.context import Status, TenantRef
from tenants.errors import NoSlotReady, SlugTaken
from tenants.models import new_id
from tenants.provisioning import claim, open_tenant
from tenants.resolution import find_tenant, ref_of
from tenants.unit_of_work import control_work, tenant_work


@click.command("create")
@click.argument("slug")
@click.option("--name", required=True, help="What the organisation is called.")
@click.option("--owner", required=True, metavar="EMAIL", help="Who owns it; comes in by e-mail link.")
@click.option("--owner-name", help="The owner's name; the part before the @ when left out.")
@click.option("--language", type=click.Choice(["en", "fi", "sv"]), default="en", show_default=True)
@answers(NoSlotReady, SlugTaken)
def create_tenant(slug: str, name: str, owner: str, owner_name: str | None, language: str) -> Answer:
    """Make an organisation at the address name SLUG with its owner. Run again, it finishes what was begun."""
    _refuse_ill_formed(slug, owner)
    now = clock.now()
    tenant = _claim(slug, name)
    with tenant_work(tenant):
        _seat_owner(owner, owner_name or owner.partition("@")[0], language, now)
    with control_work():
        open_tenant(tenant_id=tenant.id, now=now)
    address = f"{settings().scheme}://{settings().organisation_host(slug)}/"
    data = {"id": str(tenant.id), "slug": slug, "address": address}
    return Answer(data, f"{name} is open at {address}\nIts owner comes in there by e-mail link.")


def _refuse_ill_formed(slug: str, owner: str) -> None:
    fact = why_not_an_address(slug)
    if fact:
        raise Refused(f"slug_{fact}", f"“{slug}” cannot be an address name ({fact}).")
    try:
        validate_email(owner, check_deliverability=False)
    except EmailNotValidError as error:
        raise Refused("email_ill_formed", f"“{owner}” is not an e-mail address.") from error


def _claim(slug: str, name: str) -> TenantRef:
    """Return the organisation that an earlier run left half made, or a new one."""
    begun = find_tenant(slug)
    if begun and begun.status is Status.BUILDING:
        return begun
    with control_work():
        return ref_of(claim(tenant_id=new_id(), slug=slug, name=name))


def _seat_owner(email: str, name: str, language: str, now: datetime) -> None:
    known = find_account_by_email(email)
    if known:
        grant_role(account_id=known.id, role=Role.OWNER, now=now)
    else:
        add_account(email=email, name=name, language=language, roles=[Role.OWNER], now=now)
