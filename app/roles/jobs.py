"""Work about roles. Each may run twice; the first word of each says in which plane it is done."""

from uuid import UUID

from app.access.models import Account
from app.access.queries import find_account, list_roles
from app.access.roles import Role
from app.clock import now
from app.roles import emails
from app.roles.actions.invite import find_invitation_to_mail
from app.roles.policies import GIVEN
from app.roles.queries.holders import list_holders
from app.roles.queries.offers import find_offer
from tenants.unit_of_work import session


def mail_invitation(*, link_id: str) -> None:
    """Tenant: mail an invitation while its link is the one that works."""
    account = find_invitation_to_mail(link_id=UUID(link_id), now=now())
    if account:
        emails.send_invitation(account, roles=_held(account.id), link_id=UUID(link_id))


def mail_change(*, account_id: str) -> None:
    """Tenant: mail somebody which roles they hold now, also when that is none."""
    account = session().get(Account, UUID(account_id))
    if account:
        emails.send_change(account, roles=_held(account.id))


def mail_owners_changed(*, account_id: str) -> None:
    """Tenant: mail somebody, who was an owner when the owners changed, who they are now; also one who was removed."""
    account = session().get(Account, UUID(account_id))
    if account:
        emails.send_owners_changed(account, owners=[each.account.name for each in list_holders() if each.is_owner])


def mail_offer(*, account_id: str) -> None:
    """Tenant: mail somebody that the ownership is offered to them, while it is."""
    account, offer = find_account(UUID(account_id)), find_offer(UUID(account_id), now())
    if account and offer:
        emails.send_offer(account, by=offer[0].name)


def _held(account_id: UUID) -> tuple[Role, ...]:
    held = list_roles(account_id)
    return tuple(role for role in GIVEN if role in held)
