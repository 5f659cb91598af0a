"""The whole way to a directory works in a browser that runs no script, and a file that is too large is told so."""

import re
from pathlib import Path

import pytest
from playwright.sync_api import Browser, expect

from local.provider import Person
from tests.factories.providers import LocalProvider
from tests.journeys.browser import Look, person
from tests.journeys.founders import Founder
from tests.journeys.stack import LiveStack

pytestmark = pytest.mark.browser

PEOPLE = "First name,E-mail,Unit\nTuuli,tuuli@third.example,Sea\nMeri,meri@third.example,Sea\n"
NOBODY = LocalProvider("", "", "", [Person("tuuli", "Tuuli", "Aalto", "tuuli@third.example")], lambda _: None)
MEGABYTE = b"Tuuli,tuuli@third.example,Sea\n" * (1024 * 1024 // 30)


def _wish(founder: Founder) -> None:
    """Check the address name by its button, then ask for the place."""
    page = founder.page
    page.goto(founder.stack.start_url)
    page.locator("[name=organisation]").fill(founder.organisation)
    page.locator("[name=email]").fill(founder.me.email)
    page.locator("button[name=check]").click()
    expect(page.locator("#slug")).to_have_value(founder.slug)
    founder.send_wish()


def test_from_the_sign_up_to_a_directory_without_script(live: LiveStack, live_chromium: Browser, tmp_path: Path):
    file = tmp_path / "people.csv"
    file.write_text(PEOPLE)
    with person(live_chromium, Look(360, "light"), script=False) as tuuli:
        founder = Founder(live, tuuli, "Tuulia", "tuulia", NOBODY, looks=False)
        _wish(founder)
        founder.read_mail()
        founder.confirm()
        founder.come_home()
        founder.check_file(file)
        with live.paused("heavy"):
            founder.take_in()
            expect(founder.page.locator("progress")).to_be_attached()
            # Left and come back to: the same address shows the same work.
            founder.page.goto("about:blank")
            founder.go(f"/people/imports/{founder.ids['file']}")
            expect(founder.page.locator("progress")).to_be_attached()
        founder.see_people("Tuuli", "Meri")
        _send_too_much(founder, tmp_path / "large.csv")


def _send_too_much(founder: Founder, file: Path) -> None:
    file.write_bytes(MEGABYTE * 50)
    founder.go("/people/imports/new")
    founder.page.locator("input[type=file]").set_input_files(file)
    with founder.page.expect_response(lambda answer: answer.request.method == "POST") as sent:
        founder.send("/people/imports")
    assert sent.value.status == 413
    expect(founder.page.locator("h1")).to_have_text(re.compile(r"\S"))
    assert founder.page.locator('a[href="/people/imports/new"]').count()
