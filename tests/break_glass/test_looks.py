"""The pages around the rescue as people see them."""

import os

import pytest

from tests.break_glass.ways import add, device_of
from tests.journeys.browser import carry, look_over, looked, person

HOST = "alpha.kamu.localhost:8000"
DEEP = "KAMU_DEEP" in os.environ or "KAMU_SHOTS" in os.environ

pytestmark = pytest.mark.browser


def test_being_prepared_and_coming_in_are_clean(screen, cast):
    alpha = cast.organisation("alpha", name="Saarnikoski")
    owner = cast.signed_in(alpha)
    add(owner, device_of(cast, alpha), "Blue security key")
    with person(screen) as somebody:
        look_over(somebody, f"http://{HOST}/sign-in/rescue", "rescue").close()
        if DEEP:  # two parts of the rescue's page
            look_over(somebody, f"http://{HOST}/sign-in/passkey", "passkey").close()
    with person(screen) as meri:
        carry(meri, HOST, owner.cookie())
        page = look_over(meri, f"http://{HOST}/me/rescue", "rescue-enrolment")
        page.get_by_role("button", name="Make ten codes").click()
        assert page.locator("code").count() == 10
        if DEEP:  # a list on a card
            looked(page, "rescue-codes")
        page.close()
