"""From the minute a pair ends each reads only what they wrote, and nobody can tell who ended it."""

from datetime import timedelta

import pytest
from sqlalchemy import select, text

from app.choices.models import Participation
from app.clock import now
from app.goals.actions import add_goal, tell_goal
from app.pairs import actions, queries
from app.pairs.errors import PairHasEnded, StillAPair
from app.pairs.jobs import tell_of_change
from app.pairs.models import Meeting, Note, Pair, PairState
from app.pairs.policies import local
from app.pairs.schedule import follow_directories
from app.people.models import Person
from app.vault import CannotOpen, Sealed, open_texts, pair_space
from tenants.errors import NotHere
from tenants.models import TenantOutbox
from tenants.unit_of_work import session, tenant_work
from tests.cast import NOON
from tests.factories.pairs import become_a_pair, member

HERS, HIS = "What I have not told anybody", "Ask how the week went"


@pytest.fixture
def written(duo):
    """Both have written; a meeting is set."""
    with tenant_work(duo.organisation.ref):
        for person, line in ((duo.kaveri, HERS), (duo.kamu, HIS)):
            actions.add_note(pair_id=duo.id, person_id=person.id, kind="note", text=line, now=NOON)
        begins_at = NOON + timedelta(days=3)
        actions.set_meeting(pair_id=duo.id, person_id=duo.kamu.id, begins_at=begins_at, place="By the river", now=NOON)
    return duo


def _read(duo, person):
    with tenant_work(duo.organisation.ref):
        return [note.text for note in queries.list_notes([queries.get_pair(duo.id, person.id)])]


def _end(duo, person=None):
    with tenant_work(duo.organisation.ref):
        actions.end_pair(pair_id=duo.id, person_id=(person or duo.kaveri).id, now=NOON)


def test_while_they_are_a_pair_both_read_both(written):
    assert _read(written, written.kamu) == _read(written, written.kaveri) == [HERS, HIS]


def test_after_the_end_each_reads_what_they_wrote(written):
    _end(written)
    assert _read(written, written.kaveri) == [HERS]
    assert _read(written, written.kamu) == [HIS]


def test_after_the_end_their_meetings_are_gone(written):
    _end(written)
    with tenant_work(written.organisation.ref):
        assert session().scalars(select(Meeting)).all() == []


def test_a_break_takes_meetings_off_and_keeps_the_rest(written):
    with tenant_work(written.organisation.ref):
        actions.pause_pair(pair_id=written.id, person_id=written.kamu.id, now=NOON)
        pair = queries.get_pair(written.id, written.kaveri.id)
        assert [meeting.is_off for meeting in queries.list_coming_meetings([pair], now=NOON)] == [True]
    assert _read(written, written.kaveri) == [HERS, HIS]


def test_nothing_in_the_tables_tells_who_ended_it(cast, two, superuser):
    kept = []
    for organisation, who in ((two.a, "kamu"), (two.b, "kaveri")):
        pair = become_a_pair(
            organisation, member(cast, organisation, "Rauha", places=2), member(cast, organisation, "Lumi")
        )
        _end(pair, getattr(pair, who))
        with tenant_work(organisation.ref):
            row = session().scalars(select(Pair)).one()
            jobs = session().scalars(select(TenantOutbox).where(TenantOutbox.job == "pairs.tell_of_change")).all()
            kept.append((row.state, row.ended_at, row.paused_at, [list(job.args) for job in jobs]))
    assert kept[0] == kept[1]
    assert kept[0][3] == [["pair_id"]]


def test_ending_twice_and_pausing_the_ended_change_nothing(duo):
    _end(duo)
    with tenant_work(duo.organisation.ref):
        actions.end_pair(pair_id=duo.id, person_id=duo.kamu.id, now=NOON + timedelta(days=1))
        assert session().get(Pair, duo.id).ended_at == NOON
        with pytest.raises(PairHasEnded):
            actions.pause_pair(pair_id=duo.id, person_id=duo.kamu.id, now=NOON)
        with pytest.raises(PairHasEnded):
            actions.add_note(pair_id=duo.id, person_id=duo.kamu.id, kind="note", text="More", now=NOON)


def test_a_third_person_ends_nothing_and_reads_nothing(cast, written):
    stranger = member(cast, written.organisation, "Petri")
    with pytest.raises(NotHere):
        _end(written, stranger)
    with pytest.raises(NotHere):
        _read(written, stranger)


def test_shredding_destroys_ones_own_text_and_its_key_and_leaves_the_others(cast, written):
    with tenant_work(written.organisation.ref):
        lost = session().scalars(select(Note).where(Note.author_id == written.kaveri.id)).one()
        sealed = Sealed(lost.text, pair_space(written.id, written.kaveri.id), lost.id, "text")
        with pytest.raises(StillAPair):
            actions.shred_own(pair_id=written.id, person_id=written.kaveri.id)
    _end(written)
    with tenant_work(written.organisation.ref):
        actions.shred_own(pair_id=written.id, person_id=written.kaveri.id)
    cast.run_jobs()
    assert _read(written, written.kaveri) == []
    assert _read(written, written.kamu) == [HIS]
    with tenant_work(written.organisation.ref), pytest.raises(CannotOpen):
        open_texts([sealed])


def test_leaving_ends_every_pair_whichever_side(cast, duo):
    with tenant_work(duo.organisation.ref):
        choices = session().get(Participation, duo.kaveri.id)
        choices.offers_kamu, choices.places = True, 1
    become_a_pair(duo.organisation, duo.kaveri, member(cast, duo.organisation, "Halla"))
    with tenant_work(duo.organisation.ref):
        actions.end_all_of(person_id=duo.kaveri.id, now=NOON)
        assert [pair.lasts for pair in queries.list_pairs_of(duo.kaveri.id)] == [False, False]


def test_a_pair_rests_when_a_last_day_is_over_and_ends_fourteen_days_later(cast, duo):
    today, resting = local(now()).date(), PairState.RESTING
    # A day long ago that was written just now lets it rest first.
    days = ((0, 0, PairState.LIVE), (90, 0, resting), (1, 13, resting), (14, 20, resting), (15, 14, PairState.ENDED))
    for days_ago, rested, state in days:
        with tenant_work(duo.organisation.ref):
            session().get(Person, duo.kaveri.id).ends_on = today - timedelta(days=days_ago)
            if rested:
                session().get(Pair, duo.id).rested_at = now() - timedelta(days=rested)
        follow_directories()
        cast.run_jobs()
        with tenant_work(duo.organisation.ref):
            assert queries.get_pair(duo.id, duo.kamu.id).state == state, days_ago


def test_the_mail_waits_for_a_working_morning_and_names_nobody(cast, duo, superuser):
    with tenant_work(duo.organisation.ref):
        actions.pause_pair(pair_id=duo.id, person_id=duo.kamu.id, now=NOON)
        actions.end_pair(pair_id=duo.id, person_id=duo.kamu.id, now=NOON)
    cast.run_jobs()
    assert cast.mails() == []
    with tenant_work(duo.organisation.ref):
        (job,) = session().scalars(select(TenantOutbox).where(TenantOutbox.job == "pairs.tell_of_change"))
        waits = job.due_at - job.created_at
        job.due_at = job.created_at
    assert abs(waits - timedelta(hours=42)) < timedelta(minutes=1), "from Saturday noon to Monday at six, UTC"
    cast.run_jobs()
    mails = cast.mails()
    assert sorted(mail.to[0] for mail in mails) == ["lumi@alpha.example", "rauha@alpha.example"]
    for mail in mails:
        for name in ("Rauha", "Lumi", "Koski", "ended", "pair"):
            assert name not in mail.text + mail.html + mail.subject


def _leave_yesterday(duo):
    with tenant_work(duo.organisation.ref):
        session().get(Person, duo.kaveri.id).ends_on = local(now()).date() - timedelta(days=1)


def test_after_a_last_day_nothing_is_mailed_to_a_mailbox_that_others_read(cast, duo):
    _leave_yesterday(duo)
    _end(duo)
    with tenant_work(duo.organisation.ref):
        tell_of_change(pair_id=str(duo.id))
    assert [mail.to[0] for mail in cast.mails()] == ["rauha@alpha.example"]


def test_after_a_last_day_told_goals_are_read_no_more_even_before_the_pair_has_ended(duo):
    with tenant_work(duo.organisation.ref):
        goal = add_goal(owner_id=duo.kaveri.id, line=HERS, look_back_on=local(now()).date(), now=NOON)
        tell_goal(goal_id=goal.id, owner_id=duo.kaveri.id, pair_id=duo.id)
        begins_at = now() + timedelta(days=3)
        actions.set_meeting(pair_id=duo.id, person_id=duo.kamu.id, begins_at=begins_at, place="", now=now())
    for path in (duo.path, "/today"):
        assert HERS in duo.kamu.browser.get(path).text
    _leave_yesterday(duo)
    for path in (duo.path, "/today"):
        assert HERS not in duo.kamu.browser.get(path).text


def test_private_text_is_nowhere_in_the_tables_but_sealed(written, superuser):
    with superuser.connect() as connection:
        schema = written.organisation.ref.schema
        names = connection.scalars(
            text("SELECT tablename FROM pg_tables WHERE schemaname = :schema"), {"schema": schema}
        ).all()
        for name in names:
            rows = connection.execute(text(f"SELECT to_jsonb(t)::text FROM {schema}.{name} t")).scalars().all()
            for line in (HERS, HIS, "By the river"):
                assert not any(line in row or line.encode().hex() in row for row in rows), name
