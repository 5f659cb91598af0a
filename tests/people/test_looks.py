"""The people pages seen by a real browser: empty, full, in error, waiting; narrow and wide, light and dark."""

from pathlib import Path

import pytest
from playwright.sync_api import Page

from tests.cast import Cast
from tests.factories.rosters import HEADER, roster, staff
from tests.journeys.browser import carry, look_over, looked, person

HOST = "alpha.kamu.localhost:8000"
ODD = [
    ("Aava0", "Koski", "aava0@alpha.example", "100", "Finance", "", "fi"),
    ("Aava1", "Koski", "aava1@alpha.example", "101", "Grid", "999", ""),
    ("Aava2", "Koski", "shared@alpha.example", "102", "Grid", "100", "fi"),
    ("Ilo", "Koski", "shared@alpha.example", "103", "Grid", "100", "sv"),
    ("=HYPERLINK()", "Koski", "x@alpha.example", "104", "", "", "en"),
    ("Otso", "Koski", "otso@@", "105", "", "", "Klingon"),
    ("Sisu", "Koski", "sisu@alpha.example", "106", "", "107", "fi"),
    ("Lumi", "Koski", "lumi@alpha.example", "107", "", "106", "fi"),
]

pytestmark = pytest.mark.browser


@pytest.fixture
def files(tmp_path: Path) -> Path:
    columns = (*HEADER, "Salary", "Gender")
    (tmp_path / "staff.csv").write_text(roster([(*row, "1", "x") for row in staff(60)], header=columns))
    (tmp_path / "odd.csv").write_bytes(
        roster([(*row, "1", "x") for row in ODD], header=columns, delimiter=";").encode("utf-16")
    )
    (tmp_path / "question.csv").write_text("First name,Contact,Hire date\nAava,here,02/03/2020\nIlo,there,03/04/2021\n")
    (tmp_path / "people.pdf").write_bytes(b"%PDF-1.7")
    (tmp_path / "large.csv").write_bytes(bytes(50 * 1024 * 1024))
    return tmp_path


def bring(page: Page, file: Path) -> None:
    page.goto(f"http://{HOST}/people/imports/new")
    page.get_by_label("Your file").set_input_files(file)
    page.get_by_role("button", name="Check the file").click()


def test_the_people_pages_are_clean(screen, cast: Cast, files: Path):
    organisation = cast.organisation("alpha")
    with person(screen) as meri:
        carry(meri, HOST, cast.signed_in(organisation).cookie())
        look_over(meri, f"http://{HOST}/people", "people-empty").close()
        look_over(meri, f"http://{HOST}/people/imports/new", "people-upload").close()
        page = meri.new_page()
        bring(page, files / "people.pdf")
        looked(page, "people-refused")
        bring(page, files / "question.csv")
        looked(page, "people-question")
        bring(page, files / "staff.csv")
        page.get_by_role("button", name="Take in 60 rows").click()
        looked(page, "people-progress")
        cast.run_jobs()
        page.get_by_role("heading", name="60 rows are taken in").wait_for()
        looked(page, "people-taken-in")
        bring(page, files / "odd.csv")
        looked(page, "people-check")
        page.get_by_role("link", name="New").click()
        looked(page, "people-check-new")
        look_over(meri, f"http://{HOST}/people", "people").close()
        page.goto(f"http://{HOST}/people?search=Aava12")
        page.get_by_role("link", name="Aava12 Koski").click()
        page.get_by_role("button", name="Remove from the directory").click()
        assert page.get_by_role("dialog", name="Remove Aava12 Koski").is_visible()
        looked(page, "people-person")
        page.goto(f"http://{HOST}/people/new")
        page.get_by_role("button", name="Add to the directory").click()
        looked(page, "people-person-errors")


def test_a_file_of_fifty_megabytes_gets_its_page_in_a_real_browser(screen, cast: Cast, files: Path):
    organisation = cast.organisation("alpha")
    with person(screen) as meri:
        carry(meri, HOST, cast.signed_in(organisation).cookie())
        page = meri.new_page()
        bring(page, files / "large.csv")
        assert page.get_by_role("heading", name="That file is too large").is_visible()
        looked(page, "people-too-large")


def test_everything_works_without_script(screen, cast: Cast, files: Path):
    organisation = cast.organisation("alpha")
    with person(screen, script=False) as meri:
        carry(meri, HOST, cast.signed_in(organisation).cookie())
        page = meri.new_page()
        bring(page, files / "odd.csv")
        page.get_by_label("Ilo Koski, row 5").fill("ilo@alpha.example")
        page.get_by_role("button", name="Save both").click()
        page.get_by_role("button", name="Take in 6 rows").click()
        page.get_by_role("heading", name="Your file is being taken in").wait_for()
        cast.run_jobs()
        page.get_by_role("heading", name="6 rows are taken in").wait_for()
        page.get_by_role("button", name="Undo").first.click()
        assert page.get_by_role("heading", name="The file was taken back").is_visible()
        page.goto(f"http://{HOST}/people?search=nobody")
        assert page.get_by_role("heading", name="Nobody is here yet").is_visible()


def test_the_list_narrows_as_one_types(screen, cast: Cast):
    organisation = cast.organisation("alpha")
    for name in ("Aava", "Ilo"):
        cast.person(organisation.ref, f"{name.lower()}@alpha.example", given_name=name)
    with person(screen) as meri:
        carry(meri, HOST, cast.signed_in(organisation).cookie())
        page = meri.new_page()
        page.goto(f"http://{HOST}/people")
        page.get_by_label("Search by name, address, unit or site").press_sequentially("ilo")
        page.get_by_role("heading", name="1 person found").wait_for()
        assert not page.get_by_text("aava@alpha.example").count()
