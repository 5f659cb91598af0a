"""Invitations: one live one a person."""

from datetime import datetime
from uuid import UUID

from app.access.actor import SYSTEM, Actor
from app.people.policies import is_away
from app.people.queries import get_person
from app.sign_in.errors import MayNotInvite
from app.sign_in.models import INVITATION_LIVES, Invitation
from app.sign_in.policies import may_invite
from app.sign_in.queries import find_invitation, get_invitation, list_invitations_of
from tenants.models import new_id
from tenants.outbox import later
from tenants.unit_of_work import session


def invite_person(*, person_id: UUID, by: Actor, now: datetime) -> Invitation:
    """Make an invitation, or return the live one. One that went to an address the person no longer has ends.

    Raises MayNotInvite, and NotHere for somebody who is not in the directory. The mail is the caller's.
    """
    if not may_invite(by):
        raise MayNotInvite
    person = get_person(person_id)
    for invitation in list_invitations_of(person_id):
        if not invitation.is_live(now):
            continue
        if invitation.sent_to in (None, person.email):
            return invitation
        invitation.expires_at = now
    fresh = Invitation(id=new_id(), person_id=person_id, created_at=now, expires_at=now + INVITATION_LIVES)
    session().add(fresh)
    return fresh


def ask_new_invitation(*, invitation_id: UUID, now: datetime) -> None:
    """Whoever holds an invitation that is too old has a new one mailed, to the address in the directory alone.

    Nothing happens for one that was used, while a newer one is live, or for somebody who has left. The answer is the
    same, whatever happens.
    """
    invitation = find_invitation(invitation_id)
    if invitation is None or invitation.accepted_at or not invitation.has_expired(now):
        return
    person = get_person(invitation.person_id)
    others = list_invitations_of(person.id)
    if is_away(person, now.date()) or any(each.accepted_at or each.is_live(now) for each in others):
        return
    fresh = invite_person(person_id=person.id, by=SYSTEM, now=now)
    later("onboarding.send_invitation", invitation_id=str(fresh.id))


def mark_sent(*, invitation_id: UUID, now: datetime) -> None:
    """Note that the mail went to the address that the person has in this same transaction."""
    invitation = get_invitation(invitation_id)
    invitation.sent_at = now
    if invitation.sent_to is None:
        # The first address stays: whoever got the link first can still open it.
        invitation.sent_to = get_person(invitation.person_id).email


def mark_bounced(*, invitation_id: UUID, now: datetime) -> None:
    """Note that the mail server takes no mail for the address."""
    get_invitation(invitation_id).bounced_at = now
