"""A file of people through the pages: checked, put right, taken in, taken back."""

from datetime import timedelta
from types import SimpleNamespace
from uuid import UUID

import pytest
from werkzeug.test import TestResponse

from app.files.actions import delete_file
from app.people.models import ImportChange, PeopleImport
from tenants.unit_of_work import session, tenant_work
from tests.cast import Cast
from tests.factories.rosters import id_of, import_of, people_of, roster, send, staff


@pytest.fixture
def alpha(cast: Cast) -> SimpleNamespace:
    organisation = cast.organisation("alpha")
    browser = cast.signed_in(organisation)

    def upload(text: str | bytes) -> UUID:
        return id_of(send(browser, text))

    def show(import_id: UUID, query: str = "") -> str:
        return browser.get(f"/people/imports/{import_id}{query}").text

    def act(import_id: UUID, what: str, data: dict | None = None) -> TestResponse:
        return browser.post(f"/people/imports/{import_id}/{what}", data)

    def take_in(text: str | bytes) -> UUID:
        import_id = upload(text)
        assert act(import_id, "intake").status_code == 303
        cast.run_jobs()
        return import_id

    return SimpleNamespace(
        organisation=organisation, ref=organisation.ref, browser=browser, cast=cast,
        upload=upload, show=show, act=act, take_in=take_in, people=lambda: people_of(organisation.ref),
    )  # fmt: skip


def test_a_file_is_checked_before_anything_happens(alpha):
    page = alpha.show(alpha.upload(roster(staff(5))))
    assert "5 rows ready" in page
    assert "Take in 5 rows" in page
    assert "Nothing has happened yet." in page
    assert alpha.people() == {}


def test_a_file_is_taken_in_with_its_supervisors(alpha):
    import_id = alpha.take_in(roster(staff(5)))
    people = alpha.people()
    assert len(people) == 5
    chief = people["aava0@alpha.example"]
    assert {person.supervisor_id for person in people.values()} == {None, chief.id}
    assert "5 rows are taken in" in alpha.show(import_id)
    assert "Aava3 Koski" in alpha.browser.get("/people").text


def test_a_finnish_file_of_an_old_program_comes_in_whole(alpha):
    text = (
        "Etunimi;Sukunimi;Sähköposti;Tiimi;Kieli;Aloituspäivä\nÄijä;Mäkelä;aija@alpha.example;Kehitys;suomi;17.6.2013\n"
    )
    import_id = alpha.upload(text.encode("cp1252"))
    assert "Read as Windows-1252 with semicolon between the cells" in alpha.show(import_id)
    alpha.act(import_id, "intake")
    alpha.cast.run_jobs()
    person = alpha.people()["aija@alpha.example"]
    assert (person.name, person.unit, person.language, str(person.starts_on)) == (
        "Äijä Mäkelä",
        "Kehitys",
        "fi",
        "2013-06-17",
    )


def test_a_file_in_utf_16_comes_in(alpha):
    alpha.take_in(roster(staff(2), delimiter="\t").encode("utf-16"))
    assert len(alpha.people()) == 2


def test_taking_in_shows_progress_at_the_same_address_and_survives_a_reload(alpha):
    import_id = alpha.upload(roster(staff(3)))
    page = alpha.browser.follow(alpha.act(import_id, "intake")).text
    assert "<progress" in page
    assert f'hx-get="/people/imports/{import_id}"' in page
    assert '<noscript><meta http-equiv="refresh"' in page
    assert "Is being taken in right now" in alpha.browser.get("/people").text
    fragment = alpha.browser.get(f"/people/imports/{import_id}", headers={"HX-Request": "true"})
    assert "<html" not in fragment.text
    alpha.cast.run_jobs()
    done = alpha.browser.get(f"/people/imports/{import_id}", headers={"HX-Request": "true"})
    assert done.headers["HX-Refresh"] == "true"
    assert "3 rows are taken in" in alpha.show(import_id)


def test_a_second_file_updates_and_leaves_the_others_alone(alpha):
    alpha.take_in(roster(staff(4)))
    rows = staff(3)
    rows[1] = ("Aava1", "Koski", "new1@alpha.example", "101", "Finance", "100", "fi")
    import_id = alpha.upload(roster(rows))
    page = alpha.show(import_id)
    assert "3 rows ready" in page
    assert "aava1@alpha.example" in page
    assert "new1@alpha.example" in page
    assert "Aava3 Koski" in alpha.show(import_id, "?show=missing")
    alpha.act(import_id, "intake")
    alpha.cast.run_jobs()
    people = alpha.people()
    assert len(people) == 4
    assert people["new1@alpha.example"].unit == "Finance"
    assert people["aava3@alpha.example"].unit == "Grid"


def test_two_people_exchange_addresses_in_one_file(alpha):
    alpha.take_in(roster(staff(2)))
    rows = staff(2)
    rows[0], rows[1] = (*rows[0][:2], rows[1][2], *rows[0][3:]), (*rows[1][:2], rows[0][2], *rows[1][3:])
    alpha.take_in(roster(rows))
    people = alpha.people()
    assert people["aava1@alpha.example"].employee_number == "100"
    assert people["aava0@alpha.example"].employee_number == "101"


def test_a_shared_address_is_put_right_on_the_page(alpha):
    rows = staff(3)
    rows[2] = (*rows[2][:2], rows[1][2], *rows[2][3:])
    import_id = alpha.upload(roster(rows))
    page = alpha.show(import_id)
    assert "1 row ready, 1 to look at" in page
    assert "Aava1 Koski and Aava2 Koski share an address" in page
    alpha.act(import_id, "corrections", {"rows": "3,4", "3.email": rows[1][2], "4.email": "AAVA2@alpha.example"})
    assert "3 rows ready" in alpha.show(import_id)
    alpha.act(import_id, "intake")
    alpha.cast.run_jobs()
    assert "aava2@alpha.example" in alpha.people()


def test_a_row_is_left_out_and_brought_back(alpha):
    rows = staff(3)
    rows[2] = (*rows[2][:2], "no address", *rows[2][3:])
    import_id = alpha.upload(roster(rows))
    alpha.act(import_id, "left-out", {"rows": "4"})
    page = alpha.show(import_id)
    assert "2 rows ready</h1>" in page
    assert "You left 1 row out." in page
    alpha.act(import_id, "left-out/removal")
    assert "1 to look at" in alpha.show(import_id)


def test_rows_with_problems_stay_out_and_the_rest_comes_in(alpha):
    rows = [
        *staff(3),
        ("=cmd()", "Koski", "x@alpha.example", "9", "", "", "fi"),
        ("Ilo", "Koski", "ilo@", "8", "", "", "fi"),
    ]
    import_id = alpha.take_in(roster(rows))
    assert len(alpha.people()) == 3
    assert "2 rows stayed out" in alpha.show(import_id)


def test_texts_that_look_like_formulas_are_kept_as_text_and_shown_as_such(alpha):
    rows = staff(1)
    rows[0] = (*rows[0][:4], '=HYPERLINK("http://evil.example")', "", "fi")
    alpha.take_in(roster(rows))
    assert alpha.people()["aava0@alpha.example"].unit == '=HYPERLINK("http://evil.example")'


def test_unknown_supervisors_and_rings_are_named_and_the_people_come_in(alpha):
    rows = staff(4)
    rows[0] = (*rows[0][:5], "101", "fi")
    rows[3] = (*rows[3][:5], "999", "fi")
    import_id = alpha.upload(roster(rows))
    page = alpha.show(import_id)
    assert "Supervisors go round in a ring" in page
    assert "Nobody is known as the supervisor “999”" in page
    alpha.act(import_id, "intake")
    alpha.cast.run_jobs()
    page = alpha.show(import_id)
    assert "Aava1 Koski" in page
    assert "Nobody is known as “999”." in page
    people = alpha.people()
    assert len(people) == 4
    assert people["aava0@alpha.example"].supervisor_id is None
    assert people["aava2@alpha.example"].supervisor_id == people["aava0@alpha.example"].id


def test_an_unknown_supervisor_is_put_right_for_all_their_people_at_once(alpha):
    rows = staff(3)
    rows[1], rows[2] = (*rows[1][:5], "boss", "fi"), (*rows[2][:5], "boss", "fi")
    import_id = alpha.upload(roster(rows))
    alpha.act(import_id, "corrections", {"rows": "3,4", "all.supervisor_number": "aava0@alpha.example"})
    assert "3 rows ready</h1>" in alpha.show(import_id)
    alpha.act(import_id, "intake")
    alpha.cast.run_jobs()
    assert sum(person.supervisor_id is not None for person in alpha.people().values()) == 2


def test_private_columns_are_named_and_never_kept(alpha):
    text = "First name,E-mail,Salary,Sick leave\nAava,aava@alpha.example,CANARY-5000,CANARY-7\n"
    import_id = alpha.upload(text)
    page = alpha.show(import_id)
    assert "Looks like pay. Kamu holds no pay or appraisal data." in page
    assert "CANARY" not in page
    with tenant_work(alpha.ref) as opened:
        from app.files.models import FileChunk

        assert all(b"CANARY" not in chunk.data for chunk in opened.query(FileChunk))


def test_columns_can_be_read_differently(alpha):
    import_id = alpha.upload("First name,E-mail,Place\nAava,aava@alpha.example,Oulu\n")
    alpha.act(import_id, "columns", {"column-0": "given_name", "column-1": "email", "column-2": "unit"})
    alpha.act(import_id, "intake")
    alpha.cast.run_jobs()
    person = alpha.people()["aava@alpha.example"]
    assert (person.unit, person.site) == ("Oulu", None)


def test_a_shut_column_cannot_be_opened(alpha):
    import_id = alpha.upload("First name,E-mail,Salary\nAava,aava@alpha.example,5000\n")
    alpha.act(import_id, "columns", {"column-0": "given_name", "column-1": "email", "column-2": "unit"})
    assert import_of(alpha.ref, import_id).mapping == ["given_name", "email", None]


def test_one_meaning_for_two_columns_is_explained(alpha):
    import_id = alpha.upload("First name,E-mail,Place\nAava,aava@alpha.example,Oulu\n")
    answer = alpha.act(import_id, "columns", {"column-0": "email", "column-1": "email", "column-2": ""})
    assert answer.status_code == 422
    assert "Two columns were chosen as “E-mail”" in answer.text


def test_a_file_without_addresses_asks_which_column_they_are_in(alpha):
    import_id = alpha.upload("First name,Contact\nAava,somewhere\n")
    page = alpha.show(import_id)
    assert "One question about your file" in page
    assert "Which column holds the e-mail addresses?" in page
    assert alpha.act(import_id, "intake").status_code == 409


def test_an_open_style_of_dates_is_asked_and_answered(alpha):
    import_id = alpha.upload("First name,E-mail,Hire date\nAava,aava@alpha.example,02/03/2020\n")
    assert "Is 02/03/2020 day first or month first?" in alpha.show(import_id)
    mapping = {"column-0": "given_name", "column-1": "email", "column-2": "starts_on"}
    alpha.act(import_id, "columns", {**mapping, "date_style": "mdy"})
    alpha.act(import_id, "intake")
    alpha.cast.run_jobs()
    assert str(alpha.people()["aava@alpha.example"].starts_on) == "2020-02-03"


def test_a_wrong_day_is_put_right_or_emptied(alpha):
    text = "First name,E-mail,Hire date\nAava,aava@alpha.example,31.2.2020\nIlo,ilo@alpha.example,17.6.2013\n"
    import_id = alpha.upload(text)
    assert "Aava has a day that does not exist" in alpha.show(import_id)
    alpha.act(import_id, "corrections", {"rows": "2", "2.starts_on": "2020-02-28"})
    assert "2 rows ready</h1>" in alpha.show(import_id)


def test_saved_for_later_waits_in_the_directory(alpha):
    import_id = alpha.upload(roster(staff(2)))
    page = alpha.browser.get("/people").text
    assert "Saved for later" in page
    assert str(import_id) in page


def test_a_file_whose_time_is_over_waits_no_more(alpha):
    import_id = alpha.upload(roster(staff(2)))
    with tenant_work(alpha.ref) as opened:
        delete_file(opened.get(PeopleImport, import_id).file_id)
    assert "Saved for later" not in alpha.browser.get("/people").text
    assert alpha.browser.get(f"/people/imports/{import_id}").status_code == 404


def test_rows_that_are_not_in_the_file_are_neither_put_right_nor_left_out(alpha):
    import_id = alpha.upload(roster(staff(2)))
    alpha.act(
        import_id, "corrections", {"rows": "2", "99.email": "x@alpha.example", "3.no_such_field": "x", "row.email": "x"}
    )
    alpha.act(import_id, "left-out", {"rows": "99"})
    found = import_of(alpha.ref, import_id)
    assert (found.corrections, found.left_out) == ({}, [])
    assert alpha.act(import_id, "left-out", {"rows": "2,many"}).status_code == 400


def test_undo_waits_while_another_file_is_taken_in(alpha):
    first = alpha.take_in(roster(staff(2)))
    alpha.act(alpha.upload(roster(staff(3))), "intake")
    answer = alpha.act(first, "undo")
    assert answer.status_code == 409
    assert "Another file is being taken in right now" in answer.text


def test_a_thrown_away_file_is_gone(alpha):
    import_id = alpha.upload(roster(staff(2)))
    assert alpha.act(import_id, "removal").status_code == 303
    assert alpha.browser.get(f"/people/imports/{import_id}").status_code == 404
    assert import_of(alpha.ref, import_id).file_id is None


def test_a_form_from_an_old_window_changes_nothing_after_taking_in(alpha):
    import_id = alpha.take_in(roster(staff(2)))
    for what, data in (
        ("columns", {}), ("corrections", {"2.email": "x@alpha.example"}), ("left-out", {"rows": "2"}),
        ("left-out/removal", {}), ("intake", {}), ("removal", {}),
    ):  # fmt: skip
        answer = alpha.act(import_id, what, data)
        assert answer.status_code == 303
        assert "nothing was changed" in alpha.browser.follow(answer).text
    assert len(alpha.people()) == 2
    assert import_of(alpha.ref, import_id).state == "taken_in"


def test_a_file_is_taken_back_within_seven_days(alpha):
    alpha.take_in(roster(staff(2)))
    rows = staff(3, unit="Finance")
    import_id = alpha.take_in(roster(rows))
    answer = alpha.act(import_id, "undo")
    page = alpha.browser.follow(answer).text
    assert "The file was taken back" in page
    people = alpha.people()
    assert len(people) == 2
    assert {person.unit for person in people.values()} == {"Grid"}


def test_only_the_newest_file_can_be_taken_back(alpha):
    first = alpha.take_in(roster(staff(2)))
    alpha.take_in(roster(staff(3)))
    assert alpha.act(first, "undo").status_code == 409
    assert len(alpha.people()) == 3


def test_after_seven_days_it_is_too_late(alpha):
    import_id = alpha.take_in(roster(staff(2)))
    with tenant_work(alpha.ref) as opened:
        opened.get(PeopleImport, import_id).finished_at -= timedelta(days=7)
    answer = alpha.act(import_id, "undo")
    assert answer.status_code == 409
    assert "too late" in answer.text
    assert len(alpha.people()) == 2


def test_somebody_who_came_in_meanwhile_stays(alpha):
    import_id = alpha.take_in(roster(staff(2)))
    person = alpha.people()["aava1@alpha.example"]
    alpha.cast.account(alpha.ref, person.email, person=person)
    page = alpha.browser.follow(alpha.act(import_id, "undo")).text
    assert "1 person stays" in page
    assert list(alpha.people()) == [person.email]


def test_the_second_of_two_imports_is_refused_until_the_first_is_through(alpha):
    first, second = alpha.upload(roster(staff(2))), alpha.upload(roster(staff(3)))
    alpha.act(first, "intake")
    answer = alpha.act(second, "intake")
    assert answer.status_code == 409
    assert "Another file is being taken in right now" in answer.text
    alpha.cast.run_jobs()
    assert alpha.act(second, "intake").status_code == 303
    alpha.cast.run_jobs()
    assert len(alpha.people()) == 3


def test_what_an_import_did_is_remembered_only_while_it_can_be_undone(alpha):
    import_id = alpha.take_in(roster(staff(2)))
    with tenant_work(alpha.ref) as opened:
        assert opened.query(ImportChange).count() == 2
        opened.get(PeopleImport, import_id).finished_at -= timedelta(days=7)
    with tenant_work(alpha.ref):
        from app.people.jobs import forget_changes

        forget_changes()
        assert session().query(ImportChange).count() == 0


@pytest.mark.parametrize(
    ("data", "says", "status"),
    [
        (b"", "The file is empty", 422),
        (b"Name,E-mail\n", "no rows under them", 422),
        (b"PK\x03\x04xl/workbook.xml", "choose Save as, then CSV UTF-8", 422),
        (b"%PDF-1.7", "This is a PDF", 422),
        (b"\x89PNG" + bytes(range(256)), "no readable text", 422),
        (b"<html></html>", "not rows and columns", 422),
        (b'Name,E-mail\nAava,"a@a.example\n', "opens in row 2 and never closes", 422),
        (b"Name,E-mail\n" + b"Aava,aava@alpha.example\n" * 450_000, "larger than 10 MB", 413),
    ],
    ids=lambda value: str(value)[:24],
)
def test_files_that_cannot_be_read_are_explained_on_the_page(alpha, data, says, status):
    answer = send(alpha.browser, data)
    assert answer.status_code == status
    assert says in answer.text
    with tenant_work(alpha.ref) as opened:
        assert opened.query(PeopleImport).count() == 0


def test_fifty_megabytes_are_refused_with_a_page_that_says_what_to_do(alpha):
    answer = send(alpha.browser, bytes(50 * 1024 * 1024))
    assert answer.status_code == 413
    assert "up to 10 MB" in answer.text
    assert "Choose another file" in answer.text


def test_no_file_at_all_is_explained(alpha):
    answer = alpha.browser.post("/people/imports", {})
    assert answer.status_code == 422
    assert "Choose a file first." in answer.text


def test_the_sample_is_a_file_that_comes_in_whole(alpha):
    sample = alpha.browser.get("/people/imports/sample.csv")
    assert sample.headers["Content-Disposition"] == 'attachment; filename="people.csv"'
    alpha.take_in(sample.data)
    assert len(alpha.people()) == 3
    assert sum(person.supervisor_id is not None for person in alpha.people().values()) == 2
