"""Set-up home, launch and welcome: for whom they are, what they say, what they refuse."""

from datetime import timedelta

import pytest

from app.access.roles import Role
from onboarding.queries.launch import find_launch
from tenants.models import TenantBase
from tenants.unit_of_work import tenant_work
from tests.factories.launches import connected, launched, people, planned, ready, today

ADMINS = [Role.OWNER, Role.PROGRAMME_LEAD, Role.IT_CONTACT, Role.BILLING_CONTACT, Role.EMPLOYEE_REPRESENTATIVE]


def with_role(cast, organisation, role):
    account = cast.account(organisation.ref, f"has.{role}@{organisation.slug}.example", role)
    return cast.signed_in(organisation, account.id)


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


@pytest.mark.parametrize("role", [Role.IT_CONTACT, Role.BILLING_CONTACT, Role.EMPLOYEE_REPRESENTATIVE])
def test_only_owner_and_lead_may_launch(cast, two, role):
    ready(two.a)
    browser = with_role(cast, two.a, role)
    assert browser.get("/set-up/launch").status_code == 403
    for act in ("draft", "plan", "cancellation", "newcomers"):
        assert browser.post(f"/set-up/launch/{act}", {"on": today().isoformat()}).status_code == 403


@pytest.mark.parametrize("path", ["/set-up", "/set-up/launch", "/welcome", "/not-now"])
def test_strangers_are_led_to_the_door_and_other_organisations_find_nothing(cast, two, path):
    assert cast.browser(two.a).get(path).headers["Location"].endswith("/sign-in")
    foreign = cast.browser(two.a)
    foreign.use_cookie(cast.signed_in(two.b).cookie())
    assert foreign.get(path).status_code == 404


@pytest.mark.parametrize("path", ["draft", "plan", "cancellation", "newcomers"])
def test_launch_acts_are_not_pages(cast, two, path):
    assert cast.signed_in(two.a).get(f"/set-up/launch/{path}").status_code == 405


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


def test_a_launch_without_people_and_sign_in_says_what_is_missing(cast, two):
    owner = cast.signed_in(two.a)
    page = owner.get("/set-up/launch").text
    assert "There is nobody in the directory." in page
    assert "The sign-in is not switched on" in page
    assert owner.post("/set-up/launch/plan", {"on": today().isoformat()}).status_code == 409


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


def test_progress_answers_htmx_with_its_part_only(cast, two):
    ready(two.a)
    planned(two.a, today())
    owner = cast.signed_in(two.a)
    part = owner.get("/set-up/launch", headers={"HX-Request": "true"})
    assert part.text.strip().startswith("<section")
    assert 'refresh" content="3"' in owner.get("/set-up/launch").text


@pytest.mark.parametrize("language", ["en", "fi", "sv"])
def test_the_mail_can_be_read_before_it_is_sent_in_each_language(cast, two, language):
    page = cast.signed_in(two.a).get(f"/set-up/launch?language={language}").text
    assert f'<pre class="plain-mail" lang="{language}">' in page
    assert "Ilta" in page


def test_own_words_are_text_and_never_markup(cast, two):
    (email,) = ready(two.a, 1)
    owner = cast.signed_in(two.a)
    owner.post("/set-up/launch/draft", {"on": today().isoformat(), "greeting": "<b>bold</b>"})
    assert "<b>bold</b>" not in owner.get("/set-up/launch").text.replace("&lt;b&gt;", "")
    owner.post("/set-up/launch/plan", {"on": today().isoformat()})
    cast.run_jobs()
    (mail,) = cast.mails(email)
    assert "&lt;b&gt;bold&lt;/b&gt;" in mail.html


def test_the_welcome_is_for_members(cast, two):
    employee, _ = cast.employee(two.a)
    page = employee.get("/welcome").text
    assert "A colleague to think with" in page
    assert "That choice is not open yet" in page
    assert cast.signed_in(two.a).get("/welcome").status_code == 403


def test_not_now_leaves_no_mark(cast, two):
    employee, _ = cast.employee(two.a)
    employee.get("/welcome")
    before = everything(two.a)
    answer = employee.follow(employee.post("/not-now"))
    assert "The door stays open" in answer.text
    assert everything(two.a) == before


def everything(organisation):
    with tenant_work(organisation.ref) as opened:
        return {table.name: opened.execute(table.select()).all() for table in TenantBase.metadata.sorted_tables}
