from uuid import UUID

from sqlalchemy import func, select

from app.support.models import Staff, StaffInvitation, StaffPasskey
from tenants.errors import NotHere
from tenants.unit_of_work import session


def find_staff(staff_id: UUID) -> Staff | None:
    """Return the member of staff, unless they have ended."""
    staff = session().get(Staff, staff_id)
    return staff if staff and staff.ended_at is None else None


def find_staff_by_email(email: str) -> Staff | None:
    """Return the member of staff with this address, also one who has ended."""
    return session().scalar(select(Staff).where(Staff.email == email.strip().lower()))


def list_staff() -> list[tuple[Staff, int]]:
    """Return everybody with their number of passkeys, by name."""
    passkeys = select(func.count()).where(StaffPasskey.staff_id == Staff.id).correlate(Staff).scalar_subquery()
    rows = session().execute(select(Staff, passkeys).order_by(Staff.name, Staff.email))
    return [(staff, count) for staff, count in rows]


def get_invitation(invitation_id: UUID) -> StaffInvitation:
    """Return the invitation, used and expired ones too; raise NotHere."""
    invitation = session().get(StaffInvitation, invitation_id)
    if invitation is None:
        raise NotHere
    return invitation


def list_passkeys(staff_id: UUID) -> list[StaffPasskey]:
    """Return a person's passkeys, oldest first."""
    passkeys = select(StaffPasskey).where(StaffPasskey.staff_id == staff_id)
    return list(session().scalars(passkeys.order_by(StaffPasskey.created_at, StaffPasskey.id)))


def get_passkey(passkey_id: UUID, *, staff_id: UUID) -> StaffPasskey:
    """Return one of this person's own passkeys; raise NotHere for anybody else's."""
    passkey = session().get(StaffPasskey, passkey_id)
    if passkey is None or passkey.staff_id != staff_id:
        raise NotHere
    return passkey


def find_passkey(credential_id: bytes, *, locked: bool = False) -> StaffPasskey | None:
    """Return the passkey with this credential id; `locked` until the unit of work ends."""
    chosen = select(StaffPasskey).where(StaffPasskey.credential_id == credential_id)
    return session().scalar(chosen.with_for_update() if locked else chosen)


def count_passkeys(staff_id: UUID) -> int:
    """Return how many authenticators open this account."""
    counted = select(func.count()).select_from(StaffPasskey).where(StaffPasskey.staff_id == staff_id)
    return session().scalar(counted) or 0
