"""The pages of a pair, of goals and of today as people see them: narrow and wide, light and dark."""

from datetime import timedelta

import pytest

from app.clock import now
from app.goals.actions import add_goal, follow_up, tell_goal
from app.goals.models import How
from app.pairs import actions
from app.pairs.policies import local
from app.training.models import HelpContact
from tenants.unit_of_work import session, tenant_work
from tests.factories.pairs import become_a_pair, member
from tests.journeys.browser import carry, look_over, looked, person

HOST = "alpha.kamu.localhost:8000"
ALPHA = f"http://{HOST}"

pytestmark = pytest.mark.browser


@pytest.fixture
def lived(cast, duo):
    """Rauha and Lumi after some weeks; Rauha is Halla's and Ilmari's Kamu too."""
    at, who = now(), {"pair_id": duo.id, "now": now()}
    for name in ("Halla", "Ilmari"):
        become_a_pair(duo.organisation, duo.kamu, member(cast, duo.organisation, name))
    with tenant_work(duo.organisation.ref):
        session().add(HelpContact(name="Occupational health", detail="Weekdays 8 to 16, 000 000 0001", position=1))
        soon, place = at + timedelta(days=4), "A walk by the river, or video if it rains"
        actions.set_meeting(person_id=duo.kamu.id, begins_at=soon, place=place, **who)
        for person_id, text in ((duo.kaveri.id, "First weeks in the new role"), (duo.kamu.id, "The Friday report")):
            actions.add_note(person_id=person_id, kind="agenda", text=text, **who)
        actions.add_note(
            person_id=duo.kaveri.id, kind="note", text="Two out of three weeks.\nThe hard one is Friday.", **who
        )
        today = local(at).date()
        goal = add_goal(owner_id=duo.kaveri.id, line="Say no to one thing a week", look_back_on=today, now=at)
        follow = {"goal_id": goal.id, "owner_id": duo.kaveri.id, "now": at, "look_back_on": today}
        follow_up(how=How.SLOWLY, line="Agreed to start small: one meeting, one favour.", **follow)
        follow_up(how=How.WELL, line="Said no to the Friday report. Nothing fell over.", **follow)
        tell_goal(goal_id=goal.id, owner_id=duo.kaveri.id, pair_id=duo.id)
        add_goal(
            owner_id=duo.kaveri.id, line="Find out if I want to lead people", look_back_on=today + timedelta(28), now=at
        )
    return duo, goal.id


def test_the_first_visit_of_two_is_clean(screen, cast, duo):
    with person(screen) as lumi:
        carry(lumi, HOST, duo.kaveri.browser.cookie())
        look_over(lumi, f"{ALPHA}{duo.path}", "pair-first-visit")


def test_the_pages_of_a_kaveri_are_clean(screen, lived):
    duo, goal_id = lived
    with person(screen) as lumi:
        carry(lumi, HOST, duo.kaveri.browser.cookie())
        look_over(lumi, f"{ALPHA}/today", "today-kaveri")
        look_over(lumi, f"{ALPHA}{duo.path}", "pair-kaveri")
        look_over(lumi, f"{ALPHA}/goals", "goals")
        look_over(lumi, f"{ALPHA}/goals/new", "goal-new")
        look_over(lumi, f"{ALPHA}/goals/{goal_id}", "goal")
        page = look_over(lumi, f"{ALPHA}{duo.path}/ending", "pair-ending")
        page.get_by_role("button", name="End this pair").click()
        page.get_by_role("dialog").get_by_role("button", name="End this pair").click()
        page.get_by_role("heading", name="No longer a pair").wait_for()
        looked(page, "pair-ended")
        look_over(lumi, f"{ALPHA}/today", "today-ended")


def test_the_pages_of_a_kamu_are_clean(screen, lived):
    duo, _ = lived
    with person(screen) as rauha:
        carry(rauha, HOST, duo.kamu.browser.cookie())
        look_over(rauha, f"{ALPHA}/today", "today-kamu")
        look_over(rauha, f"{ALPHA}/pairs", "pairs")
        page = look_over(rauha, f"{ALPHA}{duo.path}/break", "pair-break")
        page.get_by_role("button", name="Take a break").click()
        page.get_by_role("heading", name="Go on when it suits you").wait_for()
        looked(page, "pair-paused")
