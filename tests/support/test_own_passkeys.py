"""The page on which staff keep their own passkeys."""

import pytest

from app.support.queries.staff import list_passkeys
from tenants.unit_of_work import control_work
from tests.factories.staff import Colleague, Nitor, challenge_of, create, sign_in


def passkeys_of(colleague: Colleague) -> list:
    with control_work():
        return list_passkeys(colleague.staff.id)


def test_a_second_passkey_ends_the_notice_and_signs_in(nitor: Nitor):
    tuisku, phone = nitor.enrolled(), nitor.device()
    assert create(tuisku.browser, "/passkeys", phone, name="Phone").status_code == 303
    assert "Add a second one." not in tuisku.browser.get("/passkeys").text
    assert sign_in(nitor.browser(), phone).status_code == 303


def test_a_passkey_is_removed_after_a_question(nitor: Nitor):
    tuisku, phone = nitor.enrolled(), nitor.device()
    create(tuisku.browser, "/passkeys", phone, name="Phone")
    laptop = passkeys_of(tuisku)[0]
    page = tuisku.browser.get(f"/passkeys/{laptop.id}/removal")
    assert "Remove the passkey “Laptop”?" in page.text
    assert tuisku.browser.post(f"/passkeys/{laptop.id}/removal").status_code == 303
    assert [passkey.name for passkey in passkeys_of(tuisku)] == ["Phone"]
    assert sign_in(nitor.browser(), tuisku.devices[0]).status_code == 422


def test_the_last_passkey_stays(nitor: Nitor):
    tuisku = nitor.enrolled()
    laptop = passkeys_of(tuisku)[0]
    answer = tuisku.browser.post(f"/passkeys/{laptop.id}/removal")
    assert answer.status_code == 422
    assert "your only passkey" in answer.text
    assert len(passkeys_of(tuisku)) == 1


def test_a_colleagues_passkey_is_not_found(nitor: Nitor):
    tuisku, alva = nitor.enrolled("Tuisku"), nitor.enrolled("Alva")
    theirs = passkeys_of(alva)[0]
    assert tuisku.browser.get(f"/passkeys/{theirs.id}/removal").status_code == 404
    assert tuisku.browser.post(f"/passkeys/{theirs.id}/removal").status_code == 404
    assert len(passkeys_of(alva)) == 1


@pytest.mark.parametrize("path", ["/passkeys/x/removal", "/passkeys/00000000-0000-0000-0000-000000000000/removal"])
def test_a_bad_id_is_not_found(nitor: Nitor, path):
    assert nitor.enrolled().browser.get(path).status_code == 404


def test_the_same_device_cannot_be_added_twice(nitor: Nitor):
    tuisku = nitor.enrolled()
    answer = create(tuisku.browser, "/passkeys", tuisku.devices[0], name="Again")
    assert answer.status_code == 422
    assert "registered already" in answer.text


def test_a_name_that_is_too_long_is_explained(nitor: Nitor):
    tuisku = nitor.enrolled()
    answer = create(tuisku.browser, "/passkeys", nitor.device(), name="x" * 61)
    assert answer.status_code == 422
    assert "at most 60" in answer.text


def test_a_form_without_script_is_explained(nitor: Nitor):
    tuisku = nitor.enrolled()
    page = tuisku.browser.get("/passkeys")
    answer = tuisku.browser.post("/passkeys", {"challenge": challenge_of(page), "name": "Phone"})
    assert answer.status_code == 422
    assert "Your browser sent no passkey" in answer.text


@pytest.mark.parametrize("path", ["/", "/passkeys", "/customers/alpha"])
def test_a_visitor_is_sent_to_the_door(nitor: Nitor, path):
    answer = nitor.browser().get(path)
    assert answer.status_code == 303
    assert answer.location.endswith("/sign-in")


def test_a_removal_is_told_by_mail(nitor: Nitor, cast):
    tuisku = nitor.enrolled()
    create(tuisku.browser, "/passkeys", nitor.device(), name="Phone")
    tuisku.browser.post(f"/passkeys/{passkeys_of(tuisku)[0].id}/removal")
    cast.run_jobs()
    assert "A passkey was removed" in [mail.subject for mail in cast.mails("tuisku@nitor.example")]
