"""The steps from an empty place to a launch, in their order. A step's state is computed, never stored."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from flask_babel import LazyString
from flask_babel import lazy_gettext as _l

from app.access.permissions import Permission
from app.people.queries import count_people, count_problems_left, has_import_under_way, has_open_import
from app.sign_in.queries import has_active_connection, has_connection_begun
from onboarding.queries.launch import find_launch


class State(StrEnum):
    """How a step stands. `wait` rests with somebody or with a day; `later` opens after other steps."""

    DONE = "done"
    NOW = "now"
    WAIT = "wait"
    OPEN = "open"
    LATER = "later"


@dataclass(frozen=True, slots=True)
class Facts:
    """What the states are computed from. `problems` counts rows of a waiting file that want a look."""

    people: int
    import_under_way: bool
    file_waits: bool
    problems: int
    sign_in_begun: bool
    sign_in_active: bool
    planned_for: date | None
    launched_at: datetime | None

    @property
    def missing(self) -> tuple[str, ...]:
        """What a launch still needs: keys of steps."""
        needs = (("people", self.people > 0), ("sign-in", self.sign_in_active))
        return tuple(key for key, there in needs if not there)


def read_facts() -> Facts:
    """Read the facts in the current organisation's unit of work."""
    launch = find_launch()
    active = has_active_connection()
    return Facts(
        people=count_people(),
        import_under_way=has_import_under_way(),
        file_waits=has_open_import(),
        problems=count_problems_left(),
        sign_in_begun=active or has_connection_begun(),
        sign_in_active=active,
        planned_for=launch.planned_for if launch else None,
        launched_at=launch.launched_at if launch else None,
    )


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
    Step("people", _l("People"), "people.index", Permission.IMPORT_PEOPLE, _people),
    Step("sign-in", _l("Sign-in"), "sign_in.connection", Permission.MANAGE_SIGN_IN, _sign_in),
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

    def step(self, key: str) -> Step:
        """The step with this key."""
        return next(step for step in STEPS if step.key == key)

    def _in(self, wanted: State) -> Iterable[Step]:
        return (step for step in STEPS if self.states[step.key] is wanted)


def progress_of(facts: Facts) -> Progress:
    """Compute each step's state from the facts."""
    return Progress(facts, {step.key: step.state(facts) for step in STEPS})
