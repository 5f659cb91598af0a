"""The directory and one person of it by hand; who may open what."""

from types import SimpleNamespace
from uuid import uuid4

import pytest

from app.access.roles import Role
from app.clock import now
from app.people.models import Person
from tests.cast import Cast
from tests.factories.rosters import id_of, people_of, roster, send, staff

AAVA = {"given_name": "Aava", "family_name": "Koski", "email": "Aava@alpha.example", "language": "fi"}


@pytest.fixture
def alpha(cast: Cast) -> SimpleNamespace:
    organisation = cast.organisation("alpha")
    return SimpleNamespace(
        organisation=organisation, ref=organisation.ref, browser=cast.signed_in(organisation), cast=cast
    )


def add(alpha, **values) -> Person:
    answer = alpha.browser.post("/people", {**AAVA, **values})
    assert answer.status_code == 303, answer.text
    return people_of(alpha.ref)[(values.get("email") or AAVA["email"]).lower()]


def test_an_empty_directory_says_what_will_come_and_how_to_begin(alpha):
    page = alpha.browser.get("/people").text
    assert "Nobody is here yet" in page
    assert "/people/imports/new" in page


def test_somebody_is_added_by_hand(alpha):
    boss = add(alpha, email="vieno@alpha.example", given_name="Vieno")
    person = add(alpha, supervisor="VIENO@alpha.example", unit="Grid", starts_on="2026-01-12", employee_number="7")
    assert (person.name, person.email, person.language) == ("Aava Koski", "aava@alpha.example", "fi")
    assert (person.unit, person.supervisor_id, str(person.starts_on)) == ("Grid", boss.id, "2026-01-12")
    assert "Aava Koski" in alpha.browser.get("/people").text


def test_a_mark_that_no_text_can_hold_finds_as_if_it_were_not_there(alpha):
    add(alpha)
    assert "Aava Koski" in alpha.browser.get("/people?search=ko%00ski").text


def test_somebody_is_changed_by_hand(alpha):
    person, next_year = add(alpha, unit="Grid"), now().year + 1
    form = alpha.browser.get(f"/people/{person.id}").text
    assert 'value="Grid"' in form
    answer = alpha.browser.post(f"/people/{person.id}", {**AAVA, "unit": "Finance", "ends_on": f"{next_year}-12-31"})
    assert answer.status_code == 303
    changed = people_of(alpha.ref)["aava@alpha.example"]
    assert (changed.unit, str(changed.ends_on)) == ("Finance", f"{next_year}-12-31")
    assert f"Until 31 December {next_year}" in alpha.browser.get("/people").text


@pytest.mark.parametrize(
    ("values", "says"),
    [
        ({"given_name": ""}, "A first name is needed."),
        ({"email": ""}, "An address is needed."),
        ({"email": "aava@"}, "This is not an e-mail address."),
        ({"email": "vieno@alpha.example"}, "Somebody in the directory has this address already."),
        ({"employee_number": "1"}, "Somebody in the directory has this number already."),
        ({"supervisor": "nobody@alpha.example"}, "Nobody in the directory has this address."),
        ({"starts_on": "2026-02-01", "ends_on": "2026-01-01"}, "The last day comes before the first."),
    ],
    ids=str,
)
def test_what_cannot_be_is_said_beside_the_field_and_the_text_is_kept(alpha, values, says):
    add(alpha, email="vieno@alpha.example", employee_number="1")
    answer = alpha.browser.post("/people", {**AAVA, "unit": "Kept as typed", **values})
    assert answer.status_code == 422
    assert says in answer.text
    assert "Kept as typed" in answer.text
    assert len(people_of(alpha.ref)) == 1


def test_nobody_supervises_those_above_them(alpha):
    boss = add(alpha, email="vieno@alpha.example")
    add(alpha, supervisor="vieno@alpha.example")
    for supervisor in ("aava@alpha.example", "vieno@alpha.example"):
        answer = alpha.browser.post(
            f"/people/{boss.id}", {**AAVA, "email": "vieno@alpha.example", "supervisor": supervisor}
        )
        assert answer.status_code == 422
        assert "stands under the one you are changing" in answer.text


def test_somebody_who_should_never_have_been_here_is_removed(alpha):
    boss = add(alpha, email="vieno@alpha.example")
    add(alpha, supervisor="vieno@alpha.example")
    assert alpha.browser.post(f"/people/{boss.id}/removal").status_code == 303
    people = people_of(alpha.ref)
    assert list(people) == ["aava@alpha.example"]
    assert people["aava@alpha.example"].supervisor_id is None


def test_somebody_who_has_come_in_is_not_removed_but_gets_a_last_day(alpha):
    person = add(alpha)
    alpha.cast.account(alpha.ref, person.email, person=person)
    answer = alpha.browser.post(f"/people/{person.id}/removal")
    assert "Give them a last day instead" in alpha.browser.follow(answer).text
    assert len(people_of(alpha.ref)) == 1


def test_search_finds_by_any_word_and_says_when_it_finds_nobody(alpha):
    add(alpha, unit="Grid", site="Oulu")
    add(alpha, email="ilo@alpha.example", given_name="Ilo", unit="Finance")
    page = alpha.browser.get("/people?search=oulu+aava").text
    assert "1 person found" in page
    assert "ilo@alpha.example" not in page
    assert "Nobody in the directory fits “%”" in alpha.browser.get("/people?search=%25").text


def test_search_answers_htmx_with_the_list_alone(alpha):
    add(alpha)
    answer = alpha.browser.get("/people?search=aava", headers={"HX-Request": "true"})
    assert "<html" not in answer.text
    assert 'id="people-list"' in answer.text


def test_a_long_directory_has_pages(alpha):
    import_id = id_of(send(alpha.browser, roster(staff(60))))
    alpha.browser.post(f"/people/imports/{import_id}/intake")
    alpha.cast.run_jobs()
    assert "1 to 50 of 60" in alpha.browser.get("/people").text
    assert "51 to 60 of 60" in alpha.browser.get("/people?start=50").text
    assert alpha.browser.get("/people?start=-5").status_code == 200
    assert alpha.browser.get("/people?start=many").status_code == 200


def addresses(person_id, import_id):
    """Every page: method, address."""
    return [
        ("GET", "/people"),
        ("GET", "/people/new"),
        ("POST", "/people"),
        ("GET", f"/people/{person_id}"),
        ("POST", f"/people/{person_id}"),
        ("POST", f"/people/{person_id}/removal"),
        ("GET", "/people/imports/new"),
        ("POST", "/people/imports"),
        ("GET", "/people/imports/sample.csv"),
        ("GET", f"/people/imports/{import_id}"),
        *(
            ("POST", f"/people/imports/{import_id}/{what}")
            for what in ("columns", "corrections", "left-out", "left-out/removal", "intake", "removal", "undo")
        ),
    ]


def status(browser, method, path):
    return (browser.get(path) if method == "GET" else browser.post(path)).status_code


def test_nobody_without_the_permission_opens_any_of_it(alpha):
    person = add(alpha)
    import_id = id_of(send(alpha.browser, roster(staff(2))))
    for role in (Role.MEMBER, Role.BILLING_CONTACT, Role.EMPLOYEE_REPRESENTATIVE):
        account = alpha.cast.account(alpha.ref, f"{role}@alpha.example", role)
        browser = alpha.cast.signed_in(alpha.organisation, account.id)
        assert {status(browser, *each) for each in addresses(person.id, import_id)} == {403}


def test_the_roles_that_may_bring_people_in_open_all_pages(alpha):
    person = add(alpha)
    import_id = id_of(send(alpha.browser, roster(staff(2))))
    for role in (Role.PROGRAMME_LEAD, Role.IT_CONTACT):
        account = alpha.cast.account(alpha.ref, f"{role}@alpha.example", role)
        browser = alpha.cast.signed_in(alpha.organisation, account.id)
        for method, path in addresses(person.id, import_id):
            if method == "GET":
                assert status(browser, method, path) == 200


def test_another_organisation_finds_none_of_it(alpha):
    person = add(alpha)
    import_id = id_of(send(alpha.browser, roster(staff(2))))
    beta = alpha.cast.organisation("beta")
    browser = alpha.cast.signed_in(beta)
    for method, path in addresses(person.id, import_id):
        if str(person.id) in path or str(import_id) in path:
            assert status(browser, method, path) == 404, path
    assert len(people_of(alpha.ref)) == 1
    assert "Aava" not in browser.get("/people").text


def test_a_stranger_is_asked_to_sign_in(alpha):
    stranger = alpha.cast.browser(alpha.organisation)
    assert stranger.get("/people").status_code == 303
    assert stranger.post("/people", AAVA).status_code in {401, 400}


def test_an_unknown_or_ill_formed_id_is_not_found(alpha):
    for each in (uuid4(), "17", "new-person"):
        for method, path in addresses(each, each):
            if str(each) in path:
                assert status(alpha.browser, method, path) == 404, path


def test_the_wrong_method_is_named(alpha):
    person = add(alpha)
    import_id = id_of(send(alpha.browser, roster(staff(2))))
    for path in (
        f"/people/{person.id}/removal",
        f"/people/imports/{import_id}/intake",
        f"/people/imports/{import_id}/undo",
    ):
        assert alpha.browser.get(path).status_code == 405
    assert alpha.browser.post("/people/imports/new").status_code == 405
    assert alpha.browser.post(f"/people/imports/{import_id}").status_code == 405
