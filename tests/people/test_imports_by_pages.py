"""A file of people through the pages: checked, put right, taken in, taken back."""

from types import SimpleNamespace
from uuid import uuid4

import pytest

from tests.cast import Cast
from tests.factories.rosters import HEADER, id_of, import_of, people_of, roster, send, staff


@pytest.fixture
def alpha(cast: Cast) -> SimpleNamespace:
    organisation = cast.organisation("alpha")
    return SimpleNamespace(
        organisation=organisation, ref=organisation.ref, browser=cast.signed_in(organisation), cast=cast
    )


def take_in(alpha: SimpleNamespace, text: str | bytes):
    import_id = id_of(send(alpha.browser, text))
    answer = alpha.browser.post(f"/people/imports/{import_id}/intake")
    assert answer.status_code == 303, answer.text
    alpha.cast.run_jobs()
    return import_id


def test_an_empty_directory_says_what_will_come_and_how_to_begin(alpha):
    page = alpha.browser.get("/people").text
    assert "Nobody is here yet" in page
    assert "/people/imports/new" in page


def test_a_file_is_checked_before_anything_happens(alpha):
    answer = send(alpha.browser, roster(staff(5)))
    page = alpha.browser.follow(answer).text
    assert "5 rows ready" in page
    assert "Take in 5 rows" in page
    assert people_of(alpha.ref) == {}


def test_a_file_is_taken_in_with_its_supervisors(alpha):
    import_id = take_in(alpha, roster(staff(5)))
    people = people_of(alpha.ref)
    assert len(people) == 5
    chief = people["aava0@alpha.example"]
    assert {person.supervisor_id for person in people.values()} == {None, chief.id}
    page = alpha.browser.get(f"/people/imports/{import_id}").text
    assert "5 rows are taken in" in page
    assert "Aava3 Koski" in alpha.browser.get("/people").text
