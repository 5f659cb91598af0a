"""What matters to everybody asks for a sign-in of the last quarter hour, and loses nothing on the way."""

import re
import time
from types import SimpleNamespace

import pytest

from app.access.guard import FRESH, by_token, for_programs, is_by_token, is_for_programs, is_public, permissions_of_view
from app.access.permissions import Permission
from app.web import session as web_session

PAGE = "/set-up/export"


@pytest.fixture
def later(monkeypatch):
    """Lets the session's clock run on by so many seconds."""

    def run_on(seconds: float) -> None:
        monkeypatch.setattr(web_session, "time", SimpleNamespace(time=lambda: time.time() + seconds))

    return run_on


@pytest.fixture(autouse=True)
def marked(app, monkeypatch):
    for name in ("export.index", "export.ask"):
        monkeypatch.setattr(app.view_functions[name], FRESH, True, raising=False)


def test_a_new_sign_in_is_enough(cast, two):
    assert cast.signed_in(two.a).get(PAGE).status_code == 200


def test_an_older_one_is_asked_again_and_comes_back(cast, two, later):
    browser = cast.signed_in(two.a)
    later(web_session.FRESH + 1)
    assert browser.get("/set-up").status_code == 200
    again = browser.get(PAGE)
    assert again.location.endswith("/sign-in/again")
    page = browser.follow(again)
    assert "owner@alpha.example" in page.text
    assert browser.post("/sign-in/again/link").location.endswith("/sign-in/again/link")
    assert browser.get("/sign-in/again/link").status_code == 200
    cast.run_jobs()
    link = re.search(r"/sign-in/links/[\w.-]+", cast.mails("owner@alpha.example")[0].text)[0]
    before = browser.cookie()
    back = browser.post(link)
    assert back.location.endswith(PAGE)
    assert browser.cookie() != before
    assert browser.follow(back).status_code == 200


def test_a_form_is_not_taken_and_leads_back_to_its_page(cast, two, later):
    browser = cast.signed_in(two.a)
    later(web_session.FRESH + 1)
    answer = browser.post(PAGE)
    assert answer.status_code == 401
    assert "Nothing was changed" in answer.text
    later(0)
    assert browser.get("/sign-in/again").location.endswith(PAGE)


def test_marks_say_who_may_send():
    @for_programs("The provider says who signed out.")
    def told() -> None: ...

    @by_token(Permission.PROVISION_PEOPLE)
    def provisioned() -> None: ...

    assert is_public(told)
    assert is_for_programs(told)
    assert not is_by_token(told)
    assert is_for_programs(provisioned)
    assert is_by_token(provisioned)
    assert permissions_of_view(provisioned) == {Permission.PROVISION_PEOPLE}
