"""The facts that the steps are computed from, in few statements: most of them are one reading of what exists."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import Row, Select, exists, func, select

from app.billing import gateway
from app.billing.models import LIVE, PlanChoice
from app.billing.queries import find_choice
from app.matching.models import MatchingRules
from app.people.models import PeopleImport, Person
from app.people.queries import OPEN_STATES
from app.readiness.policies import Answer, Question
from app.readiness.queries import list_answers
from app.roles.policies import OWNERS_BEFORE_LAUNCH
from app.roles.queries.holders import named_owners
from app.sign_in.models import IN_USE, Connection, ConnectionState
from app.time_policy.policies import terms_of
from app.time_policy.queries import find_policy
from app.training.models import TrainingPlan
from onboarding.models import Launch
from onboarding.queries.launch import find_launch
from tenants.unit_of_work import session


@dataclass(frozen=True, slots=True)
class Facts:
    """`problems` counts rows of a waiting file that want a look; `promised` is a Kamu's minutes a month once decided;
    `owners` counts those who are named, come in or not; `bills` says whether there is anything to pay here,
    `plan_begun` that a plan was chosen and does not stand yet.
    """

    people: int
    import_under_way: bool
    file_waits: bool
    problems: int
    sign_in_begun: bool
    sign_in_active: bool
    planned_for: date | None
    launched_at: datetime | None
    answers: Mapping[Question, Answer]
    promised: int | None
    owners: int
    has_training: bool
    has_rules: bool
    bills: bool
    has_plan: bool
    plan_begun: bool

    @property
    def missing(self) -> tuple[str, ...]:
        """What a launch still needs: keys of steps."""
        needs = (
            ("people", self.people > 0),
            ("sign-in", self.sign_in_active),
            ("time", self.promised is not None),
            ("roles", self.owners >= OWNERS_BEFORE_LAUNCH),
        )
        return tuple(key for key, there in needs if not there)


def read_facts() -> Facts:
    """Read the facts in the current organisation's unit of work."""
    return facts_with(find_launch())


def facts_with(launch: Launch | None) -> Facts:
    """Read the facts for whoever has read the launch already."""
    there, policy, choice = session().execute(_what_there_is()).one(), find_policy(), find_choice()
    return Facts(
        **_as_facts(there),
        planned_for=launch.planned_for if launch else None,
        launched_at=launch.launched_at if launch else None,
        answers=list_answers(),
        promised=terms_of(policy).kamu_promise if policy else None,
        bills=gateway.is_on(),
        has_plan=choice is not None and choice.status in LIVE,
        plan_begun=_is_begun(choice),
    )


def _is_begun(choice: PlanChoice | None) -> bool:
    return choice is not None and choice.status is None


def _as_facts(row: Row[Any]) -> dict[str, Any]:
    there = row._asdict()
    counts = there.pop("counts")
    return {**there, "problems": int(counts.get("out", 0)) if counts else 0}


def _what_there_is() -> Select[Any]:
    waits = PeopleImport.state.in_(OPEN_STATES) & PeopleImport.file_id.is_not(None)
    newest = select(PeopleImport.counts).where(waits).order_by(PeopleImport.created_at.desc(), PeopleImport.id.desc())
    begun = (*IN_USE, ConnectionState.DRAFT.value)
    return select(
        select(func.count()).select_from(Person).scalar_subquery().label("people"),
        exists().where(PeopleImport.state == "queued").label("import_under_way"),
        exists().where(waits).label("file_waits"),
        newest.limit(1).scalar_subquery().label("counts"),
        exists().where(Connection.state.in_(IN_USE)).label("sign_in_active"),
        exists().where(Connection.state.in_(begun)).label("sign_in_begun"),
        named_owners().scalar_subquery().label("owners"),
        select(TrainingPlan.id).exists().label("has_training"),
        select(MatchingRules.id).exists().label("has_rules"),
    )
