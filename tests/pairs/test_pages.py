"""The page of the two, the list of pairs, and today: who reads what, and that a form that fails keeps its text."""

from datetime import timedelta

import pytest
from sqlalchemy import event, select

from app.clock import now
from app.goals.actions import add_goal, tell_goal
from app.goals.models import Goal
from app.pairs import actions, queries
from tenants.database import KEYS, LOCAL_CELL, db
from tenants.unit_of_work import session, tenant_work
from tests.factories.pairs import become_a_pair, member

SECRET = "What I have not told anybody"


@pytest.fixture
def told(duo):
    """Lumi has told Rauha a goal."""
    with tenant_work(duo.organisation.ref):
        goal = add_goal(owner_id=duo.kaveri.id, line=SECRET, look_back_on=now().date(), now=now())
        tell_goal(goal_id=goal.id, owner_id=duo.kaveri.id, pair_id=duo.id)
    return duo


def _in_three_days():
    return {"day": (now() + timedelta(days=3)).date().isoformat(), "at": "14:00", "place": "By the river"}


@pytest.mark.parametrize("who", ["kamu", "kaveri"])
def test_the_first_visit_shows_when_to_meet_a_line_for_a_goal_and_where_help_is(duo, who):
    page = getattr(duo, who).browser.get(duo.path).text
    assert "When do you meet first?" in page
    assert "Where help is" in page
    assert "112" in page
    assert ("One line for a goal" in page) == (who == "kaveri")


def test_a_meeting_that_one_sets_the_other_sees_by_the_clock_in_finland(duo):
    assert duo.kamu.browser.post(f"{duo.path}/meetings", _in_three_days()).status_code == 303
    page = duo.kaveri.browser.get(duo.path).text
    assert "14:00" in page
    assert "By the river" in page
    with tenant_work(duo.organisation.ref):
        (meeting,) = queries.list_coming_meetings([queries.get_pair(duo.id, duo.kamu.id)], now=now())
    assert meeting.begins_at.utctimetuple().tm_hour in {11, 12}, "two in the afternoon in Finland"


@pytest.mark.parametrize(
    ("day", "sentence"),
    [
        ("0001-01-01", "This day is over. Choose one ahead."),
        ("2400-01-01", "Choose a day within two years."),
        ("9999-12-31", "Choose a day within two years."),
    ],
)
def test_a_day_that_nobody_means_is_said_beside_the_field(duo, day, sentence):
    answer = duo.kaveri.browser.post(f"{duo.path}/meetings", _in_three_days() | {"day": day}, check=False)
    assert answer.status_code == 422
    assert sentence in answer.text


def test_a_meeting_is_taken_off_by_either_and_both_see_it(duo):
    duo.kamu.browser.post(f"{duo.path}/meetings", _in_three_days())
    with tenant_work(duo.organisation.ref):
        (meeting,) = queries.list_coming_meetings([queries.get_pair(duo.id, duo.kamu.id)], now=now())
    duo.kaveri.browser.post(f"{duo.path}/meetings/{meeting.id}/cancellation")
    assert "was taken off" in duo.kamu.browser.get(duo.path).text


@pytest.mark.parametrize(
    ("form", "fields"),
    [
        ("meetings", {"day": "2020-01-01", "at": "10:00", "place": SECRET}),
        ("topics", {"topic": SECRET + "x" * 200}),
        ("notes", {"note": SECRET + "x" * 4000}),
    ],
)
def test_a_form_that_is_not_right_comes_back_with_its_text(duo, form, fields):
    answer = duo.kaveri.browser.post(f"{duo.path}/{form}", fields)
    assert answer.status_code == 422
    assert SECRET in answer.text


def test_what_came_too_late_is_shown_to_whoever_wrote_it(duo):
    with tenant_work(duo.organisation.ref):
        actions.end_pair(pair_id=duo.id, person_id=duo.kamu.id, now=now())
    answer = duo.kaveri.browser.post(f"{duo.path}/notes", {"note": SECRET})
    assert answer.status_code == 409
    assert SECRET in answer.text
    assert "no longer a pair" in answer.text
    assert SECRET not in duo.kamu.browser.get(duo.path).text


def test_both_read_the_same_sentence_from_that_moment(duo):
    duo.kaveri.browser.post(f"{duo.path}/ending", {"text": "keep"})
    for one, other in ((duo.kamu, "Lumi"), (duo.kaveri, "Rauha")):
        for path in (duo.path, "/today"):
            assert f"You and {other} are no longer a pair." in one.browser.get(path).text


def test_ending_says_first_what_is_lost_and_shreds_if_wanted(duo):
    duo.kaveri.browser.post(f"{duo.path}/notes", {"note": SECRET})
    page = duo.kaveri.browser.get(f"{duo.path}/ending").text
    assert "Each of you stops reading what the other wrote" in page
    duo.kaveri.browser.post(f"{duo.path}/ending", {"text": "shred"})
    assert SECRET not in duo.kaveri.browser.get(duo.path).text


def test_what_was_kept_is_shredded_any_later_day(duo):
    duo.kaveri.browser.post(f"{duo.path}/notes", {"note": SECRET})
    duo.kaveri.browser.post(f"{duo.path}/shredding")
    assert SECRET in duo.kaveri.browser.get(duo.path).text, "not while they are a pair"
    duo.kaveri.browser.post(f"{duo.path}/ending", {"text": "keep"})
    assert SECRET in duo.kaveri.browser.get(duo.path).text
    duo.kaveri.browser.post(f"{duo.path}/shredding")
    assert SECRET not in duo.kaveri.browser.get(duo.path).text


def test_whoever_wrote_only_where_to_meet_is_offered_to_shred_it_and_then_no_more(cast, duo):
    duo.kamu.browser.post(f"{duo.path}/meetings", _in_three_days())
    duo.kaveri.browser.post(f"{duo.path}/ending", {"text": "keep"})
    offers = ["Shred now" in each.browser.get(duo.path).text for each in (duo.kamu, duo.kaveri)]
    assert offers == [True, False]
    answer = duo.kamu.browser.post(f"{duo.path}/shredding")
    assert "Shred now" not in duo.kamu.browser.follow(answer).text, "it is under way"
    cast.run_jobs()
    assert "Shred now" not in duo.kamu.browser.get(duo.path).text


def test_a_break_takes_told_goals_back_and_going_on_tells_none(told):
    seen = [SECRET in told.kamu.browser.get(told.path).text]
    for path in ("/break", "/break/end"):
        assert told.kamu.browser.post(told.path + path).status_code == 303
        seen.append(SECRET in told.kamu.browser.get(told.path).text)
        with tenant_work(told.organisation.ref):
            assert [goal.told_pair_id for goal in session().scalars(select(Goal))] == [None]
    assert seen == [True, False, False]


def test_the_break_says_first_what_is_lost(duo):
    assert "Meetings you had planned" in duo.kamu.browser.get(f"{duo.path}/break").text


@pytest.mark.parametrize("path", ["", "/break", "/ending"])
def test_a_third_person_finds_no_pair(cast, duo, path):
    assert member(cast, duo.organisation, "Petri").browser.get(duo.path + path).status_code == 404


def test_a_note_is_changed_and_removed_by_whoever_wrote_it_only(duo):
    duo.kaveri.browser.post(f"{duo.path}/notes", {"note": SECRET})
    with tenant_work(duo.organisation.ref):
        (note,) = queries.list_notes([queries.get_pair(duo.id, duo.kaveri.id)])
    path = f"{duo.path}/notes/{note.id}"
    assert duo.kamu.browser.get(path).status_code == 404
    assert duo.kamu.browser.post(path, {"note": "Mine now"}).status_code == 404
    assert duo.kamu.browser.post(f"{path}/removal").status_code == 404
    assert SECRET in duo.kaveri.browser.get(path).text
    duo.kaveri.browser.post(path, {"note": "In other words"})
    assert "In other words" in duo.kamu.browser.get(duo.path).text
    duo.kaveri.browser.post(f"{path}/removal")
    assert "In other words" not in duo.kamu.browser.get(duo.path).text


def test_today_shows_whom_one_meets_next_and_who_else_there_is(cast, duo):
    become_a_pair(duo.organisation, duo.kamu, member(cast, duo.organisation, "Halla"))
    duo.kaveri.browser.post(f"{duo.path}/meetings", _in_three_days())
    duo.kaveri.browser.post(f"{duo.path}/topics", {"topic": "First weeks"})
    page = duo.kamu.browser.get("/today").text
    assert "Your next meeting, with Lumi" in page
    assert "First weeks" in page
    assert "You and Halla" in page
    assert "You and Lumi" in duo.kamu.browser.get("/pairs").text


def test_today_of_somebody_without_a_pair_says_what_will_come(cast, duo):
    assert "Nothing waits for you" in member(cast, duo.organisation, "Petri").browser.get("/today").text


def test_the_pages_ask_the_databases_little(cast, told):
    told.kaveri.browser.post(f"{told.path}/notes", {"note": "One"})
    told.kamu.browser.post(f"{told.path}/topics", {"topic": "Two"})
    told.kaveri.browser.post(f"{told.path}/meetings", _in_three_days())
    become_a_pair(told.organisation, told.kamu, member(cast, told.organisation, "Halla"))
    engines, asked, counts = [db.engines[LOCAL_CELL], db.engines[KEYS]], [], {}

    def count(_connection, _cursor, statement, *_):
        asked.append(statement)

    for engine in engines:
        event.listen(engine, "before_cursor_execute", count)
    for who in (told.kamu, told.kaveri):
        for path in ("/today", told.path, "/pairs", "/goals"):
            asked.clear()
            who.browser.get(path)
            counts[path, who.person.given_name] = len(asked)
    for engine in engines:
        event.remove(engine, "before_cursor_execute", count)
    assert max(counts.values()) <= 12, counts
