"""Taking a file in: once, whole or not at all, one at a time."""

import threading
from types import SimpleNamespace

import pytest
from sqlalchemy.exc import IntegrityError

from app.access.actor import SYSTEM
from app.clock import now
from app.people import actions, queries
from app.people.errors import ImportIsClosed, ImportIsUnderWay, NothingToTakeIn
from app.people.events import on_people_changed
from app.people.jobs import take_in_import
from app.people.models import ImportChange, PeopleImport
from tenants.models import TenantOutbox
from tenants.unit_of_work import session, tenant_work
from tests.cast import Cast
from tests.factories.rosters import import_of, people_of, roster, staff


@pytest.fixture
def alpha(cast: Cast) -> SimpleNamespace:
    return SimpleNamespace(ref=cast.organisation("alpha").ref, cast=cast)


def uploaded(alpha, text):
    with tenant_work(alpha.ref):
        return actions.upload_file(data=text.encode(), file_name="people.csv", by=SYSTEM, now=now()).id


def queue(alpha, import_id):
    with tenant_work(alpha.ref):
        actions.queue_import(queries.get_import(import_id), now=now())


def run(alpha, import_id):
    with tenant_work(alpha.ref):
        take_in_import(import_id=str(import_id))


def test_running_the_job_twice_does_nothing_twice(alpha):
    import_id = uploaded(alpha, roster(staff(3)))
    queue(alpha, import_id)
    run(alpha, import_id)
    before = {person.id: person.updated_at for person in people_of(alpha.ref).values()}
    run(alpha, import_id)
    assert {person.id: person.updated_at for person in people_of(alpha.ref).values()} == before
    with tenant_work(alpha.ref) as opened:
        assert opened.query(ImportChange).count() == 3


def test_the_job_tells_how_far_it_is(alpha):
    import_id = uploaded(alpha, roster(staff(1200)))
    queue(alpha, import_id)
    told = []
    with tenant_work(alpha.ref):
        actions.take_in(import_id=import_id, now=now(), report=lambda done, total: told.append((done, total)))
    assert told == [(0, 1200), (500, 1200), (1000, 1200), (1200, 1200)]


def test_a_failure_in_the_middle_leaves_nothing_behind_and_can_be_tried_again(alpha):
    import_id = uploaded(alpha, roster(staff(600)))
    queue(alpha, import_id)

    def collide(done: int, _total: int) -> None:
        if done == 500:
            raise IntegrityError("", None, Exception())

    with tenant_work(alpha.ref):
        actions.take_in(import_id=import_id, now=now(), report=collide)
    assert people_of(alpha.ref) == {}
    assert import_of(alpha.ref, import_id).state == "failed"
    queue(alpha, import_id)
    run(alpha, import_id)
    assert len(people_of(alpha.ref)) == 600


def test_a_killed_job_leaves_the_import_queued_for_the_next_one(alpha):
    import_id = uploaded(alpha, roster(staff(600)))
    queue(alpha, import_id)

    def die(done: int, _total: int) -> None:
        if done:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt), tenant_work(alpha.ref):
        actions.take_in(import_id=import_id, now=now(), report=die)
    assert people_of(alpha.ref) == {}
    assert import_of(alpha.ref, import_id).state == "queued"
    run(alpha, import_id)
    assert len(people_of(alpha.ref)) == 600


def test_a_file_that_is_gone_fails_with_a_reason(alpha):
    import_id = uploaded(alpha, roster(staff(2)))
    queue(alpha, import_id)
    with tenant_work(alpha.ref) as opened:
        opened.get(PeopleImport, import_id).file_id = None
    run(alpha, import_id)
    failed = import_of(alpha.ref, import_id)
    assert (failed.state, failed.outcome) == ("failed", {"failed": "gone"})


def test_two_files_at_once_the_second_is_refused(alpha):
    first, second = uploaded(alpha, roster(staff(2))), uploaded(alpha, roster(staff(3)))
    queue(alpha, first)
    with pytest.raises(ImportIsUnderWay):
        queue(alpha, second)
    assert import_of(alpha.ref, second).state == "checked"


def test_the_database_lets_one_through_when_two_press_at_the_same_moment(alpha, monkeypatch):
    first, second = uploaded(alpha, roster(staff(2))), uploaded(alpha, roster(staff(3)))
    monkeypatch.setattr("app.people.actions.take_in_file.has_import_under_way", lambda: False)
    results, gate = [], threading.Barrier(2)
    app = alpha.cast.app

    def press(import_id):
        with app.app_context():
            try:
                with tenant_work(alpha.ref):
                    gate.wait(10)
                    actions.queue_import(queries.get_import(import_id), now=now())
                results.append("queued")
            except ImportIsUnderWay:
                results.append("refused")

    threads = [threading.Thread(target=press, args=(each,)) for each in (first, second)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    assert sorted(results) == ["queued", "refused"]


def test_a_refused_press_leaves_no_job(alpha, monkeypatch):
    first, second = uploaded(alpha, roster(staff(2))), uploaded(alpha, roster(staff(3)))
    queue(alpha, first)
    monkeypatch.setattr("app.people.actions.take_in_file.has_import_under_way", lambda: False)
    with tenant_work(alpha.ref), pytest.raises(ImportIsUnderWay):
        actions.queue_import(queries.get_import(second), now=now())
    with tenant_work(alpha.ref) as opened:
        jobs = opened.query(TenantOutbox).filter_by(job="people.take_in_import").all()
        assert [job.args for job in jobs] == [{"import_id": str(first)}]


def test_nothing_to_take_in_is_refused(alpha):
    import_id = uploaded(alpha, "First name,E-mail\nAava,aava@\n")
    with pytest.raises(NothingToTakeIn):
        queue(alpha, import_id)


def test_what_was_taken_in_cannot_be_taken_in_again(alpha):
    import_id = uploaded(alpha, roster(staff(2)))
    queue(alpha, import_id)
    run(alpha, import_id)
    with pytest.raises(ImportIsClosed):
        queue(alpha, import_id)


def test_listeners_hear_of_the_change_in_its_own_transaction(alpha):
    heard = []
    on_people_changed.append(lambda: heard.append(queries.count_people()))
    import_id = uploaded(alpha, roster(staff(3)))
    queue(alpha, import_id)
    run(alpha, import_id)
    with tenant_work(alpha.ref):
        actions.undo_import(queries.get_import(import_id), now=now())
    assert heard == [3, 0]


def test_the_seams_for_the_set_up_guide_tell_what_waits(alpha):
    rows = staff(3)
    rows[2] = (*rows[2][:2], "no address", *rows[2][3:])
    with tenant_work(alpha.ref):
        assert (queries.count_people(), queries.has_import_under_way(), queries.count_problems_left()) == (0, False, 0)
    import_id = uploaded(alpha, roster(rows))
    with tenant_work(alpha.ref):
        assert queries.count_problems_left() == 1
    queue(alpha, import_id)
    with tenant_work(alpha.ref):
        assert queries.has_import_under_way()
    run(alpha, import_id)
    with tenant_work(alpha.ref):
        assert (queries.count_people(), queries.has_import_under_way(), queries.count_problems_left()) == (2, False, 0)


def test_what_is_kept_of_a_file_goes_when_it_is_taken_in(alpha):
    import_id = uploaded(alpha, roster(staff(2)))
    queue(alpha, import_id)
    run(alpha, import_id)
    from app.files.models import FileChunk, StoredFile

    with tenant_work(alpha.ref):
        assert session().query(StoredFile).count() == 0
        assert session().query(FileChunk).count() == 0


def test_a_large_file_comes_in_whole(alpha):
    rows = [(*row[:5], "" if i == 0 else str(100 + (i - 1) // 8), "fi") for i, row in enumerate(staff(3_000))]
    import_id = uploaded(alpha, roster(rows))
    queue(alpha, import_id)
    run(alpha, import_id)
    people = people_of(alpha.ref)
    assert len(people) == 3_000
    assert sum(person.supervisor_id is None for person in people.values()) == 1
