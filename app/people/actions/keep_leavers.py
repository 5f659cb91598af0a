"""How long the directory keeps those who have left."""

from datetime import datetime

from sqlalchemy.dialects.postgresql import insert

from app.people.models import PeoplePolicy
from tenants.models import new_id
from tenants.unit_of_work import session


def keep_leavers(*, days: int, now: datetime) -> None:
    """Decide for how many days after their last one. Whose time is over then is forgotten within a day."""
    decided = {"leaver_days": days, "changed_at": now}
    row = insert(PeoplePolicy).values(id=new_id(), slot=1, **decided)
    session().execute(row.on_conflict_do_update(index_elements=["slot"], set_=decided))
    session().expire_all()  # what was read of it before is no longer so
