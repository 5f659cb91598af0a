"""What two employees do in their browsers, from the first visit to a goal that is followed up."""

import re
from dataclasses import dataclass, field

from playwright.sync_api import BrowserContext, Page, expect

from local.provider import Person
from tests.journeys.founders import INVITATION, SECONDS, Founder, look, sign_in_at

PAIR = re.compile(r"/pairs/[0-9a-f-]{36}")


@dataclass
class Employee:
    """Somebody invited, in a browser of their own."""

    founder: Founder
    context: BrowserContext
    me: Person
    page: Page = field(init=False)

    def __post_init__(self) -> None:
        self.context.set_default_timeout(SECONDS)
        self.page = self.context.new_page()

    def look(self) -> None:
        if self.founder.looks:
            look(self.page)
        else:
            self.page.wait_for_load_state()

    def go(self, path: str) -> None:
        """Open a page and look at it."""
        self.page.goto(self.founder.stack.url(self.founder.slug, path))
        self.look()

    def send(self, action: str, *, value: str = "") -> None:
        """Press the button of the form that is sent to ``action`` and look at what comes."""
        wanted = f'[value="{value}"]' if value else ":not([formaction])"
        with self.page.expect_navigation():
            self.page.locator(f'form[action$="{action}"] button[type=submit]{wanted}').first.click()
        self.look()

    def come_in(self) -> None:
        """Open the invitation and sign in at the organisation's provider."""
        invitation = INVITATION.search(self.founder.stack.mail_to(self.me.email).text)[0]
        self.founder.ids.setdefault("invitation", invitation.rsplit("/", 1)[-1])
        self.page.goto(invitation)
        self.look()
        self.page.locator('a[href="/sign-in/start"]').first.click()
        sign_in_at(self.page, self.me, back=self.founder.stack.url(self.founder.slug))
        self.page.wait_for_url(self.founder.stack.url(self.founder.slug, "/privacy-notice"))
        self.look()
        self.send("/privacy-notice")
        self.page.wait_for_url(self.founder.stack.url(self.founder.slug, "/welcome"))

    def hesitate(self) -> None:
        """Say "not now"; the welcome stays open."""
        self.page.locator('form[action$="/choices/want"] input[value=not_now]').check()
        self.send("/choices/want")
        assert self.page.url.endswith("/not-now")
        self.go("/welcome")

    def choose(self, want: str) -> None:
        """Say what one would like, with a topic, languages and a way of meeting."""
        self.page.locator(f'form[action$="/choices/want"] input[value={want}]').check()
        self.send("/choices/want")
        for name in ("topics", "ways"):
            self.page.locator(f"input[name={name}]").first.check()
        for code in ("en", "fi"):
            self.page.locator(f"input[name=languages][value={code}]").check()
        if want == "be_one":
            self.page.locator("[name=introduction]").fill("I listen first.")
        self.send("/choices")

    def train(self) -> None:
        """Take the module part by part, to the certificate."""
        self.go("/training")
        self.page.locator('main a.btn.primary[href^="/training/"]').first.click()
        while not self.page.url.endswith("/training"):
            self.look()
            if self.page.locator("main textarea").count():
                self.page.locator("main textarea").fill("I would ask what they have tried.")
            with self.page.expect_navigation():
                self.page.locator("main form button.primary").click()
        self.go("/training/certificate")
        expect(self.page.locator("main")).to_contain_text(self.me.given_name)

    def ask_for(self, kamu: Person) -> None:
        """Find the Kamu among the suggestions and ask."""
        self.go("/suggestions")
        card = self.page.locator("article.match", has=self.page.get_by_text(kamu.given_name, exact=False)).first
        card.locator("input[name=kamu]").check()
        self.send("/suggestions/ask")

    def say_yes(self) -> None:
        self.go("/today")
        self.go("/asks")
        with self.page.expect_navigation():
            self.page.locator("button[name=answer][value=yes]").click()
        self.look()

    def open_pair(self) -> None:
        """From today to the page of the two."""
        self.go("/today")
        self.page.locator('main a[href^="/pairs/"]').first.click()
        self.page.wait_for_url(PAIR)
        self.look()
        self.founder.ids["pair"] = self.page.url.rsplit("/", 1)[-1]

    def set_goal(self, line: str) -> None:
        """Keep one line as a goal from the pair's page, then tell it."""
        self.page.locator('form[action$="/goals"] [name$=line]').fill(line)
        self.send("/goals")
        self.go("/goals")
        self.page.locator('main a[href^="/goals/"]:not([href$="/new"])').first.click()
        self.page.wait_for_url(re.compile(r"/goals/[0-9a-f-]{36}"))
        self.founder.ids["goal"] = self.page.url.rsplit("/", 1)[-1]
        self.look()
        self.send("/telling")

    def follow_up(self, how: str, line: str) -> None:
        self.go(f"/goals/{self.founder.ids['goal']}")
        self.page.locator(f"#follow input[value={how}]").check()
        self.page.locator("#follow textarea").fill(line)
        self.send("/follow-ups")
        expect(self.page.locator("main")).to_contain_text(line)

    def reads(self, *lines: str) -> None:
        """The page of the two shows these lines."""
        self.go(f"/pairs/{self.founder.ids['pair']}")
        for line in lines:
            expect(self.page.locator("main")).to_contain_text(line)
