"""Passkeys of those who hold a role: made, used at the door and for the rescue, taken away."""

from dataclasses import replace

import pytest

from app.access.roles import Role
from app.break_glass.queries import count_enrolled_owners, list_passkeys
from app.clock import now
from app.sign_in.models import SignInPolicy
from tenants.unit_of_work import session, tenant_work
from tests.break_glass.ways import add, device_of, use

RESCUE, BY_PASSKEY = "/sign-in/rescue", "/sign-in/rescue/passkey"


@pytest.fixture
def phone(cast, two):
    """The passkey that alpha's owner has made."""
    device = device_of(cast, two.a)
    assert add(cast.signed_in(two.a), device).status_code == 303
    return device


def enforce(organisation):
    with tenant_work(organisation.ref):
        session().add(SignInPolicy(enforced_at=now(), changed_at=now()))


def test_a_passkey_signs_in_until_the_provider_is_the_only_way(cast, two, phone):
    browser = cast.browser(two.a)
    assert use(browser, phone, "/sign-in/passkey").status_code == 303
    assert browser.get("/me/rescue").status_code == 200
    enforce(two.a)
    assert "only way in" in cast.browser(two.a).get("/sign-in/passkey").text
    late = cast.browser(two.a)
    page = late.get(RESCUE)
    assert page.status_code == 200
    assert use(late, phone, RESCUE, "/sign-in/passkey").status_code == 422


def test_an_owners_passkey_opens_the_rescue_even_then_and_is_counted(cast, two, phone):
    enforce(two.a)
    with tenant_work(two.a.ref):
        assert count_enrolled_owners() == 1
    browser = cast.browser(two.a)
    assert use(browser, phone, RESCUE, BY_PASSKEY).status_code == 303
    assert browser.get("/set-up/sign-in").status_code == 200
    assert browser.get("/set-up").status_code == 403
    cast.run_jobs()
    assert any("with a passkey" in mail.text for mail in cast.mails("owner@alpha.example"))


def test_no_other_host_person_or_page_takes_the_answer(cast, two, phone):
    elsewhere = replace(phone, rp_id=device_of(cast, two.b).rp_id, origin=device_of(cast, two.b).origin)
    assert use(cast.browser(two.b), elsewhere, RESCUE, BY_PASSKEY).status_code == 422
    assert use(cast.browser(two.a), elsewhere, RESCUE, BY_PASSKEY).status_code == 422
    stranger = replace(device_of(cast, two.a), user_handle=two.a.owner_id.bytes)
    assert use(cast.browser(two.a), stranger, RESCUE, BY_PASSKEY).status_code == 422
    browser = cast.browser(two.a)
    assert browser.post(BY_PASSKEY, {"credential": ""}).status_code == 422


def test_somebody_who_is_no_owner_is_not_rescued(cast, two, phone):
    with tenant_work(two.a.ref):
        from app.access.models import RoleGrant

        grant = session().query(RoleGrant).filter_by(account_id=two.a.owner_id, role=Role.OWNER.value).one()
        grant.role = Role.IT_CONTACT.value
    assert use(cast.browser(two.a), phone, RESCUE, BY_PASSKEY).status_code == 422
    with tenant_work(two.a.ref):
        assert count_enrolled_owners() == 0


def test_confirming_takes_ones_own_passkey_only_and_goes_on_under_enforcement(cast, two, phone):
    other = cast.account(two.a.ref, "vera@alpha.example", Role.OWNER, name="Vera")
    browser = cast.signed_in(two.a, other.id)
    assert use(browser, phone, "/sign-in/again/passkey").status_code == 422
    enforce(two.a)
    assert use(cast.signed_in(two.a), phone, "/sign-in/again/passkey").status_code == 303


def test_a_passkey_is_ones_own_to_remove_and_each_change_is_told(cast, two, phone):
    with tenant_work(two.a.ref):
        (passkey,) = list_passkeys(two.a.owner_id)
    path = f"/me/rescue/passkeys/{passkey.id}/remove"
    other = cast.account(two.a.ref, "vera@alpha.example", Role.OWNER, name="Vera")
    assert cast.signed_in(two.a, other.id).post(path).status_code == 404
    assert cast.signed_in(two.b).post(path).status_code == 404
    assert cast.signed_in(two.a).post(path).status_code == 303
    assert use(cast.browser(two.a), phone, "/sign-in/passkey").status_code == 422
    cast.run_jobs()
    subjects = [mail.subject for mail in cast.mails("owner@alpha.example")]
    assert {"A passkey was added", "A passkey was removed"} <= set(subjects)


def test_the_same_device_is_taken_once_and_a_name_is_needed(cast, two, phone):
    browser = cast.signed_in(two.a)
    assert "registered already" in add(browser, phone).text
    assert add(browser, device_of(cast, two.a), name="").status_code == 422


def test_a_programme_lead_has_a_passkey_for_the_door_and_no_way_to_the_rescue(cast, two):
    lead = cast.account(two.a.ref, "lea@alpha.example", Role.PROGRAMME_LEAD, name="Lea")
    browser, device = cast.signed_in(two.a, lead.id), device_of(cast, two.a)
    assert "Codes on paper" not in browser.get("/me/rescue").text
    assert browser.post("/me/rescue/codes").status_code == 404
    assert add(browser, device).status_code == 303
    assert use(cast.browser(two.a), device, "/sign-in/passkey").status_code == 303
    assert use(cast.browser(two.a), device, RESCUE, BY_PASSKEY).status_code == 422
    member, _ = cast.employee(two.a)
    assert member.get("/me/rescue").status_code == 403
