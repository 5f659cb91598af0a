"""The six questions: for whom they are, how answers are kept, what the verdict says."""

import pytest

from app.access.roles import Role
from app.readiness.policies import Answer, Question
from app.readiness.queries import has_all_answers, list_answers
from tenants.unit_of_work import tenant_work
from tests.factories.launches import with_role
from tests.factories.policies import questions_answered

PATH = "/set-up/readiness"
ANSWERS = f"{PATH}/answers"
ALL_YES = {question.value: "yes" for question in Question}


def answers_of(organisation):
    with tenant_work(organisation.ref):
        return list_answers()


@pytest.mark.parametrize("role", [Role.OWNER, Role.PROGRAMME_LEAD])
def test_owner_and_lead_answer(cast, two, role):
    browser = with_role(cast, two.a, role)
    assert "6 questions are left" in browser.get(PATH).text
    page = browser.follow(browser.post(ANSWERS, ALL_YES))
    assert "The ground is ready" in page.text
    with tenant_work(two.a.ref):
        assert has_all_answers()


@pytest.mark.parametrize("role", [Role.IT_CONTACT, Role.BILLING_CONTACT, Role.EMPLOYEE_REPRESENTATIVE, Role.MEMBER])
def test_nobody_else_does(cast, two, role):
    browser = with_role(cast, two.a, role)
    assert browser.get(PATH).status_code == 403
    assert browser.post(ANSWERS, ALL_YES).status_code == 403


def test_an_answer_is_kept_as_it_is_given_and_found_again_later(cast, two):
    owner = cast.signed_in(two.a)
    owner.post(ANSWERS, {"time": "partly"}, headers={"HX-Request": "true"})
    page = cast.signed_in(two.a).get(PATH).text
    assert "5 questions are left" in page
    assert 'checked id="time-1"' in page
    assert answers_of(two.a) == {Question.TIME: Answer.PARTLY}


def test_htmx_gets_only_the_part_with_the_answers(cast, two):
    part = cast.signed_in(two.a).get(PATH, headers={"HX-Request": "true"})
    assert part.text.strip().startswith('<div class="with-aside" id="readiness">')


def test_what_a_colleague_answered_meanwhile_is_left_alone(cast, two):
    """The page stood open with “time” unanswered on it; what it sends of questions it did not change is old."""
    owner = cast.signed_in(two.a)
    questions_answered(two.a, Answer.YES, [Question.CULTURE])
    owner.post(ANSWERS, {"culture": "no", "seen-culture": "no", "leaders": "yes", "seen-leaders": ""})
    assert answers_of(two.a) == {Question.CULTURE: Answer.YES, Question.LEADERS: Answer.YES}


def test_a_newer_answer_takes_the_place_of_the_older(cast, two):
    questions_answered(two.a, Answer.NO)
    cast.signed_in(two.a).post(ANSWERS, {"time": "yes", "seen-time": "no"})
    assert answers_of(two.a)[Question.TIME] is Answer.YES


def test_not_yet_is_an_answer_that_names_what_is_missing_and_what_to_do(cast, two):
    questions_answered(two.a)
    questions_answered(two.a, Answer.NO, [Question.TIME])
    questions_answered(two.a, Answer.UNKNOWN, [Question.REPRESENTATIVES])
    page = cast.signed_in(two.a).get(PATH).text
    for sentence in (
        "Not yet",
        "Time for a colleague does not hold yet when a customer calls.",
        "Promise the time as an organisation",
        "Nobody knows yet whether the people’s representatives have been told.",
        "Nothing is locked meanwhile.",
    ):
        assert sentence in page
    assert "Help between colleagues does not come by itself" not in page


def test_what_is_no_answer_is_refused(cast, two):
    assert cast.signed_in(two.a).post(ANSWERS, {"time": "perhaps"}).status_code == 422
    assert answers_of(two.a) == {}


def test_the_other_organisation_has_answers_of_its_own(cast, two):
    questions_answered(two.a)
    assert "6 questions are left" in cast.signed_in(two.b).get(PATH).text
