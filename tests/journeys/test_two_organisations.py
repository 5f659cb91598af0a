"""Two organisations at once, from the sign-up to the first pair, its goal and the coming invoice; then each is asked
for by the other.
"""

import re
from collections.abc import Iterator
from contextlib import ExitStack, closing
from dataclasses import dataclass

import pytest
from flask import Flask
from playwright.sync_api import Browser, BrowserContext, expect

from app.access.guard import is_by_token
from app.web.areas import Area, area_of_endpoint
from app.web.session import COOKIE
from tests.factories.providers import LocalProvider
from tests.journeys.browser import Look, carry, person
from tests.journeys.founders import Founder
from tests.journeys.pairing import Employee
from tests.journeys.preparing import PREPARATIONS, see_coming_invoice
from tests.journeys.stack import LiveStack

pytestmark = pytest.mark.browser

FINNISH = """\
Henkilönumero;Etunimi;Sukunimi;Sähköposti;Yksikkö;Esihenkilön numero;Kieli
1;Hilla;Ahonen;hilla@first.example;Verkko;;suomi
2;Petri;Lampinen;petri@first.example;Käyttö;1;suomi
3;Mirja;Väisänen;mirja@first.example;Huolto;4;ruotsi
4;Oskari;Niemi;oskari@first.example;Huolto;1;suomi
"""
ENGLISH = """\
Employee ID,First name,Last name,Work e-mail,Department,Manager ID,Language
10,Astrid,Lindroos,astrid@second.example,Grid,,en
20,Samuel,Heikkinen,samuel@second.example,Grid,10,en
30,Yasmin,Farah,yasmin@second.example,Finance,40,en
40,Ingrid,Solberg,ingrid@second.example,Finance,10,en
"""


# What the routes' addresses name, and how a stranger is answered who names it.
NAMED = {
    "people.person": ("person", 404),
    "people.show_import": ("file", 404),
    "provisioning.calls": ("person", 404),
    "provisioning.group": ("person", 404),
    "sign_in.invitation": ("invitation", 404),
    "sign_in.arrival": ("person", 404),
    "roles.holder": ("person", 404),
    "roles.recovery": ("login link", 404),
    "roles.invitation": ("login link", 404),
    "sign_in.link": ("login link", 404),
    "rights.own_file": ("login link", 404),
    # Without a sign-in begun in this browser the connection is not even looked for.
    "sign_in.callback": ("connection", 410),
    "sign_in.in_use": ("connection", 404),
    "sign_in.ending": ("connection", 404),
    "sign_in.try_in_use": ("connection", 404),
    "sign_in.start_own_log_in": ("connection", 404),
    # An owner as such takes no part; an employee does, and is asked about below.
    "training.part": ("part", 403),
    "goals.goal": ("goal", 403),
    "pairs.pair": ("pair", 403),
    "pairs.pausing": ("pair", 403),
    "pairs.ending": ("pair", 403),
    "pairs.note": ("pair", 403),
    "export.download": ("export", 404),
}
ARGUMENT = re.compile(r"<(?:\w+:)?\w+>")


@dataclass
class Inside:
    """An organisation after its launch: the owner's and the employee's sessions."""

    founder: Founder
    owner: str
    employee: str


@pytest.fixture(scope="session")
def inside(
    live: LiveStack,
    live_chromium: Browser,
    canaille_provider: LocalProvider,
    node_provider: LocalProvider,
    tmp_path_factory: pytest.TempPathFactory,
) -> list[Inside]:
    """Both journeys, step by step side by side; every page on the way of the first is looked at."""
    files = tmp_path_factory.mktemp("rosters")
    (files / "henkilöt.csv").write_bytes(FINNISH.encode("cp1252"))
    (files / "people.csv").write_bytes(ENGLISH.encode())
    with ExitStack() as browsers:
        narrow = browsers.enter_context(person(live_chromium, Look(360, "light"), language="fi-FI"))
        wide = browsers.enter_context(person(live_chromium, Look(1440, "light"), language="en-GB"))
        first = Founder(live, narrow, "Kevätpuro", "kevatpuro", canaille_provider)
        # What stands wide and in English is looked at by each feature's own tests.
        second = Founder(live, wide, "Saarnikoski", "saarnikoski", node_provider, looks=False)
        _found(first, second)
        first.check_file(files / "henkilöt.csv")
        second.check_file(files / "people.csv")
        _set_up(first, second)
        return [_bring_in(live_chromium, first, "fi-FI", 360), _bring_in(live_chromium, second, "en-GB", 1440)]


def _found(*founders: Founder) -> None:
    for step in (Founder.write_wish, Founder.send_wish, Founder.read_mail, Founder.confirm, Founder.come_home):
        for founder in founders:
            step(founder)


def _set_up(first: Founder, second: Founder) -> None:
    first.take_in()
    second.take_in()
    first.see_people("Hilla Ahonen", "Petri Lampinen", "Mirja Väisänen")
    second.see_people("Astrid Lindroos", "Samuel Heikkinen", "Yasmin Farah")
    first.connect()
    second.connect()
    for prepare in PREPARATIONS:
        prepare(first)
        prepare(second)
    first.launch("Tervetuloa mukaan.")
    second.launch("You are welcome.")


def _bring_in(chromium: Browser, founder: Founder, language: str, width: int) -> Inside:
    """Two employees come in; one is asked and says yes; the other keeps a goal and tells how it goes."""
    with ExitStack() as browsers:
        both = [
            Employee(founder, browsers.enter_context(person(chromium, Look(width, "light"), language=language)), each)
            for each in (founder.kaveri, founder.kamu)
        ]
        kaveri, kamu = both
        for employee in both:
            employee.come_in()
        kaveri.hesitate()
        kamu.choose("be_one")
        kamu.train()
        kaveri.choose("kamu")
        kaveri.ask_for(founder.kamu)
        kamu.say_yes()
        kaveri.open_pair()
        kaveri.set_goal("Ask for the quiet room on Tuesdays.")
        kaveri.follow_up("slowly", "Once so far.")
        kamu.open_pair()
        kamu.reads("Ask for the quiet room on Tuesdays.", "Once so far.")
        see_coming_invoice(founder)
        founder.take_along()
        return Inside(founder, _session(founder.context, founder), _session(kaveri.context, founder))


def _session(context: BrowserContext, founder: Founder) -> str:
    cookies = context.cookies(f"https://{founder.stack.host(founder.slug)}/")
    return next(cookie["value"] for cookie in cookies if cookie["name"] == COOKIE)


def test_each_organisation_has_a_pair_whose_two_came_in_by_its_own_provider(
    inside: list[Inside], live_chromium: Browser
):
    for each in inside:
        with person(live_chromium) as employee:
            carry(employee, each.founder.stack.host(each.founder.slug), each.employee)
            page = employee.new_page()
            page.goto(each.founder.stack.url(each.founder.slug, f"/pairs/{each.founder.ids['pair']}"))
            expect(page.locator("h1")).to_contain_text(each.founder.kamu.given_name)
            # An employee is no owner: the directory is not theirs to see.
            assert page.goto(each.founder.stack.url(each.founder.slug, "/people")).status == 403


def _pages(app: Flask, ids: dict[str, str]) -> Iterator[tuple[str, int, bool]]:
    """Each page of an organisation with the ids of one: its address, the answer to a stranger, whether it names one."""
    with app.app_context():
        for rule in app.url_map.iter_rules():
            is_org = area_of_endpoint(rule.endpoint) in {Area.ORGANISATION, None}
            for_people = not is_by_token(app.view_functions[rule.endpoint])
            if (
                not is_org
                or not for_people
                or "GET" not in rule.methods
                or rule.endpoint.startswith(("assets.", "health."))
            ):
                continue
            named = bool(ARGUMENT.search(rule.rule))
            name, answer = NAMED[rule.endpoint] if named else ("", 404)
            yield ARGUMENT.sub(ids.get(name, ""), rule.rule), answer, named


def test_every_page_of_one_is_absent_for_the_other(inside: list[Inside], live_chromium: Browser, whole_app: Flask):
    for one, other in (inside, inside[::-1]):
        pages = list(_pages(whole_app, one.founder.ids))
        assert len(pages) > 15
        paths = [path for path, *_ in pages]
        with closing(live_chromium.new_context()) as stranger:
            at_other, at_one = _asker(stranger, other.founder), _asker(stranger, one.founder)
            for session in (one.owner, one.employee):
                carry(stranger, other.founder.stack.host(other.founder.slug), session)
                assert at_other(paths) == dict.fromkeys(paths, 404)
            carry(stranger, one.founder.stack.host(one.founder.slug), other.owner)
            assert at_one(paths) == dict.fromkeys(paths, 404)
            carry(stranger, other.founder.stack.host(other.founder.slug), other.owner)
            named = {path: answer for path, answer, names in pages if names}
            assert at_other(list(named)) == named
            assert at_other(["/people"]) == {"/people": 200}
            carry(stranger, other.founder.stack.host(other.founder.slug), other.employee)
            theirs = [path for path in named if path.startswith(("/pairs/", "/goals/"))]
            assert at_other(theirs) == dict.fromkeys(theirs, 404)
            assert len(theirs) == 5
            carry(stranger, one.founder.stack.host(one.founder.slug), one.owner)
            person = f"/people/{one.founder.ids['person']}"
            assert at_one([person]) == {person: 200}


ASK = """async (paths) => {
  const answers = {}
  for (const path of paths) answers[path] = (await fetch(path)).status
  return answers
}"""


def _asker(context: BrowserContext, founder: Founder):
    """Asks for pages at an organisation's host from a page that stands there, cookie and all."""
    page = context.new_page()

    def ask(paths: list[str]) -> dict[str, int]:
        page.goto(founder.stack.url(founder.slug, "/nothing-here"))
        return page.evaluate(ASK, paths)

    return ask


ATTACK = """<!doctype html><html lang="en"><title>Win a bicycle</title><body onload="document.forms[0].submit()">
<form method="post" action="{target}">
<input name="csrf_token" value="{token}"><input name="given_name" value="Mallory"><input name="family_name" value="Moth">
<input name="email" value="mallory@attack.example"><input name="language" value=""></form></body></html>"""


def test_a_form_from_a_sibling_host_is_refused(inside: list[Inside], live_chromium: Browser):
    victim, sibling = inside
    stack = victim.founder.stack
    target, lair = stack.url(victim.founder.slug, "/people"), stack.url(sibling.founder.slug, "/bicycle")
    with person(live_chromium) as owner:
        carry(owner, stack.host(victim.founder.slug), victim.owner)
        page = owner.new_page()
        page.goto(stack.url(victim.founder.slug, "/people/new"))
        # Even with the right token, as if it had leaked.
        token = page.locator('form[action="/people"] [name=csrf_token]').input_value()
        html = ATTACK.format(target=target, token=token)
        page.route(lair, lambda route: route.fulfill(body=html, content_type="text/html"))
        with page.expect_response(lambda answer: answer.request.method == "POST") as sent:
            page.goto(lair)
        headers = sent.value.request.all_headers()
        assert sent.value.status == 403
        assert headers["origin"] == stack.url(sibling.founder.slug, "")
        assert COOKIE in headers["cookie"], "the attack is only one when the browser sends the session along"
        page.wait_for_load_state()
        _holds_nobody(owner, target, "Mallory")
        _add_by_hand(owner, target, "Milka")


def _holds_nobody(context: BrowserContext, target: str, name: str) -> None:
    page = context.new_page()
    page.goto(target)
    expect(page.locator("main")).not_to_contain_text(name)


def _add_by_hand(context: BrowserContext, target: str, name: str) -> None:
    """The same form from the organisation's own page is taken."""
    page = context.new_page()
    page.goto(f"{target}/new")
    page.locator("[name=given_name]").fill(name)
    page.locator("[name=email]").fill(f"{name.lower()}@first.example")
    page.locator('form[action="/people"] button[type=submit]').click()
    page.wait_for_url(target)
    expect(page.locator("main")).to_contain_text(name)
