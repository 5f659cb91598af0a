"""Planning, taking back, launching, and one mail for each person."""

from dataclasses import replace
from datetime import UTC, datetime, time, timedelta
from smtplib import SMTPRecipientsRefused, SMTPServerDisconnected

import pytest
from sqlalchemy import select

from app.people.models import Person
from app.sign_in.models import Invitation
from app.support.queries.customers import STEP_ORDER
from onboarding import emails, jobs, schedule
from onboarding.actions import launch_kamu
from onboarding.errors import AlreadyLaunched, DateHasPassed, LaunchRefused
from onboarding.queries.facts import read_facts
from onboarding.queries.launch import count_reach, count_sending, find_launch
from tenants.models import TenantProgress
from tenants.unit_of_work import control_work, tenant_work
from tests.factories.launches import (
    connected,
    everybody_a_launch_meets,
    launched,
    people,
    planned,
    ready,
    today,
)
from tests.factories.policies import time_decided

NOW = datetime.now(UTC)


def test_those_are_invited_who_are_at_work(cast, two):
    connected(two.a)
    time_decided(two.a)
    invited = everybody_a_launch_meets(two.a)
    launched(cast, two.a)
    assert sorted(mail.to[0] for mail in cast.mails()) == sorted(invited)


def test_running_the_jobs_twice_invites_and_mails_once(cast, two, monkeypatch):
    sent = ready(two.a, 3)
    invite = jobs.invite_people
    send = jobs.send_invitation
    monkeypatch.setattr(jobs, "invite_people", lambda: (invite(), invite()))
    monkeypatch.setattr(jobs, "send_invitation", lambda **args: (send(**args), send(**args)))
    launched(cast, two.a)
    with tenant_work(two.a.ref) as opened:
        assert len(opened.scalars(select(Invitation)).all()) == 3
    assert sorted(mail.to[0] for mail in cast.mails()) == sorted(sent)


def test_more_people_than_one_turn_takes_are_all_invited(cast, two, monkeypatch):
    monkeypatch.setattr(launch_kamu, "INVITED_AT_A_TIME", 2)
    sent = ready(two.a, 5)
    launched(cast, two.a)
    assert sorted(mail.to[0] for mail in cast.mails()) == sorted(sent)


def test_a_refused_address_counts_as_come_back_and_the_others_get_theirs(cast, two, monkeypatch):
    first, second = ready(two.a, 2)
    send = emails.send_invitation

    def refuse_first(words, *, to, **args):
        if to == first:
            raise SMTPRecipientsRefused({to: (550, b"no such user")})
        send(words, to=to, **args)

    monkeypatch.setattr(emails, "send_invitation", refuse_first)
    launched(cast, two.a)
    assert [mail.to[0] for mail in cast.mails()] == [second]
    with tenant_work(two.a.ref):
        sending = count_sending()
    assert (sending.total, sending.sent, sending.bounced) == (2, 1, 1)
    assert not sending.under_way


def test_a_mail_server_that_is_away_only_delays(cast, two, monkeypatch):
    ready(two.a, 1)

    def away(*_, **__):
        raise SMTPServerDisconnected

    with monkeypatch.context() as patched:
        patched.setattr(emails, "send_invitation", away)
        launched(cast, two.a)
    with tenant_work(two.a.ref):
        assert count_sending().under_way


def test_nothing_leaves_before_the_morning_of_the_day(cast, two, monkeypatch):
    ready(two.a)
    planned(two.a)
    cast.run_jobs()
    eve = datetime.combine(today() + timedelta(days=10), time(5, 59), tzinfo=UTC)
    at(monkeypatch, eve)
    schedule.launch_due()
    cast.run_jobs()
    assert cast.mails() == []


def test_on_the_morning_the_clock_launches_once(cast, two, monkeypatch):
    sent = ready(two.a)
    planned(two.a)
    cast.run_jobs()
    at(monkeypatch, datetime.combine(today() + timedelta(days=10), time(6, 1), tzinfo=UTC))
    for _ in range(3):
        schedule.launch_due()
        cast.run_jobs()
    assert sorted(mail.to[0] for mail in cast.mails()) == sorted(sent)


def test_a_day_taken_back_does_not_launch(cast, two, monkeypatch):
    ready(two.a)
    planned(two.a)
    with tenant_work(two.a.ref):
        launch_kamu.cancel_launch(now=NOW)
    cast.run_jobs()
    at(monkeypatch, NOW + timedelta(days=20))
    schedule.launch_due()
    cast.run_jobs()
    assert cast.mails() == []


def test_the_day_passes_without_mail_while_the_sign_in_is_off(cast, two, monkeypatch):
    ready(two.a)
    planned(two.a)
    cast.run_jobs()
    off = lambda: replace(read_facts(), sign_in_active=False)  # noqa: E731
    monkeypatch.setattr("onboarding.actions.launch_kamu.read_facts", off)
    at(monkeypatch, NOW + timedelta(days=20))
    schedule.launch_due()
    cast.run_jobs()
    with tenant_work(two.a.ref):
        assert find_launch().launched_at is None


def test_a_launch_is_refused_with_each_reason(two):
    with tenant_work(two.a.ref), pytest.raises(LaunchRefused) as refused:
        launch_kamu.plan_launch(on=today(), now=NOW)
    assert refused.value.reasons == ("people", "sign-in", "time", "roles")


def test_a_day_that_has_passed_is_refused(two):
    ready(two.a)
    with tenant_work(two.a.ref), pytest.raises(DateHasPassed):
        launch_kamu.plan_launch(on=today() - timedelta(days=1), now=NOW)


def test_after_the_launch_the_day_stays(cast, two):
    ready(two.a)
    launched(cast, two.a)
    with tenant_work(two.a.ref), pytest.raises(AlreadyLaunched):
        launch_kamu.cancel_launch(now=NOW)
    with tenant_work(two.a.ref), pytest.raises(AlreadyLaunched):
        launch_kamu.plan_launch(on=today(), now=NOW)


def test_people_who_come_later_are_invited_only_when_asked(cast, two):
    early = ready(two.a, 1)
    launched(cast, two.a)
    late = people(two.a, 2)
    cast.run_jobs()
    assert [mail.to[0] for mail in cast.mails()] == early
    with tenant_work(two.a.ref):
        launch_kamu.invite_newcomers()
    cast.run_jobs()
    assert sorted(mail.to[0] for mail in cast.mails()) == sorted(early + late)


def test_newcomers_wait_for_the_launch(two):
    ready(two.a)
    with tenant_work(two.a.ref), pytest.raises(LaunchRefused):
        launch_kamu.invite_newcomers()


def test_everybody_is_counted_once_by_what_the_day_means_for_them(cast, two):
    everybody_a_launch_meets(two.a)
    cast.employee(two.a)
    with tenant_work(two.a.ref) as opened:
        reach = count_reach(today())
        everybody = opened.query(Person).count()
    assert (reach.to_invite, reach.inside, reach.not_started, reach.ended) == (3, 1, 1, 2)
    assert reach.to_invite + reach.invited + reach.inside + reach.not_started + reach.ended == everybody


def test_staff_see_states_and_a_rough_size(cast, two):
    ready(two.a, 7)
    planned(two.a)
    cast.run_jobs()
    progress = progress_of(two.a)
    begun = {"people": "done", "sign-in": "done", "time": "done", "roles": "done", "launch": "wait"}
    assert progress.steps == {key: begun.get(key, "open") for key in STEP_ORDER}
    assert progress.people_range == "5–49"
    assert progress.launch_on.date() == today() + timedelta(days=10)


def test_an_older_report_does_not_overwrite_a_newer_one(cast, two):
    ready(two.a)
    cast.run_jobs()
    before = progress_of(two.a)
    with control_work():
        jobs.record_progress(
            tenant_id=str(two.a.ref.id),
            steps={"people": "open"},
            people_range=None,
            launch_on=None,
            launched_at=None,
            as_of=(before.as_of - timedelta(seconds=1)).isoformat(),
        )
    assert progress_of(two.a).steps == before.steps


def progress_of(organisation):
    with control_work() as control:
        return control.get(TenantProgress, organisation.ref.id)


def at(monkeypatch, moment):
    monkeypatch.setattr(schedule, "now", lambda: moment)
    monkeypatch.setattr(jobs, "now", lambda: moment)
