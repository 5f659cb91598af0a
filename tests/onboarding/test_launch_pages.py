"""The launch's pages: for whom they are, what they ask back, what they refuse, and what they never tell."""

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import select

from app.access.roles import Role
from app.sign_in.models import Invitation
from onboarding.queries.launch import find_launch
from tenants.unit_of_work import tenant_work
from tests.factories.launches import launched, people, planned, ready, today, with_role


@pytest.mark.parametrize("role", [Role.IT_CONTACT, Role.BILLING_CONTACT, Role.EMPLOYEE_REPRESENTATIVE])
def test_only_owner_and_lead_may_launch(cast, two, role):
    ready(two.a)
    browser = with_role(cast, two.a, role)
    assert browser.get("/set-up/launch").status_code == 403
    for act in ("draft", "plan", "cancellation", "newcomers"):
        assert browser.post(f"/set-up/launch/{act}", {"on": today().isoformat()}).status_code == 403


@pytest.mark.parametrize("path", ["draft", "plan", "cancellation", "newcomers"])
def test_launch_acts_are_not_pages(cast, two, path):
    assert cast.signed_in(two.a).get(f"/set-up/launch/{path}").status_code == 405


def test_a_launch_without_people_and_sign_in_says_what_is_missing(cast, two):
    owner = cast.signed_in(two.a)
    page = owner.get("/set-up/launch").text
    assert "There is nobody in the directory." in page
    assert "The sign-in is not switched on" in page
    assert "No working time is promised for it yet." in page
    assert "There is one owner only" in page
    assert "You can launch" not in page
    assert owner.post("/set-up/launch/plan", {"on": today().isoformat()}).status_code == 409


def test_what_is_only_recommended_is_named_and_keeps_nothing_back(cast, two):
    ready(two.a)
    owner = cast.signed_in(two.a)
    page = owner.get("/set-up/launch").text
    assert "You can launch; this is still open" in page
    assert '<li><a href="/set-up/readiness">' in page
    assert '<li><a href="/set-up/time">' not in page
    assert owner.post("/set-up/launch/plan", {"on": today().isoformat()}).status_code == 303


def test_words_can_be_written_while_something_is_missing(cast, two):
    owner = cast.signed_in(two.a)
    fields = {"on": (today() + timedelta(days=9)).isoformat(), "greeting": "Warmly, Meri"}
    answer = owner.follow(owner.post("/set-up/launch/draft", fields))
    assert "Your words are kept." in answer.text
    assert "Warmly, Meri" in answer.text


def test_a_day_is_asked_back_before_it_counts_and_the_words_are_kept(cast, two):
    ready(two.a)
    owner, day = cast.signed_in(two.a), today() + timedelta(days=30)
    sure = owner.follow(owner.post("/set-up/launch/draft", {"on": day.isoformat(), "greeting": "Warmly, Meri"}))
    assert "On that morning 3 people get the mail below." in sure.text
    assert "Warmly, Meri" in sure.text
    with tenant_work(two.a.ref):
        assert find_launch().planned_for is None
    assert "Planned for" in owner.follow(owner.post("/set-up/launch/plan", {"on": day.isoformat()})).text
    with tenant_work(two.a.ref):
        assert find_launch().planned_for == day


def test_today_is_said_to_be_at_once(cast, two):
    ready(two.a)
    owner = cast.signed_in(two.a)
    sure = owner.follow(owner.post("/set-up/launch/draft", {"on": today().isoformat()}))
    assert "Launch now?" in sure.text
    owner.post("/set-up/launch/plan", {"on": today().isoformat()})
    cast.run_jobs()
    page = owner.get("/set-up/launch").text
    assert "All invitations have left" in page
    assert "3 of 3 mails" in page
    assert len(cast.mails()) == 3


@pytest.mark.parametrize(
    ("fields", "sentence"),
    [
        ({"on": "2020-01-01"}, "This day has passed."),
        ({"on": ""}, "Choose a day."),
        ({"on": "soon"}, "Choose a day"),
        ({"on": "2030-01-01", "greeting": "x" * 601}, "Use at most 600 characters."),
    ],
)
def test_each_fault_in_a_launch_is_named(cast, two, fields, sentence):
    ready(two.a)
    answer = cast.signed_in(two.a).post("/set-up/launch/draft", fields)
    assert answer.status_code == 422
    assert sentence in answer.text


def test_a_day_can_be_taken_back(cast, two):
    ready(two.a)
    planned(two.a)
    owner = cast.signed_in(two.a)
    answer = owner.follow(owner.post("/set-up/launch/cancellation"))
    assert "The day is taken back. Nothing has been sent." in answer.text
    with tenant_work(two.a.ref):
        assert find_launch().planned_for is None


def test_after_the_launch_nothing_can_be_taken_back_and_newcomers_have_a_button(cast, two):
    ready(two.a)
    launched(cast, two.a)
    owner = cast.signed_in(two.a)
    assert "already" in owner.follow(owner.post("/set-up/launch/cancellation")).text
    people(two.a, 12)
    assert "Invite the 12 new people" in owner.get("/set-up/launch").text
    owner.post("/set-up/launch/newcomers")
    cast.run_jobs()
    assert len(cast.mails()) == 15


@pytest.mark.parametrize("act", ["draft", "plan"])
def test_after_the_launch_its_forms_lead_back_to_it(cast, two, act):
    ready(two.a)
    launched(cast, two.a)
    answer = cast.signed_in(two.a).post(f"/set-up/launch/{act}", {"on": today().isoformat(), "greeting": "Late"})
    assert answer.headers["Location"].endswith("/set-up/launch")
    with tenant_work(two.a.ref):
        assert find_launch().greeting is None


def test_a_plan_without_a_day_is_not_one(cast, two):
    ready(two.a)
    assert cast.signed_in(two.a).post("/set-up/launch/plan", {"on": ""}).status_code == 422


def test_newcomers_before_the_launch_are_told_to_wait(cast, two):
    ready(two.a)
    owner = cast.signed_in(two.a)
    assert "only after the launch" in owner.follow(owner.post("/set-up/launch/newcomers")).text


def test_progress_answers_htmx_with_its_part_only(cast, two):
    ready(two.a)
    planned(two.a, today())
    owner = cast.signed_in(two.a)
    part = owner.get("/set-up/launch", headers={"HX-Request": "true"})
    assert part.text.strip().startswith("<section")
    assert 'refresh" content="3"' in owner.get("/set-up/launch").text


def test_whether_an_invitation_was_used_changes_nothing_on_the_leads_pages(cast, two):
    ready(two.a)
    launched(cast, two.a)
    lead = with_role(cast, two.a, Role.PROGRAMME_LEAD)
    before = pages_of(lead)
    with tenant_work(two.a.ref) as opened:
        opened.scalars(select(Invitation)).first().accepted_at = datetime.now(UTC)
    assert pages_of(lead) == before


def pages_of(browser):
    return [browser.get(path).text for path in ("/set-up", "/set-up/launch", "/people")]
