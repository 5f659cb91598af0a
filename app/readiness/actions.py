"""Keeping answers."""

from collections.abc import Mapping
from datetime import datetime

from sqlalchemy.dialects.postgresql import insert

from app.access.actor import Actor
from app.readiness.events import question_answered
from app.readiness.models import ReadinessAnswer
from app.readiness.policies import Answer, Question
from tenants.models import new_id
from tenants.unit_of_work import session


def save_answers(answers: Mapping[Question, Answer], *, by: Actor, now: datetime) -> None:
    """Keep these answers; the newest answer to a question counts, and other questions stay as they are."""
    for question, answer in answers.items():
        told = {"answer": answer.value, "account_id": by.id, "answered_at": now}
        row = insert(ReadinessAnswer).values(id=new_id(), question=question.value, **told)
        session().execute(row.on_conflict_do_update(index_elements=["question"], set_=told))
    if answers:
        question_answered()
