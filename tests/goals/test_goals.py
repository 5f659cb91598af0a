"""Goals are their owner's: written in a line, followed up, told to one's Kamu and taken back, closed, taken up again."""

from datetime import timedelta
from uuid import UUID, uuid4

import pytest
from sqlalchemy import select

from app.clock import now
from app.goals import queries
from app.goals.actions import tell_goal
from app.goals.errors import NoKamuToTell
from app.goals.models import FollowUp, Goal
from app.pairs.actions import end_pair, pause_pair
from app.pairs.policies import local
from tenants.errors import NotHere
from tenants.unit_of_work import session, tenant_work
from tests.factories.pairs import become_a_pair, member

LINE, NOTE = "Say no to one thing a week", "Said no to the Friday report"
STAYS = "It stays with you."


def _day(days):
    return (local(now()).date() + timedelta(days=days)).isoformat()


@pytest.fixture
def goal(duo):
    """The path of a goal that Lumi has just written."""
    answer = duo.kaveri.browser.post("/goals", {"line": LINE, "back": "month"})
    assert answer.status_code == 303
    return answer.location.removeprefix(f"https://{duo.kaveri.browser.host}")


def _follow(duo, goal, how="well", **fields):
    form = {"how": how, "note": NOTE, "next_on": _day(14)} | fields
    return duo.kaveri.browser.post(f"{goal}/follow-ups", form)


def _tell(duo, goal):
    return duo.kaveri.browser.post(f"{goal}/telling", {"pair": str(duo.id)})


def _one(duo, owner):
    with tenant_work(duo.organisation.ref):
        return queries.list_own_goals(owner.id)[0]


def test_one_line_is_enough_and_it_is_ones_own(duo, goal):
    assert LINE in duo.kaveri.browser.get(goal).text
    assert LINE in duo.kaveri.browser.get("/goals").text
    assert _one(duo, duo.kaveri).look_back_on == local(now()).date() + timedelta(days=28)


def test_the_kamu_reads_only_what_was_told_and_only_on_the_page_of_the_two(duo, goal):
    assert LINE not in duo.kamu.browser.get(duo.path).text
    _tell(duo, goal)
    _follow(duo, goal)
    page = duo.kamu.browser.get(duo.path).text
    assert LINE in page
    assert NOTE in page
    assert duo.kamu.browser.get(goal).status_code == 404
    assert duo.kamu.browser.post(f"{goal}/follow-ups", {"how": "stuck"}).status_code == 404
    duo.kaveri.browser.post(f"{goal}/telling/removal")
    assert LINE not in duo.kamu.browser.get(duo.path).text


def test_from_the_end_of_the_pair_only_the_owner_reads_it(duo, goal):
    _tell(duo, goal)
    with tenant_work(duo.organisation.ref):
        end_pair(pair_id=duo.id, person_id=duo.kamu.id, now=now())
    for path in (duo.path, "/today", "/goals"):
        assert LINE not in duo.kamu.browser.get(path).text
    assert LINE in duo.kaveri.browser.get("/goals").text
    assert not _one(duo, duo.kaveri).is_told


def test_a_goal_told_in_one_pair_is_not_told_in_the_next(cast, duo, goal):
    _tell(duo, goal)
    with tenant_work(duo.organisation.ref):
        end_pair(pair_id=duo.id, person_id=duo.kamu.id, now=now())
    following = become_a_pair(duo.organisation, member(cast, duo.organisation, "Halla", places=1), duo.kaveri)
    assert LINE not in following.kamu.browser.get(following.path).text


def test_a_goal_is_told_while_it_is_written_when_the_owner_says_so(duo):
    duo.kaveri.browser.post("/goals", {"line": LINE, "back": "month", "who": str(duo.id)})
    assert LINE in duo.kamu.browser.get(duo.path).text


def test_the_pages_name_the_pair_they_tell_to(duo, goal):
    assert f'name="pair" value="{duo.id}"' in duo.kaveri.browser.get(goal).text
    assert f'value="{duo.id}"' in duo.kaveri.browser.get("/goals/new").text


@pytest.mark.parametrize("form", ["new", "told"])
def test_what_was_meant_for_one_kamu_is_never_told_to_the_next(cast, duo, goal, form):
    with tenant_work(duo.organisation.ref):
        end_pair(pair_id=duo.id, person_id=duo.kamu.id, now=now())
    following = become_a_pair(duo.organisation, member(cast, duo.organisation, "Halla", places=1), duo.kaveri)
    new = {"line": LINE, "back": "month", "who": str(duo.id)}
    answer = _tell(duo, goal) if form == "told" else duo.kaveri.browser.post("/goals", new)
    assert STAYS in duo.kaveri.browser.follow(answer).text
    assert LINE not in following.kamu.browser.get(following.path).text


def test_a_goal_is_kept_when_the_other_takes_a_break_at_that_moment(duo):
    with tenant_work(duo.organisation.ref):
        pause_pair(pair_id=duo.id, person_id=duo.kamu.id, now=now())
    answer = duo.kaveri.browser.post("/goals", {"line": LINE, "back": "month", "who": str(duo.id)})
    page = duo.kaveri.browser.follow(answer).text
    assert LINE in page
    assert STAYS in page


def test_nobody_elses_pair_is_told_anything(duo, goal):
    with tenant_work(duo.organisation.ref):
        for owner_id, refusal in ((duo.kaveri.id, NoKamuToTell), (duo.kamu.id, NotHere)):
            with pytest.raises(refusal):
                tell_goal(goal_id=UUID(goal.rpartition("/")[2]), owner_id=owner_id, pair_id=uuid4())


def test_without_a_kamu_there_is_nobody_to_tell(cast, duo):
    alone = member(cast, duo.organisation, "Halla")
    path = alone.browser.post("/goals", {"line": LINE, "back": "month"}).location.rpartition(".example")[2]
    goal = "/goals/" + path.rpartition("/")[2]
    assert STAYS in alone.browser.follow(alone.browser.post(f"{goal}/telling", {"pair": str(duo.id)})).text


@pytest.mark.parametrize(("how", "words"), [("well", "Going well"), ("slowly", "Slowly"), ("stuck", "Stuck")])
def test_a_follow_up_says_how_it_goes_and_when_to_look_next(duo, goal, how, words):
    assert _follow(duo, goal, how).status_code == 303
    page = duo.kaveri.browser.get(goal).text
    assert words in page
    assert NOTE in page
    assert _one(duo, duo.kaveri).look_back_on.isoformat() == _day(14)


def test_letting_go_needs_no_day_and_can_be_taken_up_again(duo, goal):
    assert _follow(duo, goal, "let_go", next_on="").status_code == 303
    assert _one(duo, duo.kaveri).state == "let_go"
    assert _follow(duo, goal, "well").status_code == 409
    duo.kaveri.browser.post(f"{goal}/reopening")
    assert _one(duo, duo.kaveri).is_open


def test_a_reached_goal_leaves_the_kamus_page_and_stays_with_its_owner(duo, goal):
    _tell(duo, goal)
    duo.kaveri.browser.post(f"{goal}/reached")
    assert LINE not in duo.kamu.browser.get(duo.path).text
    assert "Reached" in duo.kaveri.browser.get("/goals").text


def test_words_and_day_can_be_changed(duo, goal):
    duo.kaveri.browser.post(goal, {"line": "Say no twice", "look_back_on": _day(7)})
    changed = _one(duo, duo.kaveri)
    assert (changed.line, changed.look_back_on.isoformat()) == ("Say no twice", _day(7))


def test_a_removed_goal_leaves_no_row(duo, goal):
    _follow(duo, goal)
    duo.kaveri.browser.post(f"{goal}/removal")
    with tenant_work(duo.organisation.ref):
        assert session().scalars(select(Goal)).all() == session().scalars(select(FollowUp)).all() == []


@pytest.mark.parametrize(
    ("path", "fields"),
    [
        ("/goals", {"line": LINE, "back": "chosen", "day": "2020-01-01"}),
        ("/goals", {"line": LINE + "x" * 300, "back": "month"}),
        ("{}", {"line": LINE, "look_back_on": ""}),
        ("{}/follow-ups", {"note": LINE, "next_on": "soon"}),
    ],
)
def test_a_form_that_is_not_right_comes_back_with_its_text(duo, goal, path, fields):
    answer = duo.kaveri.browser.post(path.format(goal), fields)
    assert answer.status_code == 422
    assert LINE in answer.text


def test_a_day_to_look_back_that_has_come_stands_on_the_first_page(duo, goal):
    assert LINE not in duo.kaveri.browser.get("/today").text
    with tenant_work(duo.organisation.ref):
        for each in session().scalars(select(Goal)):
            each.look_back_on = local(now()).date()
    assert LINE in duo.kaveri.browser.get("/today").text
    assert LINE not in duo.kamu.browser.get("/today").text


def test_the_words_of_a_goal_are_in_no_address_no_session_and_no_log(app, duo, goal, capfd):
    from app.valkey import valkey

    _tell(duo, goal)
    _follow(duo, goal)
    duo.kaveri.browser.post("/goals", {"line": LINE + "x" * 300, "back": "month"})
    kept = b"".join(valkey().get(key) or b"" for key in valkey().keys("*") if valkey().type(key) == b"string")
    said = "".join(capfd.readouterr())
    for words in (LINE, NOTE):
        assert words not in goal
        assert words.encode() not in kept
        assert words not in said
