"""The page of exports, as an owner sees it: while it waits, and with files to take along."""

import os

import pytest

from tests.cast import Cast
from tests.journeys.browser import carry, look_over, person

HOST = "alpha.kamu.localhost:8000"

DEEP = "KAMU_DEEP" in os.environ

pytestmark = pytest.mark.browser


def test_the_page_of_exports_is_clean(screen, cast: Cast):
    owner = cast.signed_in(cast.organisation("alpha", name="Saarnikoski"))
    for _ in range(2):
        owner.post("/set-up/export")
        cast.run_jobs()
    with person(screen) as meri:
        carry(meri, HOST, owner.cookie())
        look_over(meri, f"http://{HOST}/set-up/export", "export").close()
        if DEEP:  # the bar is the one that imports have, and looked at there
            owner.post("/set-up/export")
            look_over(meri, f"http://{HOST}/set-up/export", "export-waits").close()
