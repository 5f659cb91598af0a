"""Reasons for a suggestion, rules and what they do, in whole sentences."""

from collections.abc import Mapping
from typing import Any

from flask_babel import gettext as _
from flask_babel import ngettext

from app.matching.policies.wishes import Reason, Said
from app.matching.queries.gaps import Gaps
from app.matching.queries.reach import Reach


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
        Reason.NO_TOPICS: _("Says nothing here of the topics you chose. Ask, if it matters"),
    }
    return sentences[said.reason]


def rule_titles() -> dict[str, tuple[str, str]]:
    """Each switch with what it is called and what it is for."""
    return {
        "only_trained": (_("Kamus have done the training"), _("A Kamu begins after the Kamu training, not before.")),
        "shared_language": (
            _("A common language"),
            _("Two people who talk need one. Where nobody says which, it is the language most people here have."),
        ),
        "not_same_unit": (
            _("Outside the team"),
            _("Kamu and Kaveri belong to different units of the directory. Support runs across teams."),
        ),
        "not_same_supervisor": (_("Not under the same superior"), _("Two who report to one person are no pair.")),
        "not_skip_level": (_("Not a superior’s superior"), _("Nor anybody two levels further down.")),
    }


def effect(name: str, figures: Mapping[str, Any]) -> str | None:
    """Say what one switch does to the count; None when it may not be told."""
    found, other, wants = figures["found"], figures["effects"].get(name), figures["wants"]
    if found is None or other is None:
        return None
    is_on = figures["rules"].get(name, True)
    costs = other - found if is_on else found - other
    if costs == 0:
        return _("Costs nobody a Kamu.") if is_on else _("Would cost nobody a Kamu.")
    if costs < 0:
        return _("Does not lower the count.")
    if is_on:
        return ngettext(
            "Costs %(num)s person a Kamu: without it %(other)s of %(wants)s would find someone.",
            "Costs %(num)s people a Kamu: without it %(other)s of %(wants)s would find someone.",
            costs,
            other=other,
            wants=wants,
        )
    return ngettext(
        "Would cost %(num)s person a Kamu: with it %(other)s of %(wants)s would find someone.",
        "Would cost %(num)s people a Kamu: with it %(other)s of %(wants)s would find someone.",
        costs,
        other=other,
        wants=wants,
    )


def reach(name: str, known: Reach) -> str:
    """Say what one switch closes in the directory, while nothing has been counted."""
    closed = known.closed.get(name)
    if closed is None:
        return _("Shown after the first count.")
    if closed == 0:
        return _("Closes hardly any colleague to anybody.")
    return ngettext(
        "Closes %(num)s of %(colleagues)s colleagues to each person, on average.",
        "Closes %(num)s of %(colleagues)s colleagues to each person, on average.",
        closed,
        colleagues=known.colleagues,
    )


def gap_words(gaps: Gaps) -> list[str]:
    """What the directory does not tell yet, and of how many."""
    told = []
    if gaps.no_superior:
        told.append(
            ngettext(
                "%(num)s person has no superior in the directory, and leads nobody.",
                "%(num)s people have no superior in the directory, and lead nobody.",
                gaps.no_superior,
            )
        )
    if gaps.no_unit:
        told.append(
            ngettext(
                "%(num)s person has no unit in the directory.",
                "%(num)s people have no unit in the directory.",
                gaps.no_unit,
            )
        )
    return told
