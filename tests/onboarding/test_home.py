"""The set-up home and the step of an organisation's host: who sees them, and what they say in each situation."""

from dataclasses import replace

import pytest

from app.access.roles import Role
from app.readiness.policies import Answer, Question
from onboarding.queries.facts import read_facts
from onboarding.steps import STEPS
from tests.factories.billing import subscribe
from tests.factories.launches import connected, launched, people, planned, ready, second_owner, today, with_role
from tests.factories.policies import questions_answered, rules_decided, time_decided
from tests.factories.training import offer_training

ADMINS = [Role.OWNER, Role.PROGRAMME_LEAD, Role.IT_CONTACT, Role.BILLING_CONTACT, Role.EMPLOYEE_REPRESENTATIVE]


@pytest.mark.parametrize("role", ADMINS)
def test_everybody_with_a_role_sees_how_far_the_set_up_is(cast, two, role):
    answer = with_role(cast, two.a, role).get("/set-up")
    assert answer.status_code == 200
    assert f"{int(role is Role.OWNER)} of {len(STEPS)} steps done" in answer.text


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
    assert "Six questions about how things are" in owner.get("/set-up").text
    questions_answered(two.a)
    assert "Connect your sign-in" in owner.get("/set-up").text
    connected(two.a)
    assert "Begin with your people" in owner.get("/set-up").text
    people(two.a, 3)
    assert "Promise time that holds" in owner.get("/set-up").text
    time_decided(two.a)
    assert "Offer the Kamu training" in owner.get("/set-up").text
    offer_training(two.a)
    assert "Decide who can be suggested to whom" in owner.get("/set-up").text
    rules_decided(two.a)
    assert "Choose how to pay" in owner.get("/set-up").text
    subscribe(cast, two.a)
    assert "Name a second owner" in owner.get("/set-up").text
    second_owner(two.a)
    assert "Choose the day" in owner.get("/set-up").text
    planned(two.a)
    planned_page = owner.get("/set-up").text
    assert "Everything is ready" in planned_page
    assert "Planned launch" in planned_page
    planned(two.a, today())
    cast.run_jobs()
    done = owner.get("/set-up").text
    assert "3 people have an invitation" in done
    assert f"{len(STEPS)} of {len(STEPS)} steps done" in done


@pytest.mark.parametrize(
    ("known", "sentence"),
    [
        ({"problems": 4, "file_waits": True}, "4 rows need a second look"),
        ({"problems": 1, "file_waits": True}, "One row needs a second look"),
        ({"file_waits": True}, "Your file waits for you"),
        ({"import_under_way": True}, "Your file is being read"),
    ],
)
def test_the_home_speaks_of_a_file_on_its_way(cast, two, monkeypatch, known, sentence):
    monkeypatch.setattr("onboarding.views.set_up.read_facts", lambda: replace(read_facts(), **known))
    assert sentence in cast.signed_in(two.a).get("/set-up").text


def test_after_the_launch_an_open_step_and_the_invitations_stand_side_by_side(cast, two):
    ready(two.a)
    launched(cast, two.a)
    page = cast.signed_in(two.a).get("/set-up").text
    assert "Six questions about how things are" in page
    assert "3 people have an invitation" in page


def test_the_answers_are_summed_up_only_for_those_who_may_read_them(cast, two):
    questions_answered(two.a)
    questions_answered(two.a, Answer.NO, [Question.TIME])
    fact = "Time for a colleague does not hold yet when a customer calls."
    assert fact in cast.signed_in(two.a).get("/set-up").text
    assert fact not in with_role(cast, two.a, Role.BILLING_CONTACT).get("/set-up").text


def test_everybody_with_a_role_reads_the_promise_of_time(cast, two):
    time_decided(two.a)
    page = with_role(cast, two.a, Role.EMPLOYEE_REPRESENTATIVE).get("/set-up").text
    assert "A Kamu here is promised up to 7 hours a month, as working time." in page
    assert 'href="/time"' in page


def test_a_role_without_the_right_reads_with_whom_the_step_is(cast, two):
    page = with_role(cast, two.a, Role.BILLING_CONTACT).get("/set-up").text
    assert "This is with your programme lead." in page
    assert 'href="/people"' not in page
