"""From a confirmed wish to an open organisation, whatever dies on the way."""

import threading
from contextlib import suppress
from datetime import timedelta

import pytest
from sqlalchemy import func, select

from app.access.models import Account, RoleGrant
from app.access.roles import Role
from app.support.queries.customers import STEP_ORDER
from onboarding import jobs, schedule
from onboarding.actions import open_place
from onboarding.actions.ask_for_place import confirm
from onboarding.errors import AddressTaken, LinkExpired, LinkUsed
from onboarding.models import SignUp
from tenants.context import Status
from tenants.errors import NoSlotReady
from tenants.models import Tenant, TenantProgress, TenantSlot
from tenants.provisioning import claim
from tenants.resolution import forget_tenants, get_tenant
from tenants.unit_of_work import control_work, tenant_work
from tests.factories.sign_ups import JUST_NOW, asked, confirmed, read, set_back

STEPS = ["build_organisation", "seat_owner", "note_seat", "open_organisation"]


class Killed(BaseException):
    """Goes through every `except Exception`, as the end of a process does."""


def dies_before(work):
    def die(**_):
        raise Killed

    return die


def dies_before_the_commit(work):
    def die(**args):
        work(**args)
        raise Killed

    return die


def loses_the_work(work):
    return lambda **_: None


def test_a_confirmed_wish_becomes_an_open_organisation_with_its_owner(cast):
    sign_up_id = confirmed()
    cast.run_jobs()
    assert_open_once(sign_up_id)


@pytest.mark.parametrize("step", STEPS)
@pytest.mark.parametrize("death", [dies_before, dies_before_the_commit, loses_the_work])
def test_the_clock_takes_up_a_chain_that_died(cast, monkeypatch, step, death):
    sign_up_id = confirmed()
    with monkeypatch.context() as patched:
        patched.setattr(jobs, step, death(getattr(jobs, step)))
        with suppress(Killed):
            cast.run_jobs()
    assert read(sign_up_id).state != "open"
    wait_and_sweep(cast, sign_up_id)
    assert_open_once(sign_up_id)


@pytest.mark.parametrize("step", STEPS)
def test_each_step_taken_twice_changes_nothing(cast, monkeypatch, step):
    work = getattr(jobs, step)

    def twice(**args):
        work(**args)
        work(**args)

    monkeypatch.setattr(jobs, step, twice)
    sign_up_id = confirmed()
    cast.run_jobs()
    assert_open_once(sign_up_id)


def test_a_chain_that_moves_is_left_alone(cast):
    sign_up_id = confirmed()
    with control_work():
        assert open_place.resume_sign_ups(now=JUST_NOW + timedelta(seconds=90)) == 0
    assert read(sign_up_id).state == "confirmed"


def test_an_empty_pool_only_delays(cast, app):
    with control_work() as control:
        for slot in control.scalars(select(TenantSlot)):
            control.delete(slot)
    sign_up_id = confirmed()
    cast.run_jobs()
    wait_and_sweep(cast, sign_up_id)
    assert_open_once(sign_up_id)


def test_a_pool_that_is_filled_elsewhere_is_waited_for(cast, monkeypatch):
    def nothing_ready(**_):
        raise NoSlotReady

    sign_up_id = confirmed()
    with monkeypatch.context() as patched:
        patched.setattr(open_place, "claim", nothing_ready)
        patched.setattr(open_place, "REFILL_TAKES", timedelta())
        with control_work():
            jobs.build_organisation(sign_up_id=str(sign_up_id))
    assert read(sign_up_id).state == "confirmed"
    cast.run_jobs()
    assert_open_once(sign_up_id)


def test_of_two_who_confirm_one_address_at_once_exactly_one_gets_it(app):
    ids = [asked("saarnikoski", email=f"{name}@saarnikoski.example") for name in ("meri", "otso")]
    ready, results = threading.Barrier(2), {}

    def press(sign_up_id):
        with app.app_context():
            ready.wait()
            try:
                with control_work():
                    confirm(sign_up_id=sign_up_id, browser="b" * 64, now=JUST_NOW)
                results[sign_up_id] = "won"
            except AddressTaken:
                results[sign_up_id] = "taken"

    threads = [threading.Thread(target=press, args=(each,)) for each in ids]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=20)
    assert sorted(results.values()) == ["taken", "won"]
    assert sorted(read(each).state for each in ids) == ["asked", "confirmed"]


def test_the_constraint_decides_when_the_look_before_saw_nothing(app, monkeypatch):
    first, second = asked("saarnikoski", email="a@x.example"), asked("saarnikoski", email="b@x.example")
    monkeypatch.setattr("onboarding.actions.ask_for_place.is_address_free", lambda _: True)
    with control_work():
        confirm(sign_up_id=first, browser="a" * 64, now=JUST_NOW)
    with control_work(), pytest.raises(AddressTaken):
        confirm(sign_up_id=second, browser="b" * 64, now=JUST_NOW)
    assert read(second).state == "asked"


def test_a_name_that_an_operator_gave_away_is_asked_for_anew(cast):
    sign_up_id = confirmed()
    with control_work():
        claim(tenant_id=sign_up_id, slug="saarnikoski", name="Another")
    cast.run_jobs()
    assert read(sign_up_id).state == "asked"


def test_a_link_works_once(app):
    sign_up_id = confirmed()
    with control_work(), pytest.raises(LinkUsed):
        confirm(sign_up_id=sign_up_id, browser="c" * 64, now=JUST_NOW)


def test_a_link_works_for_a_day(app):
    sign_up_id = asked()
    with control_work(), pytest.raises(LinkExpired):
        confirm(sign_up_id=sign_up_id, browser="c" * 64, now=JUST_NOW + timedelta(hours=24))


def test_wishes_that_nobody_confirmed_are_forgotten_and_others_kept(app):
    old, young, done = asked("old-one"), asked("young-one"), confirmed("done-one")
    set_back(old, asked_at=timedelta(days=1), expires_at=timedelta(days=1))
    set_back(done, asked_at=timedelta(days=9), expires_at=timedelta(days=9))
    with control_work():
        open_place.sweep_sign_ups(now=JUST_NOW + timedelta(minutes=1))
    assert [bool(read(each)) for each in (old, young, done)] == [False, True, True]


def test_staff_hear_of_the_new_organisation(cast):
    confirmed()
    cast.run_jobs()
    with control_work() as control:
        progress = control.scalars(select(TenantProgress)).one()
    assert progress.steps == {key: "later" if key in {"rules", "launch"} else "open" for key in STEP_ORDER}
    assert progress.people_range is None


@pytest.mark.parametrize(
    ("email", "name"),
    [
        ("meri@x.example", "Meri"),
        ("meri.aaltola@x.example", "Meri Aaltola"),
        ("anna-liisa_koski+kamu@x.example", "Anna Liisa Koski"),
        ("@x", "@x"),
    ],
)
def test_an_owner_is_called_by_the_part_before_the_at(email, name):
    assert open_place.name_from_email(email) == name


def wait_and_sweep(cast, sign_up_id):
    """Let minutes pass: for the sign-up, and for rows that wait in the outboxes."""
    for _ in range(6):
        if read(sign_up_id).state == "open":
            return
        set_back(sign_up_id, moved_at=timedelta(days=365))
        schedule.resume_sign_ups()
        forget_tenants()
        cast.run_jobs()


def assert_open_once(sign_up_id):
    sign_up = read(sign_up_id)
    assert sign_up.state == "open"
    with control_work() as control:
        assert control.scalar(select(func.count()).select_from(Tenant)) == 1
        assert control.scalar(select(func.count()).select_from(SignUp)) == 1
    forget_tenants()
    ref = get_tenant(sign_up.tenant_id)
    assert (ref.slug, ref.name, ref.status) == ("saarnikoski", "Saarnikoski", Status.OPEN)
    with tenant_work(ref) as opened:
        (account,) = opened.scalars(select(Account)).all()
        assert account.email == "meri@saarnikoski.example"
        assert opened.scalars(select(RoleGrant.role)).all() == [Role.OWNER]
