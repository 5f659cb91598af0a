"""The pages of training as people see them: narrow and wide, light and dark."""

import pytest

from app.training.policies import PARTS
from tests.cast import Cast
from tests.factories.training import do_part, offer_training, train
from tests.journeys.browser import carry, fits, look_over, looked, person

HOST = "alpha.kamu.localhost:8000"

pytestmark = pytest.mark.browser


def test_the_pages_of_the_module_are_clean(screen, cast: Cast):
    organisation = cast.organisation("alpha")
    offer_training(organisation)
    browser, account = cast.employee(organisation)
    do_part(organisation, account.person_id, "role")
    with person(screen) as ilta:
        carry(ilta, HOST, browser.cookie())
        look_over(ilta, f"http://{HOST}/training", "training").close()
        look_over(ilta, f"http://{HOST}/training/questions", "training-questions").close()
        page = look_over(ilta, f"http://{HOST}/training/listening-exercise", "training-exercise")
        page.get_by_role("button", name="Save and go on").click()
        looked(page, "training-exercise-empty")
        train(organisation, account.person_id)
        look_over(ilta, f"http://{HOST}/training/certificate", "training-certificate").close()


def test_the_step_is_clean_before_and_after_it_is_decided(screen, cast: Cast):
    organisation = cast.organisation("alpha")
    with person(screen) as meri:
        carry(meri, HOST, cast.signed_in(organisation).cookie())
        look_over(meri, f"http://{HOST}/set-up/training", "training-step").close()
        offer_training(organisation)
        look_over(meri, f"http://{HOST}/set-up/training", "training-step-offered").close()
        look_over(meri, f"http://{HOST}/set-up/training/module", "training-module").close()


@pytest.mark.parametrize("language", ["fi", "sv"])
def test_every_part_fits_the_narrowest_screen(screen, cast: Cast, language: str):
    organisation = cast.organisation("alpha")
    offer_training(organisation)
    browser, _ = cast.employee(organisation)
    browser.post("/language", {"language": language})
    with person(screen) as ilta:
        carry(ilta, HOST, browser.cookie())
        page = ilta.new_page()
        page.set_viewport_size({"width": 320, "height": 640})
        for part in PARTS:
            page.goto(f"http://{HOST}/training/{part.key}")
            assert page.locator("html").get_attribute("lang") == language
            fits(page)
