"""The verdict in words: what it is, what is missing, what to do next."""

from collections.abc import Mapping
from dataclasses import dataclass

from flask import url_for
from flask_babel import gettext as _
from flask_babel import ngettext

from app.readiness.policies import Answer, Question, Verdict, list_gaps, verdict_on


@dataclass(frozen=True, slots=True)
class Gap:
    """One thing that is missing: as a fact, what to do next, and where; `link` is an address and its words."""

    fact: str
    advice: str
    link: tuple[str, str] | None


@dataclass(frozen=True, slots=True)
class Said:
    """A verdict as somebody reads it."""

    verdict: Verdict
    title: str
    text: str
    gaps: list[Gap]


def say_verdict(answers: Mapping[Question, Answer]) -> Said:
    """Put the verdict on these answers into words."""
    verdict = verdict_on(answers)
    title, text = _verdicts(len(Question) - len(answers))[verdict]
    return Said(verdict, title, text, [_gap(question, answers[question]) for question in list_gaps(answers)])


def _verdicts(left: int) -> dict[Verdict, tuple[str, str]]:
    return {
        Verdict.UNFINISHED: (
            ngettext("%(num)s question is left", "%(num)s questions are left", left),
            _("Stop whenever you like. Each answer is kept as you give it."),
        ),
        Verdict.READY: (
            _("The ground is ready"),
            _("All six conditions hold where you are. What is left are the steps themselves."),
        ),
        Verdict.NEARLY: (
            _("Nearly there"),
            _("You can begin, and see to what is missing on the way."),
        ),
        Verdict.NOT_YET: (
            _("Not yet"),
            _(
                "Something that carries Kamu is not there yet. Better to know it now: see to it first, then look "
                "again. Nothing is locked meanwhile."
            ),
        ),
    }


def _gap(question: Question, answer: Answer) -> Gap:
    fact = _unknown()[question] if answer is Answer.UNKNOWN else _facts()[question]
    return Gap(fact, _advice()[question], _links().get(question))


def _facts() -> dict[Question, str]:
    return {
        Question.CULTURE: _("Help between colleagues does not come by itself everywhere."),
        Question.TIME: _("Time for a colleague does not hold yet when a customer calls."),
        Question.VOLUNTARY: _("That taking part is voluntary has not been settled."),
        Question.TRAINING: _("Working time for learning Kamu work is not decided."),
        Question.LEADERS: _("Not everybody has heard from the leaders that this matters."),
        Question.REPRESENTATIVES: _("The people’s representatives have not been told yet."),
    }


def _unknown() -> dict[Question, str]:
    return {
        Question.CULTURE: _("Nobody knows yet where help between colleagues comes from."),
        Question.TIME: _("Nobody knows yet whether the time would hold when a customer calls."),
        Question.VOLUNTARY: _("Nobody knows yet whether people would feel free to say no."),
        Question.TRAINING: _("Nobody knows yet whether learning Kamu work counts as working time."),
        Question.LEADERS: _("Nobody knows yet what people have heard from the leaders."),
        Question.REPRESENTATIVES: _("Nobody knows yet whether the people’s representatives have been told."),
    }


def _advice() -> dict[Question, str]:
    return {
        Question.CULTURE: _(
            "Ask in a few teams. Begin with those who help already: at Nitor it began as a small voluntary ring."
        ),
        Question.TIME: _("Promise the time as an organisation, and have project leads tell customers that it holds."),
        Question.VOLUNTARY: _(
            "Agree that nobody is named, counted or asked twice, and say so to supervisors and to everybody."
        ),
        Question.TRAINING: _("Decide that the training is working time, and say it when you invite people."),
        Question.LEADERS: _(
            "Ask one leader to say it in their own words. Your greeting in the invitation is a good place."
        ),
        Question.REPRESENTATIVES: _("Show them what an employer never sees, and ask what they need before the launch."),
    }


def _links() -> dict[Question, tuple[str, str]]:
    return {
        Question.TIME: (url_for("time_policy.promise"), _("Work the time out")),
        Question.TRAINING: (url_for("training.plan"), _("See the training")),
        Question.LEADERS: (url_for("onboarding.launch"), _("Write the greeting")),
        Question.REPRESENTATIVES: (url_for("pages.who_sees"), _("Who can see what")),
    }
