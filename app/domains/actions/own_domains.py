"""From a name that somebody types to a domain that is proved to be theirs, and out of it again."""

import secrets
from datetime import datetime, timedelta
from uuid import UUID

from app.access.queries import list_accounts_with
from app.access.roles import Role
from app.domains.actions.mirror import tell_control
from app.domains.errors import DomainThere, NoAnswer, TooManyDomains
from app.domains.gateway import read_texts
from app.domains.models import Domain
from app.domains.policies import (
    AT_MOST,
    DomainState,
    is_missing_too_long,
    read_domain,
    record_names,
    record_value,
    state_of,
)
from app.domains.queries import find_domain_called, get_domain, list_domains
from tenants.models import new_id
from tenants.outbox import later
from tenants.unit_of_work import session

AN_HOUR = timedelta(hours=1)


def add_domain(*, name: str, now: datetime) -> Domain:
    """Name a domain that is to be proved. Raises NotADomain, DomainThere, TooManyDomains."""
    name = read_domain(name)
    if find_domain_called(name):
        raise DomainThere
    if len(list_domains()) >= AT_MOST:
        raise TooManyDomains
    domain = Domain(id=new_id(), name=name, token=secrets.token_hex(16), created_at=now)
    session().add(domain)
    later("domains.look_for", delay=AN_HOUR, domain_id=str(domain.id))
    return domain


def check_domain(*, domain: Domain, now: datetime) -> DomainState:
    """Look for the record, note what is so since when, and tell those who care of what was lost. Raises NoAnswer."""
    before, seen = state_of(domain), _is_seen(domain)
    domain.checked_at = now
    if seen:
        domain.verified_at, domain.lost_at = domain.verified_at or now, None
    elif before is DomainState.VERIFIED:
        domain.lost_at = now
    elif before is DomainState.MISSING and is_missing_too_long(domain, now):
        domain.verified_at = None
    after = state_of(domain)
    if after is not before:
        tell_control()
    if after is not before and after in {DomainState.MISSING, DomainState.LOST}:
        _tell(domain)
    return after


def bind_domain(*, domain_id: UUID, connection_id: UUID | None) -> Domain:
    """Say by which connection the people of a domain sign in, None for any. Raises NotHere."""
    domain = get_domain(domain_id)
    domain.connection_id = connection_id
    return domain


def remove_domain(*, domain_id: UUID) -> str:
    """Forget a domain; returns its name. Raises NotHere."""
    domain = get_domain(domain_id)
    session().delete(domain)
    tell_control()
    return domain.name


def _is_seen(domain: Domain) -> bool:
    """Whether the record stands at one of its two places. One that says nothing settles nothing."""
    wanted, unknown = record_value(domain.token), None
    for place in record_names(domain.name):
        try:
            if wanted in read_texts(place):
                return True
        except NoAnswer as error:
            unknown = error
    if unknown:
        raise unknown
    return False


def _tell(domain: Domain) -> None:
    concerned = {each.id for role in (Role.OWNER, Role.IT_CONTACT) for each in list_accounts_with(role)}
    for account_id in sorted(concerned):
        later("domains.mail_missing", domain_id=str(domain.id), account_id=str(account_id))
