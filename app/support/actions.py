from datetime import datetime
from uuid import UUID

from sqlalchemy import delete, select, update

from app.support.errors import (
    InvitationExpired,
    InvitationUsed,
    LastPasskey,
    PasskeyTaken,
    StaffEnded,
    UnknownPasskey,
    UnknownStaff,
)
from app.support.gateway import RelyingParty, check_creation, check_request, name_credential
from app.support.models import INVITATION_LASTS, Staff, StaffInvitation, StaffPasskey
from app.support.queries.staff import (
    count_passkeys,
    find_passkey,
    find_staff,
    find_staff_by_email,
    get_invitation,
    get_passkey,
)
from tenants.models import new_id
from tenants.outbox import later
from tenants.unit_of_work import session


def invite_staff(*, email: str, name: str | None, language: str | None, now: datetime) -> StaffInvitation:
    """Give this address a link to add a passkey with; earlier links of theirs stop working.

    Whoever is new or had ended becomes staff again. `name` and `language` None keep what is known.
    """
    staff = find_staff_by_email(email) or _add_staff(email, now)
    staff.name = name or staff.name
    staff.language = language or staff.language
    staff.ended_at = None
    _close_invitations(staff.id, now)
    invitation = StaffInvitation(id=new_id(), staff_id=staff.id, created_at=now, expires_at=now + INVITATION_LASTS)
    session().add(invitation)
    later("support.send_invitation", invitation_id=str(invitation.id))
    return invitation


def _add_staff(email: str, now: datetime) -> Staff:
    address = email.strip().lower()
    staff = Staff(id=new_id(), email=address, name=address.partition("@")[0], created_at=now)
    session().add(staff)
    session().flush()  # flush: the invitation refers to this row, and no relationship orders the two
    return staff


def _close_invitations(staff_id: UUID, now: datetime) -> None:
    session().execute(
        update(StaffInvitation)
        .where(StaffInvitation.staff_id == staff_id, StaffInvitation.used_at.is_(None))
        .where(StaffInvitation.expires_at > now)
        .values(expires_at=now)
    )


def end_staff(*, email: str, now: datetime) -> Staff:
    """End somebody's time as staff, at once: passkeys go, links close, sessions end at their next request.

    Raises UnknownStaff. Should they come back, they begin with a new link and a new passkey.
    """
    staff = find_staff_by_email(email)
    if staff is None or staff.ended_at:
        raise UnknownStaff
    staff.ended_at = now
    _close_invitations(staff.id, now)
    session().execute(delete(StaffPasskey).where(StaffPasskey.staff_id == staff.id))
    return staff


def check_invitation(invitation_id: UUID, *, now: datetime) -> Staff:
    """Return whom the live invitation is for.

    Raises NotHere, InvitationUsed, InvitationExpired or StaffEnded.
    """
    invitation = get_invitation(invitation_id)
    if invitation.used_at:
        raise InvitationUsed
    if invitation.is_expired(now):
        raise InvitationExpired
    staff = find_staff(invitation.staff_id)
    if staff is None:
        raise StaffEnded
    return staff


def enrol(
    *, invitation_id: UUID, party: RelyingParty, credential: str, challenge: str, name: str, now: datetime
) -> Staff:
    """Use up the invitation and add its first passkey.

    Raises what check_invitation and add_passkey raise.
    """
    locked = select(StaffInvitation).where(StaffInvitation.id == invitation_id)
    session().scalar(locked.with_for_update().execution_options(populate_existing=True))
    staff = check_invitation(invitation_id, now=now)
    add_passkey(staff=staff, party=party, credential=credential, challenge=challenge, name=name, now=now)
    get_invitation(invitation_id).used_at = now
    return staff


def add_passkey(
    *, staff: Staff, party: RelyingParty, credential: str, challenge: str, name: str, now: datetime
) -> StaffPasskey:
    """Add an authenticator; raises PasskeyRefused or PasskeyTaken."""
    made = check_creation(party, credential, challenge)
    if find_passkey(made.credential_id):
        raise PasskeyTaken
    passkey = StaffPasskey(
        id=new_id(),
        staff_id=staff.id,
        credential_id=made.credential_id,
        public_key=made.public_key,
        sign_count=made.sign_count,
        transports=made.transports,
        name=name,
        created_at=now,
    )
    session().add(passkey)
    _tell_passkeys_changed(staff.id, "added", now)
    return passkey


def sign_in(*, party: RelyingParty, credential: str, challenge: str, now: datetime) -> Staff:
    """Return who holds the authenticator.

    Raises UnknownPasskey, PasskeyRefused or CopiedPasskey.
    """
    passkey = find_passkey(name_credential(credential), locked=True)
    staff = find_staff(passkey.staff_id) if passkey else None
    if passkey is None or staff is None:
        raise UnknownPasskey
    passkey.sign_count = check_request(party, credential, challenge, passkey)
    passkey.last_used_at = now
    return staff


def remove_passkey(passkey_id: UUID, *, staff_id: UUID, now: datetime) -> StaffPasskey:
    """Remove one of a person's own passkeys; raises NotHere or LastPasskey."""
    # Two removals at once wait for each other here, so that the last passkey stays.
    session().execute(select(Staff.id).where(Staff.id == staff_id).with_for_update())
    passkey = get_passkey(passkey_id, staff_id=staff_id)
    if count_passkeys(staff_id) == 1:
        raise LastPasskey
    session().delete(passkey)
    _tell_passkeys_changed(staff_id, "removed", now)
    return passkey


def _tell_passkeys_changed(staff_id: UUID, change: str, now: datetime) -> None:
    later("support.tell_passkeys_changed", staff_id=str(staff_id), change=change, when=now.isoformat())
