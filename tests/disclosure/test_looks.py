"""The pages of figures and rules as people see them: narrow and wide, light and dark, empty and full."""

import pytest

from app.disclosure.actions import freeze_month
from app.people.models import Person
from tenants.unit_of_work import session, tenant_work
from tests.cast import Cast
from tests.factories.crowds import COUNTED, crowd, launched
from tests.factories.matching import Volunteers
from tests.journeys.browser import carry, look_over, person

HOST = "alpha.kamu.localhost:8000"

pytestmark = pytest.mark.browser


def test_figures_and_rules_are_clean_before_and_after_a_count(screen, cast: Cast):
    house = cast.organisation("alpha")
    volunteers = Volunteers(house.ref)
    volunteers.person(unit=None, supervisor_id=None)
    with person(screen) as meri:
        carry(meri, HOST, cast.signed_in(house).cookie())
        look_over(meri, f"http://{HOST}/figures", "figures-empty").close()
        look_over(meri, f"http://{HOST}/set-up/matching", "rules-empty").close()
        a_month(house)
        figures = look_over(meri, f"http://{HOST}/figures", "figures")
        assert "would like a Kamu have one" in figures.title()
        rules = look_over(meri, f"http://{HOST}/set-up/matching", "rules")
        assert rules.locator("form .effect svg.bar").count() > 1


def a_month(house) -> None:
    """Two sites and a third that is too small; a rule that costs seven a Kamu."""
    launched(house)
    everybody = crowd(house, kaveris=30, kamus=12, site="Saarnikoski")
    crowd(house, kaveris=12, kamus=7, site="Turku", others=12)
    crowd(house, kaveris=4, kamus=3, others=9, site="Kuopio")
    crowd(house, kaveris=4, kamus=3, others=9, site="Rovaniemi")
    with tenant_work(house.ref):
        for each in everybody.kaveris[:7]:
            session().get(Person, each).language = "sv"
        for each in everybody.people[7:]:
            session().get(Person, each).language = "fi"
    for place in range(10):
        Volunteers(house.ref).pair(everybody.kamus[place], everybody.kaveris[place])
    with tenant_work(house.ref):
        freeze_month(now=COUNTED)
