"""Topics, ways and languages in the reader's language."""

from collections.abc import Iterable

from babel import Locale
from flask_babel import get_locale, ngettext
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from app.choices.policies import LANGUAGES, Want

TOPIC_NAMES = {
    "new_here": _l("Being new here"),
    "changing_roles": _l("Changing roles"),
    "customer_work": _l("Life in customer projects"),
    "balance": _l("Balance between work and home"),
    "workload": _l("Too much to do"),
    "saying_no": _l("Saying no"),
    "working_together": _l("Working together when it is hard"),
    "confidence": _l("Trusting one’s own skills"),
    "learning": _l("Learning and where to go next"),
    "life_changes": _l("Changes in life"),
}
WAY_NAMES = {
    "walk": _l("Walk and talk"),
    "coffee": _l("Over a coffee"),
    "video": _l("By video"),
    "phone": _l("By phone"),
}
WANT_NAMES = {
    Want.KAMU: _l("I’d like a Kamu"),
    Want.BE_ONE: _l("I’d like to be one"),
    Want.BOTH: _l("Both"),
    Want.NOT_NOW: _l("Not now"),
}


def describe_wants(places: int) -> dict[str, str]:
    """Say what follows from each answer, by its value."""
    return {
        Want.KAMU.value: _("You see suggestions next, and choose yourself"),
        Want.BE_ONE.value: ngettext(
            "A short training first, then one person", "A short training first, then up to %(num)s people", places
        ),
        Want.BOTH.value: _("A Kamu of your own makes a better Kamu"),
        Want.NOT_NOW.value: _("Fine. No reminders; the door stays open"),
    }


def describe_topics(keys: Iterable[str]) -> list[str]:
    """Name topics, in the order of the page."""
    wanted = set(keys)
    return [str(name) for key, name in TOPIC_NAMES.items() if key in wanted]


def describe_ways(keys: Iterable[str]) -> list[str]:
    """Name ways of meeting, in the order of the page."""
    wanted = set(keys)
    return [str(name) for key, name in WAY_NAMES.items() if key in wanted]


def describe_language(code: str) -> str:
    """Name a language as the reader calls it, with a capital letter as choices have."""
    name = Locale.parse(code).get_language_name(str(get_locale() or "en")) or code
    return name[:1].upper() + name[1:]


def describe_languages(codes: Iterable[str]) -> list[str]:
    """Name languages, in the order of the page."""
    wanted = set(codes)
    return [describe_language(code) for code in LANGUAGES if code in wanted]


def all_names() -> dict[str, str]:
    """Names of everything that can be chosen, by key."""
    languages = {code: describe_language(code) for code in LANGUAGES}
    return {key: str(name) for key, name in {**TOPIC_NAMES, **WAY_NAMES, **languages}.items()}
