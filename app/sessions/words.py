"""Devices, ways in, and lengths of time, in the reader's language."""

from datetime import datetime, timedelta

from flask_babel import gettext as _
from flask_babel import ngettext

from app.web.language import day_in_words

BROWSERS = {
    "firefox": "Firefox",
    "edge": "Edge",
    "opera": "Opera",
    "samsung": "Samsung Internet",
    "chrome": "Chrome",
    "safari": "Safari",
}
SYSTEMS = {
    "iphone": "iPhone",
    "ipad": "iPad",
    "android": "Android",
    "windows": "Windows",
    "chromeos": "ChromeOS",
    "mac": "Mac",
    "linux": "Linux",
}


def name_device(device: str) -> str:
    """Browser and system, as far as the browser said."""
    browser, _dash, system = device.partition("-")
    if browser in BROWSERS and system in SYSTEMS:
        return _("%(browser)s on %(system)s", browser=BROWSERS[browser], system=SYSTEMS[system])
    return BROWSERS.get(browser) or SYSTEMS.get(system) or _("A browser")


def name_way(method: str) -> str:
    """How somebody came in."""
    ways = {
        "oidc": _("by the work account"),
        "link": _("by a link in a mail"),
        "passkey": _("by a passkey"),
        "rescue": _("by the rescue"),
    }
    return ways.get(method, "")


def say_used(used: datetime, now: datetime) -> str:
    """When a sign-in was last used, no closer than anybody needs."""
    if now - used < timedelta(hours=1):
        return _("in the last hour")
    hours = int((now - used).total_seconds() // 3600)
    if hours < 24:
        return ngettext("%(num)s hour ago", "%(num)s hours ago", hours)
    return day_in_words(used)


def in_hours(hours: int) -> str:
    """A number of hours."""
    return ngettext("%(num)s hour", "%(num)s hours", hours)


def in_days(days: int) -> str:
    """A number of days."""
    return ngettext("%(num)s day", "%(num)s days", days)


def what_changed(version: int) -> str:
    """What a version of the privacy notice changed."""
    return {1: _("The first one.")}[version]
