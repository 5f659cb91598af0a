"""The steps from an empty place to a launch. A step's state is computed, never stored.

Their order is a suggestion: each can be begun, left and taken up at any time, but for those that need another.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from enum import StrEnum

from flask_babel import LazyString
from flask_babel import lazy_gettext as _l

from app.access.actor import Actor
from app.access.permissions import Permission
from app.readiness.policies import Question
from app.roles.policies import OWNERS_BEFORE_LAUNCH
from onboarding.queries.facts import Facts


class State(StrEnum):
    """How a step stands. `wait` rests with somebody or with a day; `later` opens after other steps."""

    DONE = "done"
    NOW = "now"
    WAIT = "wait"
    OPEN = "open"
    LATER = "later"


def _readiness(facts: Facts) -> State:
    if len(facts.answers) == len(Question):
        return State.DONE
    return State.NOW if facts.answers else State.OPEN


def _people(facts: Facts) -> State:
    if facts.import_under_way or facts.problems:
        return State.NOW
    if facts.people:
        return State.DONE
    return State.NOW if facts.file_waits else State.OPEN


def _sign_in(facts: Facts) -> State:
    if facts.sign_in_active:
        return State.DONE
    return State.NOW if facts.sign_in_begun else State.OPEN


def _time(facts: Facts) -> State:
    return State.OPEN if facts.promised is None else State.DONE


def _training(facts: Facts) -> State:
    return State.DONE if facts.has_training else State.OPEN


def _rules(facts: Facts) -> State:
    if facts.has_rules:
        return State.DONE
    return State.OPEN if facts.people else State.LATER


def _seats(facts: Facts) -> State:
    if facts.has_plan or not facts.bills:
        return State.DONE
    return State.NOW if facts.plan_begun else State.OPEN


def _roles(facts: Facts) -> State:
    return State.DONE if facts.owners >= OWNERS_BEFORE_LAUNCH else State.OPEN


def _launch(facts: Facts) -> State:
    if facts.launched_at:
        return State.DONE
    if facts.planned_for:
        return State.WAIT
    return State.LATER if facts.missing else State.OPEN


@dataclass(frozen=True, slots=True)
class Step:
    """One step: its key, its name on screen, its page, who may do it, and how its state follows from facts."""

    key: str
    title: LazyString
    endpoint: str
    permission: Permission
    state: Callable[[Facts], State]


STEPS = (
    Step("readiness", _l("Readiness check"), "readiness.questions", Permission.ANSWER_READINESS, _readiness),
    Step("sign-in", _l("Sign-in"), "sign_in.connection", Permission.MANAGE_SIGN_IN, _sign_in),
    Step("people", _l("People"), "people.index", Permission.IMPORT_PEOPLE, _people),
    Step("time", _l("Time for Kamu"), "time_policy.promise", Permission.DECIDE_TIME, _time),
    Step("training", _l("Kamu training"), "training.plan", Permission.ARRANGE_TRAINING, _training),
    Step("rules", _l("Matching rules"), "matching.rules", Permission.SET_MATCHING_RULES, _rules),
    Step("seats", _l("Seats and billing"), "billing.seats", Permission.CHANGE_PLAN, _seats),
    Step("roles", _l("Second owner"), "roles.index", Permission.MANAGE_ROLES, _roles),
    Step("launch", _l("Launch"), "onboarding.launch", Permission.LAUNCH, _launch),
)


@dataclass(frozen=True, slots=True)
class Progress:
    """All steps with their states."""

    facts: Facts
    states: dict[str, State]

    @property
    def done(self) -> int:
        """How many steps are done."""
        return sum(state is State.DONE for state in self.states.values())

    @property
    def next_step(self) -> Step | None:
        """The step to pick up: one begun, else one open, else one that waits; None when all are done."""
        by_urgency = (State.NOW, State.OPEN, State.WAIT)
        return next((step for wanted in by_urgency for step in self._in(wanted)), None)

    def next_step_for(self, who: Actor) -> Step | None:
        """The step for this actor to pick up: one of their own that is begun or open, else the one for anybody."""
        own = (step for wanted in (State.NOW, State.OPEN) for step in self._in(wanted) if who.may(step.permission))
        return next(own, self.next_step)

    @property
    def left_open(self) -> list[Step]:
        """Steps that nobody has finished and that a launch does not wait for."""
        needed = {*self.facts.missing, "launch"}
        return [step for step in STEPS if step.key not in needed and self.states[step.key] is not State.DONE]

    def step(self, key: str) -> Step:
        """The step with this key."""
        return next(step for step in STEPS if step.key == key)

    def _in(self, wanted: State) -> Iterable[Step]:
        return (step for step in STEPS if self.states[step.key] is wanted)


def progress_of(facts: Facts) -> Progress:
    """Compute each step's state from the facts."""
    return Progress(facts, {step.key: step.state(facts) for step in STEPS})
