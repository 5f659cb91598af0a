"""The lead's page on pairs: the rules and what they do, in numbers that are the same whatever people keep private."""

from dataclasses import dataclass

from flask import Response, flash, request
from flask_babel import gettext as _

from app import clock
from app.access.guard import needs
from app.access.permissions import Permission
from app.disclosure.queries import Month, find_month, find_next_count
from app.matching import words
from app.matching.actions.rules import decide_rules
from app.matching.forms import RulesForm
from app.matching.policies.rules import SWITCHES, Rules
from app.matching.queries.gaps import count_gaps
from app.matching.queries.reach import read_reach
from app.matching.queries.rules import find_decision, read_rules
from app.matching.views.pages import matching
from app.web.here import actor
from app.web.pages import render, see_other

HERE = "matching.rules"


@dataclass(frozen=True, slots=True)
class Line:
    """One switch: what it is, what it does, and the share of a bar from 0 to 100; None is hidden."""

    name: str
    title: str
    note: str
    effect: str | None
    other: int | None
    share: float | None


@matching.get("/set-up/matching")
@needs(Permission.SET_MATCHING_RULES)
def rules() -> Response:
    month, now = find_month(), clock.now()
    in_force = read_rules()
    return render(
        "matching/rules.html",
        title=_title(month),
        month=month,
        figures=month.matching if month else None,
        lines=[_line(name, month) for name in words.rule_titles()],
        reach=words.reach,
        known=None if month else read_reach(now=now),
        form=RulesForm(obj=in_force),
        decision=find_decision(),
        changed=_is_changed(in_force, month),
        gaps=count_gaps(now=now),
        gap_words=words.gap_words,
        next_count=find_next_count(now.date()),
        may_see_directory=actor().may(Permission.SEE_DIRECTORY),
    )


@matching.post("/set-up/matching")
@needs(Permission.SET_MATCHING_RULES)
def decide() -> Response:
    decide_rules(RulesForm(request.form).rules(), by=actor(), now=clock.now())
    flash(_("These are your rules now. Pairs that exist are not parted by them."))
    return see_other(HERE)


def _is_changed(in_force: Rules, month: Month | None) -> bool:
    """Whether the rules are others than those that were counted with."""
    return month is not None and any(getattr(in_force, name) != month.matching["rules"][name] for name in SWITCHES)


def _title(month: Month | None) -> str:
    figures = month.matching if month else {}
    if figures.get("found") is not None:
        return _("%(found)s of %(wants)s find someone", found=figures["found"], wants=figures["wants"])
    return _("Who can be whose Kamu")


def _line(name: str, month: Month | None) -> Line:
    title, note = words.rule_titles()[name]
    figures = month.matching if month else None
    other = figures["effects"].get(name) if figures else None
    share = round(100 * other / figures["wants"], 1) if figures and other is not None else None
    return Line(name, title, note, words.effect(name, figures) if figures else None, other, share)
