"""An organisation on its way to its end, and a clock that can be put forward."""

from datetime import UTC, datetime, timedelta
from types import SimpleNamespace

import pytest
from sqlalchemy import select, text

from app.access.queries import find_actor
from app.closing import cli, jobs, schedule
from app.closing.actions import ask
from app.closing.models import Closing
from app.closing.policies import GRACE, SETTLES
from app.closing.views import cases
from app.support.models import Staff
from tenants.models import Tenant, new_id
from tenants.unit_of_work import control_work, tenant_work
from tests.factories.staff import Nitor, challenge_of, options_of

DAY = timedelta(days=1)


class Road:
    """Walks an organisation from the wish to the tombstone, as people, workers and the clock do it."""

    def __init__(self, cast, nitor, superuser, monkeypatch):
        self.cast, self.nitor, self.superuser = cast, nitor, superuser
        self.ahead = timedelta()
        for module in (cli, jobs, schedule, cases):
            monkeypatch.setattr(module, "now", self.now)

    def now(self):
        return datetime.now(UTC) + self.ahead

    def let_pass(self, time):
        """Put the clock forward; what waits for its time has come."""
        self.ahead += time
        with self.superuser.begin() as connection:
            connection.execute(text("UPDATE control.outbox SET due_at = now() WHERE dead_at IS NULL"))

    def work(self):
        """Let the clock tick and the workers work until nothing is left."""
        schedule.begin_due()
        schedule.resume_under_way()
        self.cast.run_jobs()

    def asked(self, organisation):
        """An owner has asked."""
        with tenant_work(organisation.ref):
            owner = find_actor(organisation.owner_id)
            ask.ask_to_close(typed=organisation.slug, by=owner, now=self.now())
        self.cast.run_jobs()
        return self.closing(organisation)

    def approve(self, closing, colleague, *, name, device=None):
        path = f"/closings/{closing.id}"
        page = colleague.browser.get(path)
        form = {"name": name, "challenge": "", "credential": ""}
        if "data-options" in page.text:
            credential = (device or colleague.devices[0]).answer_request(options_of(page))
            form |= {"challenge": challenge_of(page), "credential": credential}
        return colleague.browser.post(f"{path}/approve", form)

    def colleague(self):
        """One of Nitor's people, without a way in."""
        staff_id = new_id()
        with control_work() as control:
            address = f"{staff_id}@nitor.example"
            control.add(Staff(id=staff_id, email=address, name="Routa", created_at=self.now()))
        return staff_id

    def in_grace(self, organisation):
        """Two of Nitor's people have said yes, and everybody is told."""
        closing = self.asked(organisation)
        for _ in range(2):
            staff_id = self.colleague()
            with control_work():
                ask.approve(closing_id=closing.id, staff_id=staff_id, typed=organisation.slug, now=self.now())
        self.cast.run_jobs()
        return self.closing(organisation)

    def suspended(self, organisation):
        """The day has come, and the erasure has begun."""
        self.in_grace(organisation)
        self.let_pass(GRACE)
        schedule.begin_due()
        return self.closing(organisation)

    def erased(self, organisation):
        """All of it."""
        self.suspended(organisation)
        self.let_pass(SETTLES)
        self.work()
        return self.closing(organisation)

    def closing(self, organisation):
        with control_work() as control:
            found = select(Closing).where(Closing.tenant_id == organisation.ref.id).order_by(Closing.asked_at.desc())
            return control.scalars(found.limit(1)).one()

    def tenant(self, organisation):
        with control_work() as control:
            return control.get(Tenant, organisation.ref.id)

    def by_operator(self, organisation):
        with control_work():
            closing = ask.ask_for(slug=organisation.slug, typed=organisation.slug, now=self.now())
        self.cast.run_jobs()
        return closing

    def grace_of(self, *organisations, due_at):
        """Closings that are approved, without the ceremonies."""
        with control_work() as control:
            for each in organisations:
                control.add(
                    Closing(
                        tenant_id=each.ref.id,
                        asked_by_kind="operator",
                        state="grace",
                        approved_at=due_at - GRACE,
                        due_at=due_at,
                    )
                )


@pytest.fixture
def nitor(app):
    """Nitor's people at their host."""
    return Nitor(app)


@pytest.fixture
def road(cast, nitor, superuser, monkeypatch):
    return Road(cast, nitor, superuser, monkeypatch)


@pytest.fixture
def acme(cast):
    """An organisation with an owner and a member of the directory who is signed in."""
    organisation = cast.organisation("acme", name="Acme Oy")
    browser, account = cast.employee(organisation)
    return SimpleNamespace(
        ref=organisation.ref, slug="acme", owner_id=organisation.owner_id, ilta=browser, account=account
    )
