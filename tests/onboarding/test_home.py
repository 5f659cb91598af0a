"""The set-up home and the step of an organisation's host: who sees them, and what they say in each situation."""

import pytest

from app.access.roles import Role
from tests.factories.launches import connected, people, planned, today, with_role

ADMINS = [Role.OWNER, Role.PROGRAMME_LEAD, Role.IT_CONTACT, Role.BILLING_CONTACT, Role.EMPLOYEE_REPRESENTATIVE]


@pytest.mark.parametrize("role", ADMINS)
def test_everybody_with_a_role_sees_how_far_the_set_up_is(cast, two, role):
    answer = with_role(cast, two.a, role).get("/set-up")
    assert answer.status_code == 200
    assert "0 of 3 steps done" in answer.text


def test_an_employee_does_not_see_the_set_up(cast, two):
    employee, _ = cast.employee(two.a)
    assert employee.get("/set-up").status_code == 403
    assert employee.get("/set-up/launch").status_code == 403
    assert employee.post("/set-up/launch/plan").status_code == 403


@pytest.mark.parametrize("path", ["/set-up", "/set-up/launch", "/welcome", "/not-now"])
def test_strangers_are_led_to_the_door_and_other_organisations_find_nothing(cast, two, path):
    assert cast.browser(two.a).get(path).headers["Location"].endswith("/sign-in")
    foreign = cast.browser(two.a)
    foreign.use_cookie(cast.signed_in(two.b).cookie())
    assert foreign.get(path).status_code == 404


def test_the_step_of_an_organisations_host_leads_on(cast, two):
    employee, _ = cast.employee(two.a)
    assert cast.signed_in(two.a).get("/").headers["Location"].endswith("/set-up")
    assert employee.get("/").headers["Location"].endswith("/welcome")
    assert cast.browser(two.a).get("/").headers["Location"].endswith("/sign-in")


def test_the_home_says_what_comes_next_in_each_situation(cast, two):
    owner = cast.signed_in(two.a)
    assert "Begin with your people" in owner.get("/set-up").text
    people(two.a, 3)
    assert "Connect your sign-in" in owner.get("/set-up").text
    connected(two.a)
    assert "Choose the day" in owner.get("/set-up").text
    planned(two.a)
    planned_page = owner.get("/set-up").text
    assert "Everything is ready" in planned_page
    assert "Planned launch" in planned_page
    planned(two.a, today())
    cast.run_jobs()
    done = owner.get("/set-up").text
    assert "3 people have an invitation" in done
    assert "3 of 3 steps done" in done


@pytest.mark.parametrize(
    ("problems", "waits", "under_way", "sentence"),
    [
        (4, True, False, "4 rows need a second look"),
        (1, True, False, "One row needs a second look"),
        (0, True, False, "Your file waits for you"),
        (0, False, True, "Your file is being read"),
    ],
)
def test_the_home_speaks_of_a_file_on_its_way(cast, two, monkeypatch, problems, waits, under_way, sentence):
    monkeypatch.setattr("onboarding.steps.count_problems_left", lambda: problems)
    monkeypatch.setattr("onboarding.steps.has_open_import", lambda: waits)
    monkeypatch.setattr("onboarding.steps.has_import_under_way", lambda: under_way)
    assert sentence in cast.signed_in(two.a).get("/set-up").text


def test_a_role_without_the_right_reads_with_whom_the_step_is(cast, two):
    page = with_role(cast, two.a, Role.BILLING_CONTACT).get("/set-up").text
    assert "This is with your programme lead." in page
    assert 'href="/people"' not in page
