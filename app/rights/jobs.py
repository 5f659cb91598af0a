"""Work on what people wrote that nobody waits for. Each may run twice."""

from functools import partial
from uuid import UUID

from app.access.models import Account
from app.clock import now
from app.pairs.policies import local
from app.rights import actions, emails
from app.sign_in.models import LoginLink
from tenants.context import TenantRef
from tenants.unit_of_work import current


def forget_unreadable() -> None:
    """After a restore: remove whatever no key opens any more."""
    actions.forget_unreadable()


def ask_own_files() -> None:
    """Tenant: let those who have left, and had left an address, have the link to their own file."""
    actions.ask_own_files(today=local(now()).date(), now=now())


def forget_leavers() -> None:
    """Tenant: have those forgotten whose time is over, and the spaces shredded whose link has ended."""
    actions.ask_forgetting(today=local(now()).date(), now=now())


def forget_leaver(*, person_id: str) -> None:
    """Tenant: empty one leaver's line in the directory."""
    actions.forget_leaver(person_id=UUID(person_id), today=local(now()).date(), now=now())


def shred_leaver(*, person_id: str) -> None:
    """Tenant: destroy one leaver's own space."""
    actions.shred_leaver(person_id=UUID(person_id), now=now())


def send_own_file(*, link_id: str) -> None:
    """Tenant: mail one link. An address that its server refuses for good is forgotten like one that was reached."""
    tenant = current().tenant
    if tenant is not None:
        actions.send_own_file(link_id=UUID(link_id), send=partial(_send, tenant), now=now())


def _send(tenant: TenantRef, account: Account, address: str, link: LoginLink) -> None:
    if not emails.send_own_file(account, address, link, tenant):
        link.expires_at = now()
