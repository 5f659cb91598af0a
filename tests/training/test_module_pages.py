"""Going through the module: in parts, on any day, for oneself alone."""

import re
from concurrent.futures import ThreadPoolExecutor
from types import SimpleNamespace

import pytest
from flask import Flask
from sqlalchemy import Engine, text

from app.training.policies import PARTS
from app.training.queries import has_completed, list_trained_ids
from app.vault import destroy_space, own_space
from tenants.unit_of_work import tenant_work
from tests.cast import Cast, Organisation
from tests.factories.browsers import Browser
from tests.factories.training import WORDS, do_part, offer_training, read_record, train

FIRST = "listening-exercise"


@pytest.fixture
def taking(cast: Cast) -> SimpleNamespace:
    """An employee of an organisation that offers the training."""
    organisation = cast.organisation("alpha")
    offer_training(organisation)
    browser, account = cast.employee(organisation)
    return SimpleNamespace(organisation=organisation, browser=browser, person_id=account.person_id)


def _finish_all(browser: Browser) -> None:
    for part in PARTS:
        sent = {"text": f"{WORDS} {part.key}"} if part.column else {}
        assert browser.post(f"/training/{part.key}", sent).status_code == 303


def test_whoever_begins_is_led_to_the_first_part(taking):
    page = taking.browser.get("/training").text
    assert "Begin here" in page
    assert 'href="/training/role">Begin' in page


def test_looking_stores_nothing(taking):
    taking.browser.get("/training")
    taking.browser.get(f"/training/{FIRST}")
    assert read_record(taking.organisation, taking.person_id) is None


def test_a_part_that_was_read_leads_to_the_next_and_the_first_page_remembers(taking):
    answer = taking.browser.post("/training/role")
    assert answer.location.endswith("/training/listening")
    page = taking.browser.get("/training").text
    assert "Go on where you left off" in page
    assert 'href="/training/listening">Go on' in page


def test_what_was_written_stands_in_its_field_the_next_time(taking):
    answer = taking.browser.post(f"/training/{FIRST}", {"text": "I wanted to <b>answer</b>.", "stay": "1"})
    page = taking.browser.follow(answer).text
    assert "I wanted to &lt;b&gt;answer&lt;/b&gt;.</textarea>" in page


def test_an_empty_text_is_asked_for_in_words(taking):
    answer = taking.browser.post(f"/training/{FIRST}", {"text": "  "})
    assert answer.status_code == 422
    assert "Write something first" in answer.text


def test_beside_what_one_writes_stands_who_can_read_it(taking):
    for part in PARTS:
        assert ("Only you can read this." in taking.browser.get(f"/training/{part.key}").text) == bool(part.column)


def test_the_training_is_done_when_all_is_read_and_all_is_written(taking):
    for left_out in PARTS:
        with tenant_work(taking.organisation.ref):
            assert not has_completed(taking.person_id), left_out
        do_part(taking.organisation, taking.person_id, left_out.key)
    with tenant_work(taking.organisation.ref):
        assert has_completed(taking.person_id)
        assert list_trained_ids() == {taking.person_id}


def test_reading_again_and_writing_anew_keep_the_day_on_which_it_was_done(taking):
    train(taking.organisation, taking.person_id)
    before = read_record(taking.organisation, taking.person_id).completed_at
    _finish_all(taking.browser)
    assert read_record(taking.organisation, taking.person_id).completed_at == before


def test_the_whole_way_ends_at_a_certificate_with_name_organisation_and_day(taking):
    _finish_all(taking.browser)
    assert "You have done the whole training" in taking.browser.get("/training").text
    page = taking.browser.get("/training/certificate").text
    assert "Ilta Koski" in page
    assert "Alpha" in page
    assert re.search(r"<time datetime=\"\d{4}-\d\d-\d\d\">", page)


def test_there_is_no_certificate_before_the_end(taking):
    assert taking.browser.get("/training/certificate").location.endswith("/training")


def test_a_part_that_there_is_not_is_not_here(taking):
    assert taking.browser.get("/training/flattery").status_code == 404
    assert taking.browser.post("/training/flattery").status_code == 404


def test_where_help_is_stands_inside_the_page_about_it(taking):
    page = taking.browser.get("/training/enough").text
    assert "Occupational health" in page
    assert "Call 3100, on working days" in page


@pytest.mark.parametrize(("language", "title"), [("fi", "Mikä Kamu on"), ("sv", "Vad en Kamu är")])
def test_the_module_speaks_the_readers_language(taking, language: str, title: str):
    taking.browser.post("/language", {"language": language})
    assert title in taking.browser.get("/training/role").text


def test_before_it_is_offered_nobody_can_begin(cast: Cast):
    organisation = cast.organisation("alpha")
    browser, account = cast.employee(organisation)
    assert "The training is not open yet" in browser.get("/training").text
    assert browser.get("/training/role").location.endswith("/training")
    assert browser.post("/training/role").location.endswith("/training")
    assert read_record(organisation, account.person_id) is None


def test_a_colleague_sees_neither_progress_nor_words(taking, cast: Cast):
    train(taking.organisation, taking.person_id)
    other, _ = cast.employee(taking.organisation, "petri@alpha.example")
    pages = [other.get("/training").text, other.get(f"/training/{FIRST}").text]
    assert all(WORDS not in page for page in pages)
    assert "Begin here" in pages[0]


def test_an_owner_without_a_place_in_the_directory_has_no_training(taking, cast: Cast):
    assert cast.signed_in(taking.organisation).get("/training").status_code == 403


def test_what_was_written_lies_sealed(taking, superuser: Engine):
    train(taking.organisation, taking.person_id)
    schema = taking.organisation.ref.schema
    with superuser.connect() as connection:
        row = connection.execute(
            text(f"SELECT first_exercise, second_exercise, reflection FROM {schema}.training_record")
        ).one()
    for sealed in row:
        assert WORDS.encode() not in bytes(sealed)


def test_words_whose_key_is_gone_are_gone_and_the_page_still_opens(taking):
    train(taking.organisation, taking.person_id)
    with tenant_work(taking.organisation.ref):
        destroy_space(own_space(taking.person_id))
    assert WORDS not in taking.browser.get(f"/training/{FIRST}").text


def test_two_windows_at_the_same_moment_lose_nothing(taking, app: Flask):
    def read(key: str) -> None:
        with app.app_context():
            do_part(taking.organisation, taking.person_id, key)

    with ThreadPoolExecutor(2) as both:
        list(both.map(read, ("ending", "role")))
    assert read_record(taking.organisation, taking.person_id).sections_read == ["role", "ending"]


def _pages_of_owner(cast: Cast, organisation: Organisation) -> str:
    owner = cast.signed_in(organisation)
    paths = ("/set-up", "/set-up/training", "/set-up/training/module", "/people")
    return "".join(re.sub(r'name="csrf_token" value="[^"]+"', "", owner.get(path).text) for path in paths)


def test_the_owners_pages_are_the_same_whoever_has_done_the_training(taking, cast: Cast):
    before = _pages_of_owner(cast, taking.organisation)
    train(taking.organisation, taking.person_id)
    assert _pages_of_owner(cast, taking.organisation) == before
