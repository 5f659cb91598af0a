"""What follows from six answers, whatever they are."""

from hypothesis import given
from hypothesis import strategies as st

from app.readiness.policies import CARRYING, Answer, Question, Verdict, list_gaps, verdict_on

SOME = st.dictionaries(st.sampled_from(Question), st.sampled_from(Answer))
ALL = st.fixed_dictionaries({question: st.sampled_from(Answer) for question in Question})
WORST_FIRST = [Verdict.NOT_YET, Verdict.NEARLY, Verdict.READY]


@given(SOME)
def test_there_is_a_verdict_exactly_when_all_six_are_answered(answers):
    assert (verdict_on(answers) is Verdict.UNFINISHED) == (len(answers) < 6)


@given(ALL)
def test_ready_means_a_yes_to_everything_and_what_is_not_known_is_no_yes(answers):
    assert (verdict_on(answers) is Verdict.READY) == (set(answers.values()) == {Answer.YES})
    assert list_gaps(answers) == [question for question in Question if answers[question] is not Answer.YES]


@given(ALL, st.sampled_from(Question))
def test_a_better_answer_never_makes_the_verdict_worse(answers, question):
    for better in (Answer.PARTLY, Answer.YES):
        if answers[question] is Answer.YES:
            break
        improved = {**answers, question: better}
        assert WORST_FIRST.index(verdict_on(improved)) >= WORST_FIRST.index(verdict_on(answers))


@given(ALL, st.sampled_from(sorted(CARRYING)), st.sampled_from([Answer.NO, Answer.UNKNOWN]))
def test_without_what_carries_kamu_the_honest_answer_is_not_yet(answers, question, answer):
    assert verdict_on({**answers, question: answer}) is Verdict.NOT_YET
