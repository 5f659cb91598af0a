"""The pages about a closing as people see them: narrow and wide, light and dark."""

import pytest

from tests.journeys.browser import DEEP, carry, look_over, person

ACME = "http://acme.kamu.localhost:8000"
STAFF = "staff.kamu.localhost:8000"

# What has the same parts in another state is looked at in the deep run alone.
pytestmark = pytest.mark.browser


def test_the_owners_page_is_clean_before_and_after(screen, cast, road, acme):
    with person(screen) as meri:
        carry(meri, "acme.kamu.localhost:8000", cast.signed_in(acme).cookie())
        look_over(meri, f"{ACME}/set-up/closing", "closing-before")
        road.in_grace(acme)
        if DEEP:
            look_over(meri, f"{ACME}/set-up/closing", "closing-grace")
    with person(screen) as ilta:
        carry(ilta, "acme.kamu.localhost:8000", acme.ilta.cookie())
        look_over(ilta, f"{ACME}/me", "closing-banner")


def test_the_staff_pages_are_clean_from_the_wish_to_the_tombstone(screen, cast, road, acme):
    beta = cast.organisation("beta", name="Beta Ab")
    closing = road.asked(beta)
    with person(screen) as tuisku:
        carry(tuisku, STAFF, road.nitor.enrolled("Tuisku").browser.cookie())
        look_over(tuisku, f"http://{STAFF}/closings/{closing.id}", "closing-case")
        if not DEEP:
            return
        done = road.erased(acme)
        look_over(tuisku, f"http://{STAFF}/closings/{done.id}", "closing-done")
        look_over(tuisku, f"http://{STAFF}/closings", "closing-cases")
