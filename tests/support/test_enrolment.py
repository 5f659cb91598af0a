"""The one-use link with which a member of staff makes a passkey."""

import re
from datetime import timedelta

import pytest

from app import clock
from app.links import seal
from app.support.actions import invite_staff
from app.support.models import Staff
from app.support.queries.staff import list_passkeys
from tenants.models import new_id, utc_now
from tenants.unit_of_work import control_work
from tests.factories.staff import Nitor, challenge_of, create, options_of


def test_the_link_makes_a_passkey_signs_in_and_asks_for_a_second(nitor: Nitor):
    browser = nitor.browser()
    answer = create(browser, nitor.path_of(nitor.invited()), nitor.device(), name="Laptop")
    assert answer.status_code == 303
    page = browser.get("/passkeys")
    assert "Laptop" in page.text
    assert "Add a second one." in page.text


def test_the_link_works_once(nitor: Nitor):
    path = nitor.path_of(nitor.invited())
    create(nitor.browser(), path, nitor.device(), name="Laptop")
    again = nitor.browser().get(path)
    assert again.status_code == 410
    assert "This link has been used" in again.text


def test_two_who_hold_the_same_link_do_not_both_get_in(nitor: Nitor):
    path = nitor.path_of(nitor.invited())
    first, second = nitor.browser(), nitor.browser()
    page, device = second.get(path), nitor.device()
    create(first, path, nitor.device(), name="Laptop")
    form = {"challenge": challenge_of(page), "credential": device.answer_creation(options_of(page)), "name": "B"}
    assert second.post(path, form).status_code == 410


def test_the_link_lasts_a_day(nitor: Nitor, monkeypatch: pytest.MonkeyPatch):
    path = nitor.path_of(nitor.invited())
    tomorrow = clock.now() + timedelta(hours=24)
    monkeypatch.setattr(clock, "now", lambda: tomorrow)
    answer = nitor.browser().get(path)
    assert answer.status_code == 410
    assert "no longer valid" in answer.text


def test_a_newer_link_takes_the_place_of_the_older(nitor: Nitor):
    older = nitor.path_of(nitor.invited())
    newer = nitor.path_of(nitor.invited())
    assert nitor.browser().get(older).status_code == 410
    assert nitor.browser().get(newer).status_code == 200


def test_a_later_link_adds_a_passkey_to_those_there_are(nitor: Nitor):
    tuisku = nitor.enrolled()
    path = nitor.path_of(nitor.invited())
    assert "Make a new passkey" in nitor.browser().get(path).text
    create(nitor.browser(), path, nitor.device(), name="Phone")
    with control_work():
        assert [passkey.name for passkey in list_passkeys(tuisku.staff.id)] == ["Laptop", "Phone"]


def test_whoever_has_ended_is_told_so(nitor: Nitor):
    invitation = nitor.invited()
    with control_work() as control:
        control.get(Staff, invitation.staff_id).ended_at = utc_now()
    answer = nitor.browser().get(nitor.path_of(invitation))
    assert answer.status_code == 410
    assert "has ended" in answer.text


@pytest.mark.parametrize("token", ["abc", "a.b", seal])
def test_a_link_that_is_not_ours_is_explained(nitor: Nitor, token):
    path = f"/enrol/{token if isinstance(token, str) else token('staff-invitation', new_id())}"
    answer = nitor.browser().get(path)
    assert answer.status_code == 404
    assert "This link is not complete" in answer.text
    assert nitor.browser().post(path).status_code == 404


def test_a_seal_for_another_purpose_does_not_open(nitor: Nitor):
    token = seal("login-link", nitor.invited().id)
    assert nitor.browser().get(f"/enrol/{token}").status_code == 404


def test_a_name_is_asked_for_and_the_link_still_works(nitor: Nitor):
    path = nitor.path_of(nitor.invited())
    browser = nitor.browser()
    answer = create(browser, path, nitor.device(), name=" ")
    assert answer.status_code == 422
    assert "Give the passkey a name" in answer.text
    assert create(browser, path, nitor.device(), name="Laptop").status_code == 303


@pytest.mark.parametrize("lie", [{"verifies": False}, {"origin": "http://kamu.localhost:8000"}], ids=str)
def test_a_false_answer_leaves_the_link_unused(nitor: Nitor, lie):
    path = nitor.path_of(nitor.invited())
    browser = nitor.browser()
    assert create(browser, path, nitor.device(**lie), name="Laptop").status_code == 422
    assert create(browser, path, nitor.device(), name="Laptop").status_code == 303


def test_a_device_of_a_colleague_is_refused(nitor: Nitor):
    tuisku = nitor.enrolled("Tuisku")
    answer = create(nitor.browser(), nitor.path_of(nitor.invited("Alva")), tuisku.devices[0], name="Theirs")
    assert answer.status_code == 422
    assert "registered already" in answer.text


def test_the_link_comes_by_mail_and_each_new_passkey_is_told(nitor: Nitor, cast):
    invitation = nitor.invited()
    cast.run_jobs()
    (mail,) = cast.mails("tuisku@nitor.example")
    assert nitor.path_of(invitation) in mail.text
    create(nitor.browser(), nitor.path_of(invitation), nitor.device(), name="Laptop")
    cast.run_jobs()
    assert next(mail.subject for mail in cast.mails("tuisku@nitor.example")) == "A passkey was added"


def test_a_link_that_was_replaced_is_not_mailed_any_more(nitor: Nitor, cast):
    nitor.invited()
    newer = nitor.invited()
    cast.run_jobs()
    (mail,) = cast.mails("tuisku@nitor.example")
    assert nitor.path_of(newer) in mail.text


def test_inviting_again_keeps_what_is_known(nitor: Nitor):
    nitor.invited()
    with control_work():
        again = invite_staff(email=" TUISKU@nitor.example", name=None, language=None, now=utc_now())
    with control_work() as control:
        staff = control.get(Staff, again.staff_id)
    assert (staff.name, staff.language) == ("Tuisku", "en")


@pytest.mark.parametrize(
    ("language", "moment"), [("en", r"\d+ \w+ 20\d\d, \d\d:\d\d UTC"), ("fi", r"\d+\.\d+\.20\d\d klo \d+\.\d\d UTC")]
)
def test_the_mail_about_a_new_passkey_says_when_in_the_readers_way(nitor: Nitor, cast, language, moment):
    tuisku = nitor.enrolled()
    with control_work() as control:
        control.get(Staff, tuisku.staff.id).language = language
    cast.run_jobs()
    assert re.search(moment, cast.mails("tuisku@nitor.example")[0].text)
