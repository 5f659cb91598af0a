"""Short lines about steps, and days in words."""

from datetime import date

from flask_babel import format_date, ngettext
from flask_babel import gettext as _

from app.web.language import day_in_words
from onboarding.steps import Facts, Progress, State


def note_of_step(key: str, progress: Progress) -> str:
    """The line under a step's name in the rail."""
    notes = {"people": _people, "sign-in": _sign_in, "launch": _launch}
    return notes[key](progress.states[key], progress.facts)


def _people(state: State, facts: Facts) -> str:
    if facts.import_under_way:
        return _("Reading a file")
    if facts.problems:
        return ngettext("%(num)s row to look at", "%(num)s rows to look at", facts.problems)
    if state is State.NOW:
        return _("A file waits for you")
    if state is State.DONE:
        return ngettext("Done, %(num)s person", "Done, %(num)s people", facts.people)
    return _("About 10 minutes")


def _sign_in(state: State, _facts: Facts) -> str:
    if state is State.DONE:
        return _("Done, connected")
    return _("Begun, not switched on yet") if state is State.NOW else _("About 15 minutes, with your IT")


def _launch(_state: State, facts: Facts) -> str:
    if facts.launched_at:
        return _("Done, %(day)s", day=day_in_words(facts.launched_at.date()))
    if facts.planned_for:
        return _("Planned for %(day)s", day=day_in_words(facts.planned_for))
    both = {"people", "sign-in"}
    if both <= set(facts.missing):
        return _("Opens after People and Sign-in")
    if "people" in facts.missing:
        return _("Opens after People")
    return _("Opens after Sign-in") if facts.missing else _("When you like")


def month_short(day: date) -> str:
    """Name a day's month in a few letters."""
    return str(format_date(day, "LLL"))


def weekday_short(day: date) -> str:
    """Name a day's weekday in a few letters."""
    return str(format_date(day, "ccc"))
