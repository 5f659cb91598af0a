"""Moments of the two in words, by the clock they share."""

from datetime import date, datetime

from flask_babel import format_date, format_datetime, get_locale

from app.pairs.policies import local

MOMENTS = {"en": "EEEE d MMMM, HH:mm", "fi": "EEEE d.M. 'klo' H.mm", "sv": "EEEE d MMMM 'kl.' HH.mm"}
DAYS = {"en": "EEEE d MMMM", "fi": "EEEE d.M.", "sv": "EEEE d MMMM"}


def _language() -> str:
    locale = get_locale()
    return locale.language if locale else "en"


def moment_in_words(at: datetime) -> str:
    """Write a meeting's time: Thursday 26 November, 14:00."""
    return str(format_datetime(local(at).replace(tzinfo=None), MOMENTS[_language()], rebase=False))


def day_and_weekday(day: date | datetime) -> str:
    """Write a day near enough to need no year: Thursday 26 November."""
    return str(format_date(_day(day), DAYS[_language()]))


def leaf_of(day: date | datetime) -> tuple[str, str, str]:
    """Month, day and weekday for a leaf of the calendar: Nov, 26, Thu."""
    shown = _day(day)
    month, weekday = str(format_date(shown, "LLL")), str(format_date(shown, "ccc"))
    return month.rstrip(".").capitalize(), str(shown.day), weekday.rstrip(".").capitalize()


def _day(day: date | datetime) -> date:
    return local(day).date() if isinstance(day, datetime) else day
