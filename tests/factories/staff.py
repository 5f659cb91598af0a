"""Nitor's people for tests: invited, enrolled and signed in as they are in life."""

import html
import json
import re
from dataclasses import dataclass

from flask import Flask
from werkzeug.test import TestResponse

from app.support.actions import invite_staff
from app.support.emails import enrolment_link
from app.support.models import Staff, StaffInvitation
from app.support.queries.staff import find_staff_by_email
from tenants.models import utc_now
from tenants.unit_of_work import control_work
from tests.factories.authenticators import Authenticator
from tests.factories.browsers import Browser

OPTIONS = re.compile(r'data-options="([^"]+)"')
CHALLENGE = re.compile(r'name="challenge" value="([^"]+)"')


@dataclass
class Colleague:
    """One member of staff, the browser they use and the devices they hold."""

    staff: Staff
    browser: Browser
    devices: list[Authenticator]


class Nitor:
    """Makes colleagues."""

    def __init__(self, app: Flask) -> None:
        self.app = app
        self.host = app.config["KAMU"].staff_host
        self.origin = f"{app.config['KAMU'].scheme}://{self.host}"

    def browser(self) -> Browser:
        return Browser(self.app, self.host)

    def device(self, **lies: object) -> Authenticator:
        return Authenticator(**{"origin": self.origin, "rp_id": self.host.partition(":")[0], **lies})

    def invited(self, name: str = "Tuisku") -> StaffInvitation:
        with control_work():
            return invite_staff(email=f"{name.lower()}@nitor.example", name=name, language="en", now=utc_now())

    def path_of(self, invitation: StaffInvitation) -> str:
        return enrolment_link(invitation).removeprefix(self.origin)

    def enrolled(self, name: str = "Tuisku") -> Colleague:
        """Somebody who has made a passkey with their link and is signed in."""
        browser, device = self.browser(), self.device()
        self.enrolled_with = self.invited(name)
        path = self.path_of(self.enrolled_with)
        answer = create(browser, path, device, name="Laptop")
        assert answer.status_code == 303, answer.text
        browser.follow(answer)
        with control_work():
            staff = find_staff_by_email(f"{name.lower()}@nitor.example")
        return Colleague(staff, browser, [device])


def options_of(page: TestResponse) -> dict:
    return json.loads(html.unescape(OPTIONS.search(page.text)[1]))


def challenge_of(page: TestResponse) -> str:
    return html.unescape(CHALLENGE.search(page.text)[1])


def create(browser: Browser, path: str, device: Authenticator, **fields: object) -> TestResponse:
    """Make a passkey on a page, as its script does."""
    page = browser.get(path)
    form = {"challenge": challenge_of(page), "credential": device.answer_creation(options_of(page)), **fields}
    return browser.post(path, form)


def sign_in(browser: Browser, device: Authenticator, **fields: object) -> TestResponse:
    """Use a passkey on the staff door, as its script does."""
    page = browser.get("/sign-in")
    form = {"challenge": challenge_of(page), "credential": device.answer_request(options_of(page)), **fields}
    return browser.post("/sign-in", form)
