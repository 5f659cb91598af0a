"""A browser without a screen for real processes: one host, one cookie, forms with their token."""

import html
import re

from app.web.session import COOKIE
from tests.factories.browsers import TOKEN
from tests.journeys.stack import LiveStack, wait_for

SET_COOKIE = re.compile(rf"{COOKIE}=([^;]*)")
CONFIRMATION = re.compile(r"http://\S+?(/confirmations/\S+)")
WAY_IN = re.compile(r'href="http://[^"/]+(/sign-in/links/[^"]+)"')


class Visitor:
    """Somebody at one host of a running stack."""

    def __init__(self, stack: LiveStack, host: str) -> None:
        self.stack, self.host, self.cookie, self.token = stack, host, "", ""

    def get(self, path: str) -> dict:
        return self._ask(path, "GET")

    def post(self, path: str, **form: str) -> dict:
        return self._ask(path, "POST", data={"csrf_token": self.token, **form})

    def _ask(self, path: str, method: str, **options: object) -> dict:
        headers = {"Origin": f"http://{self.host}", "Sec-Fetch-Site": "same-origin"}
        if self.cookie:
            headers["Cookie"] = f"{COOKIE}={self.cookie}"
        answer = self.stack.ask(path, host=self.host, method=method, headers=headers, **options)
        found = SET_COOKIE.search(answer.get("headers", {}).get("Set-Cookie", ""))
        self.cookie = found[1] if found else self.cookie
        token = TOKEN.search(answer.get("text", ""))
        self.token = html.unescape(token[1]) if token else self.token
        return answer


def ask_for_place(stack: LiveStack, slug: str) -> str:
    """Send the form of the start page; returns the address that the confirmation goes to."""
    visitor, email = Visitor(stack, stack.base_host), f"owner@{slug}.example"
    visitor.get("/")
    answer = visitor.post("/sign-ups", organisation=slug.capitalize(), slug=slug, email=email)
    assert answer["status"] == 303, answer["text"]
    return email


def found_organisation(stack: LiveStack, slug: str) -> Visitor:
    """Go the whole way from the start page; returns the owner, signed in."""
    start, path = about_to_confirm(stack, slug)
    assert start.post(path)["status"] == 303
    return come_in(start, path, slug)


def about_to_confirm(stack: LiveStack, slug: str) -> tuple[Visitor, str]:
    """Go up to the button of the mail; returns the visitor and where the button is."""
    email, start = ask_for_place(stack, slug), Visitor(stack, stack.base_host)
    path = CONFIRMATION.search(stack.mail_to(email).text)[1]
    start.get(path)
    return start, path


def come_in(start: Visitor, path: str, slug: str) -> Visitor:
    """Wait until the place is built, and go in as its owner."""
    stack = start.stack
    way_in = wait_for(lambda: WAY_IN.search(start.get(path).get("text", "")), "the way in")[1]
    owner = Visitor(stack, stack.host(slug))
    assert owner.get(way_in)["status"] == 200
    assert owner.post(way_in)["status"] == 303
    return owner
