"""The pages for everybody, seen by a real browser: narrow and wide, light and dark, with script and without."""

import pytest

from tests.journeys.browser import NARROW, carry, fits, look_over, looked, person

START = "http://kamu.localhost:8000"
PAGES = ["who-can-see-what", "what-still-tells", "accessibility", "help"]

pytestmark = pytest.mark.browser


def test_every_part_of_the_gallery_is_clean(screen):
    with person(screen) as somebody:
        page = look_over(somebody, f"{START}/components", "components")
        page.get_by_role("button", name="Turn this connection off").click()
        assert page.get_by_role("dialog", name="Turn off sign-in through Saarnikoski?").is_visible()
        looked(page, "components-dialog")


def test_the_pages_for_everybody_are_clean(screen):
    with person(screen) as somebody:
        for name in PAGES:
            look_over(somebody, f"{START}/{name}", name).close()


def test_the_pages_for_everybody_fit_the_narrowest_screen_in_finnish(screen):
    with person(screen, language="fi-FI") as somebody:
        page = somebody.new_page()
        page.set_viewport_size({"width": 320, "height": 640})
        for name in [*PAGES, "components"]:
            page.goto(f"{START}/{name}")
            fits(page)


def test_an_error_page_is_clean(screen, two):
    with person(screen) as somebody:
        look_over(somebody, "http://alpha.kamu.localhost:8000/nothing-here", "error-404")


def test_the_menu_of_a_signed_in_person_opens_and_is_clean(screen, cast, two):
    with person(screen, NARROW) as meri:
        carry(meri, "alpha.kamu.localhost:8000", cast.signed_in(two.a).cookie())
        page = look_over(meri, "http://alpha.kamu.localhost:8000/help", "help-signed-in")
        page.get_by_role("button", name="Menu for Meri").click()
        assert page.get_by_role("button", name="Sign out").is_visible()
        looked(page, "menu")


def test_the_language_can_be_chosen_without_script(screen):
    with person(screen, script=False) as somebody:
        page = somebody.new_page()
        page.goto(f"{START}/help")
        page.get_by_role("button", name="Suomi").click()
        assert page.url == f"{START}/help"
        assert page.locator("html").get_attribute("lang") == "fi"
