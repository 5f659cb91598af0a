"""Short lines about steps, and days in words."""

from datetime import date

from flask_babel import format_date, ngettext
from flask_babel import gettext as _

from app.readiness.policies import Question
from app.time_policy.words import duration
from app.web.language import day_in_words
from onboarding.queries.facts import Facts
from onboarding.steps import STEPS, Progress, State


def note_of_step(key: str, progress: Progress) -> str:
    """The line under a step's name in the rail."""
    notes = {
        "readiness": _readiness,
        "sign-in": _sign_in,
        "people": _people,
        "time": _time,
        "training": _training,
        "rules": _rules,
        "seats": _seats,
        "roles": _roles,
        "launch": _launch,
    }
    return notes[key](progress.states[key], progress.facts)


def _readiness(state: State, facts: Facts) -> str:
    if state is State.DONE:
        return _("Done, all answered")
    if state is State.OPEN:
        return _("About 5 minutes")
    return ngettext(
        "%(done)s of %(num)s question answered",
        "%(done)s of %(num)s questions answered",
        len(Question),
        done=len(facts.answers),
    )


def _time(_state: State, facts: Facts) -> str:
    if facts.promised is None:
        return _("About 10 minutes")
    return _("Done, %(time)s a month for a Kamu", time=duration(facts.promised))


def _training(state: State, _facts: Facts) -> str:
    return _("Done, offered to everybody") if state is State.DONE else _("About 20 minutes")


def _rules(state: State, _facts: Facts) -> str:
    if state is State.DONE:
        return _("Done, decided")
    return _("About 5 minutes") if state is State.OPEN else _("Opens after People")


def _seats(state: State, facts: Facts) -> str:
    if state is State.DONE:
        return _("Done, a plan stands") if facts.bills else _("Done, nothing is charged here")
    if state is State.NOW:
        return _("Begun, the payment page waits")
    return _("Still to choose") if facts.launched_at else _("Any time before the launch")


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


def _roles(state: State, _facts: Facts) -> str:
    return _("Done, two are named") if state is State.DONE else _("About 2 minutes")


def _launch(_state: State, facts: Facts) -> str:
    if facts.launched_at:
        return _("Done, %(day)s", day=day_in_words(facts.launched_at.date()))
    if facts.planned_for:
        return _("Planned for %(day)s", day=day_in_words(facts.planned_for))
    return _opens_after(facts.missing) if facts.missing else _("When you like")


def _opens_after(missing: tuple[str, ...]) -> str:
    alone = {
        "people": _("Opens after People"),
        "sign-in": _("Opens after Sign-in"),
        "time": _("Opens after Time for Kamu"),
        "roles": _("Opens after Second owner"),
    }
    if len(missing) == 1:
        return alone[missing[0]]
    names = ", ".join(str(step.title) for step in STEPS if step.key in missing)
    return _("Opens when these are done: %(steps)s", steps=names)


def month_short(day: date) -> str:
    """Name a day's month in a few letters."""
    return str(format_date(day, "LLL"))


def weekday_short(day: date) -> str:
    """Name a day's weekday in a few letters."""
    return str(format_date(day, "ccc"))
