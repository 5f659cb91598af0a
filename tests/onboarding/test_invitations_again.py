"""Invitations that came back or are too old: what can be done about them, without showing who has come in."""

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import select

from app.people.models import Person
from app.sign_in.models import Invitation
from tenants.unit_of_work import tenant_work
from tests.factories.launches import launched, ready
from tests.factories.sign_in import invite


def now():
    return datetime.now(UTC)


def age(organisation, email, **values):
    """Let the 30 days of somebody's invitation be over."""
    with tenant_work(organisation.ref) as opened:
        of_person = select(Invitation).join(Person, Person.id == Invitation.person_id).where(Person.email == email)
        invitation = opened.scalars(of_person).one()
        for name, value in {"expires_at": now() - timedelta(minutes=1), **values}.items():
            setattr(invitation, name, value)


@pytest.fixture
def house(cast, two):
    """Launched; three people are invited. Their addresses."""
    emails = ready(two.a, 3)
    launched(cast, two.a)
    return emails


def test_whoever_has_not_come_in_is_invited_again_once(cast, two, house):
    waits, came, fresh = house
    age(two.a, waits)
    age(two.a, came, accepted_at=now())
    owner = cast.signed_in(two.a)
    before = owner.get("/set-up/launch").text
    for _twice in range(2):
        assert owner.post("/set-up/launch/renewals").status_code == 303
        cast.run_jobs()
    assert [len(cast.mails(each)) for each in (waits, came, fresh)] == [2, 1, 1]
    owner.get("/set-up/launch")
    assert owner.get("/set-up/launch").text == before, "the page tells nobody who had not come in"


def test_somebody_asks_for_a_new_one_and_only_the_directory_s_address_gets_it(cast, two):
    person = cast.person(two.a.ref, "ilta@alpha.example")
    path = invite(two.a, person)
    visitor = cast.browser(two.a)
    assert visitor.post(f"{path}/renewal").status_code == 303  # still live: nothing is sent
    cast.run_jobs()
    assert not cast.mails()
    age(two.a, "ilta@alpha.example")
    with tenant_work(two.a.ref) as opened:
        opened.get(Person, person.id).email = "ilta.koski@alpha.example"
    assert "Ask for a new one" in visitor.get(path).text
    for _twice in range(2):
        assert "Look into your mail" in visitor.follow(visitor.post(f"{path}/renewal")).text
        cast.run_jobs()
    assert [mail.to for mail in cast.mails()] == [("ilta.koski@alpha.example",)]


def test_nobody_who_came_in_or_left_is_mailed_again(cast, two):
    came, left = (cast.person(two.a.ref, f"{name}@alpha.example") for name in ("came", "left"))
    paths = [invite(two.a, came), invite(two.a, left)]
    age(two.a, came.email, accepted_at=now())
    age(two.a, left.email)
    with tenant_work(two.a.ref) as opened:
        opened.get(Person, left.id).ends_on = now().date() - timedelta(days=1)
    for path in paths:
        assert cast.browser(two.a).post(f"{path}/renewal").status_code == 303
    cast.run_jobs()
    assert not cast.mails()


def test_a_mail_that_came_back_is_sent_again_to_the_right_address(cast, two):
    ready(two.a, 1)
    odd = cast.person(two.a.ref, "somebody@no-address.invalid", given_name="Onni")
    launched(cast, two.a)
    owner = cast.signed_in(two.a)
    page = owner.get("/set-up/launch").text
    assert "Mails that came back" in page
    assert "Onni" in page
    with tenant_work(two.a.ref) as opened:
        opened.get(Person, odd.id).email = "onni@alpha.example"
    assert owner.post(f"/set-up/launch/bounced/{odd.id}").status_code == 303
    cast.run_jobs()
    assert len(cast.mails("onni@alpha.example")) == 1
    assert "Mails that came back" not in owner.get("/set-up/launch").text
    assert owner.post(f"/set-up/launch/bounced/{odd.id}").status_code == 404
