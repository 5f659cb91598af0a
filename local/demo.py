"""The demo: an organisation that lives with Kamu and one that is half set up, both by the product's own actions."""

import json
from collections.abc import Sequence
from datetime import datetime, timedelta
from pathlib import Path
from random import Random

from app import clock
from app.people.models import Person
from app.support.actions import invite_staff
from app.support.emails import enrolment_link
from local.cast import HALF, HALF_OWNER, LIVE, OUTSIDE, ROLES, STAFF_EMAIL
from local.demo_decisions import HALF_READY, READY, answer_readiness, buy, count_figures, decide, launch
from local.demo_life import live
from local.demo_opening import connect_provider, open_place, seat, seat_by_link, take_in_people
from local.disk import write_private
from local.volunteers import list_everybody
from tenants.context import TenantRef
from tenants.unit_of_work import control_work, tenant_work
from wsgi import create_app

SIGNED_UP, LAUNCHED = timedelta(weeks=9), timedelta(weeks=6)
SEED = 2018
# How many of the directory have come in so far; the others have an invitation.
INSIDE = 0.75


def load_demo(directory: Path) -> None:
    """Bring the demo to its end from wherever an earlier run stopped; `directory` is bin/dev's own.

    The environment must hold DATABASE_DDL_URL: the organisations' schemas are built on the spot.
    """
    provider = json.loads((directory / "provider.json").read_text(encoding="utf-8"))
    with create_app().app_context():
        now = clock.now()
        load_live(provider, now=now)
        load_half(now=now)
        _invite_staff(directory, now)


def load_live(provider: dict[str, str], *, now: datetime) -> TenantRef:
    """Load the organisation that lives with Kamu."""
    tenant = open_place(LIVE, now=now, age=SIGNED_UP)
    take_in_people(tenant, LIVE)
    connect_provider(tenant, provider, now=now)
    with tenant_work(tenant):
        inside = _come_in(list_everybody())
        seat(inside, ROLES, now=now)
    answer_readiness(tenant, READY, now=now - SIGNED_UP)
    decide(tenant, now=now - LAUNCHED - timedelta(weeks=1))
    buy(tenant, now=now)
    # The launch comes last: the first count of figures shall find everything.
    live(tenant, inside, now=now)
    launch(tenant, at=now - LAUNCHED)
    count_figures(tenant, now=now)
    return tenant


def load_half(*, now: datetime) -> TenantRef:
    """Load the organisation that is half way through the set-up: nobody can sign in there but by a link."""
    tenant = open_place(HALF, now=now, age=timedelta(days=4))
    take_in_people(tenant, HALF)
    seat_by_link(tenant, HALF.email(HALF_OWNER), now=now)
    answer_readiness(tenant, HALF_READY, now=now)
    return tenant


def _come_in(people: Sequence[Person]) -> list[Person]:
    """Choose who has come in: all with a role, and most others."""
    random = Random(SEED)  # noqa: S311 - a draw that shall be the same each time
    names = {person: person.email.partition("@")[0] for person in people}
    return [
        person
        for person in people
        if names[person] in ROLES or (random.random() < INSIDE and names[person] not in OUTSIDE)
    ]


def _invite_staff(directory: Path, now: datetime) -> None:
    with control_work():
        invitation = invite_staff(email=STAFF_EMAIL, name="Local staff", language="en", now=now)
    write_private(directory / "staff-link", enrolment_link(invitation))
