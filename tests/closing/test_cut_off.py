"""An erasure that is cut off at any point goes on where it was; two hands at once do not make two of anything."""

from concurrent.futures import ThreadPoolExecutor
from contextvars import copy_context
from datetime import timedelta
from email import message_from_bytes, policy
from threading import Barrier

import pytest
from sqlalchemy import func, select, text

from app.closing import schedule
from app.closing.actions import ask, erase, tell
from app.closing.errors import ClosingRefusal
from app.closing.models import ClosingApproval
from app.closing.policies import GRACE, SETTLES
from app.vault import own_space, seal_text
from tenants import lifecycle
from tenants.faults import Fault, arm, disarm
from tenants.models import RetiredSchema, new_id
from tenants.provisioning import build_slots
from tenants.unit_of_work import control_work, tenant_work
from tests.closing.conftest import DAY

POINTS = [Fault.ERASE_SUSPENDED, Fault.ERASE_KEYS_DESTROYED, Fault.ERASE_RECEIPT_SENT, Fault.ERASE_DROPPED]


class CutOff(BaseException):
    """This process ended here."""


@pytest.fixture
def cut_off_at():
    def at(point):
        left = [point]

        def cut(fault):
            if fault in left:
                left.remove(fault)
                raise CutOff

        arm(cut)
        return left

    yield at
    disarm()


def read(file):
    return message_from_bytes(file.read_bytes(), policy=policy.default)


def walk(road, organisation):
    """From the day on, as often as the process ends."""
    cuts = 0
    for _ in range(8):
        try:
            road.work()
        except CutOff:
            cuts += 1
        road.let_pass(SETTLES)
        if road.closing(organisation).state == "erased":
            break
    return cuts


@pytest.mark.parametrize("point", POINTS)
def test_cut_off_anywhere_it_ends_the_same(road, mail_directory, acme, superuser, cut_off_at, point):
    with tenant_work(acme.ref):
        seal_text("Rest on Fridays", space=own_space(new_id()), row=new_id(), column="line")
    road.in_grace(acme)
    road.let_pass(GRACE)
    left = cut_off_at(point)
    assert walk(road, acme) == 1
    assert left == []
    assert (road.tenant(acme).status, road.closing(acme).receipts) == ("erased", 2)
    receipts = [mail for mail in map(read, mail_directory.glob("*.eml")) if "closed for good" in mail["Subject"]]
    assert len({(mail["To"], mail["Message-ID"]) for mail in receipts}) == 2
    assert len(receipts) == (3 if point is Fault.ERASE_RECEIPT_SENT else 2)
    with superuser.connect() as connection:
        assert connection.scalar(text("SELECT count(*) FROM keys.tenant_key")) == 0
        assert connection.scalar(text("SELECT to_regnamespace(:name)"), {"name": acme.ref.schema}) is None


def at_once(*calls):
    """Call all at the same moment, each in its own transaction; returns what each answered or raised."""
    start = Barrier(len(calls))

    def run(call):
        start.wait()
        try:
            with control_work():
                return call()
        except ClosingRefusal as refusal:
            return refusal

    with ThreadPoolExecutor(len(calls)) as pool:
        return [each.result() for each in [pool.submit(copy_context().run, run, call) for call in calls]]


def test_two_who_approve_at_once_are_two_approvals_and_one_grace(road, acme):
    closing = road.asked(acme)
    staff = [road.colleague(), road.colleague()]
    at_once(
        *[
            lambda one=one: ask.approve(closing_id=closing.id, staff_id=one, typed="acme", now=road.now())
            for one in (*staff, staff[0])
        ]
    )
    with control_work() as control:
        assert control.scalar(select(func.count()).select_from(ClosingApproval)) == 2
    assert road.closing(acme).state == "grace"


def test_calling_off_and_beginning_at_once_one_of_them_holds(road, acme):
    closing = road.in_grace(acme)
    road.let_pass(GRACE)
    at_once(
        lambda: erase.begin_due(now=road.now()),
        lambda: ask.call_off(closing_id=closing.id, now=road.now()),
    )
    ends = {("suspended", "suspended"), ("cancelled", "open")}
    assert (road.closing(acme).state, road.tenant(acme).status) in ends


def test_the_clock_drops_what_nobody_has_any_more_when_its_time_has_come(road, cast, superuser):
    acme = cast.organisation("acme")
    build_slots(1)
    with control_work() as control:
        schema, role = control.execute(text("DELETE FROM tenant_slot RETURNING schema_name, role_name")).first()
        for name, its_role in ((schema, role), (acme.ref.schema, acme.ref.role)):
            lifecycle.retire_schema(
                schema=name,
                role=its_role,
                cell="local",
                tenant_id=acme.ref.id,
                reason="restored",
                now=road.now(),
                drop_after=road.now() + 30 * DAY,
            )
    schedule.sweep()
    cast.run_jobs()
    road.ahead += timedelta(days=31)
    schedule.sweep()
    cast.run_jobs()
    with control_work() as control:
        dropped = {row.schema_name: row.dropped_at is not None for row in control.scalars(select(RetiredSchema))}
    assert dropped == {schema: True, acme.ref.schema: False}


def test_however_many_there_are_each_has_one_mail_of_a_kind(acme):
    to = [(f"person-{number}@acme.example", "Ilta", None) for number in range(tell.ROWS_AT_A_TIME + 1)]
    closing_id = new_id()
    with tenant_work(acme.ref):
        assert len(tell.write_farewells(closing_id=closing_id, kind="notice", to=to)) == len(to)
        assert tell.write_farewells(closing_id=closing_id, kind="notice", to=[*to, to[0]]) == []


def test_receipts_beyond_a_turn_go_on_at_once_and_one_piece_of_work_waits(road, cast, acme, monkeypatch):
    for number in range(3):
        cast.account(acme.ref, f"other-{number}@acme.example")
    monkeypatch.setattr(erase, "RECEIPTS_A_TURN", 2)
    assert (road.erased(acme).state, road.closing(acme).receipts) == ("erased", 5)
    with control_work() as control:
        assert control.scalar(text("SELECT count(*) FROM outbox WHERE job LIKE 'closing.%'")) == 0
