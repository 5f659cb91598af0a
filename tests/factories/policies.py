"""What an organisation decided and answered on its way: its time, its rules, its readiness."""

from datetime import UTC, datetime

from app.access.queries import find_actor
from app.matching.actions.rules import decide_rules
from app.matching.policies.rules import Rules
from app.readiness.actions import save_answers
from app.readiness.policies import Answer, Question
from app.time_policy.actions import decide_time
from app.time_policy.policies import Terms
from tenants.unit_of_work import tenant_work


def time_decided(organisation, **terms):
    """The owner promised time."""
    with tenant_work(organisation.ref):
        decide_time(Terms(**terms), by=find_actor(organisation.owner_id), now=datetime.now(UTC))


def rules_decided(organisation, **switches):
    """The owner decided on the matching rules."""
    with tenant_work(organisation.ref):
        decide_rules(Rules(**switches), by=find_actor(organisation.owner_id), now=datetime.now(UTC))


def questions_answered(organisation, answer=Answer.YES, questions=tuple(Question)):
    """The owner answered these questions, all with the same."""
    with tenant_work(organisation.ref):
        answers = dict.fromkeys(questions, answer)
        save_answers(answers, by=find_actor(organisation.owner_id), now=datetime.now(UTC))
