from uuid import UUID

from app.access.actor import Actor
from app.access.roles import Role
from app.support.queries.staff import find_staff
from app.web.areas import staff_pages
from app.web.here import StaffFinder

support = staff_pages("support", "app.support")


def find_staff_actor(staff_id: UUID) -> Actor | None:
    """Return who a staff session belongs to; None once they have ended."""
    staff = find_staff(staff_id)
    if staff is None:
        return None
    return Actor(
        "staff",
        staff.id,
        name=staff.name,
        email=staff.email,
        language=staff.language,
        roles=frozenset({Role.STAFF}),
    )


@support.record_once
def _tell_who_staff_are(_: object) -> None:
    StaffFinder.find = staticmethod(find_staff_actor)
