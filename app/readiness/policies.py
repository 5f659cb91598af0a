"""What is asked of an organisation before it begins, and what follows from its answers. Nothing here stops anybody."""

from collections.abc import Mapping
from enum import StrEnum


class Question(StrEnum):
    """The six, each a condition under which Kamu was seen to work; in the order in which they are asked."""

    CULTURE = "culture"
    TIME = "time"
    VOLUNTARY = "voluntary"
    TRAINING = "training"
    LEADERS = "leaders"
    REPRESENTATIVES = "representatives"


class Answer(StrEnum):
    """How a condition stands. What is not known is never taken for a yes."""

    YES = "yes"
    PARTLY = "partly"
    NO = "no"
    UNKNOWN = "unknown"


class Verdict(StrEnum):
    """What the answers say together."""

    UNFINISHED = "unfinished"
    READY = "ready"
    NEARLY = "nearly"
    NOT_YET = "not-yet"


# Without these three the others do not help: nobody can be told to want it, and lack of time keeps most people out.
CARRYING = frozenset({Question.CULTURE, Question.TIME, Question.VOLUNTARY})
MOST_OPEN = 2


def verdict_on(answers: Mapping[Question, Answer]) -> Verdict:
    """Say how ready an organisation is that answered so."""
    if len(answers) < len(Question):
        return Verdict.UNFINISHED
    gaps = list_gaps(answers)
    if not gaps:
        return Verdict.READY
    lacking = {question for question in gaps if answers[question] is not Answer.PARTLY}
    return Verdict.NOT_YET if lacking & CARRYING or len(lacking) > MOST_OPEN else Verdict.NEARLY


def list_gaps(answers: Mapping[Question, Answer]) -> list[Question]:
    """List what was answered with anything but a yes, in the order of the questions."""
    return [question for question in Question if answers.get(question, Answer.YES) is not Answer.YES]
