"""The start page and what follows it, until the link is in the mail."""

import re
from datetime import timedelta

import pytest
from sqlalchemy import select

from onboarding.models import SignUp
from tenants.unit_of_work import control_work
from tests.factories.sign_ups import set_back

FORM = {"organisation": "Saarnikoski", "slug": "saarnikoski", "email": "meri@saarnikoski.example"}


@pytest.fixture
def start(cast):
    browser = cast.browser()
    browser.get("/")
    return browser


def test_the_start_page_offers_a_place(start):
    assert "Open a place for your organisation" in start.last.text


def test_a_sign_up_sends_one_mail_with_a_link_to_the_start_host(start, cast):
    answer = start.follow(start.post("/sign-ups", FORM))
    cast.run_jobs()
    assert "Look at your mail" in answer.text
    mails = cast.mails("meri@saarnikoski.example")
    assert len(mails) == 1
    assert re.search(r"http://kamu\.localhost:8000/confirmations/\S+", mails[0].text)


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        ({"slug": "staff"}, "kept for the service itself"),
        ({"slug": "a--b"}, "Hyphens stand one at a time"),
        ({"slug": "ab"}, "Use at least 3 characters"),
        ({"slug": "kevät"}, "Use the letters a to z"),
        ({"slug": "x" * 41}, "Use at most 40 characters"),
        ({"email": "meri@"}, "This does not look like an e-mail address"),
        ({"email": ""}, "Write your e-mail address"),
        ({"organisation": " "}, "Write the name of your organisation"),
        ({"organisation": "x" * 81}, "Use at most 80 characters"),
    ],
)
def test_each_fault_is_named_and_the_text_is_kept(start, cast, change, sentence):
    answer = start.post("/sign-ups", FORM | change)
    assert answer.status_code == 422
    assert sentence in answer.text
    assert 'value="Saarnikoski"' in answer.text or "organisation" in change
    cast.run_jobs()
    assert cast.mails() == []


def test_a_taken_name_is_explained_with_one_that_is_free(start, two):
    answer = start.post("/sign-ups", FORM | {"slug": "alpha"})
    assert answer.status_code == 422
    assert "alpha has a home here already. alpha-people is free." in answer.text


def test_an_empty_address_name_is_suggested_from_the_name(start):
    answer = start.post("/sign-ups", FORM | {"slug": "", "organisation": "Kevätpuro Oy", "check": "1"})
    assert answer.status_code == 200
    assert 'value="kevatpuro"' in answer.text
    assert "kevatpuro is free" in answer.text


def test_the_live_check_answers_with_the_field_only(start):
    answer = start.post("/address-names", FORM | {"slug": "www"}, headers={"HX-Request": "true"})
    assert "<html" not in answer.text
    assert "kept for the service itself" in answer.text


def test_the_mail_can_be_sent_again_after_a_minute_only(start, cast):
    page = start.post("/sign-ups", FORM)
    cast.run_jobs()
    path = page.headers["Location"].removeprefix("http://kamu.localhost:8000")
    answer = start.post(f"{path}/mails")
    assert answer.status_code == 429
    assert len(cast.mails()) == 1


def test_another_mailbox_makes_the_first_link_useless(start, cast):
    page = start.post("/sign-ups", FORM)
    cast.run_jobs()
    path = page.headers["Location"].removeprefix("http://kamu.localhost:8000")
    start.follow(start.post(f"{path}/email", {"email": "otso@saarnikoski.example"}))
    cast.run_jobs()
    first, second = (cast.mails(f"{name}@saarnikoski.example")[0] for name in ("meri", "otso"))
    assert start.get(link_in(first)).status_code == 410
    assert start.get(link_in(second)).status_code == 200


def test_one_mailbox_cannot_be_filled_from_the_open_form(start, cast):
    answers = [start.post("/sign-ups", FORM | {"slug": f"place-{n}"}).status_code for n in range(11)]
    assert answers == [303] * 10 + [429]


@pytest.mark.parametrize("path", ["/sign-ups/nonsense", "/confirmations/nonsense"])
def test_a_token_of_somebody_elses_making_is_not_found(start, path):
    assert start.get(path).status_code == 404


@pytest.mark.parametrize("path", ["/sign-ups", "/address-names"])
def test_forms_are_not_pages(start, path):
    assert start.get(path).status_code == 405


def test_the_mail_comes_again_when_asked_a_minute_later(start, cast):
    path = mail_page(start, cast)
    set_back(the_wish().id, mailed_at=timedelta(minutes=2))
    assert "The mail is on its way once more." in start.follow(start.post(f"{path}/mails")).text
    cast.run_jobs()
    first, second = cast.mails()
    assert link_in(first) == link_in(second)


def test_a_sixth_mail_is_refused(start, cast):
    path = mail_page(start, cast)
    for _ in range(4):
        set_back(the_wish().id, mailed_at=timedelta(minutes=2))
        assert start.post(f"{path}/mails").status_code == 303
        cast.run_jobs()
    set_back(the_wish().id, mailed_at=timedelta(minutes=2))
    assert start.post(f"{path}/mails").status_code == 429


@pytest.mark.parametrize("act", ["mails", "email"])
def test_after_a_day_the_mail_page_says_that_it_is_too_late(start, cast, act):
    path = mail_page(start, cast)
    set_back(the_wish().id, expires_at=timedelta(days=2))
    answer = start.post(f"{path}/{act}", {"email": "otso@saarnikoski.example"})
    assert answer.status_code == 410
    assert start.get(path).status_code == 410


@pytest.mark.parametrize("act", ["mails", "email"])
def test_after_the_confirmation_the_mail_page_points_there(start, cast, act):
    path = mail_page(start, cast)
    start.post(link_in(cast.mails()[0]))
    answer = start.follow(start.post(f"{path}/{act}", {"email": "otso@saarnikoski.example"}))
    assert "has been used" in answer.text


def test_a_wish_that_was_swept_is_too_old(start, cast):
    path = mail_page(start, cast)
    with control_work() as control:
        control.delete(control.scalars(select(SignUp)).one())
    assert start.get(path).status_code == 410
    assert start.get(link_in(cast.mails()[0])).status_code == 410
    assert start.post(link_in(cast.mails()[0])).status_code == 410


def test_another_mailbox_must_be_one(start, cast):
    answer = start.post(f"{mail_page(start, cast)}/email", {"email": "nobody"})
    assert answer.status_code == 422
    assert "This does not look like an e-mail address" in answer.text


def mail_page(start, cast):
    """Sign up and return the path of the page that follows."""
    answer = start.post("/sign-ups", FORM)
    cast.run_jobs()
    return answer.headers["Location"].removeprefix("http://kamu.localhost:8000")


def the_wish():
    with control_work() as control:
        return control.scalars(select(SignUp)).one()


def link_in(mail):
    return re.search(r"http://kamu\.localhost:8000(/confirmations/\S+)", mail.text)[1]
