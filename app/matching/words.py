"""Reasons for a suggestion in whole sentences."""

from collections.abc import Mapping

from flask_babel import gettext as _
from flask_babel import ngettext

from app.matching.policies.wishes import Reason, Said


def say(said: Said, names: Mapping[str, str]) -> str:
    """Put one reason into words; `names` holds what topics, ways and languages are called on this page."""
    named = ", ".join(names.get(value, value) for value in said.values)
    count = len(said.values)
    sentences = {
        Reason.TOPICS: ngettext(
            "A topic you both chose: %(names)s", "Topics you both chose: %(names)s", count, names=named
        ),
        Reason.WAYS: ngettext(
            "You both like to meet this way: %(names)s",
            "You both like to meet in these ways: %(names)s",
            count,
            names=named,
        ),
        Reason.SAME_SITE: _("Same site as you: %(names)s", names=named),
        Reason.OWN_LANGUAGE: _("Speaks your language: %(names)s", names=named),
        Reason.LANGUAGES: ngettext(
            "You share a language: %(names)s", "You share these languages: %(names)s", count, names=named
        ),
        Reason.OTHER_SITE: _("Another site: %(names)s. You would mostly meet at a distance", names=named),
        Reason.SITE_UNKNOWN: _("We do not know whether you work at the same site. Ask, if it matters"),
        Reason.NO_TOPICS: _("Chose other topics than you"),
    }
    return sentences[said.reason]
