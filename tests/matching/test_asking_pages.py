"""Suggestions and questions as people see them."""

from datetime import timedelta

import pytest

from app.access.roles import Role
from app.clock import now
from app.people.queries import get_person
from tenants.models import new_id
from tenants.unit_of_work import tenant_work
from tests.factories.asks import Asking

NEUTRAL = "This one didn’t come about; here are your other suggestions."
WISHES = {"topics": ["balance"], "ways": ["walk"], "languages": ["fi"]}


@pytest.fixture
def asking(house):
    return Asking(house.ref)


@pytest.fixture
def browser_of(cast, house):
    """A browser in which somebody of the directory is signed in."""

    def browser_of(person_id):
        with tenant_work(house.ref):
            person = get_person(person_id)
        account = cast.account(house.ref, person.email, Role.MEMBER, name=person.name, person=person)
        return cast.signed_in(house, account.id)

    return browser_of


def test_suggestions_come_with_reasons_in_words_and_without_any_measure(volunteers, browser_of):
    kaveri = volunteers.kaveri(site="Oulu", wishes=WISHES)
    volunteers.kamu(given_name="Rauha", site="Oulu", wishes=WISHES | {"introduction": "I listen first."})
    volunteers.kamu(given_name="Kuisma", site="Turku", wishes={"languages": ["fi", "sv"]})
    page = browser_of(kaveri).get("/suggestions").text
    assert "Two who could be your Kamu" in page
    assert "“I listen first.”" in page
    assert "A topic you both chose: Balance between work and home" in page
    assert "Another site: Turku" in page
    assert "%" not in page.partition("<main")[2].partition("</main>")[0]


def test_asking_waits_and_can_be_taken_back(volunteers, browser_of):
    kaveri, kamu = volunteers.kaveri(), volunteers.kamu(given_name="Rauha")
    volunteers.kamu(given_name="Kuisma")
    lumi = browser_of(kaveri)
    asked = lumi.follow(lumi.post("/suggestions/ask", {"kamu": kamu}))
    assert "You have asked Rauha" in asked.text
    assert "Kuisma" not in asked.text
    back = lumi.follow(lumi.post("/suggestions/take-back"))
    assert "Taken back" in back.text
    assert "One who could be your Kamu" in back.text
    assert "Kuisma" in back.text


def test_one_can_let_chance_choose(volunteers, browser_of):
    kaveri = volunteers.kaveri()
    names = {volunteers.kamu(given_name=name) and name for name in ("Rauha", "Kuisma")}
    lumi = browser_of(kaveri)
    asked = lumi.follow(lumi.post("/suggestions/ask", {"kamu": "any"})).text
    assert any(f"You have asked {name}" in asked for name in names)


def test_whoever_chose_nobody_is_told_so(volunteers, browser_of):
    kaveri = volunteers.kaveri()
    volunteers.kamu()
    lumi = browser_of(kaveri)
    answer = lumi.post("/suggestions/ask", {})
    assert answer.status_code == 422
    assert "Choose one of them first" in answer.text
    assert lumi.post("/suggestions/ask", {"kamu": "somebody"}).status_code == 404


def test_asking_whoever_would_rather_not_reads_like_asking_anybody_else_who_is_not_suggested(volunteers, browser_of):
    kaveri = volunteers.kaveri()
    volunteers.kamu(given_name="Kuisma")
    vetoing, full = volunteers.kamu(), volunteers.kamu(places=0)
    volunteers.veto(vetoing, kaveri)
    lumi = browser_of(kaveri)
    pages = []
    for somebody in (vetoing, full, new_id()):
        answer = lumi.post("/suggestions/ask", {"kamu": somebody})
        pages.append((answer.status_code, answer.location, lumi.follow(answer).text))
    assert NEUTRAL in pages[0][2]
    assert pages[0] == pages[1] == pages[2]


def test_a_second_question_is_refused_in_words(volunteers, browser_of):
    kaveri, kamu, other = volunteers.kaveri(), volunteers.kamu(), volunteers.kamu()
    lumi = browser_of(kaveri)
    lumi.post("/suggestions/ask", {"kamu": kamu})
    assert "You have asked already" in lumi.follow(lumi.post("/suggestions/ask", {"kamu": other})).text


def test_rather_not_takes_somebody_off_the_page_quietly(volunteers, browser_of):
    kaveri, kamu = volunteers.kaveri(), volunteers.kamu(given_name="Kuisma")
    lumi = browser_of(kaveri)
    answer = lumi.follow(lumi.post("/suggestions/rather-not", {"person": kamu}))
    assert "Only you can read it" in answer.text
    assert "Kuisma" not in answer.text
    assert "Kuisma" in lumi.get("/choices/rather-not").text


def test_the_page_says_who_wants_no_kamu_what_to_do_first(volunteers, browser_of):
    assert "Say first that you’d like a Kamu" in browser_of(volunteers.person()).get("/suggestions").text
    assert "Nobody to suggest just now" in browser_of(volunteers.kaveri()).get("/suggestions").text


def test_a_no_changes_nothing_on_the_kaveris_page(volunteers, browser_of, asking):
    kaveri, kamu = volunteers.kaveri(), volunteers.kamu()
    volunteers.kamu(given_name="Kuisma")
    lumi = browser_of(kaveri)
    ask_id = asking.ask(kaveri, kamu, now=now())
    before = lumi.get("/suggestions").text
    asking.answer(ask_id, kamu, yes=False, now=now())
    assert lumi.get("/suggestions").text == before


def test_after_the_week_a_no_and_silence_read_the_same(volunteers, browser_of, asking):
    kaveri, kamu = volunteers.kaveri(), volunteers.kamu()
    volunteers.kamu(given_name="Kuisma")
    lumi = browser_of(kaveri)
    ask_id = asking.ask(kaveri, kamu, now=now() - timedelta(days=12))
    silence = lumi.get("/suggestions").text
    asking.answer(ask_id, kamu, yes=False, now=now() - timedelta(days=11))
    assert NEUTRAL in silence
    assert lumi.get("/suggestions").text == silence


# As a Kamu


def test_a_kamu_answers_yes_or_no_and_no_reason_is_asked(volunteers, browser_of, asking):
    kaveri, kamu = volunteers.kaveri(given_name="Lumi", unit="Grid"), volunteers.kamu()
    ask_id = asking.ask(kaveri, kamu, now=now())
    rauha = browser_of(kamu)
    page = rauha.get("/asks").text
    assert "Lumi Koski" in page
    assert "Grid" in page
    assert "<textarea" not in page
    answered = rauha.follow(rauha.post(f"/asks/{ask_id}/answer", {"answer": "no"}))
    assert "Nobody learns that it was a no" in answered.text
    assert "Lumi" not in answered.text
    again = rauha.follow(rauha.post(f"/asks/{ask_id}/answer", {"answer": "yes"}))
    assert "This question is over" in again.text


def test_a_yes_leads_to_the_page_of_the_two(volunteers, browser_of, asking):
    kaveri, kamu = volunteers.kaveri(given_name="Lumi"), volunteers.kamu(given_name="Rauha")
    ask_id = asking.ask(kaveri, kamu, now=now())
    rauha, lumi = browser_of(kamu), browser_of(kaveri)
    answer = rauha.post(f"/asks/{ask_id}/answer", {"answer": "yes"})
    assert "Lumi" in rauha.follow(answer).text
    assert "Your Kamu is Rauha" in lumi.get("/suggestions").text


def test_a_yes_that_cannot_be_any_more_reads_like_any_no(volunteers, browser_of, asking):
    kamu = volunteers.kamu(places=1)
    first, second = (asking.ask(volunteers.kaveri(), kamu, now=now()) for _ in range(2))
    asking.answer(first, kamu, yes=True, now=now())
    rauha = browser_of(kamu)
    assert "Your places are taken" in rauha.get("/asks").text
    answer = rauha.follow(rauha.post(f"/asks/{second}/answer", {"answer": "yes"}))
    assert "This one didn’t come about" in answer.text


def test_another_kamus_question_is_not_there(volunteers, browser_of, asking):
    kaveri, kamu, other = volunteers.kaveri(), volunteers.kamu(), volunteers.kamu()
    ask_id = asking.ask(kaveri, kamu, now=now())
    for somebody in (other, kaveri):
        assert browser_of(somebody).post(f"/asks/{ask_id}/answer", {"answer": "no"}).status_code == 404
    assert browser_of(kamu).post(f"/asks/{ask_id}/answer", {"answer": "because"}).status_code == 400


def test_nothing_asked_says_who_is_asked(volunteers, browser_of):
    assert "stands here for a week" in browser_of(volunteers.kamu()).get("/asks").text
    assert "Only Kamus are asked" in browser_of(volunteers.kaveri()).get("/asks").text


def test_today_tells_whom_one_has_asked_and_a_no_only_after_the_week(volunteers, browser_of, asking):
    kaveri, kamu = volunteers.kaveri(), volunteers.kamu(given_name="Rauha")
    lumi = browser_of(kaveri)
    ask_id = asking.ask(kaveri, kamu, now=now())
    before = lumi.get("/today").text
    assert "You have asked Rauha" in before
    asking.answer(ask_id, kamu, yes=False, now=now())
    assert lumi.get("/today").text == before
    another = volunteers.kaveri()
    asking.ask(another, kamu, now=now() - timedelta(days=12))
    assert NEUTRAL in browser_of(another).get("/today").text
