"""A new owner for an organisation that has none: two of Nitor's people, a week, everybody told, settings only."""

import re
from datetime import UTC, datetime, timedelta

import pytest

from app.access.models import Account
from app.access.queries import find_account_by_email, find_actor, list_roles
from app.access.roles import Role
from app.roles import jobs, schedule
from app.roles.actions import recover
from app.roles.errors import AlreadyAsked, NotOpen, TakesTwo, TooLate, WrongName
from app.roles.policies import NOTICE
from app.roles.queries.recoveries import get_recovery, read_ownerless_since
from app.support.models import Staff
from tenants.models import new_id
from tenants.unit_of_work import control_work, session, tenant_work
from tests.factories.staff import Nitor, challenge_of, options_of

CALL_OFF = re.compile(r"https?://\S+(/owner-recovery/\S+)")
INVITATION = re.compile(r"https?://\S+(/role-invitations/\S+)")
NEW = "aino@alpha.example"


def now():
    return datetime.now(UTC)


@pytest.fixture
def pass_time(monkeypatch):
    """Puts the clock of recoveries forward."""
    ahead = [timedelta()]
    for module in (jobs, schedule):
        monkeypatch.setattr(module, "now", lambda: now() + ahead[0])

    def pass_(time):
        ahead[0] += time

    return pass_


def colleague():
    staff_id = new_id()
    with control_work() as control:
        control.add(Staff(id=staff_id, email=f"{staff_id}@nitor.example", name="Routa", created_at=now()))
    return staff_id


def asked(organisation, email=NEW):
    staff_id = colleague()
    with control_work():
        return recover.ask_recovery(
            slug=organisation.slug, email=email, name="Aino", reference="A-1", staff_id=staff_id, now=now()
        ).id


def approved(organisation, cast, email=NEW):
    recovery_id, staff_id = asked(organisation, email), colleague()
    with control_work():
        recover.approve_recovery(recovery_id=recovery_id, staff_id=staff_id, typed=organisation.slug.upper(), now=now())
    cast.run_jobs()
    return recovery_id


def recovery(recovery_id):
    with control_work():
        return get_recovery(recovery_id)


def let_in(cast):
    schedule.finish_recoveries()
    cast.run_jobs()


def test_after_a_week_of_notice_the_new_owner_comes_in_to_settings_alone(cast, two, pass_time):
    lead = cast.account(two.a.ref, "petri@alpha.example", Role.PROGRAMME_LEAD)
    cast.employee(two.a)
    cast.account(two.b.ref, "petri@beta.example", Role.PROGRAMME_LEAD)
    approved(two.a, cast)
    told = {mail.to[0] for mail in cast.mails() if "new owner" in mail.subject}
    assert told == {"owner@alpha.example", lead.email}
    assert not any("Aino" in mail.text or NEW in mail.text for mail in cast.mails())
    pass_time(NOTICE - timedelta(minutes=1))
    let_in(cast)
    assert not cast.mails(NEW)
    pass_time(timedelta(minutes=1))
    let_in(cast)
    let_in(cast)
    assert len(cast.mails(NEW)) == 1
    browser = cast.browser(two.a)
    assert browser.post(INVITATION.search(cast.mails(NEW)[0].text)[1]).status_code == 303
    with tenant_work(two.a.ref):
        assert list_roles(find_account_by_email(NEW).id) == {Role.OWNER}
    assert browser.get("/today").status_code == 403
    assert browser.get("/set-up/roles").status_code == 200


def test_whoever_has_a_role_calls_it_off_without_a_sign_in(cast, two, pass_time):
    recovery_id = approved(two.a, cast)
    path = CALL_OFF.search(cast.mails("owner@alpha.example")[0].text)[1]
    browser = cast.browser(two.a)
    assert NEW in browser.get(path).text
    assert cast.browser(two.b).get(path).status_code == 404
    assert browser.post(path).status_code == 200
    cast.run_jobs()
    assert recovery(recovery_id).called_off_at
    assert any("no new owner" in mail.subject for mail in cast.mails("owner@alpha.example"))
    assert browser.get(path).status_code == 404
    pass_time(NOTICE)
    let_in(cast)
    assert not cast.mails(NEW)
    again = approved(two.a, cast)
    assert browser.post(path).status_code == 404, "the link is of the first one"
    assert recovery(again).called_off_at is None


def test_it_takes_two_of_nitors_people_and_the_typed_name(cast, two):
    recovery_id = asked(two.a)
    with control_work():
        asker = get_recovery(recovery_id).asked_by
        with pytest.raises(TakesTwo):
            recover.approve_recovery(recovery_id=recovery_id, staff_id=asker, typed="alpha", now=now())
        with pytest.raises(WrongName):
            recover.approve_recovery(recovery_id=recovery_id, staff_id=new_id(), typed="beta", now=now())
        with pytest.raises(AlreadyAsked):
            recover.ask_recovery(slug="alpha", email=NEW, name="A", reference="1", staff_id=asker, now=now())
        with pytest.raises(NotOpen):
            recover.ask_recovery(slug="gamma", email=NEW, name="A", reference="1", staff_id=asker, now=now())
    cast.run_jobs()
    assert not cast.mails("owner@alpha.example")


def test_once_the_way_in_has_gone_out_it_is_too_late(cast, two, pass_time):
    recovery_id = approved(two.a, cast)
    pass_time(NOTICE)
    let_in(cast)
    with control_work(), pytest.raises(TooLate):
        recover.call_off_recovery(recovery_id=recovery_id, now=now())


def test_a_mail_opens_no_members_pages_whoever_is_named(cast, two, pass_time):
    _, ilta = cast.employee(two.a)
    approved(two.a, cast, ilta.email)
    pass_time(NOTICE)
    let_in(cast)
    browser = cast.browser(two.a)
    answer = browser.post(INVITATION.search(cast.mails(ilta.email)[0].text)[1])
    assert answer.location.endswith("/sign-in")
    assert browser.get("/me").status_code == 303


def test_the_staff_pages_lead_through_it(app, cast, two):
    nitor = Nitor(app)
    asker, second = nitor.enrolled("Tuisku"), nitor.enrolled("Routa")
    form = {"slug": "alpha", "name": "Aino", "email": NEW, "reference": "A-1"}
    assert asker.browser.post("/recoveries", {**form, "slug": "gamma"}).status_code == 422
    sent = asker.browser.post("/recoveries", form)
    path = sent.location.removeprefix(nitor.origin)
    cast.run_jobs()
    assert path in cast.mails("routa@nitor.example")[0].text
    assert "Approve with my passkey" not in asker.browser.get(path).text
    page = second.browser.get(path)
    answer = {"challenge": challenge_of(page), "credential": second.devices[0].answer_request(options_of(page))}
    assert (
        second.browser.post(f"{path}/approve", {"name": "alpha", "challenge": "", "credential": ""}).status_code == 422
    )
    assert second.browser.post(f"{path}/approve", {"name": "alpha", **answer}).status_code == 303
    assert second.browser.post(f"{path}/call-off").status_code == 303
    assert "Called off" in asker.browser.get("/recoveries").text


def test_a_lost_owner_does_not_vanish_silently(app, cast, two):
    lead = cast.account(two.a.ref, "petri@alpha.example", Role.PROGRAMME_LEAD)
    with tenant_work(two.a.ref):
        session().get(Account, two.a.owner_id).ended_at = now()
    for _night in range(2):
        for organisation in (two.a, two.b):
            with tenant_work(organisation.ref):
                jobs.look_at_owners()
        cast.run_jobs()
    assert [mail.to[0] for mail in cast.mails()] == [lead.email], "once, and only where it is so"
    assert read_ownerless_since(two.a.ref.id)
    assert not read_ownerless_since(two.b.ref.id)
    assert "No owner can come in" in Nitor(app).enrolled().browser.get("/customers/alpha").text
    with tenant_work(two.a.ref):
        session().get(Account, two.a.owner_id).ended_at = None
    with tenant_work(two.a.ref):
        jobs.look_at_owners()
    cast.run_jobs()
    assert read_ownerless_since(two.a.ref.id) is None
    with tenant_work(two.a.ref):
        assert find_actor(two.a.owner_id)
