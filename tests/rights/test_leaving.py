"""Shredding and leaving: what is named as lost is gone for good, and nobody is told why."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor, wait
from datetime import date, timedelta
from threading import Event
from uuid import UUID

import pytest
from flask import Flask
from sqlalchemy import Engine, select, text

from app.choices.actions import add_veto
from app.choices.models import Participation, Veto
from app.goals import actions as goal_actions
from app.goals.actions import add_goal, follow_up, tell_goal
from app.goals.models import Goal, How
from app.goals.queries import list_own_goals
from app.matching.models import Ask
from app.pairs.actions import add_note, end_pair, remove_note, set_meeting
from app.pairs.queries import list_own_notes, list_pairs_of
from app.rights.actions import leave_kamu, shred_own_words
from app.training import actions as training_actions
from app.training.actions import save_writing
from app.training.models import TrainingRecord
from app.training.queries import has_completed
from app.vault import CannotOpen, open_text, own_space, pair_space
from tenants.unit_of_work import session, tenant_work
from tests.cast import NOON, Cast
from tests.factories.asks import Asking
from tests.factories.matching import Volunteers
from tests.factories.pairs import Two, make_two, member
from tests.factories.training import read_record, train

GOAL, NOTE = "Say no once a week", "Ask about Friday"


@pytest.fixture
def duo(cast: Cast) -> Two:
    """Rauha and Lumi, a pair; Lumi has a goal, a note and the training behind her."""
    duo = make_two(cast, cast.organisation("alpha"))
    train(duo.organisation, duo.kaveri.id)
    with tenant_work(duo.organisation.ref):
        add_goal(owner_id=duo.kaveri.id, line=GOAL, look_back_on=date(2026, 12, 20), now=NOON)
        add_note(pair_id=duo.id, person_id=duo.kaveri.id, kind="note", text=NOTE, now=NOON)
        add_note(pair_id=duo.id, person_id=duo.kamu.id, kind="note", text="From Rauha", now=NOON)
    return duo


def _count(duo: Two, model: type, *conditions: object) -> int:
    with tenant_work(duo.organisation.ref):
        return len(session().scalars(select(model).where(*conditions)).all())


def _keys(superuser: Engine) -> set[str]:
    with superuser.connect() as connection:
        return {str(row[0]) for row in connection.execute(text("SELECT space_id FROM keys.space_key"))}


def test_the_page_names_what_is_lost_and_what_happens_to_pair_goals_and_seat(duo: Two):
    page = duo.kaveri.browser.get("/me/leave").text
    for words in (
        "1 pair ends.",
        "1 goal is destroyed.",
        "Your seat",
        "no bill shows that you left",
        "It is forgotten.",
    ):
        assert words in page


def test_nobody_is_asked_why(duo: Two):
    for path in ("/me/leave", "/me/shred"):
        page = duo.kaveri.browser.get(path).text
        main = page[page.index("<main") : page.index("</main")]
        assert "<textarea" not in main
        assert "<select" not in main
        assert main.count("<input") == 1, "the token of the form alone"


def test_looking_at_the_page_ends_nothing(duo: Two):
    duo.kaveri.browser.get("/me/leave")
    duo.kaveri.browser.get("/me/shred")
    assert _count(duo, Goal) == 1


def test_whoever_leaves_leaves_no_choice_goal_training_question_or_pair_behind(duo: Two, cast: Cast):
    other = member(cast, duo.organisation, "Halla", places=2)
    with tenant_work(duo.organisation.ref):
        add_veto(person_id=duo.kaveri.id, other_id=other.id, now=NOON)
    assert duo.kaveri.browser.post("/me/leave").location.endswith("/left")
    for model, condition in (
        (Participation, Participation.person_id == duo.kaveri.id),
        (Veto, Veto.person_id == duo.kaveri.id),
        (Goal, Goal.owner_id == duo.kaveri.id),
        (Ask, Ask.kaveri_id == duo.kaveri.id),
        (TrainingRecord, TrainingRecord.person_id == duo.kaveri.id),
    ):
        assert _count(duo, model, condition) == 0, model
    with tenant_work(duo.organisation.ref):
        assert [pair.lasts for pair in list_pairs_of(duo.kaveri.id)] == [False]


def test_whoever_leaves_is_signed_out_and_told_so(duo: Two):
    page = duo.kaveri.browser.follow(duo.kaveri.browser.post("/me/leave")).text
    assert "You have left Kamu" in page
    assert duo.kaveri.browser.get("/me", check=False).status_code != 200


def test_the_keys_to_what_was_written_are_gone_with_it(duo: Two, cast: Cast, superuser: Engine):
    lumi = duo.kaveri.id
    with tenant_work(duo.organisation.ref):
        spaces = {str(own_space(lumi)), str(pair_space(duo.id, lumi))}
    assert spaces <= _keys(superuser)
    duo.kaveri.browser.post("/me/leave")
    cast.run_jobs()
    assert not spaces & _keys(superuser)


def test_a_copy_of_what_was_written_cannot_be_opened_afterwards(duo: Two):
    record = read_record(duo.organisation, duo.kaveri.id)
    duo.kaveri.browser.post("/me/shred")
    with tenant_work(duo.organisation.ref), pytest.raises(CannotOpen):
        open_text(record.reflection, space=own_space(duo.kaveri.id), row=record.id, column="reflection")


def test_the_other_of_the_pair_keeps_their_own_words_and_reads_no_reason(duo: Two):
    duo.kaveri.browser.post("/me/leave")
    with tenant_work(duo.organisation.ref):
        assert [note.text for note in list_own_notes(duo.kamu.id)] == ["From Rauha"]
    page = duo.kamu.browser.get(duo.path).text
    assert NOTE not in page
    assert "left Kamu" not in page


def test_leaving_looks_to_the_other_like_any_ending(cast: Cast):
    pages = []
    for slug, path in (("alpha", "/me/leave"), ("beta", "ending")):
        duo = make_two(cast, cast.organisation(slug, name="Saarni"))
        if path == "ending":
            with tenant_work(duo.organisation.ref):
                end_pair(pair_id=duo.id, person_id=duo.kaveri.id, now=NOON)
        else:
            duo.kaveri.browser.post(path)
        page = duo.kamu.browser.get(duo.path).text
        main = page[page.index("<main") : page.index("</main")]
        pages.append(main.replace(str(duo.id), "PAIR").replace(slug, "SLUG"))
    assert pages[0].replace("22 November", "21 November") == pages[1].replace("22 November", "21 November")


def test_the_mails_wait_for_the_morning_and_name_nobody(duo: Two, cast: Cast):
    duo.kaveri.browser.post("/me/leave")
    cast.run_jobs()
    assert cast.mails() == []


def test_whoever_left_may_come_back_and_finds_an_empty_kamu(duo: Two, cast: Cast):
    duo.kaveri.browser.post("/me/leave")
    browser = cast.signed_in(duo.organisation, duo.kaveri.account.id)
    assert "There are none." in browser.get("/me/leave").text
    with tenant_work(duo.organisation.ref):
        add_goal(owner_id=duo.kaveri.id, line="Begin anew", look_back_on=date(2026, 12, 20), now=NOON)
        assert [goal.line for goal in list_own_goals(duo.kaveri.id)] == ["Begin anew"]


def test_leaving_twice_or_with_nothing_is_all_the_same(cast: Cast):
    organisation = cast.organisation("alpha")
    browser, account = cast.employee(organisation)
    assert browser.post("/me/leave").status_code == 303
    assert cast.signed_in(organisation, account.id).post("/me/leave").status_code == 303


def test_shredding_keeps_pair_choices_and_that_the_training_was_done(duo: Two):
    duo.kaveri.browser.post("/me/shred")
    assert _count(duo, Goal) == 0
    assert _count(duo, Participation, Participation.person_id == duo.kaveri.id) == 1
    with tenant_work(duo.organisation.ref):
        assert has_completed(duo.kaveri.id)
        assert [pair.lasts for pair in list_pairs_of(duo.kaveri.id)] == [True]
        assert [note.text for note in list_own_notes(duo.kaveri.id)] == [NOTE]


def test_shredding_takes_the_notes_of_pairs_that_have_ended(duo: Two):
    with tenant_work(duo.organisation.ref):
        end_pair(pair_id=duo.id, person_id=duo.kaveri.id, now=NOON)
    duo.kaveri.browser.post("/me/shred")
    with tenant_work(duo.organisation.ref):
        assert list_own_notes(duo.kaveri.id) == []
        assert [note.text for note in list_own_notes(duo.kamu.id)] == ["From Rauha"]


def test_after_shredding_one_writes_as_before(duo: Two):
    duo.kaveri.browser.post("/me/shred")
    page = duo.kaveri.browser.get("/training/reflection").text
    assert "Only you can read this." in page
    answer = duo.kaveri.browser.post("/training/reflection", {"text": "New words", "stay": "1"})
    assert "New words" in duo.kaveri.browser.follow(answer).text


def test_shredding_touches_nobody_else(duo: Two, cast: Cast):
    with tenant_work(duo.organisation.ref):
        add_goal(owner_id=duo.kamu.id, line="Rest more", look_back_on=date(2026, 12, 20), now=NOON)
    duo.kaveri.browser.post("/me/shred")
    duo.kaveri.browser.post("/me/leave")
    with tenant_work(duo.organisation.ref):
        assert [goal.line for goal in list_own_goals(duo.kamu.id)] == ["Rest more"]


def test_a_kamu_who_leaves_looks_to_whoever_asked_like_one_who_does_not_answer(cast: Cast):
    organisation = cast.organisation("alpha")
    people, asking = Volunteers(organisation.ref), Asking(organisation.ref)
    kaveri, kamu = people.kaveri(), people.kamu()
    ask_id = asking.ask(kaveri, kamu)
    with tenant_work(organisation.ref):
        leave_kamu(person_id=kamu, now=NOON)
    assert asking.waits(kaveri)
    assert asking.row(ask_id).closed_at == asking.row(ask_id).lapses_at
    assert asking.was_told(kaveri)


def test_a_question_of_somebody_who_leaves_reaches_the_kamu_no_more(cast: Cast):
    organisation = cast.organisation("alpha")
    people, asking = Volunteers(organisation.ref), Asking(organisation.ref)
    kaveri, kamu = people.kaveri(), people.kamu()
    asking.ask(kaveri, kamu)
    with tenant_work(organisation.ref):
        leave_kamu(person_id=kaveri, now=NOON)
    assert asking.asked(kamu) == []
    cast.run_jobs()
    assert cast.mails() == []


def test_two_who_leave_their_pair_at_the_same_moment_both_get_out(duo: Two, app: Flask):
    def leave(person_id: UUID) -> None:
        with app.app_context(), tenant_work(duo.organisation.ref):
            leave_kamu(person_id=person_id, now=NOON)

    with ThreadPoolExecutor(2) as both:
        list(both.map(leave, (duo.kamu.id, duo.kaveri.id)))
    for person_id in (duo.kamu.id, duo.kaveri.id):
        with tenant_work(duo.organisation.ref):
            assert [pair.lasts for pair in list_pairs_of(person_id)] == [False]
    assert _count(duo, Participation) == 0


def _tell_it(duo: Two, goal_id: UUID) -> None:
    tell_goal(goal_id=goal_id, owner_id=duo.kaveri.id, pair_id=duo.id)


def _look_back_at_it(duo: Two, goal_id: UUID) -> None:
    day = date(2026, 12, 20)
    follow_up(goal_id=goal_id, owner_id=duo.kaveri.id, how=How.WELL, line="New", look_back_on=day, now=NOON)


def _write_in_training(duo: Two, _: UUID) -> None:
    save_writing(person_id=duo.kaveri.id, column="reflection", text="New words", now=NOON)


@pytest.mark.parametrize(
    ("act", "where", "finds"),
    [
        (_tell_it, goal_actions, "get_own_goal_row"),
        (_look_back_at_it, goal_actions, "get_own_goal_row"),
        (_write_in_training, training_actions, "find_record"),
    ],
)
def test_whoever_leaves_in_one_window_and_writes_in_another_waits_for_no_deadlock(
    duo: Two, app: Flask, monkeypatch: pytest.MonkeyPatch, act: Callable[[Two, UUID], None], where: object, finds: str
):
    with tenant_work(duo.organisation.ref):
        goal_id = list_own_goals(duo.kaveri.id)[0].id
    held, may_go_on, really_find = Event(), Event(), getattr(where, finds)

    def find(*args: object, lock: bool = False) -> object:
        row = really_find(*args, lock=lock)
        if lock:
            held.set()
            may_go_on.wait(10)
        return row

    monkeypatch.setattr(where, finds, find)

    def run(acts: Callable[[], None]) -> None:
        with app.app_context(), tenant_work(duo.organisation.ref):
            acts()

    with ThreadPoolExecutor(2) as both:
        acting = both.submit(run, lambda: act(duo, goal_id))
        held.wait(10)
        leaving = both.submit(run, lambda: leave_kamu(person_id=duo.kaveri.id, now=NOON))
        wait([leaving], timeout=0.3)
        may_go_on.set()
        acting.result()
        leaving.result()
    assert _count(duo, Goal) == 0


@pytest.mark.parametrize("how", ["shred", "leave"])
def test_the_key_to_a_place_where_the_two_met_goes_too(duo: Two, cast: Cast, superuser: Engine, how: str):
    with tenant_work(duo.organisation.ref):
        begins_at = NOON + timedelta(days=3)
        set_meeting(pair_id=duo.id, person_id=duo.kamu.id, begins_at=begins_at, place="By the river", now=NOON)
        for note in list_own_notes(duo.kamu.id):
            remove_note(pair_id=duo.id, note_id=note.id, person_id=duo.kamu.id)
        end_pair(pair_id=duo.id, person_id=duo.kaveri.id, now=NOON)
        space = str(pair_space(duo.id, duo.kamu.id))
    assert space in _keys(superuser)
    duo.kamu.browser.post(f"/me/{how}")
    cast.run_jobs()
    assert space not in _keys(superuser)


def test_when_keys_went_and_the_rows_stayed_the_pages_open_without_them(duo: Two):
    """The key is destroyed last, and for good; should the commit fail after it, the lines are gone all the same."""
    with tenant_work(duo.organisation.ref):
        tell_goal(goal_id=list_own_goals(duo.kaveri.id)[0].id, owner_id=duo.kaveri.id, pair_id=duo.id)
    with pytest.raises(ConnectionError), tenant_work(duo.organisation.ref):
        shred_own_words(person_id=duo.kaveri.id)
        raise ConnectionError
    for _ in range(2):
        for browser, path in (
            (duo.kaveri.browser, "/goals"),
            (duo.kaveri.browser, "/today"),
            (duo.kaveri.browser, duo.path),
            (duo.kaveri.browser, "/me/file"),
            (duo.kamu.browser, duo.path),
            (duo.kamu.browser, "/today"),
        ):
            assert browser.get(path, check=False).status_code == 200, path
        duo.kaveri.browser.post("/goals", {"line": "Begin anew", "back": "month"})
    assert duo.kaveri.browser.get("/goals").text.count("Begin anew") >= 2


def test_a_goal_that_is_written_while_all_is_shredded_goes_with_the_rest(duo: Two, app: Flask):
    """Whichever comes first: no text is left that nothing opens."""
    sealed, may_commit = Event(), Event()

    def write() -> None:
        with app.app_context(), tenant_work(duo.organisation.ref):
            add_goal(owner_id=duo.kaveri.id, line="In another window", look_back_on=date(2026, 12, 20), now=NOON)
            sealed.set()
            may_commit.wait(10)

    def shred() -> None:
        with app.app_context(), tenant_work(duo.organisation.ref):
            shred_own_words(person_id=duo.kaveri.id)

    with ThreadPoolExecutor(2) as both:
        writing = both.submit(write)
        sealed.wait(10)
        shredding = both.submit(shred)
        wait([shredding], timeout=0.3)
        assert not shredding.done(), "it waits for what is being written"
        may_commit.set()
        writing.result()
        shredding.result()
    with tenant_work(duo.organisation.ref):
        assert list_own_goals(duo.kaveri.id) == []
        add_goal(owner_id=duo.kaveri.id, line="Afterwards", look_back_on=date(2026, 12, 20), now=NOON)
    with tenant_work(duo.organisation.ref):
        assert [goal.line for goal in list_own_goals(duo.kaveri.id)] == ["Afterwards"]
