"""Reads of what the current organisation answered about itself."""

from sqlalchemy import select

from app.readiness.models import ReadinessAnswer
from app.readiness.policies import Answer, Question
from tenants.unit_of_work import session


def list_answers() -> dict[Question, Answer]:
    """Every answer there is, by its question; a question that is asked no more is left out."""
    rows = session().execute(select(ReadinessAnswer.question, ReadinessAnswer.answer))
    return {Question(row.question): Answer(row.answer) for row in rows if row.question in set(Question)}


def has_all_answers() -> bool:
    """Whether every question is answered."""
    return len(list_answers()) == len(Question)
