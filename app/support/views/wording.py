"""Facts about a customer in whole sentences."""

from datetime import datetime

from flask_babel import gettext as _
from flask_babel import ngettext

from app.support.queries.customers import PAGE, Customer, Show, Sort, Step
from app.web.language import day_in_words

UNDER_FIVE = ("1–4",)


def found(count: int) -> str:
    """Return how many customers a search has found."""
    return ngettext("One customer found", "%(num)d customers found", count)


def step_title(step: Step) -> str:
    """Return what the step is called on screen."""
    titles = {
        "readiness": _("Readiness check"),
        "sign-in": _("Sign-in"),
        "people": _("People"),
        "time": _("Time for Kamu"),
        "training": _("Kamu training"),
        "rules": _("Matching rules"),
        "seats": _("Seats and billing"),
        "roles": _("Second owner"),
        "launch": _("Launch"),
    }
    return titles.get(step.key, step.key)


def step_state(step: Step) -> str:
    """Return the step's state in words."""
    states = {
        "done": _("Done"),
        "now": _("Begun"),
        "wait": _("Waiting for somebody"),
        "open": _("Not begun"),
        "later": _("Comes later"),
    }
    return states.get(step.state, step.state)


def steps_done(customer: Customer) -> str:
    """Return how many steps are done, out of how many."""
    total = len(customer.steps)
    return ngettext("%(num)d of %(total)d steps", "%(num)d of %(total)d steps", customer.done, total=total)


def set_up_line(customer: Customer) -> str:
    """Return the line under the windows: live since when, or how many steps are done."""
    if customer.launched_at:
        return _("Live since %(day)s", day=day_in_words(customer.launched_at))
    return steps_done(customer)


def stands_still(customer: Customer, now: datetime) -> str:
    """Return what has stood still for how long."""
    days = customer.still_days(now)
    whole = ngettext("Set-up has stood still for one day", "Set-up has stood still for %(num)d days", days)
    return _step_stands_still(days).get(customer.current.key, whole) if customer.current else whole


def _step_stands_still(days: int) -> dict[str, str]:
    return {
        "readiness": ngettext(
            "The readiness check has stood still for one day",
            "The readiness check has stood still for %(num)d days",
            days,
        ),
        "sign-in": ngettext("Sign-in has stood still for one day", "Sign-in has stood still for %(num)d days", days),
        "people": ngettext(
            "Importing people has stood still for one day",
            "Importing people has stood still for %(num)d days",
            days,
        ),
        "time": ngettext(
            "Deciding on time has stood still for one day",
            "Deciding on time has stood still for %(num)d days",
            days,
        ),
        "training": ngettext(
            "Arranging training has stood still for one day",
            "Arranging training has stood still for %(num)d days",
            days,
        ),
        "rules": ngettext(
            "Deciding on matching rules has stood still for one day",
            "Deciding on matching rules has stood still for %(num)d days",
            days,
        ),
        "seats": ngettext(
            "Choosing a plan has stood still for one day",
            "Choosing a plan has stood still for %(num)d days",
            days,
        ),
        "roles": ngettext("Roles have stood still for one day", "Roles have stood still for %(num)d days", days),
        "launch": ngettext(
            "The launch has stood still for one day", "The launch has stood still for %(num)d days", days
        ),
    }


def last_change(customer: Customer, now: datetime) -> str:
    """Return when something last changed in the set-up."""
    days = max((now - customer.as_of).days, 0)
    if days == 0:
        return _("Last change within a day")
    return ngettext("Last change one day ago", "Last change %(num)d days ago", days)


def people(customer: Customer) -> str:
    """Return the number of people as a range, never more exactly."""
    if customer.people_range in UNDER_FIVE:
        return _("Fewer than five")
    return customer.people_range or _("Not imported yet")


def launch(customer: Customer) -> str:
    """Return when Kamu starts or started there."""
    if customer.launched_at:
        return _("Live since %(day)s", day=day_in_words(customer.launched_at))
    if customer.launch_on:
        return _("Launch planned for %(day)s", day=day_in_words(customer.launch_on))
    return _("No launch day chosen")


def headline(total: int, in_need: int) -> str:
    """Return the page's title: how many organisations, and how many need a hand."""
    organisations = ngettext("One organisation", "%(num)d organisations", total)
    if not total:
        return _("No organisations yet")
    if not in_need:
        return organisations
    return ngettext(
        "%(organisations)s, one that needs a hand",
        "%(organisations)s, %(num)d that need a hand",
        in_need,
        organisations=organisations,
    )


def shows() -> list[tuple[Show, str]]:
    """Return the choices of the filter."""
    return [(Show.ALL, _("Everyone")), (Show.SET_UP, _("Setting up")), (Show.LIVE, _("Live"))]


def sorts() -> list[tuple[Sort, str]]:
    """Return the choices of the order."""
    return [
        (Sort.STANDS_STILL, _("Longest still first")),
        (Sort.NEWEST, _("Newest first")),
        (Sort.NAME, _("By name")),
    ]


def progress(customer: Customer) -> str:
    """Return the two facts of a card: steps, and the day of the launch."""
    return _("%(steps)s done. %(launch)s.", steps=steps_done(customer), launch=launch(customer))


def situation(customer: Customer, now: datetime) -> str:
    """Return the finding of a customer's page."""
    if customer.is_suspended:
        return _("Closed for now")
    if customer.launched_at:
        return launch(customer)
    if customer.needs_a_hand(now):
        return stands_still(customer, now)
    return _("Set-up is on its way")


def page_status(page: int, found: int) -> str:
    """Return which part of a long list is shown."""
    first = PAGE * (page - 1) + 1
    return _("%(first)d to %(last)d of %(found)d", first=first, last=min(PAGE * page, found), found=found)
