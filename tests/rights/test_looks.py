"""One's own page and the ways out, as people see them."""

from datetime import date

import pytest

from app.goals.actions import add_goal
from tenants.unit_of_work import tenant_work
from tests.cast import NOON, Cast
from tests.factories.pairs import make_two
from tests.factories.training import train
from tests.journeys.browser import carry, look_over, person

HOST = "alpha.kamu.localhost:8000"

pytestmark = pytest.mark.browser


def test_ones_own_page_and_the_ways_out_are_clean(screen, cast: Cast):
    duo = make_two(cast, cast.organisation("alpha"))
    train(duo.organisation, duo.kaveri.id)
    with tenant_work(duo.organisation.ref):
        add_goal(owner_id=duo.kaveri.id, line="Say no once a week", look_back_on=date(2026, 12, 20), now=NOON)
    with person(screen) as lumi:
        carry(lumi, HOST, duo.kaveri.browser.cookie())
        look_over(lumi, f"http://{HOST}/me", "me").close()
        look_over(lumi, f"http://{HOST}/me/shred", "me-shred").close()
        page = look_over(lumi, f"http://{HOST}/me/leave", "me-leave")
        page.get_by_role("button", name="Leave Kamu now").click()
        look_over(lumi, f"http://{HOST}/left", "left").close()
