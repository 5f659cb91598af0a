from datetime import datetime
from uuid import UUID

from app import clock
from app.support import emails
from app.support.queries.staff import find_staff, get_invitation


def send_invitation(*, invitation_id: str) -> None:
    """Mail the link, unless it has been used or replaced since."""
    invitation = get_invitation(UUID(invitation_id))
    staff = find_staff(invitation.staff_id)
    if staff and not invitation.used_at and not invitation.is_expired(clock.now()):
        emails.send_invitation(staff, invitation)


def tell_passkeys_changed(*, staff_id: str, change: str, when: str) -> None:
    """Mail that a passkey was added or removed; `when` is an ISO time."""
    staff = find_staff(UUID(staff_id))
    if staff:
        emails.tell_passkeys_changed(staff, change=change, when=datetime.fromisoformat(when))
