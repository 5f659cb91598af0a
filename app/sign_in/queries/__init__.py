"""Reads about connections, invitations and links, in the current organisation."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from uuid import UUID

from sqlalchemy import func, select

from app.access.models import Account
from app.access.queries import find_account_by_email, find_account_of_person, find_actor
from app.people.policies import is_away
from app.people.queries import get_person
from app.sign_in.models import Identity, Invitation, LoginLink
from app.sign_in.policies import AccountFacts, InvitationFacts
from app.sign_in.queries.accounts import facts_of, has_invited_role
from app.sign_in.queries.arrivals import (
    count_arrivals,
    find_identity,
    get_arrival,
    hold_connection,
    is_telling_of_arrivals,
    list_arrivals,
    list_likely_people,
    read_arrival,
)
from app.sign_in.queries.connections import (
    find_active_connection,
    find_draft,
    find_last_retired,
    find_sign_in_policy,
    get_connection,
    has_active_connection,
    has_connection_begun,
    is_enforced,
    list_connections_in_use,
)
from tenants.errors import NotHere
from tenants.unit_of_work import session

__all__ = [
    "count_arrivals",
    "count_invitations",
    "count_links_since",
    "find_active_connection",
    "find_draft",
    "find_identity",
    "find_invitation",
    "find_known",
    "find_last_retired",
    "find_login_link",
    "find_sign_in_policy",
    "get_arrival",
    "get_connection",
    "get_invitation",
    "get_login_link",
    "has_active_connection",
    "has_connection_begun",
    "has_invited_role",
    "hold_connection",
    "is_enforced",
    "is_telling_of_arrivals",
    "list_arrivals",
    "list_connections_in_use",
    "list_invitations_of",
    "list_likely_people",
    "read_arrival",
    "read_invitation",
]


def find_invitation(invitation_id: UUID, *, lock: bool = False) -> Invitation | None:
    """Find an invitation, held against others until the end of the transaction if wanted."""
    return session().get(Invitation, invitation_id, with_for_update=lock or None, populate_existing=lock)


def get_invitation(invitation_id: UUID) -> Invitation:
    """Return an invitation; raises NotHere."""
    found = find_invitation(invitation_id)
    if found is None:
        raise NotHere(invitation_id)
    return found


def list_invitations_of(person_id: UUID) -> Sequence[Invitation]:
    """List a person's invitations, newest first."""
    mine = select(Invitation).where(Invitation.person_id == person_id)
    return session().scalars(mine.order_by(Invitation.id.desc())).all()


def count_invitations() -> int:
    """Count all invitations ever made."""
    return session().scalar(select(func.count()).select_from(Invitation)) or 0


def get_login_link(link_id: UUID) -> LoginLink:
    """Return a link that signs an account in; raises NotHere."""
    found = session().get(LoginLink, link_id)
    if found is None or found.account_id is None or found.purpose != "sign-in":
        raise NotHere(link_id)
    return found


def find_login_link(link_id: UUID) -> LoginLink | None:
    """Find a login link, also one that was asked for with an unknown address."""
    return session().get(LoginLink, link_id)


def count_links_since(account_id: UUID, moment: datetime) -> int:
    """Count the links that an account was given since a moment."""
    made = select(func.count()).where(LoginLink.account_id == account_id, LoginLink.created_at >= moment)
    return session().scalar(made) or 0


def find_known(connection_id: UUID, subject: str) -> AccountFacts | None:
    """Find the account of a subject at a connection; one that may nothing any more counts as ended."""
    known = select(Account).join(Identity, Identity.account_id == Account.id)
    wanted = known.where(Identity.connection_id == connection_id, Identity.subject == subject)
    facts = _facts(session().scalars(wanted).one_or_none(), connection_id)
    return replace(facts, has_ended=find_actor(facts.id) is None) if facts else None


def read_invitation(invitation_id: UUID, connection_id: UUID, *, now: datetime) -> InvitationFacts | None:
    """Read what an invitation leads to; held against others, because a first sign-in may follow."""
    invitation = find_invitation(invitation_id, lock=True)
    if invitation is None:
        return None
    person = get_person(invitation.person_id)
    own = find_account_of_person(person.id)
    namesake = find_account_by_email(person.email)
    return InvitationFacts(
        id=invitation.id,
        person_id=person.id,
        sent_to=invitation.sent_to,
        is_used=invitation.accepted_at is not None,
        has_expired=invitation.has_expired(now),
        person_has_left=is_away(person, now.date()),
        own=_facts(own, connection_id),
        namesake=_facts(namesake, connection_id) if own is None else None,
    )


def _facts(account: Account | None, connection_id: UUID) -> AccountFacts | None:
    return facts_of(account, connection_id) if account else None
