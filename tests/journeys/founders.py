"""What people do in their browsers between a sign-up and the first welcome. Written without words of the pages,
so that it holds in every language: forms and links are found by where they lead.
"""

import re
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

from playwright.sync_api import BrowserContext, Page, expect

from local.provider import Person
from tests.factories.providers import LocalProvider
from tests.journeys.browser import DEEP, SETTLED, axe, fits
from tests.journeys.stack import LiveStack

CONFIRMATION = re.compile(r"http://\S+/confirmations/\S+")
INVITATION = re.compile(r"http://\S+/invitations/\S+")
UUID = re.compile(r"[0-9a-f]{8}-[0-9a-f-]{27}")
SECONDS = 90_000  # nobody waits as long; a machine that does much else may
expect.set_options(timeout=SECONDS)


@dataclass
class Founder:
    """Somebody who opens a place for their organisation, in a browser of their own."""

    stack: LiveStack
    context: BrowserContext
    organisation: str
    slug: str
    provider: LocalProvider
    looks: bool = True
    page: Page = field(init=False)
    ids: dict[str, str] = field(default_factory=lambda: {"part": "listening"})

    def __post_init__(self) -> None:
        self.context.set_default_timeout(SECONDS)
        self.page = self.context.new_page()

    @property
    def me(self) -> Person:
        return self.provider.people[0]

    @property
    def kaveri(self) -> Person:
        return self.provider.people[1]

    @property
    def kamu(self) -> Person:
        return self.provider.people[2]

    def look(self) -> None:
        """Hold the page to axe and to its width."""
        if self.looks:
            look(self.page)

    def press(self, selector: str) -> None:
        """Press a button or follow a link, and go on at once: others press theirs at the same time."""
        self.page.locator(selector).first.click(no_wait_after=True)

    def send(self, action: str) -> None:
        """Press the main button of the form that is sent to ``action``."""
        self.press(f'form[action$="{action}"] button[type=submit]:not([name=check])')

    def arrive(self, path: str) -> None:
        """Wait for a page of this organisation, or of the start host with a full address."""
        wanted = path if path.startswith("http") else self.stack.url(self.slug, path)
        self.page.wait_for_url(re.compile(re.escape(wanted) + r"([?#].*)?$"), timeout=SECONDS)

    def go(self, path: str) -> None:
        self.page.goto(self.stack.url(self.slug, path))

    # The start host

    def write_wish(self) -> None:
        """Fill in the start page; the address name is suggested from the organisation's name."""
        page = self.page
        page.goto(self.stack.start_url)
        self.look()
        page.locator("[name=organisation]").fill(self.organisation)
        page.locator("[name=organisation]").press("Tab")
        expect(page.locator("#slug")).to_have_value(self.slug)
        expect(page.locator("#address-check .field-good")).to_be_visible()
        page.locator("[name=email]").fill(self.me.email)

    def send_wish(self) -> None:
        self.send("/sign-ups")

    def read_mail(self) -> None:
        """Open the link in the confirmation mail."""
        self.page.wait_for_url(re.compile(r"/sign-ups/"))
        self.look()
        self.page.goto(CONFIRMATION.search(self.stack.mail_to(self.me.email).text)[0])
        self.look()

    def confirm(self) -> None:
        self.press('form[action*="/confirmations/"] button')

    def come_home(self) -> None:
        """Watch the place being built, then go in."""
        way_in = self.page.locator("#chain a.btn.primary")
        way_in.wait_for(timeout=SECONDS)
        self.look()
        way_in.click()
        self.page.wait_for_url(re.compile(r"/sign-in/links/"))
        self.ids["login link"] = self.page.url.rsplit("/", 1)[-1]
        self.look()
        self.press('form[action*="/sign-in/links/"] button')
        self.arrive("/set-up")
        self.look()

    # People

    def check_file(self, file: Path) -> None:
        """Bring in a file of people and look at what was understood."""
        self.go("/people")
        self.look()
        self.press('a[href="/people/imports/new"]')
        self.arrive("/people/imports/new")
        self.look()
        self.page.locator("input[type=file]").set_input_files(file)
        self.send("/people/imports")
        self.page.wait_for_url(re.compile(r"/people/imports/[0-9a-f-]{36}"))
        self.ids["file"] = UUID.search(self.page.url)[0]
        self.look()

    def take_in(self) -> None:
        self.press('button[form="take-in"]')

    def see_people(self, *names: str) -> None:
        """Wait until the job is through, then find everybody in the directory."""
        self.page.locator('main a.btn.primary[href="/people"]').wait_for(timeout=SECONDS)
        self.look()
        self.press('main a.btn.primary[href="/people"]')
        self.arrive("/people")
        self.look()
        for name in names:
            expect(self.page.locator("main")).to_contain_text(name)
        self.ids["person"] = UUID.search(self.page.locator("main").inner_html())[0]

    # Sign-in

    def connect(self) -> None:
        """Write down the provider, try it, put it in use."""
        page = self.page
        self.go("/set-up/sign-in")
        self.look()
        page.locator("input[name=provider][value=other]").check()
        self.send("/set-up/sign-in/drafts")
        page.locator("#issuer").wait_for()
        self.look()
        redirect_uri = page.locator("#redirect-uri").inner_text().strip()
        self.ids["connection"] = UUID.search(redirect_uri)[0]
        self.provider.register(redirect_uri)
        page.locator("#issuer").fill(self.provider.issuer)
        page.locator("[name=client_id]").fill(self.provider.client_id)
        page.locator("[name=client_secret]").fill(self.provider.client_secret)
        self.send("/set-up/sign-in/drafts/current")
        page.locator('a[href="/set-up/sign-in/test/start"]').wait_for()
        self.look()
        self.press('a[href="/set-up/sign-in/test/start"]')
        sign_in_at(page, self.me, back=self.stack.url(self.slug))
        self.arrive("/set-up/sign-in/test")
        expect(page.locator("main")).to_contain_text(self.me.email)
        self.look()
        self.send("/set-up/sign-in/active")
        page.locator('a[href*="/set-up/sign-in/active/"]').first.wait_for()
        self.look()

    # Launch

    def launch(self, greeting: str) -> None:
        """Launch today."""
        self.go("/set-up/launch")
        self.look()
        self.page.locator("[name=on]").fill(datetime.now(UTC).date().isoformat())
        self.page.locator("[name=greeting]").fill(greeting)
        self.send("/set-up/launch/draft")
        self.page.locator("#sure button").wait_for()
        self.look()
        self.send("/set-up/launch/plan")
        self.page.locator("#sending").wait_for()

    # Its whole life

    def take_along(self) -> None:
        """Ask for everything an owner may see, and wait for the file."""
        self.go("/set-up/export")
        self.look()
        self.send("/set-up/export")
        ready = self.page.locator('a.btn.primary[href$="/file"]')
        ready.wait_for(timeout=SECONDS)
        self.ids["export"] = UUID.search(ready.get_attribute("href"))[0]


def look(page: Page) -> None:
    """Hold a page to its width, in a deep run to axe too, which each feature's own tests of looks do in any run.

    The window is as tall as the page, so that sticky bars cover nothing.
    """
    page.wait_for_load_state()
    fits(page)
    if not DEEP:
        return
    size = page.viewport_size
    page.set_viewport_size(size | {"height": max(900, page.evaluate("document.documentElement.scrollHeight"))})
    page.evaluate(SETTLED)
    axe(page)
    page.set_viewport_size(size)


def sign_in_at(page: Page, person: Person, *, back: str) -> None:
    """Give a provider what its forms ask for, until it sends the browser back."""
    page.wait_for_url(lambda url: not url.startswith(back))
    while not page.url.startswith(back):
        page.locator("input[name=login]:visible, input[name=password]:visible").first.wait_for()
        for name, text in (("login", person.user_name), ("password", person.password)):
            if page.locator(f"input[name={name}]:visible").count():
                page.locator(f"input[name={name}]:visible").fill(text)
        with page.expect_navigation():
            page.locator("input[name=login]:visible, input[name=password]:visible").last.press("Enter")
        page.wait_for_load_state()
