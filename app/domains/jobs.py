"""Work about domains. Each may run twice."""

from datetime import timedelta
from uuid import UUID

from app.access.queries import find_account
from app.clock import now
from app.domains import actions, emails
from app.domains.actions.mirror import tell_control
from app.domains.errors import NoAnswer
from app.domains.policies import LOOKED_FOR, MAILS_A_DAY, SEARCH_KEPT, DomainState, domain_of, state_of
from app.domains.queries import (
    count_searches_before,
    find_domain,
    find_search,
    list_domains,
    list_organisations_of,
)
from tenants.context import Status
from tenants.errors import NotHere
from tenants.outbox import HEAVY_QUEUE, by_itself, later, on_queue
from tenants.resolution import get_tenant
from tenants.unit_of_work import control_work, current, tenant_work

AN_HOUR = timedelta(hours=1)


@on_queue(HEAVY_QUEUE)
def look_for(*, domain_id: str) -> None:
    """Tenant: look for the record of a new domain, every hour for a week."""
    domain = find_domain(UUID(domain_id))
    if domain is None or state_of(domain) is not DomainState.WAITING or now() - domain.created_at > LOOKED_FOR:
        return
    try:
        found = actions.check_domain(domain=domain, now=now())
    except NoAnswer:
        found = DomainState.WAITING
    if found is DomainState.WAITING:
        later("domains.look_for", delay=AN_HOUR, domain_id=domain_id)


def check_all() -> None:
    """Tenant: have the record of each domain looked at that was once seen, and control told of them anew."""
    for domain in list_domains():
        if state_of(domain) is not DomainState.WAITING:
            later("domains.check", domain_id=str(domain.id))
    tell_control()


@on_queue(HEAVY_QUEUE)
def check(*, domain_id: str) -> None:
    """Tenant: look whether the record still stands. When nobody answers, that says nothing."""
    domain = find_domain(UUID(domain_id))
    if domain:
        try:
            actions.check_domain(domain=domain, now=now())
        except NoAnswer:
            return


def mail_missing(*, domain_id: str, account_id: str) -> None:
    """Tenant: tell one of those who care that a record is missing, or that the domain no longer counts for it."""
    domain, account, tenant = find_domain(UUID(domain_id)), find_account(UUID(account_id)), current().tenant
    if domain and account and tenant and domain.lost_at:
        emails.send_missing(account, domain, tenant)


@by_itself
def mirror(*, tenant_id: str) -> None:
    """Control: read which domains an organisation has now, and keep just those."""
    try:
        tenant = get_tenant(UUID(tenant_id))
    except NotHere:
        return
    if tenant.status is not Status.OPEN:
        return
    with tenant_work(tenant):
        verified = {each.name: each.verified_at for each in list_domains() if each.verified_at}
    with control_work():
        actions.mirror_domains(tenant_id=tenant.id, verified=verified)


def answer_search(*, search_id: str) -> None:
    """Control: mail where the Kamu of an address's domain is; to one address a few times a day at most."""
    search = find_search(UUID(search_id))
    if search is None or count_searches_before(search, search.created_at - SEARCH_KEPT) >= MAILS_A_DAY:
        return
    emails.send_places(search, list_organisations_of(domain_of(search.email)))
