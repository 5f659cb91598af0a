"""The six questions as an organisation reads and answers them."""

from collections.abc import Mapping

from flask_babel import LazyString
from flask_babel import lazy_gettext as _l
from wtforms import RadioField
from wtforms.fields import SelectChoice
from wtforms.validators import Optional

from app.readiness.policies import Answer, Question
from app.web.forms import PageForm

NOT_KNOWN = _l("We don’t know")
ASKED: dict[Question, LazyString] = {
    Question.CULTURE: _l("Where does help between colleagues come from today?"),
    Question.TIME: _l("When a customer calls during time set aside for a colleague, what happens?"),
    Question.VOLUNTARY: _l("Is it settled that nobody is expected to take part?"),
    Question.TRAINING: _l("Is there working time for people to learn Kamu work before they begin?"),
    Question.LEADERS: _l("Have your leaders said to everybody that this matters to them?"),
    Question.REPRESENTATIVES: _l("Do the people’s representatives know what is planned?"),
}
ANSWERS: dict[Question, dict[Answer, LazyString]] = {
    Question.CULTURE: {
        Answer.YES: _l("People help each other of their own accord"),
        Answer.PARTLY: _l("It happens inside some teams"),
        Answer.NO: _l("Mostly when a superior asks for it"),
    },
    Question.TIME: {
        Answer.YES: _l("The time holds; the customer hears back afterwards"),
        Answer.PARTLY: _l("It depends on the customer or the project"),
        Answer.NO: _l("The customer comes first"),
    },
    Question.VOLUNTARY: {
        Answer.YES: _l("Yes: a no needs no reason and changes nothing"),
        Answer.PARTLY: _l("It is meant so, but nobody has said it"),
        Answer.NO: _l("Some people are expected to take part"),
    },
    Question.TRAINING: {
        Answer.YES: _l("Yes, that is decided"),
        Answer.PARTLY: _l("It is wanted, but not decided"),
        Answer.NO: _l("No, they would learn in their own time"),
    },
    Question.LEADERS: {
        Answer.YES: _l("Yes, where everybody could hear it"),
        Answer.PARTLY: _l("Some have, or only among themselves"),
        Answer.NO: _l("Not so far"),
    },
    Question.REPRESENTATIVES: {
        Answer.YES: _l("Yes, and they could ask and object"),
        Answer.PARTLY: _l("They will be told before the launch"),
        Answer.NO: _l("Nobody has thought of it so far"),
    },
}


def _asked(question: Question) -> RadioField:
    labels = {**ANSWERS[question], Answer.UNKNOWN: NOT_KNOWN}
    choices = [SelectChoice(answer.value, label) for answer, label in labels.items()]
    return RadioField(ASKED[question], choices=choices, validators=[Optional()])


class AnswersForm(PageForm):
    """As many answers as somebody has so far."""

    culture = _asked(Question.CULTURE)
    time = _asked(Question.TIME)
    voluntary = _asked(Question.VOLUNTARY)
    training = _asked(Question.TRAINING)
    leaders = _asked(Question.LEADERS)
    representatives = _asked(Question.REPRESENTATIVES)

    def changed(self, seen: Mapping[str, str]) -> dict[Question, Answer]:
        """Answers that differ from those that stood on the page, so that a colleague's newer one is left alone."""
        sent = {question: self[question.value].data for question in Question}
        return {
            question: Answer(answer)
            for question, answer in sent.items()
            if answer and answer != seen.get(f"seen-{question.value}")
        }
