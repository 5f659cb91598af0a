"""A Kaveri asks, a Kamu answers; whatever is not a yes looks the same to whoever asked."""

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import select, update
from sqlalchemy.exc import IntegrityError

from app.choices.actions import Choice, clear_choices, save_choices
from app.choices.policies import Want
from app.clock import now
from app.matching import actions
from app.matching.errors import AlreadyAsked, AskIsOver, NotSuggested
from app.matching.jobs import tell_kamu, tell_outcome, tell_yes
from app.matching.models import Ask
from app.matching.policies.asking import WAIT, mail_at, told_at
from app.matching.schedule import lapse_everywhere
from app.pairs.models import Pair
from app.people.models import Person
from tenants.errors import NotHere
from tenants.models import TenantOutbox, new_id
from tenants.unit_of_work import session, tenant_work
from tests.factories.asks import AFTER_A_WEEK, Asking, acting
from tests.factories.matching import NOON


@pytest.fixture
def asking(house):
    return Asking(house.ref)


def reachable(cast, house, person_id, email):
    """Somebody who came in with an address that the directory has changed since."""
    with tenant_work(house.ref):
        person = session().get(Person, person_id)
        person.email = email
    cast.account(house.ref, f"earlier.{email}", person=person)


def test_a_yes_begins_the_pair(house, volunteers, asking):
    kaveri, kamu = volunteers.kaveri(), volunteers.kamu()
    ask_id = asking.ask(kaveri, kamu)
    assert asking.asked(kamu) == [ask_id]
    assert asking.answer(ask_id, kamu, yes=True)
    with tenant_work(house.ref):
        pair = session().scalars(select(Pair)).one()
    assert (pair.kamu_id, pair.kaveri_id) == (kamu, kaveri)
    assert asking.row(ask_id).state == "yes"
    assert not asking.waits(kaveri)
    assert asking.asked(kamu) == []


def test_there_is_one_question_at_a_time(volunteers, asking):
    kaveri, first, second = volunteers.kaveri(), volunteers.kamu(), volunteers.kamu()
    asking.ask(kaveri, first)
    with pytest.raises(AlreadyAsked):
        asking.ask(kaveri, second)
    asking.take_back(kaveri)
    assert asking.asked(first) == []
    asking.ask(kaveri, second)


def test_a_second_question_is_refused_as_long_after_a_no_as_without_an_answer(volunteers, asking):
    kaveri, first, second = volunteers.kaveri(), volunteers.kamu(), volunteers.kamu()
    asking.answer(asking.ask(kaveri, first), first, yes=False)
    with pytest.raises(AlreadyAsked):
        asking.ask(kaveri, second, now=told_at(NOON) - timedelta(seconds=1))
    asking.ask(kaveri, second, now=told_at(NOON))


def declined(_, asking, ask_id, __, kamu):
    asking.answer(ask_id, kamu, yes=False, now=asking.row(ask_id).asked_at + timedelta(hours=1))


def unanswered(house, asking, ask_id, *_):
    over = asking.row(ask_id).lapses_at
    with tenant_work(house.ref):
        assert actions.lapse_asks(now=over) == 1


def not_yet_swept(*_):
    """Nobody has closed it; its time is over all the same."""


def full(house, asking, ask_id, _, kamu):
    with tenant_work(house.ref):
        save_choices(person_id=kamu, choice=Choice(Want.BE_ONE, places=0), now=NOON)
    assert not asking.answer(ask_id, kamu, yes=True, now=asking.row(ask_id).asked_at)


def no_longer_a_kamu(house, _, __, ___, kamu):
    with tenant_work(house.ref):
        save_choices(person_id=kamu, choice=Choice(Want.NOT_NOW), now=NOON + timedelta(days=2))


def left(house, _, __, ___, kamu):
    with tenant_work(house.ref):
        actions.close_asks_of(person_id=kamu, now=NOON + timedelta(days=2))
        clear_choices(person_id=kamu, now=NOON + timedelta(days=2))


def vetoed(_, asking, __, kaveri, kamu):
    asking.rather_not(kamu, kaveri, now=NOON + timedelta(days=3))


NOES = [declined, unanswered, not_yet_swept, full, no_longer_a_kamu, left, vetoed]


@pytest.mark.parametrize("no", NOES, ids=lambda no: no.__name__)
def test_all_noes_look_alike_on_the_page_and_come_at_the_same_moment(house, volunteers, asking, no):
    kaveri, kamu = volunteers.kaveri(), volunteers.kamu()
    ask_id = asking.ask(kaveri, kamu)
    no(house, asking, ask_id, kaveri, kamu)
    last = told_at(NOON) - timedelta(seconds=1)
    assert (asking.waits(kaveri, now=last), asking.was_told(kaveri, now=last)) == (True, False)
    assert (asking.waits(kaveri, now=told_at(NOON)), asking.was_told(kaveri, now=told_at(NOON))) == (False, True)


@pytest.mark.parametrize("no", [each for each in NOES if each is not not_yet_swept], ids=lambda no: no.__name__)
def test_all_noes_leave_the_same_row(house, volunteers, asking, no):
    kaveri, kamu = volunteers.kaveri(), volunteers.kamu()
    ask_id = asking.ask(kaveri, kamu)
    no(house, asking, ask_id, kaveri, kamu)
    row = asking.row(ask_id)
    assert (row.state, row.asked_at, row.lapses_at, row.closed_at) == ("closed", NOON, told_at(NOON), told_at(NOON))


@pytest.mark.parametrize("no", NOES, ids=lambda no: no.__name__)
def test_all_noes_are_mailed_once_in_the_same_words_by_the_job_of_the_asking(cast, house, volunteers, asking, no):
    kaveri, kamu = volunteers.kaveri(), volunteers.kamu()
    reachable(cast, house, kaveri, "lumi@alpha.example")
    ask_id = asking.ask(kaveri, kamu, now=NOON - timedelta(days=30))
    no(house, asking, ask_id, kaveri, kamu)
    until = told_at(NOON - timedelta(days=30))
    with tenant_work(house.ref):
        tell_outcome(ask_id=str(ask_id), until=until.isoformat())
    (mail,) = cast.mails("lumi@alpha.example")
    assert mail.subject == "Something has changed in Kamu"
    for word in ("Ilta", "Koski", "asked", "answer", "Kaveri"):
        assert word not in (mail.subject + mail.text).split()


def test_after_ones_last_day_no_mail_comes(cast, house, volunteers, asking):
    kaveri, kamu = volunteers.kaveri(), volunteers.kamu()
    for name, person_id in (("lumi", kaveri), ("rauha", kamu)):
        reachable(cast, house, person_id, f"{name}@alpha.example")
    asked = NOON - timedelta(days=30)
    ask_id = asking.ask(kaveri, kamu, now=asked)
    with tenant_work(house.ref):
        session().execute(update(Person).values(ends_on=(now() - timedelta(days=2)).date()))
        tell_kamu(ask_id=str(ask_id))
        tell_outcome(ask_id=str(ask_id), until=told_at(asked).isoformat())
    assert cast.mails() == []


@pytest.mark.parametrize("after", [timedelta(days=1), WAIT, told_at(NOON) - NOON - timedelta(seconds=1)], ids=str)
def test_a_question_taken_back_before_the_telling_is_never_told(volunteers, asking, after):
    kaveri, kamu = volunteers.kaveri(), volunteers.kamu()
    asking.ask(kaveri, kamu)
    asking.take_back(kaveri, now=NOON + after)
    assert not asking.was_told(kaveri, now=NOON + after)
    assert not asking.was_told(kaveri)


@pytest.mark.parametrize("answered", [False, True])
def test_taking_back_is_silent_whether_a_no_was_said_or_not(cast, house, volunteers, asking, answered):
    kaveri, kamu = volunteers.kaveri(), volunteers.kamu()
    reachable(cast, house, kaveri, "lumi@alpha.example")
    ask_id = asking.ask(kaveri, kamu)
    if answered:
        asking.answer(ask_id, kamu, yes=False)
    asking.take_back(kaveri, now=NOON + timedelta(days=1))
    with tenant_work(house.ref):
        tell_outcome(ask_id=str(ask_id), until=told_at(NOON).isoformat())
    assert cast.mails() == []
    assert not asking.waits(kaveri, now=NOON + timedelta(days=1))
    assert not asking.was_told(kaveri)
    row = asking.row(ask_id)
    assert (row.state, row.lapses_at, row.closed_at) == ("closed", *[NOON + timedelta(days=1)] * 2)


def test_nobody_can_find_out_by_asking_who_would_rather_not(volunteers, asking):
    kaveri = volunteers.kaveri()
    vetoing, full_one, no_kamu = volunteers.kamu(), volunteers.kamu(places=0), volunteers.kaveri()
    volunteers.veto(vetoing, kaveri)
    for somebody in (vetoing, full_one, no_kamu, kaveri, new_id()):
        with pytest.raises(NotSuggested):
            asking.ask(kaveri, somebody)


def test_somebody_possible_who_is_not_shown_cannot_be_asked_either(volunteers, asking):
    kaveri = volunteers.kaveri(wishes={"topics": ["balance"]})
    for _ in range(5):
        volunteers.kamu(wishes={"topics": ["balance"]})
    with pytest.raises(NotSuggested):
        asking.ask(kaveri, volunteers.kamu())


def test_another_persons_question_is_not_there(volunteers, asking):
    kaveri, kamu, stranger = volunteers.kaveri(), volunteers.kamu(), volunteers.kamu()
    ask_id = asking.ask(kaveri, kamu)
    for somebody in (stranger, kaveri):
        with pytest.raises(NotHere):
            asking.answer(ask_id, somebody, yes=True)
    with tenant_work(asking.ref), pytest.raises(NotHere):
        actions.take_back(kaveri_id=kaveri, by=acting(stranger), now=NOON)


@pytest.mark.parametrize("yes", [True, False])
def test_a_question_that_is_over_is_not_answered(volunteers, asking, yes):
    kaveri, kamu = volunteers.kaveri(), volunteers.kamu()
    ask_id = asking.ask(kaveri, kamu)
    with pytest.raises(AskIsOver):
        asking.answer(ask_id, kamu, yes=yes, now=told_at(NOON))


def test_ones_own_wish_takes_ones_own_question_back(volunteers, asking):
    kaveri, kamu = volunteers.kaveri(), volunteers.kamu()
    asking.ask(kaveri, kamu)
    asking.rather_not(kaveri, kamu)
    assert not asking.waits(kaveri)
    assert asking.asked(kamu) == []


def test_whoever_no_longer_wants_a_kamu_asks_nobody(house, volunteers, asking):
    kaveri, kamu = volunteers.kaveri(), volunteers.kamu()
    asking.ask(kaveri, kamu)
    with tenant_work(house.ref):
        save_choices(person_id=kaveri, choice=Choice(Want.NOT_NOW), now=NOON)
    assert asking.asked(kamu) == []


def test_only_what_is_over_lapses(house, volunteers, asking):
    kamu = volunteers.kamu()
    early, late = asking.ask(volunteers.kaveri(), kamu), asking.ask(volunteers.kaveri(), kamu, now=AFTER_A_WEEK)
    with tenant_work(house.ref):
        assert actions.lapse_asks(now=AFTER_A_WEEK) == 1
        assert actions.lapse_asks(now=AFTER_A_WEEK) == 0
    assert (asking.row(early).state, asking.row(late).state) == ("closed", "open")


def test_every_day_each_organisation_closes_what_is_over(cast, house, volunteers):
    volunteers.asked(volunteers.kaveri(), volunteers.kamu(), state="open", at=NOON - timedelta(days=9))
    lapse_everywhere()
    cast.run_jobs()
    with tenant_work(house.ref):
        assert session().scalars(select(Ask.state)).all() == ["closed"]


def test_a_question_and_a_yes_are_mailed_in_the_same_words_as_anything_else(cast, house, volunteers, asking):
    kaveri, kamu = volunteers.kaveri(), volunteers.kamu()
    for name, person_id in (("lumi", kaveri), ("rauha", kamu)):
        reachable(cast, house, person_id, f"{name}@alpha.example")
    ask_id = asking.ask(kaveri, kamu)
    with tenant_work(house.ref):
        tell_kamu(ask_id=str(ask_id))
    asking.answer(ask_id, kamu, yes=True)
    with tenant_work(house.ref):
        tell_kamu(ask_id=str(ask_id))
        tell_yes(ask_id=str(ask_id))
        tell_outcome(ask_id=str(ask_id), until=told_at(NOON).isoformat())
    to_lumi, to_rauha = cast.mails()
    assert (to_lumi.to, to_rauha.to) == (("lumi@alpha.example",), ("rauha@alpha.example",))
    assert (to_lumi.subject, to_lumi.text) == (to_rauha.subject, to_rauha.text)


def test_what_waits_in_the_outbox_says_nothing_of_the_answer(house, volunteers, asking):
    kaveri, kamu = volunteers.kaveri(), volunteers.kamu()
    ask_id = asking.ask(kaveri, kamu)
    with tenant_work(house.ref):
        before = [(row.job, row.due_at) for row in session().scalars(select(TenantOutbox).order_by(TenantOutbox.id))]
    asking.answer(ask_id, kamu, yes=False)
    with tenant_work(house.ref):
        after = [(row.job, row.due_at) for row in session().scalars(select(TenantOutbox).order_by(TenantOutbox.id))]
    assert after == before


@pytest.mark.parametrize(
    ("asked", "told"),
    [
        (datetime(2026, 11, 23, 5, tzinfo=UTC), datetime(2026, 11, 30, 6, tzinfo=UTC)),
        (datetime(2026, 11, 23, 12, tzinfo=UTC), datetime(2026, 12, 1, 6, tzinfo=UTC)),
        (datetime(2026, 11, 27, 12, tzinfo=UTC), datetime(2026, 12, 7, 6, tzinfo=UTC)),
        (datetime(2026, 11, 22, 12, tzinfo=UTC), datetime(2026, 11, 30, 6, tzinfo=UTC)),
    ],
)
def test_the_outcome_is_told_on_the_first_working_morning_after_a_week(asked, told):
    assert told_at(asked) == told
    assert told - asked >= WAIT


def test_mail_leaves_in_working_hours_only():
    friday = datetime(2026, 11, 27, 12, tzinfo=UTC)
    assert mail_at(friday) == friday
    assert mail_at(friday + timedelta(hours=8)) == datetime(2026, 11, 30, 6, tzinfo=UTC)
    assert mail_at(friday + timedelta(days=1)) == datetime(2026, 11, 30, 6, tzinfo=UTC)


def test_the_database_refuses_a_second_open_question(house, volunteers):
    kaveri, kamu, other = volunteers.kaveri(), volunteers.kamu(), volunteers.kamu()
    with pytest.raises(IntegrityError, match="uq_ask_open"), tenant_work(house.ref):
        session().add_all(
            Ask(kaveri_id=kaveri, kamu_id=each, asked_at=NOON, lapses_at=AFTER_A_WEEK) for each in (kamu, other)
        )
        session().flush()
