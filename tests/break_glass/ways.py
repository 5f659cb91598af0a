"""What an owner does to be prepared, and on the day when the sign-in fails."""

import re

from werkzeug.test import TestResponse

from tests.cast import Cast, Organisation
from tests.factories.authenticators import Authenticator
from tests.factories.browsers import Browser
from tests.factories.staff import challenge_of, options_of

CODE = re.compile(r"<code>([0-9A-Z-]{19})</code>")


def codes_of(cast: Cast, organisation: Organisation) -> list[str]:
    """The codes that the owner makes."""
    return CODE.findall(cast.signed_in(organisation).post("/me/rescue/codes").text)


def redeem(browser: Browser, code: str, email: str = "owner@alpha.example") -> TestResponse:
    browser.get("/sign-in/rescue")
    return browser.post("/sign-in/rescue/code", {"email": email, "code": code})


def device_of(cast: Cast, organisation: Organisation) -> Authenticator:
    config = cast.app.config["KAMU"]
    host = config.organisation_host(organisation.slug)
    return Authenticator(origin=f"{config.scheme}://{host}", rp_id=host.partition(":")[0])


def add(browser: Browser, device: Authenticator, name: str = "Phone") -> TestResponse:
    """Make a passkey, as the page's script does."""
    page = browser.get("/me/rescue")
    credential = device.answer_creation(options_of(page))
    form = {"challenge": challenge_of(page), "credential": credential, "name": name}
    return browser.post("/me/rescue/passkeys", form)


def use(browser: Browser, device: Authenticator, path: str, to: str = "") -> TestResponse:
    """Use a passkey on the page at `path`."""
    page = browser.get(path)
    form = {"challenge": challenge_of(page), "credential": device.answer_request(options_of(page))}
    return browser.post(to or path, form)
