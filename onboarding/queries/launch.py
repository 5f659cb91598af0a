"""Reads of a launch: its row, whom it reaches, how far its mails are. Counts only, never who opened what."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from uuid import UUID

from sqlalchemy import ColumnElement, and_, case, exists, func, or_, select

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
    """How far the mails are, by people: a later invitation shows nowhere, for it goes to those who have not come in."""
    sent = func.bool_or(Invitation.sent_at.is_not(None)).label("sent")
    bounced = func.bool_or(Invitation.bounced_at.is_not(None)).label("bounced")
    each = select(sent, bounced).group_by(Invitation.person_id).subquery()
    row = session().execute(
        select(
            func.count().label("total"),
            func.count().filter(each.c.sent).label("sent"),
            func.count().filter(each.c.bounced, ~each.c.sent).label("bounced"),
        ).select_from(each)
    )
    return Sending(**row.one()._asdict())


def list_bounced(*, at_most: int) -> Sequence[Person]:
    """List people of the directory whose address takes no mail: none has ever reached them."""
    never = ~exists().where(Invitation.person_id == Person.id, Invitation.sent_at.is_not(None))
    bounced = exists().where(Invitation.person_id == Person.id, Invitation.bounced_at.is_not(None))
    listed = select(Person).where(bounced, never, is_here(datetime.now(UTC).date()))
    return session().scalars(listed.order_by(Person.given_name, Person.family_name, Person.id).limit(at_most)).all()


def has_old_invitations(now: datetime) -> bool:
    """Whether the time of any invitation is over; used or not makes no difference."""
    return session().scalar(select(Invitation.id).where(Invitation.expires_at <= now).limit(1)) is not None


def list_people_to_renew(now: datetime, *, at_most: int) -> list[UUID]:
    """Ids of people all of whose invitations are too old, and who have not come in. For a job, never for a page."""
    own = Invitation.person_id == Person.id
    stands = exists().where(own, or_(Invitation.expires_at > now, Invitation.accepted_at.is_not(None)))
    inside = exists().where(Account.person_id == Person.id)
    wanted = select(Person.id).where(exists().where(own), ~stands, ~inside, is_here(now.date()))
    return list(session().scalars(wanted.order_by(Person.id).limit(at_most)))


def _ended(today: date) -> ColumnElement[bool]:
    return ~is_here(today)


def _early(today: date) -> ColumnElement[bool]:
    return and_(Person.starts_on.is_not(None), Person.starts_on > today)
