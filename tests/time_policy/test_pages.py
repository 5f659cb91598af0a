"""The promise of time: who decides, what it says, who reads it."""

import pytest

from app.access.roles import Role
from app.time_policy.queries import find_policy, has_policy
from tenants.unit_of_work import tenant_work
from tests.factories.launches import with_role
from tests.factories.policies import time_decided

PATH = "/set-up/time"
CHOSEN = {
    "core_time_percent": "10",
    "kamu_minutes": "90",
    "kaveri_minutes": "120",
    "ring_minutes": "60",
    "places": "3",
}


@pytest.mark.parametrize("role", [Role.OWNER, Role.PROGRAMME_LEAD])
def test_owner_and_lead_decide_and_the_promise_is_worked_out(cast, two, role):
    browser = with_role(cast, two.a, role)
    page = browser.follow(browser.post(PATH, CHOSEN)).text
    assert "1 h 30 min for each of 3 Kaveris, and 1 hour with the other Kamus: 5 h 30 min a month" in page
    assert "10% of a full-time month of 160 hours: 16 hours" in page
    assert "The sums fit" in page


@pytest.mark.parametrize("role", [Role.IT_CONTACT, Role.BILLING_CONTACT, Role.EMPLOYEE_REPRESENTATIVE, Role.MEMBER])
def test_nobody_else_decides_and_everybody_reads_the_promise(cast, two, role):
    time_decided(two.a, kamu_minutes=90)
    browser = with_role(cast, two.a, role)
    assert browser.get(PATH).status_code == 403
    assert browser.post(PATH, CHOSEN).status_code == 403
    assert browser.post(f"{PATH}/sums", CHOSEN).status_code == 403
    page = browser.get("/time").text
    assert "1 h 30 min a month for each Kaveri, and 1 hour with the other Kamus." in page
    assert "5 h 30 min a month" in page


def test_before_it_is_decided_people_read_that_it_is_not(cast, two):
    assert "Not decided yet" in cast.employee(two.a)[0].get("/time").text


def test_sums_are_worked_out_without_keeping_anything(cast, two):
    owner = cast.signed_in(two.a)
    page = owner.post(f"{PATH}/sums", CHOSEN | {"core_time_percent": "4", "kamu_minutes": "180"}).text
    for sentence in ("The sums do not fit", "room for 1 Kaveri", "1 h 45 min for each Kaveri", "a share of 7%"):
        assert sentence in page
    with tenant_work(two.a.ref):
        assert not has_policy()


def test_htmx_gets_only_the_sums(cast, two):
    part = cast.signed_in(two.a).post(f"{PATH}/sums", CHOSEN, headers={"HX-Request": "true"})
    assert part.text.strip().startswith('<section class="card" id="sums"')


def test_no_share_is_said_to_be_none(cast, two):
    owner = cast.signed_in(two.a)
    page = owner.follow(owner.post(PATH, CHOSEN | {"core_time_percent": ""})).text
    assert "There is no share that it comes from" in page
    with tenant_work(two.a.ref):
        assert find_policy().core_time_percent is None


def test_a_second_decision_takes_the_place_of_the_first(cast, two):
    owner = cast.signed_in(two.a)
    owner.post(PATH, CHOSEN)
    owner.post(PATH, CHOSEN | {"places": "2"})
    with tenant_work(two.a.ref):
        assert find_policy().places == 2


@pytest.mark.parametrize(
    ("field", "value", "sentence"),
    [
        ("core_time_percent", "101", "A share is between 0 and 100 per cent."),
        ("core_time_percent", "ten", "Write a whole number, such as 10."),
        ("places", "6", "Not a valid choice"),
        ("kamu_minutes", "0", "Not a valid choice"),
        ("ring_minutes", "x", ""),
    ],
)
def test_what_cannot_be_promised_is_named(cast, two, field, value, sentence):
    answer = cast.signed_in(two.a).post(PATH, CHOSEN | {field: value})
    assert answer.status_code == 422
    assert sentence in answer.text
    assert "Put right what is named in the form" in answer.text


def test_the_other_organisation_decides_for_itself(cast, two):
    time_decided(two.a)
    assert "Not decided yet" in cast.employee(two.b)[0].get("/time").text
