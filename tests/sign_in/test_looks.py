"""The door and the set-up of sign-in, seen by a real browser: every state, narrow and wide, light and dark."""

import re
from datetime import timedelta

import pytest

from app import clock
from app.links import seal
from app.sign_in import actions
from app.sign_in.models import Invitation
from tenants.unit_of_work import session, tenant_work
from tests.factories.sign_in import connect, invite
from tests.journeys.browser import carry, look_over, looked, person
from tests.sign_in.hostile_provider import CLIENT_ID, CLIENT_SECRET

HOST = "alpha.kamu.localhost:8000"
HERE = f"http://{HOST}"

pytestmark = pytest.mark.browser


def test_the_door_and_what_stands_before_it_are_clean(screen, cast, provider):
    alpha = cast.organisation("alpha", name="Saarnikoski")
    aino = cast.person(alpha.ref, "aino@alpha.example", given_name="Aino")
    early = invite(alpha, aino)
    with tenant_work(alpha.ref):
        link = actions.make_login_link(account_id=alpha.owner_id, browser=None, now=clock.now())
        old = actions.make_login_link(account_id=alpha.owner_id, browser=None, now=clock.now() - timedelta(hours=1))
    with person(screen) as somebody:
        look_over(somebody, f"{HERE}/sign-in", "door-without-provider").close()
        look_over(somebody, HERE + early, "invitation-too-early").close()
        connect(alpha, provider)
        door = look_over(somebody, f"{HERE}/sign-in", "door")
        door.get_by_text("I was invited by e-mail").click()
        door.get_by_label("E-mail").fill("aino@nowhere")
        door.get_by_role("button", name="Send me a link").click()
        door.get_by_role("alert").wait_for()
        looked(door, "door-error")
        door.get_by_label("E-mail").fill("owner@alpha.example")
        door.get_by_role("button", name="Send me a link").click()
        door.get_by_role("heading", name="Look in your mail").wait_for()
        looked(door, "link-sent")
        look_over(somebody, f"{HERE}/sign-in/links/{seal('login-link', link.id)}", "link").close()
        look_over(somebody, f"{HERE}/sign-in/links/{seal('login-link', old.id)}", "link-expired").close()
        look_over(somebody, f"{HERE}/sign-in/links/nonsense", "link-unknown").close()
        provider.attack = "wrong aud"
        broken = look_over(somebody, f"{HERE}/sign-in/start", "provider-problem")
        broken.get_by_text("For your IT").first.click()
        looked(broken, "provider-problem-open")
        provider.reset()
        invitation = look_over(somebody, HERE + early, "invitation")
        with tenant_work(alpha.ref):
            session().query(Invitation).one().expires_at = clock.now()
        look_over(somebody, HERE + early, "invitation-expired").close()
        look_over(somebody, f"{HERE}/invitations/nonsense", "invitation-unknown").close()
        invitation.get_by_role("link", name="Continue with Saarnikoski").click()
        invitation.get_by_role("heading", name="Your invitation is too old").wait_for()
        looked(invitation, "refused")


def test_connecting_a_provider_is_clean_at_every_step(screen, cast, provider):
    alpha = cast.organisation("alpha", name="Saarnikoski")
    cast.person(alpha.ref, "aino@example.com", given_name="Aino", family_name="Virta")
    with person(screen) as meri:
        carry(meri, HOST, cast.signed_in(alpha).cookie())
        page = look_over(meri, f"{HERE}/set-up/sign-in", "connection-choice")
        page.evaluate("for (const form of document.forms) form.noValidate = true")
        page.get_by_role("button", name="Continue").click()
        page.get_by_role("alert").wait_for()
        looked(page, "connection-choice-error")
        page.get_by_text("Microsoft Entra ID").click()
        page.get_by_role("button", name="Continue").click()
        page.get_by_role("heading", name="1. Register Kamu at Microsoft Entra ID").wait_for()
        looked(page, "connection-empty")
        page.get_by_label("Issuer").fill("https://127.0.0.1")
        page.get_by_label("Client ID").fill(CLIENT_ID)
        page.get_by_label("Client secret").fill(CLIENT_SECRET)
        page.get_by_role("button", name="Save and check").click()
        page.get_by_role("alert").wait_for()
        looked(page, "connection-error")
        page.get_by_label("Issuer").fill(provider.issuer)
        page.get_by_role("button", name="Save and check").click()
        page.get_by_text("The provider answered as it should").first.wait_for()
        looked(page, "connection-saved")
        provider.attack = "wrong nonce"
        page.get_by_role("link", name="Try it").click()
        page.get_by_role("heading", name="The test sign-in did not work").wait_for()
        looked(page, "test-failed")
        provider.attack = ""
        page.get_by_role("link", name="Try it again").click()
        page.get_by_role("heading", name="The test sign-in worked").wait_for()
        looked(page, "test-worked")
        page.get_by_role("link", name="Back to the settings").click()
        page.get_by_role("heading", name="4. Put it in use").wait_for()
        looked(page, "connection-tested")
        page.get_by_role("button", name="Throw these settings away").click()
        page.get_by_role("dialog").wait_for()
        looked(page, "connection-throw-away")
        page.get_by_role("button", name="Not now").first.click()
        page.get_by_role("button", name=re.compile("^Put it in use$")).click()
        page.get_by_text("Sign-in is in use.").first.wait_for()
        looked(page, "connection-in-use")
        page.get_by_role("link", name="Settings", exact=True).click()
        page.get_by_role("heading", name="Who comes in").wait_for()
        page.get_by_label("Claim that equals").fill("email")
        page.get_by_role("button", name="Save").click()
        page.get_by_role("alert").wait_for()
        looked(page, "connection-settings-error")
        page.get_by_label("Claim that equals").fill("oid")
        page.get_by_label("The secret’s last day").fill((clock.now() + timedelta(days=7)).date().isoformat())
        page.get_by_role("button", name="Save").click()
        page.get_by_text("The client secret ends in 7 days").wait_for()
        looked(page, "connection-secret-ends")
        page.get_by_role("button", name="Change what the provider gave").click()
        page.get_by_role("heading", name="4. Switch over to it").wait_for()
        page.get_by_role("link", name="Take it out of use").click()
        page.get_by_role("heading", name="Take it out of use?").wait_for()
        looked(page, "connection-take-out")
        look_over(meri, f"{HERE}/set-up/sign-in/only-way-in", "only-way-in").close()


def test_ones_own_log_in_and_the_way_out_are_clean(screen, cast, provider):
    alpha = cast.organisation("alpha", name="Saarnikoski")
    connect(alpha, provider)
    aino = cast.person(alpha.ref, "aino@alpha.example", given_name="Aino")
    with person(screen) as meri:
        carry(meri, HOST, cast.signed_in(alpha).cookie())
        page = look_over(meri, f"{HERE}/me/log-ins", "own-log-ins")
        provider.subject = "meri"
        page.get_by_role("link", name="Connect it").click()
        page.get_by_role("heading", name="Is this you?").wait_for()
        looked(page, "own-log-in-confirm")
    provider.subject = "aino"
    with person(screen) as somebody:
        page = somebody.new_page()
        page.goto(HERE + invite(alpha, aino))
        page.get_by_role("link", name="Continue with Saarnikoski").click()
        page.goto(f"{HERE}/me/sign-ins")
        page.locator("form[action='/sign-out'] button").first.evaluate("button => button.form.requestSubmit()")
        page.get_by_role("heading", name="You are signed out of Kamu").wait_for()
        looked(page, "signed-out")


def test_connecting_and_coming_in_work_without_script(screen, cast, provider):
    alpha = cast.organisation("alpha")
    aino = cast.person(alpha.ref, "aino@alpha.example", given_name="Aino")
    with person(screen, script=False) as meri:
        carry(meri, HOST, cast.signed_in(alpha).cookie())
        page = meri.new_page()
        page.goto(f"{HERE}/set-up/sign-in")
        page.get_by_text("Keycloak").click()
        page.get_by_role("button", name="Continue").click()
        page.get_by_label("Issuer").fill(provider.issuer)
        page.get_by_label("Client ID").fill(CLIENT_ID)
        page.get_by_label("Client secret").fill(CLIENT_SECRET)
        page.get_by_role("button", name="Save and check").click()
        page.get_by_role("link", name="Try it").click()
        page.get_by_role("button", name="Put it in use").click()
        assert page.get_by_text("Sign-in is in use.").first.is_visible()
    provider.subject = "aino"
    with person(screen, script=False) as somebody:
        page = somebody.new_page()
        page.goto(HERE + invite(alpha, aino))
        page.get_by_role("link", name="Continue with Alpha").click()
        page.get_by_role("button", name="I have seen it").click()
        assert page.url == f"{HERE}/welcome"
