"""The pages about roles as people see them: narrow and wide, light and dark."""

import pytest

from app.access.roles import Role
from tests.factories.staff import Nitor
from tests.journeys.browser import DEEP, carry, look_over, person
from tests.roles.test_roles import account_of, invited

ALPHA = "http://alpha.kamu.localhost:8000"

# What has the same parts is looked at in the deep run alone.
pytestmark = pytest.mark.browser


def test_the_owners_pages_are_clean(screen, cast, two):
    cast.account(two.a.ref, "petri@alpha.example", Role.PROGRAMME_LEAD, Role.EMPLOYEE_REPRESENTATIVE, name="Petri Suo")
    path = invited(cast, two.a)
    aino = account_of(two.a, "aino@alpha.example")
    with person(screen) as meri:
        carry(meri, "alpha.kamu.localhost:8000", cast.signed_in(two.a).cookie())
        look_over(meri, f"{ALPHA}/set-up/roles", "roles")
        if not DEEP:
            return
        look_over(meri, f"{ALPHA}/set-up/roles/{aino.id}", "roles-holder")
        look_over(meri, f"{ALPHA}/set-up/roles/new", "roles-new")
        look_over(meri, f"{ALPHA}/ownership", "roles-ownership")
    with person(screen) as visitor:
        look_over(visitor, f"{ALPHA}{path}", "roles-invitation")


def test_the_staff_pages_of_recoveries_are_clean(app, screen, cast, two):
    if not DEEP:
        pytest.skip(
            "bin/test --deep looks: these pages have the parts of the pages of closings, which each run looks at"
        )
    nitor = Nitor(app)
    tuisku = nitor.enrolled("Tuisku")
    form = {"slug": "alpha", "name": "Aino Lind", "email": "aino@alpha.example", "reference": "A-1"}
    sent = tuisku.browser.post("/recoveries", form)
    with person(screen) as staff:
        carry(staff, "staff.kamu.localhost:8000", nitor.enrolled("Routa").browser.cookie())
        look_over(staff, "http://staff.kamu.localhost:8000/recoveries", "recoveries")
        look_over(staff, f"http://staff.kamu.localhost:8000{sent.location.removeprefix(nitor.origin)}", "recovery")
