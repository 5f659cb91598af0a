"""The link in the mail: a button, the building, the way in."""

import re
from datetime import timedelta

import pytest

from onboarding.actions.ask_for_place import confirm
from tenants.resolution import forget_tenants
from tenants.unit_of_work import control_work
from tests.factories.sign_ups import JUST_NOW, asked, confirmation_path, confirmed, read, set_back

FORM = {"organisation": "Saarnikoski", "slug": "saarnikoski", "email": "meri@saarnikoski.example"}


@pytest.fixture
def start(cast):
    browser = cast.browser()
    browser.get("/")
    return browser


@pytest.fixture
def path(start, cast):
    """The path of a fresh confirmation link."""
    start.post("/sign-ups", FORM)
    cast.run_jobs()
    return confirmation_path(cast.mails()[0])


def test_opening_the_link_does_nothing_yet(start, cast, path):
    answer = start.get(path)
    assert "Confirm and open" in answer.text
    cast.run_jobs()
    assert "Confirm and open" in start.get(path).text


def test_the_button_builds_and_leads_in(start, cast, path):
    waiting = start.follow(start.post(path))
    assert "It is being built" in waiting.text
    assert '<noscript><meta http-equiv="refresh" content="2">' in waiting.text
    cast.run_jobs()
    ready = start.get(path)
    assert "Saarnikoski is ready" in ready.text
    link = re.search(r'href="https?://saarnikoski\.kamu\.localhost:8000(/sign-in/links/[^"]+)"', ready.text)[1]
    owner = cast.browser(host="saarnikoski.kamu.localhost:8000")
    assert owner.get(link).status_code == 200
    home = owner.follow(owner.post(link))
    assert owner.get("/set-up").status_code == 200, home.text


def test_the_building_page_answers_htmx_with_its_part_only(start, cast, path):
    start.post(path)
    part = start.get(path, headers={"HX-Request": "true"})
    assert part.text.strip().startswith("<section")
    assert 'hx-trigger="every 1s"' in part.text
    cast.run_jobs()
    assert "hx-trigger" not in start.get(path, headers={"HX-Request": "true"}).text


def test_another_browser_learns_that_the_link_was_used_and_gets_no_way_in(start, cast, path):
    start.post(path)
    stranger = cast.browser()
    assert "This link has been used" in stranger.get(path).text
    cast.run_jobs()
    answer = stranger.get(path).text
    assert "Go to the sign-in" in answer
    assert "/sign-in/links/" not in answer


def test_pressing_twice_is_pressing_once(start, cast, path):
    start.post(path)
    assert start.follow(start.post(path)).status_code == 200
    cast.run_jobs()
    assert "Saarnikoski is ready" in start.get(path).text


def test_the_way_in_leaves_the_page_after_a_while(start, cast, path):
    start.post(path)
    cast.run_jobs()
    for each in all_ids():
        set_back(each, moved_at=timedelta(minutes=20))
    answer = start.get(path).text
    assert "/sign-in/links/" not in answer
    assert "Go to the sign-in" in answer


def test_an_old_link_explains_itself(start, path):
    for each in all_ids():
        set_back(each, expires_at=timedelta(hours=25))
    for answer in (start.get(path), start.post(path)):
        assert answer.status_code == 410
        assert "This link is too old" in answer.text


def test_a_name_taken_meanwhile_is_explained_and_another_can_be_chosen(start, cast, path):
    confirmed("saarnikoski", email="otso@other.example")
    explained = start.get(path)
    assert "Choose another address name" in explained.text
    assert 'value="saarnikoski-people"' in explained.text
    assert start.post(path).status_code == 409
    refused = start.post(path, {"slug": "saarnikoski"})
    assert refused.status_code == 422
    assert "has a home here already" in refused.text
    assert start.post(path, {"slug": "saarnikoski-two"}).status_code == 303
    cast.run_jobs()
    assert "Saarnikoski is ready" in start.get(path).text


def test_two_who_ask_for_one_name_both_may_and_the_first_button_wins(start, cast):
    for name in ("meri", "otso"):
        assert start.post("/sign-ups", FORM | {"email": f"{name}@saarnikoski.example"}).status_code == 303
    cast.run_jobs()
    first, second = (confirmation_path(cast.mails(f"{name}@saarnikoski.example")[0]) for name in ("meri", "otso"))
    assert start.post(first).status_code == 303
    assert start.post(second).status_code == 409


def test_the_host_answers_only_when_the_organisation_is_open(cast):
    sign_up_id = asked()
    host = cast.browser(host="saarnikoski.kamu.localhost:8000")
    assert host.get("/sign-in").status_code == 404
    with control_work():
        confirm(sign_up_id=sign_up_id, browser="x", now=JUST_NOW)
    forget_tenants()
    assert host.get("/sign-in").status_code == 404
    cast.run_jobs()
    assert read(sign_up_id).state == "open"
    forget_tenants()
    assert host.get("/sign-in").status_code == 200


def test_a_signed_in_owner_elsewhere_sees_nothing_of_it(cast, two, path):
    owner = cast.signed_in(two.a)
    assert owner.get(path).status_code == 404


def all_ids():
    from sqlalchemy import select

    from onboarding.models import SignUp

    with control_work() as control:
        return control.scalars(select(SignUp.id)).all()
