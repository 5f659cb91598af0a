"""The set-up step with six questions about the organisation."""

from flask import Response, request

from app.access.guard import needs
from app.access.permissions import Permission
from app.clock import now
from app.readiness.actions import save_answers
from app.readiness.forms import AnswersForm
from app.readiness.policies import Question
from app.readiness.queries import list_answers
from app.readiness.words import say_verdict
from app.web.areas import org_pages
from app.web.here import actor
from app.web.pages import render, see_other

readiness = org_pages("readiness", "app.readiness")


@readiness.get("/set-up/readiness")
@needs(Permission.ANSWER_READINESS)
def questions() -> Response:
    return _page()


@readiness.post("/set-up/readiness/answers")
@needs(Permission.ANSWER_READINESS)
def answer() -> Response:
    """Keep what was ticked; a script sends each answer as it is given, a browser without one sends them together."""
    form = AnswersForm(request.form)
    if not form.validate():
        return _page(form, status=422)
    save_answers(form.changed(request.form), by=actor(), now=now())
    return see_other("readiness.questions", saved=1)


def _page(form: AnswersForm | None = None, *, status: int = 200) -> Response:
    answers = list_answers()
    return render(
        "readiness/questions.html",
        block="answers",
        status=status,
        form=form or AnswersForm(data={question.value: answer.value for question, answer in answers.items()}),
        fields=[question.value for question in Question],
        seen={question.value: answer.value for question, answer in answers.items()},
        said=say_verdict(answers),
        answered=len(answers),
        saved="saved" in request.args,
    )
