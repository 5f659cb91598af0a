"""The whole ceremony in Chromium, with its virtual authenticators; every page looked over on the way."""

import pytest

from app.support.models import Staff
from tenants.unit_of_work import control_work
from tests.factories.customers import DONE, begun
from tests.journeys.browser import NARROW, axe, carry, fits, look_over, looked, person

STAFF = "http://staff.kamu.localhost:8000"

pytestmark = pytest.mark.browser


class Devices:
    """The authenticators plugged into one page's browser."""

    def __init__(self, context, page) -> None:
        self.cdp = context.new_cdp_session(page)
        self.cdp.send("WebAuthn.enable")

    def plug_in(self, *, verifies: bool = True) -> str:
        options = {
            "protocol": "ctap2",
            "transport": "usb",
            "hasResidentKey": True,
            "hasUserVerification": True,
            "isUserVerified": verifies,
        }
        return self.cdp.send("WebAuthn.addVirtualAuthenticator", {"options": options})["authenticatorId"]

    def unplug(self, device: str) -> None:
        self.cdp.send("WebAuthn.removeVirtualAuthenticator", {"authenticatorId": device})


def test_a_member_of_staff_enrols_two_devices_signs_out_and_in_and_removes_one(screen, nitor, customers):
    customers.add("Valkeapuro", begun("sign-in"), still=16, people="50–99")
    link = nitor.origin + nitor.path_of(nitor.invited())
    with person(screen) as tuisku:
        page = tuisku.new_page()
        devices = Devices(tuisku, page)
        first = devices.plug_in()
        page.goto(link)
        page.get_by_label("Name of this passkey").fill("Laptop")
        page.get_by_role("button", name="Make a passkey").click()
        page.wait_for_url(f"{STAFF}/passkeys")
        assert page.get_by_text("Add a second one.").is_visible()

        page.get_by_label("Name of this passkey").fill("Same again")
        page.get_by_role("button", name="Make a passkey").click()
        page.get_by_text("This device already holds a passkey").wait_for()
        axe(page)

        devices.unplug(first)
        devices.plug_in()
        page.get_by_label("Name of this passkey").fill("Blue key")
        page.get_by_role("button", name="Make a passkey").click()
        page.locator(".toast", has_text="Blue key").wait_for()

        page.get_by_role("button", name="Menu for Tuisku").click()
        page.get_by_role("button", name="Sign out").click()
        page.wait_for_url(f"{STAFF}/sign-in")
        page.get_by_role("button", name="Use my passkey").click()
        page.wait_for_url(f"{STAFF}/")
        page.get_by_role("heading", name="Sign-in has stood still for 16 days").wait_for()

        page.goto(f"{STAFF}/passkeys")
        page.get_by_role("link", name="Remove Laptop").click()
        page.get_by_role("button", name="Remove this passkey").click()
        page.locator(".toast", has_text="removed").wait_for()
        assert page.get_by_text("Your only one, so it stays").is_visible()


def test_a_device_that_verifies_nobody_is_refused_and_the_page_says_so(screen, nitor):
    link = nitor.origin + nitor.path_of(nitor.invited())
    with person(screen) as tuisku:
        page = tuisku.new_page()
        Devices(tuisku, page).plug_in(verifies=False)
        page.goto(link)
        page.get_by_label("Name of this passkey").fill("Laptop")
        page.get_by_role("button", name="Make a passkey").click()
        page.get_by_text("Nothing has changed").wait_for()
        looked(page, "staff-enrol-stopped")


def test_a_sign_in_without_any_passkey_is_explained(screen, nitor):
    with person(screen) as stranger:
        page = stranger.new_page()
        Devices(stranger, page).plug_in(verifies=False)
        page.goto(f"{STAFF}/sign-in")
        page.get_by_role("button", name="Use my passkey").click()
        page.get_by_text("Nothing has changed").wait_for()
        axe(page)


def test_a_passkey_of_the_staff_host_is_of_no_use_elsewhere(screen, nitor):
    """The browser itself keeps the staff host's id from the start host and from organisations."""
    ask = """async () => { try { await navigator.credentials.get({publicKey: {challenge: new Uint8Array(32),
      rpId: "staff.kamu.localhost", userVerification: "required"}}); return "given" } catch (e) { return e.name } }"""
    with person(screen) as somebody:
        page = somebody.new_page()
        Devices(somebody, page).plug_in()
        page.goto("http://kamu.localhost:8000/help")
        assert page.evaluate(ask) == "SecurityError"


def test_without_script_the_door_says_what_it_needs(screen, nitor):
    with person(screen, script=False) as somebody:
        page = somebody.new_page()
        page.goto(f"{STAFF}/sign-in")
        assert "Passkeys need JavaScript." in page.locator("noscript").inner_text()
        page.get_by_role("button", name="Use my passkey").click()
        assert page.get_by_text("Your browser sent no passkey.").is_visible()


def test_the_staff_pages_are_clean(screen, nitor, customers):
    customers.add("Valkeapuro", begun("sign-in"), still=16, people="50–99")
    customers.add("Tyrskyniemi Satama ja Liikenne Oy", begun("readiness"), still=9)
    customers.add("Saarnikoski", begun("people"), still=2, people="100–249", launch_in=10)
    customers.add("Lehtovuo", DONE, still=40, people="250–499", live=True)
    customers.add("Kuulasranta", status="suspended", still=60)
    link, tuisku = nitor.path_of(nitor.invited("Alva")), nitor.enrolled()
    used = nitor.path_of(nitor.enrolled_with)
    with person(screen) as visitor:
        for name, path in (("door", "/sign-in"), ("enrol", link), ("used-link", used), ("no-link", "/enrol/x")):
            look_over(visitor, STAFF + path, f"staff-{name}").close()
    with person(screen) as signed_in:
        carry(signed_in, nitor.host, tuisku.browser.cookie())
        for name, path in (
            ("customers", "/"),
            ("customers-none", "/?q=zzz"),
            ("customer", "/customers/valkeapuro"),
            ("customer-live", "/customers/lehtovuo"),
            ("customer-closed", "/customers/kuulasranta"),
        ):
            look_over(signed_in, STAFF + path, f"staff-{name}").close()
        page = look_over(signed_in, f"{STAFF}/passkeys", "staff-passkeys")
        page.get_by_role("button", name="Menu for Tuisku").click()
        looked(page, "staff-menu")


def test_the_empty_list_is_clean(screen, nitor):
    tuisku = nitor.enrolled()
    with person(screen) as signed_in:
        carry(signed_in, nitor.host, tuisku.browser.cookie())
        look_over(signed_in, f"{STAFF}/", "staff-customers-empty")


def test_the_staff_pages_fit_the_narrowest_screen_in_finnish(screen, nitor, customers):
    customers.add("Tyrskyniemi Satama ja Liikenne Oy", begun("readiness"), still=9)
    link, tuisku = nitor.path_of(nitor.invited("Alva")), nitor.enrolled()
    with control_work() as control:
        control.get(Staff, tuisku.staff.id).language = "fi"
    with person(screen, NARROW, language="fi-FI") as reader:
        page = reader.new_page()
        page.set_viewport_size({"width": 320, "height": 640})
        for path in ("/sign-in", link):
            page.goto(STAFF + path)
            fits(page)
        carry(reader, nitor.host, tuisku.browser.cookie())
        for path in ("/passkeys", "/customers/tyrskyniemi-satama-ja-liikenne-oy", "/"):
            page.goto(STAFF + path)
            fits(page)
