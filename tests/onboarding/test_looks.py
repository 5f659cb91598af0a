"""Every page of this part as people see it: narrow and wide, light and dark, full, empty and in error."""

from datetime import UTC, datetime, timedelta

import pytest

from app.links import seal
from tests.factories.launches import everybody_a_launch_meets, people, planned, ready, today
from tests.factories.sign_ups import asked, confirmation_path, confirmed, set_back
from tests.journeys.browser import carry, look_over, looked, person

START = "http://kamu.localhost:8000"
ALPHA = "http://alpha.kamu.localhost:8000"

pytestmark = pytest.mark.browser


def test_signing_up_is_clean_from_the_start_page_to_the_open_door(screen, cast, two):
    with person(screen) as meri:
        page = look_over(meri, f"{START}/", "start")
        page.get_by_label("Name of your organisation").fill("Saarnikoski Oy")
        page.get_by_label("Address name").focus()
        page.get_by_text("saarnikoski is free").wait_for()
        page.get_by_label("Address name").fill("alpha")
        page.get_by_text("alpha has a home here already").wait_for()
        page.get_by_role("button", name="Send me the link").click()
        page.get_by_text("2 things to put right").wait_for()
        looked(page, "start-errors")
        page.get_by_label("Address name").fill("saarnikoski")
        page.get_by_label("Your work e-mail").fill("meri@saarnikoski.example")
        page.get_by_role("button", name="Send me the link").click()
        page.get_by_role("heading", name="Look at your mail").wait_for()
        looked(page, "mail-sent")
        cast.run_jobs()
        page = look_over(meri, START + confirmation_path(cast.mails()[0]), "confirm")
        page.get_by_role("button", name="Confirm and open").click()
        page.get_by_text("It is being built").wait_for()
        looked(page, "building")
        cast.run_jobs()
        page.get_by_text("Saarnikoski Oy is ready").wait_for()
        looked(page, "ready")
        page.get_by_role("link", name="Go in").click()
        assert page.url.startswith("http://saarnikoski.kamu.localhost:8000/sign-in/links/")


def test_the_home_is_clean_from_the_first_day_to_the_last(screen, cast, two):
    with person(screen) as meri:
        carry(meri, "alpha.kamu.localhost:8000", cast.signed_in(two.a).cookie())
        look_over(meri, f"{ALPHA}/set-up", "home-empty").close()
        ready(two.a, 12)
        look_over(meri, f"{ALPHA}/set-up", "home-ready").close()
        planned(two.a)
        look_over(meri, f"{ALPHA}/set-up", "home-planned").close()
        planned(two.a, today())
        cast.run_jobs()
        assert "Kamu is open at Alpha" in look_over(meri, f"{ALPHA}/set-up", "home-launched").title()


def test_the_launch_is_clean_in_every_state(screen, cast, two):
    with person(screen) as meri:
        carry(meri, "alpha.kamu.localhost:8000", cast.signed_in(two.a).cookie())
        page = look_over(meri, f"{ALPHA}/set-up/launch", "launch-missing")
        ready(two.a)
        everybody_a_launch_meets(two.a)
        page.goto(f"{ALPHA}/set-up/launch")
        page.get_by_label("Day of the launch").fill("2020-01-01")
        page.get_by_label("Your own words").fill("We have waited for this.\nWarmly, Meri")
        page.get_by_role("button", name="Save and look at the mail").click()
        page.get_by_text("One thing to put right").wait_for()
        looked(page, "launch-error")
        page.get_by_label("Day of the launch").fill("2030-01-18")
        page.get_by_role("button", name="Save and look at the mail").click()
        page.get_by_role("heading", name="Launch on 18 January 2030?").wait_for()
        looked(page, "launch-sure")
        page.get_by_role("button", name="Plan the launch").click()
        page.get_by_role("heading", name="Planned for 18 January 2030").wait_for()
        looked(page, "launch-planned")
        planned(two.a, today())
        page.goto(f"{ALPHA}/set-up/launch")
        looked(page, "launch-under-way")
        cast.run_jobs()
        page.get_by_text("All invitations have left").wait_for()
        people(two.a, 12)
        look_over(meri, f"{ALPHA}/set-up/launch", "launch-done")


def test_the_welcome_and_not_now_are_clean(screen, cast, two):
    browser, _ = cast.employee(two.a)
    with person(screen) as ilta:
        carry(ilta, "alpha.kamu.localhost:8000", browser.cookie())
        page = look_over(ilta, f"{ALPHA}/welcome", "welcome")
        page.get_by_label("Not now").check()
        page.get_by_role("button", name="Save my choice").click()
        page.get_by_role("heading", name="Fine. The door stays open.").wait_for()
        looked(page, "not-now")


def test_links_that_no_longer_work_are_clean(screen, cast, two):
    other = cast.browser()
    other.get("/")
    other.post("/sign-ups", {"organisation": "Gamma", "slug": "gamma", "email": "otso@gamma.example"})
    cast.run_jobs()
    path = confirmation_path(cast.mails()[0])
    other.post(path)
    with person(screen) as somebody:
        look_over(somebody, START + path, "link-used")
        asked("delta", now=datetime.now(UTC))
        confirmed("delta", email="otso@other.example")
        cast.run_jobs()
        look_over(somebody, START + confirmation_path(cast.mails("meri@delta.example")[0]), "another")
        old = asked("epsilon", now=datetime.now(UTC))
        set_back(old, expires_at=timedelta(days=2))
        page = look_over(somebody, f"{START}/sign-ups/{seal('sign-up', old)}", "link-expired")
        assert "This link is too old" in page.content()


def test_signing_up_and_launching_work_without_script(screen, cast, two):
    with person(screen, script=False) as meri:
        page = meri.new_page()
        page.goto(f"{START}/")
        page.get_by_label("Name of your organisation").fill("Kevätpuro Oy")
        page.get_by_role("button", name="Check the name").click()
        page.get_by_text("kevatpuro is free").wait_for()
        page.get_by_label("Your work e-mail").fill("meri@kevatpuro.example")
        page.get_by_role("button", name="Send me the link").click()
        cast.run_jobs()
        page.goto(START + confirmation_path(cast.mails()[0]))
        page.get_by_role("button", name="Confirm and open").click()
        cast.run_jobs()
        page.get_by_text("Kevätpuro Oy is ready").wait_for()
        ready(two.a)
        carry(meri, "alpha.kamu.localhost:8000", cast.signed_in(two.a).cookie())
        page.goto(f"{ALPHA}/set-up/launch")
        page.get_by_label("Day of the launch").fill(today().isoformat())
        page.get_by_role("button", name="Save and look at the mail").click()
        page.get_by_role("button", name="Launch now").click()
        cast.run_jobs()
        page.get_by_text("All invitations have left").wait_for()
