"""The set-up steps about readiness and time as people see them, with script and without."""

import pytest

from app.readiness.policies import Answer, Question
from app.readiness.queries import list_answers
from app.time_policy.queries import find_policy, has_policy
from tenants.unit_of_work import tenant_work
from tests.factories.policies import questions_answered, time_decided
from tests.journeys.browser import carry, look_over, looked, person

ALPHA = "http://alpha.kamu.localhost:8000"

pytestmark = pytest.mark.browser


def test_each_answer_is_kept_when_it_is_given_and_the_verdict_follows(screen, cast, two):
    with person(screen) as meri:
        carry(meri, "alpha.kamu.localhost:8000", cast.signed_in(two.a).cookie())
        page = look_over(meri, f"{ALPHA}/set-up/readiness", "readiness-empty")
        page.get_by_label("The customer comes first").check()
        page.get_by_text("Saved. 1 of 6 questions answered.").wait_for()
        page.get_by_label("People help each other of their own accord").check()
        page.get_by_text("Saved. 2 of 6 questions answered.").wait_for()
        with tenant_work(two.a.ref):
            assert list_answers() == {Question.TIME: Answer.NO, Question.CULTURE: Answer.YES}
        questions_answered(two.a, Answer.PARTLY, [Question.TRAINING, Question.LEADERS, Question.REPRESENTATIVES])
        questions_answered(two.a, Answer.UNKNOWN, [Question.VOLUNTARY])
        page.reload()
        page.get_by_role("heading", name="Not yet").wait_for()
        looked(page, "readiness-not-yet")
        look_over(meri, f"{ALPHA}/set-up", "home-not-yet")


def test_sums_follow_what_is_chosen_and_only_the_button_promises(screen, cast, two):
    with person(screen) as meri:
        carry(meri, "alpha.kamu.localhost:8000", cast.signed_in(two.a).cookie())
        page = look_over(meri, f"{ALPHA}/set-up/time", "time-empty")
        page.get_by_label("A Kamu’s time for each Kaveri, a month").select_option("6 hours")
        page.get_by_text("The sums do not fit").wait_for()
        looked(page, "time-too-much")
        with tenant_work(two.a.ref):
            assert not has_policy()
        page.get_by_label("A Kamu’s time for each Kaveri, a month").select_option("1 hour")
        page.get_by_text("The sums fit").wait_for()
        page.get_by_role("button", name="Promise this").click()
        page.get_by_text("This is what your organisation promises now.").first.wait_for()
        looked(page, "time-promised")
        look_over(meri, f"{ALPHA}/time", "time-for-everybody")


def test_both_work_without_script(screen, cast, two):
    with person(screen, script=False) as meri:
        carry(meri, "alpha.kamu.localhost:8000", cast.signed_in(two.a).cookie())
        page = meri.new_page()
        page.goto(f"{ALPHA}/set-up/readiness")
        page.get_by_label("The customer comes first").check()
        page.get_by_label("Yes, that is decided").check()
        page.get_by_role("button", name="Save the answers").click()
        page.get_by_text("Saved. 2 of 6 questions answered.").wait_for()
        time_decided(two.a)
        page.goto(f"{ALPHA}/set-up/time")
        page.get_by_label("Kaveris that a Kamu has room for").select_option("5")
        page.get_by_role("button", name="Only work it out").click()
        page.get_by_text("It fits, and takes more than half").wait_for()
        page.get_by_role("button", name="Promise this instead").click()
        page.get_by_text("This is what your organisation promises now.").first.wait_for()
        with tenant_work(two.a.ref):
            assert find_policy().places == 5
