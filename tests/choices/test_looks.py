"""The pages of choices, suggestions and questions as people see them: narrow and wide, light and dark."""

import pytest

from app.access.roles import Role
from app.clock import now
from app.people.queries import get_person
from tenants.unit_of_work import tenant_work
from tests.factories.asks import Asking
from tests.factories.matching import Volunteers
from tests.journeys.browser import carry, look_over, looked, person

ALPHA = "http://alpha.kamu.localhost:8000"
SAID = (
    ("Sulo", "Oulu", "I like long walks and short answers. I have been new here three times."),
    ("Rauha", "Helsinki", "I listen first. If you want advice, ask me twice."),
    ("Kuisma", "Tampere", "Twelve years on site, two small children, still learning to rest."),
    ("Venla", "Helsinki", ""),
)
WISHES = {"topics": ["balance", "saying_no"], "ways": ["walk"], "languages": ["fi", "en"]}

pytestmark = pytest.mark.browser


@pytest.fixture
def house(cast):
    return cast.organisation("alpha", name="Saarnikoski")


@pytest.fixture
def volunteers(house):
    return Volunteers(house.ref)


@pytest.fixture
def cookie_of(cast, house):
    def cookie_of(person_id):
        with tenant_work(house.ref):
            found = get_person(person_id)
        account = cast.account(house.ref, found.email, Role.MEMBER, name=found.name, person=found)
        return cast.signed_in(house, account.id).cookie()

    return cookie_of


def test_choosing_is_clean_from_the_welcome_to_the_private_list(screen, house, volunteers, cookie_of):
    for name, site, words in SAID:
        volunteers.kamu(given_name=name, site=site, wishes={"introduction": words, "lists_self": True})
    ilta = volunteers.person(given_name="Ilta", language="fi")
    with person(screen) as browser:
        carry(browser, "alpha.kamu.localhost:8000", cookie_of(ilta))
        page = look_over(browser, f"{ALPHA}/welcome", "welcome-choice")
        page.get_by_label("I’d like to be one").check()
        page.get_by_role("button", name="Save my choice").click()
        page.get_by_text("First the Kamu training").wait_for()
        page.get_by_label("Saying no").check()
        looked(page, "choices")
        page.goto(f"{ALPHA}/choices/rather-not")
        page.get_by_label("Name of a colleague").fill("Ku")
        page.get_by_role("button", name="Search").click()
        page.get_by_role("button", name="Add quietly").click()
        page.get_by_label("Name of a colleague").fill("Ra")
        page.get_by_role("button", name="Search").click()
        page.get_by_text("One colleague begins like that.").wait_for()
        looked(page, "rather-not")
        page.goto(f"{ALPHA}/kamus")
        page.get_by_role("heading", name="Venla Koski").wait_for()
        looked(page, "kamus-listed")


def test_asking_and_answering_are_clean(screen, house, volunteers, cookie_of):
    kamus = {
        name: volunteers.kamu(given_name=name, site=site, wishes=WISHES | {"introduction": words}, unit=f"Team {name}")
        for name, site, words in SAID
    }
    lumi = volunteers.kaveri(given_name="Lumi", site="Helsinki", unit="Grid", language="fi", wishes=WISHES)
    with person(screen) as browser:
        carry(browser, "alpha.kamu.localhost:8000", cookie_of(lumi))
        page = look_over(browser, f"{ALPHA}/suggestions", "suggestions")
        page.get_by_role("button", name="Ask the one I chose").click()
        page.get_by_text("Choose one of them first").wait_for()
        page.get_by_label("I’d like Rauha").check()
        looked(page, "suggestions-chosen")
        page.get_by_role("button", name="Ask the one I chose").click()
        page.get_by_role("heading", name="You have asked Rauha").wait_for()
        looked(page, "suggestions-waiting")
        carry(browser, "alpha.kamu.localhost:8000", cookie_of(kamus["Rauha"]))
        Asking(house.ref).ask(volunteers.kaveri(given_name="Aava", wishes=WISHES), kamus["Rauha"], now=now())
        look_over(browser, f"{ALPHA}/asks", "asks").close()
        carry(browser, "alpha.kamu.localhost:8000", cookie_of(kamus["Sulo"]))
        look_over(browser, f"{ALPHA}/asks", "asks-none").close()
        carry(browser, "alpha.kamu.localhost:8000", cookie_of(volunteers.kaveri()))
        look_over(browser, f"{ALPHA}/asks", "asks-no-kamu").close()
