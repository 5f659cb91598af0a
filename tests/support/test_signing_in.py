"""The staff door: what lets somebody in, and everything that does not."""

from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import update

from app import clock
from app.support.models import Staff, StaffPasskey
from app.support.queries.staff import list_passkeys
from tenants.unit_of_work import control_work
from tests.factories.staff import Nitor, challenge_of, options_of, sign_in


def test_a_passkey_signs_in_and_its_use_is_noted(nitor: Nitor):
    tuisku = nitor.enrolled()
    browser = nitor.browser()
    answer = sign_in(browser, tuisku.devices[0])
    assert answer.status_code == 303
    assert answer.location.endswith("/")
    assert browser.get("/").status_code == 200
    with control_work():
        (passkey,) = list_passkeys(tuisku.staff.id)
    assert passkey.sign_count == 1
    assert passkey.last_used_at


def test_signing_in_changes_the_session_id(nitor: Nitor):
    tuisku = nitor.enrolled()
    browser = nitor.browser()
    browser.get("/sign-in")
    before = browser.cookie()
    sign_in(browser, tuisku.devices[0])
    assert browser.cookie() != before


def test_after_signing_in_one_comes_to_the_page_asked_for(nitor: Nitor):
    tuisku = nitor.enrolled()
    browser = nitor.browser()
    assert browser.get("/passkeys").location.endswith("/sign-in")
    assert sign_in(browser, tuisku.devices[0]).location.endswith("/passkeys")


def test_a_kept_address_of_another_host_is_ignored(nitor: Nitor):
    tuisku = nitor.enrolled()
    browser = nitor.browser()
    browser.get("//evil.example/", check=False)
    assert "evil" not in sign_in(browser, tuisku.devices[0]).location


def test_whoever_is_signed_in_needs_no_door(nitor: Nitor):
    tuisku = nitor.enrolled()
    assert tuisku.browser.get("/sign-in").status_code == 303


def test_signing_out_ends_the_session(nitor: Nitor):
    tuisku = nitor.enrolled()
    old = tuisku.browser.cookie()
    assert tuisku.browser.post("/sign-out").status_code == 303
    stranger = nitor.browser()
    stranger.use_cookie(old)
    assert stranger.get("/passkeys").location.endswith("/sign-in")


def test_an_answer_works_once(nitor: Nitor):
    tuisku = nitor.enrolled()
    browser = nitor.browser()
    page = browser.get("/sign-in")
    form = {
        "challenge": challenge_of(page),
        "credential": tuisku.devices[0].answer_request(options_of(page)),
    }
    assert browser.post("/sign-in", form).status_code == 303
    browser.post("/sign-out")
    again = browser.post("/sign-in", form)
    assert again.status_code == 422
    assert "stood open for too long" in again.text


def test_a_challenge_of_another_browser_is_refused(nitor: Nitor):
    tuisku = nitor.enrolled()
    page = nitor.browser().get("/sign-in")
    form = {
        "challenge": challenge_of(page),
        "credential": tuisku.devices[0].answer_request(options_of(page)),
    }
    assert nitor.browser().post("/sign-in", form).status_code == 422


def test_a_challenge_lasts_ten_minutes(nitor: Nitor, monkeypatch: pytest.MonkeyPatch):
    tuisku = nitor.enrolled()
    browser = nitor.browser()
    page = browser.get("/sign-in")
    late = clock.now() + timedelta(minutes=11)
    monkeypatch.setattr(clock, "now", lambda: late)
    form = {
        "challenge": challenge_of(page),
        "credential": tuisku.devices[0].answer_request(options_of(page)),
    }
    assert browser.post("/sign-in", form).status_code == 422


def test_two_open_tabs_both_work(nitor: Nitor):
    tuisku = nitor.enrolled()
    browser = nitor.browser()
    first = browser.get("/sign-in")
    browser.get("/sign-in")
    form = {
        "challenge": challenge_of(first),
        "credential": tuisku.devices[0].answer_request(options_of(first)),
    }
    assert browser.post("/sign-in", form).status_code == 303


@pytest.mark.parametrize(
    "lie",
    [
        {"origin": "http://kamu.localhost:8000"},
        {"rp_id": "kamu.localhost"},
        {"verifies": False},
        {"user_handle": b"somebody else..."},
    ],
    ids=str,
)
def test_a_false_answer_is_refused_and_nobody_is_signed_in(nitor: Nitor, lie):
    tuisku = nitor.enrolled()
    browser = nitor.browser()
    answer = sign_in(browser, replace(tuisku.devices[0], **lie))
    assert answer.status_code == 422
    assert "did not fit this page" in answer.text
    assert browser.get("/passkeys").location.endswith("/sign-in")


def test_a_copied_passkey_is_refused_with_its_reason(nitor: Nitor):
    tuisku = nitor.enrolled()
    with control_work() as control:
        control.execute(update(StaffPasskey).values(sign_count=7))
    answer = sign_in(nitor.browser(), tuisku.devices[0])
    assert answer.status_code == 422
    assert "may hold a copy" in answer.text


def test_an_unknown_passkey_is_refused(nitor: Nitor):
    stranger = nitor.device(user_handle=b"x" * 16)
    answer = sign_in(nitor.browser(), stranger)
    assert answer.status_code == 422
    assert "do not know this passkey" in answer.text


def test_whoever_has_ended_neither_comes_in_nor_stays(nitor: Nitor):
    tuisku = nitor.enrolled()
    with control_work() as control:
        control.execute(update(Staff).values(ended_at=clock.now()))
    assert tuisku.browser.get("/").location.endswith("/sign-in")
    assert sign_in(nitor.browser(), tuisku.devices[0]).status_code == 422


@pytest.mark.parametrize("credential", ["", "null", "{}", "[1]", '{"id": 5}', "\u20ac", "x" * 20_000])
def test_a_form_without_a_proper_answer_is_explained(nitor: Nitor, credential):
    browser = nitor.browser()
    page = browser.get("/sign-in")
    answer = browser.post("/sign-in", {"challenge": challenge_of(page), "credential": credential})
    assert answer.status_code == 422
    assert ("need JavaScript" in answer.text) == (credential == "" or "noscript" in answer.text)


def test_the_door_explains_itself_without_script(nitor: Nitor):
    assert "Passkeys need JavaScript" in nitor.browser().get("/sign-in").text


def test_the_door_is_only_on_the_staff_host(nitor: Nitor, cast):
    start = cast.browser()
    assert start.get("/sign-in").status_code == 404


def test_a_staff_session_opens_no_organisation(nitor: Nitor, cast):
    tuisku = nitor.enrolled()
    organisation = cast.organisation("alpha")
    browser = cast.browser(organisation)
    browser.use_cookie(tuisku.browser.cookie())
    assert browser.get("/people").status_code == 404
    assert browser.get("/set-up").status_code == 404
