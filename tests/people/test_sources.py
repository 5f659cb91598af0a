"""A person has three sources: the organisation's own directory, a file, a hand. Who owns what is one rule."""

import io
from datetime import timedelta

import pytest

from app.access.actions import add_account
from app.people.actions import (
    add_person,
    change_person,
    deactivate_person,
    reactivate_person,
    remove_provisioned,
    write_provisioned,
)
from app.people.errors import EmailIsTaken, ExternalIdIsTaken, SupervisorGoesRound, UserNameIsTaken
from app.people.models import Person
from app.people.queries import list_people
from tenants.models import utc_now
from tenants.unit_of_work import session, tenant_work

NOW = utc_now()
AINO = {
    "given_name": "Aino",
    "family_name": "Virta",
    "email": "Aino@alpha.example",
    "user_name": "aino@alpha.example",
    "external_id": "object-1",
    "job_title": "Engineer",
}


@pytest.fixture
def acme(cast):
    organisation = cast.organisation("alpha")
    with tenant_work(organisation.ref):
        yield organisation


def test_what_the_directory_sets_is_its_own_and_what_it_never_set_stays(acme):
    known = add_person(
        values={"given_name": "A.", "family_name": "Virta", "email": "aino@alpha.example", "site": "Espoo"}, now=NOW
    )
    person = write_provisioned(known, values={**AINO, "site": None}, now=NOW)
    assert person.given_name == "Aino"
    assert person.site == "Espoo"  # never the directory's, so its silence empties nothing
    assert person.directory_fields == ["email", "family_name", "given_name", "job_title"]
    version = person.version
    write_provisioned(person, values=AINO, now=NOW + timedelta(days=1))
    assert (person.version, person.updated_at) == (version, NOW)  # the same again is no change
    write_provisioned(person, values={"job_title": None}, now=NOW)
    assert person.job_title is None
    assert "job_title" not in person.directory_fields
    assert person.version == version + 1


def test_names_that_only_one_has_are_refused_to_a_second(acme):
    write_provisioned(None, values=AINO, now=NOW)
    other = {"given_name": "Eero", "email": "eero@alpha.example", "user_name": "eero", "external_id": "object-2"}
    for name, refusal in (("email", EmailIsTaken), ("user_name", UserNameIsTaken), ("external_id", ExternalIdIsTaken)):
        taken = AINO[name].lower() if name == "email" else AINO[name]
        with pytest.raises(refusal):
            write_provisioned(None, values={**other, name: taken}, now=NOW)
    chief = write_provisioned(None, values=other, now=NOW)
    aino = write_provisioned(
        None, values={**AINO, "email": "a@b.example", "user_name": "a", "external_id": "3"}, now=NOW
    )
    write_provisioned(aino, values={"supervisor_id": chief.id}, now=NOW)
    with pytest.raises(SupervisorGoesRound):
        write_provisioned(chief, values={"supervisor_id": aino.id}, now=NOW)


def test_access_is_taken_and_given_back_and_the_seat_is_counted_anew(acme):
    person = write_provisioned(None, values=AINO, now=NOW)
    deactivate_person(person, now=NOW)
    deactivate_person(person, now=NOW + timedelta(days=1))
    assert person.deactivated_at == NOW
    reactivate_person(person, now=NOW)
    assert person.deactivated_at is None
    assert person.version == 3


def test_somebody_who_came_in_is_kept_when_the_directory_removes_them_and_may_come_back(acme):
    person = write_provisioned(None, values={**AINO, "unit": "Lab"}, now=NOW)
    nobody = write_provisioned(None, values={"given_name": "Eero", "email": "eero@alpha.example"}, now=NOW)
    add_account(email="aino@alpha.example", name="Aino", language="en", person_id=person.id, now=NOW)
    remove_provisioned(nobody, now=NOW)
    remove_provisioned(person, now=NOW)
    assert session().get(Person, nobody.id) is None
    assert (person.removed_at, person.ends_on) == (NOW, NOW.date())
    assert list_people().people == []
    namesake = write_provisioned(None, values={**AINO, "external_id": "another"}, now=NOW)
    assert namesake.id != person.id  # an address may be given to somebody else: it is no proof of who they are
    remove_provisioned(namesake, now=NOW)
    back = write_provisioned(None, values=AINO, now=NOW)
    assert back is person
    assert (back.removed_at, back.deactivated_at, back.ends_on, back.unit) == (None, None, None, "Lab")


PERSON = {"given_name": "Aino", "family_name": "Virta", "email": "aino@alpha.example"}


@pytest.fixture
def known(cast):
    """Somebody of whom the directory has set name, address and title, and a file the site."""
    organisation = cast.organisation("beta")
    with tenant_work(organisation.ref):
        person = write_provisioned(None, values={**AINO, "job_title": "Engineer"}, now=NOW)
        change_person(person, values={"site": "Espoo"}, now=NOW)
    return organisation, person.id


def _row(organisation, person_id):
    with tenant_work(organisation.ref):
        return session().get(Person, person_id)


def test_a_hand_writes_what_is_not_the_directorys_and_the_page_says_what_is(cast, known):
    organisation, person_id = known
    browser = cast.signed_in(organisation)
    page = browser.get(f"/people/{person_id}").text
    assert 'name="job_title"' not in page
    assert page.count("From your own directory.") == 4
    sent = {**PERSON, "given_name": "Eve", "job_title": "Chief", "site": "Turku", "language": ""}
    assert browser.post(f"/people/{person_id}", sent).status_code == 303
    person = _row(organisation, person_id)
    assert (person.given_name, person.job_title, person.site) == ("Aino", "Engineer", "Turku")
    with tenant_work(organisation.ref):
        assert (
            change_person(session().get(Person, person_id), values={"job_title": "Chief", "unit": "Lab"}, now=NOW) == 1
        )
        assert session().get(Person, person_id).job_title == "Engineer"
    browser.post(f"/people/{person_id}/removal")
    assert _row(organisation, person_id) is not None
    assert "Your own directory keeps Aino Virta" in browser.get(f"/people/{person_id}").text


def test_a_file_writes_what_is_not_the_directorys_and_counts_what_stays(cast, known):
    organisation, person_id = known
    browser = cast.signed_in(organisation)
    file = b"First name,Last name,E-mail,Job title,Site\nAino,Virta,aino@alpha.example,Chief,Turku\n"
    sent = browser.post("/people/imports", {"file": (io.BytesIO(file), "people.csv")})
    check = sent.headers["Location"]
    page = browser.get(f"{check}?show=kept").text
    assert "1 value stays as your own directory has it." in page
    assert "Engineer" in page
    assert "(the file says Chief)" in page
    version = _row(organisation, person_id).version
    browser.post(f"{check}/intake")
    cast.run_jobs()
    person = _row(organisation, person_id)
    assert (person.job_title, person.site, person.version) == ("Engineer", "Turku", version + 1)


def test_no_account_follows_an_address_that_the_directory_gives_somebody(acme):
    person = write_provisioned(None, values=AINO, now=NOW)
    account = add_account(email="aino@alpha.example", name="Aino", language="en", person_id=person.id, now=NOW)
    write_provisioned(person, values={"email": "cfo@alpha.example"}, now=NOW)
    session().refresh(account)
    assert account.email == "aino@alpha.example"  # else a role or a link meant for that address would reach Aino
