"""The steps of the set-up that need no file and no provider, in the owner's browser."""

import re

from playwright.sync_api import expect

from tests.journeys.founders import Founder


def _send(founder: Founder, action: str) -> None:
    with founder.page.expect_navigation():
        founder.send(action)


def answer_readiness(founder: Founder) -> None:
    """Answer all questions, each saved as it is given; the verdict stands beside them."""
    founder.go("/set-up/readiness")
    founder.look()
    page = founder.page
    for number in range(page.locator("main fieldset").count()):
        option = page.locator("main fieldset").nth(number).locator("input[type=radio]").first
        with page.expect_response(lambda answer: answer.request.method == "GET" and "/readiness" in answer.url):
            option.check()
    expect(page.locator("#readiness a.btn.primary")).to_be_visible()
    founder.look()


def promise_time(founder: Founder) -> None:
    """Promise time as it is proposed, with a share of core time."""
    founder.go("/set-up/time")
    founder.page.locator("[name=core_time_percent]").fill("10")
    founder.look()
    _send(founder, "/set-up/time")
    founder.go("/time")
    founder.look()


def offer_training(founder: Founder) -> None:
    """Read the module, say where help is, offer it."""
    founder.go("/set-up/training/module")
    founder.look()
    founder.go("/set-up/training")
    founder.look()
    details = founder.page.locator("[name^=detail_]")
    for number in range(details.count()):
        row = details.nth(number)
        if founder.page.locator(f"[name=name_{number}]").input_value():
            row.fill("09 555 0100")
    _send(founder, "/set-up/training/help")
    _send(founder, "/set-up/training/offer")
    expect(founder.page.locator('main a.btn.primary[href="/set-up"]')).to_be_visible()
    founder.look()


def decide_rules(founder: Founder) -> None:
    founder.go("/set-up/matching")
    founder.look()
    _send(founder, "/set-up/matching")
    founder.look()


def choose_plan(founder: Founder) -> None:
    """Choose to pay by the month, and agree on the payment page of the stand-in."""
    page = founder.page
    founder.go("/set-up/seats")
    founder.look()
    page.locator("input[name=plan][value=monthly]").check()
    founder.send("/set-up/seats/plan")
    page.locator('main a[href*="/checkout/"]').first.wait_for()
    founder.look()
    founder.press('main a[href*="/checkout/"]')
    page.wait_for_url(re.compile(r"/checkout/"))
    page.locator("form button").click()
    founder.arrive("/set-up/seats")


def name_second_owner(founder: Founder) -> None:
    """Invite somebody who can stand in; the launch waits for that."""
    page = founder.page
    founder.go("/set-up/roles")
    founder.look()
    page.locator('main a[href="/set-up/roles/new?role=owner"]').click()
    page.locator("[name=name]").fill("Aava Lind")
    page.locator("[name=email]").fill(f"aava.lind@{founder.slug}.example")
    founder.look()
    founder.send("/set-up/roles/new")
    founder.arrive("/set-up/roles")
    founder.look()


def come_back(founder: Founder) -> None:
    """The home knows which steps are done and offers to go on."""
    founder.go("/set-up")
    founder.look()
    expect(founder.page.locator("ol.rail > li")).to_have_count(9)


PREPARATIONS = (answer_readiness, promise_time, offer_training, decide_rules, choose_plan, name_second_owner, come_back)


def see_coming_invoice(founder: Founder) -> None:
    """Everybody in the directory has a seat, and the invoice that comes is shown before it comes."""
    founder.go("/set-up/seats")
    expect(founder.page.locator("main table.lines")).to_be_visible()
    founder.look()
