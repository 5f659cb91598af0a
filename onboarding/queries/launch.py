"""Reads of a launch: its row, whom it reaches, how far its mails are. Counts only, never who opened what."""

from dataclasses import dataclass, replace
from datetime import date
from uuid import UUID

from sqlalchemy import ColumnElement, and_, case, exists, func, select

from app.access.models import Account
from app.people.models import Person
from app.people.policies import is_here
from app.sign_in.models import Invitation
from onboarding.models import Launch
from tenants.unit_of_work import session


@dataclass(frozen=True, slots=True)
class Reach:
    """Everybody in the directory on one day, each counted once, by what a launch means for them."""

    to_invite: int
    invited: int
    inside: int
    not_started: int
    ended: int


@dataclass(frozen=True, slots=True)
class Sending:
    """How far the invitation mails are. `total` invitations, of which `sent` are mailed and `bounced` came back."""

    total: int
    sent: int
    bounced: int

    @property
    def under_way(self) -> bool:
        """Whether mails are still to be sent."""
        return self.sent + self.bounced < self.total


NOBODY = Reach(to_invite=0, invited=0, inside=0, not_started=0, ended=0)
NOTHING = Sending(total=0, sent=0, bounced=0)


def find_launch() -> Launch | None:
    """Find the organisation's launch; None until somebody has written or planned something."""
    return session().scalars(select(Launch)).one_or_none()


def get_launch_to_change() -> Launch:
    """Return the launch, held for this transaction; a new one when there is none."""
    found = session().scalars(select(Launch).with_for_update()).one_or_none()
    if found is None:
        found = Launch()
        session().add(found)
    return found


def count_reach(today: date) -> Reach:
    """Whom a launch on `today` reaches."""
    inside = select(Account.person_id.label("id")).distinct().subquery()
    invited = select(Invitation.person_id.label("id")).distinct().subquery()
    met = {
        "ended": _ended(today),
        "inside": inside.c.id.is_not(None),
        "invited": invited.c.id.is_not(None),
        "not_started": _early(today),
    }
    kind = case(*((condition, name) for name, condition in met.items()), else_="to_invite").label("kind")
    everybody = select(kind).select_from(Person)
    each = (
        everybody.outerjoin(inside, inside.c.id == Person.id).outerjoin(invited, invited.c.id == Person.id).subquery()
    )
    counted = session().execute(select(each.c.kind, func.count()).group_by(each.c.kind))
    return replace(NOBODY, **{row[0]: row[1] for row in counted})


def list_people_to_invite(today: date, *, at_most: int) -> list[UUID]:
    """Ids of people whom nobody has invited and who may be: begun, not ended, not inside."""
    inside = exists().where(Account.person_id == Person.id)
    invited = exists().where(Invitation.person_id == Person.id)
    to_invite = and_(~_ended(today), ~inside, ~invited, ~_early(today))
    return list(session().scalars(select(Person.id).where(to_invite).order_by(Person.id).limit(at_most)))


def count_sending() -> Sending:
    """How far the mails are."""
    row = session().execute(
        select(
            func.count().label("total"),
            func.count().filter(Invitation.sent_at.is_not(None)).label("sent"),
            func.count().filter(Invitation.bounced_at.is_not(None)).label("bounced"),
        ).select_from(Invitation)
    )
    return Sending(**row.one()._asdict())


def _ended(today: date) -> ColumnElement[bool]:
    return ~is_here(today)


def _early(today: date) -> ColumnElement[bool]:
    return and_(Person.starts_on.is_not(None), Person.starts_on > today)
