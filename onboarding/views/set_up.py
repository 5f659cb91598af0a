"""The set-up home: the village, the steps, and the one to pick up."""

from collections.abc import Iterable
from dataclasses import dataclass

from flask import Response, url_for
from flask_babel import gettext as _

from app.access.actor import Actor
from app.access.guard import needs
from app.access.permissions import Permission
from app.clock import now
from app.readiness.words import say_verdict
from app.sign_in.queries import count_arrivals
from app.sign_in.queries.connections import list_ending_secrets
from app.web.here import actor, tenant
from app.web.pages import render
from onboarding.queries.facts import read_facts
from onboarding.queries.launch import NOBODY, NOTHING, count_reach, count_sending
from onboarding.steps import STEPS, Progress, State, Step, progress_of
from onboarding.views.areas import onboarding
from onboarding.words import note_of_step


@dataclass(frozen=True, slots=True)
class RailStep:
    """A step as the rail shows it; no url for whoever may not do it, or before it opens."""

    state: str
    title: str
    note: str
    url: str | None
    current: bool


@onboarding.get("/set-up")
@needs(Permission.SEE_SET_UP)
def home() -> Response:
    progress = progress_of(read_facts())
    who = actor()
    facts = progress.facts
    current = progress.next_step_for(who)
    return render(
        "onboarding/home.html",
        organisation=tenant().name,
        name=who.name.partition(" ")[0],
        progress=progress,
        facts=facts,
        eyebrow=_eyebrow(progress, current),
        states=[state.value for state in progress.states.values()],
        total=len(STEPS),
        rail_steps=rail_steps(progress, who, current),
        step=current,
        may_step=current is not None and who.may(current.permission),
        may_launch=who.may(Permission.LAUNCH),
        said=say_verdict(facts.answers) if facts.answers and who.may(Permission.ANSWER_READINESS) else None,
        may_decide_time=who.may(Permission.DECIDE_TIME),
        reach=count_reach(now().date()) if facts.planned_for else NOBODY,
        sending=count_sending() if facts.launched_at else NOTHING,
        today=now().date(),
        secret_days=_days_of_secret(who),
        arrivals=count_arrivals() if who.may(Permission.LET_IN) else 0,
        own_rows=_own_rows(who),
    )


def _days_of_secret(who: Actor) -> int | None:
    """In how many days the first client secret ends, for those who can make a new one; None while none ends soon."""
    ending = list_ending_secrets(now().date()) if who.may(Permission.MANAGE_SIGN_IN) else ()
    return ending[0][1] if ending else None


def _own_rows(who: Actor) -> list[tuple[str, str, str, str]]:
    """What is an organisation's own to do with itself, as rows of links; none for whoever may do none of it."""
    rows = [
        (
            Permission.EXPORT_ORGANISATION,
            "export.index",
            "download",
            _("Take everything along"),
            _("One file with all that you may see here."),
        ),
        (
            Permission.CLOSE_ORGANISATION,
            "closing.page",
            "log-out",
            _("Close Kamu for good"),
            _("What happens when, and how to call it off."),
        ),
    ]
    return [(icon, url_for(endpoint), text, note) for need, endpoint, icon, text, note in rows if who.may(need)]


def _eyebrow(progress: Progress, current: Step | None) -> str:
    if current is None or progress.states[current.key] is State.NOW:
        return _("Pick up where you left off")
    return _("One thing to do next") if progress.done else _("A first step")


def rail_steps(progress: Progress, who: Actor, current: Step | None, steps: Iterable[Step] = STEPS) -> list[RailStep]:
    """Turn steps, all of them if not told otherwise, into what the rail shows to this actor."""
    return [
        RailStep(
            state=progress.states[step.key].value,
            title=str(step.title),
            note=note_of_step(step.key, progress),
            url=url_for(step.endpoint) if who.may(step.permission) else None,
            current=step is current,
        )
        for step in steps
    ]
