"""The set-up home: the village, the steps, and the one to pick up."""

from dataclasses import dataclass

from flask import Response, url_for

from app.access.actor import Actor
from app.access.guard import needs
from app.access.permissions import Permission
from app.clock import now
from app.web.here import actor, tenant
from app.web.pages import render
from onboarding.queries.launch import count_reach, count_sending
from onboarding.steps import STEPS, Progress, Step, progress_of, read_facts
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
    current = progress.next_step
    return render(
        "onboarding/home.html",
        organisation=tenant().name,
        name=who.name.partition(" ")[0],
        progress=progress,
        facts=progress.facts,
        states=[state.value for state in progress.states.values()],
        total=len(STEPS),
        rail_steps=rail_steps(progress, who, current),
        step=current,
        may_step=current is not None and who.may(current.permission),
        may_launch=who.may(Permission.LAUNCH),
        reach=count_reach(now().date()),
        sending=count_sending(),
        today=now().date(),
    )


def rail_steps(progress: Progress, who: Actor, current: Step | None) -> list[RailStep]:
    """Turn the steps into what the rail shows to this actor."""
    return [
        RailStep(
            state=progress.states[step.key].value,
            title=str(step.title),
            note=note_of_step(step.key, progress),
            url=url_for(step.endpoint) if who.may(step.permission) else None,
            current=step is current,
        )
        for step in STEPS
    ]
