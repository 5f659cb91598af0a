"""Where is my organisation's Kamu? Answered by a mail, so that the page tells nobody which organisations there are."""

from datetime import datetime

from sqlalchemy import delete

from app.domains.models import PlaceSearch
from app.domains.policies import SEARCH_KEPT
from tenants.models import new_id
from tenants.outbox import later
from tenants.unit_of_work import session


def ask_where(*, email: str, language: str, now: datetime) -> None:
    """Note the question; a job answers it. Nothing is looked up here: every address costs the same."""
    search = PlaceSearch(id=new_id(), email=email, language=language, created_at=now)
    session().add(search)
    later("domains.answer_search", search_id=str(search.id))


def forget_searches(*, now: datetime) -> None:
    """Forget the questions of more than a day ago."""
    session().execute(delete(PlaceSearch).where(PlaceSearch.created_at < now - SEARCH_KEPT))
