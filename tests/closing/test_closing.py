"""Closing an organisation: asked, approved by two, told to everybody, called off or carried out to the tombstone."""

from datetime import timedelta

import pytest
from sqlalchemy import select, text
from sqlalchemy.exc import ProgrammingError

from app.closing import schedule
from app.closing.actions import ask, erase
from app.closing.errors import AlreadyClosing, NotOpen, TooLate, WrongName
from app.closing.gateway import forget_in_valkey
from app.closing.models import Farewell
from app.closing.policies import AT_MOST_A_DAY, GRACE, RECEIPTS_TRIED, SETTLES
from app.valkey import valkey
from app.vault import CannotOpen, open_text, own_space, seal_text
from tenants import lifecycle
from tenants.errors import NotHere
from tenants.models import new_id
from tenants.unit_of_work import control_work, tenant_work
from tests.closing.conftest import DAY

OWNER, ILTA = "owner@acme.example", "ilta@acme.example"


def subjects(cast, to):
    return [mail.subject for mail in cast.mails(to)]


def farewells(organisation):
    with tenant_work(organisation.ref) as opened:
        return list(opened.scalars(select(Farewell)))


def shut(closing):
    with control_work():
        erase.shut(closing_id=closing.id)


def test_an_owner_asks_with_the_name_typed_and_only_owners_see_it(road, cast, acme):
    browser = cast.signed_in(acme)
    assert "Close Kamu for good" in browser.get("/set-up/closing").text
    wrong = browser.post("/set-up/closing", {"name": "acme oy"})
    assert wrong.status_code == 422
    assert "not the address name" in wrong.text
    assert browser.post("/set-up/closing", {"name": " ACME "}).status_code == 303
    cast.run_jobs()
    closing = road.closing(acme)
    assert (closing.state, closing.asked_by_kind, closing.asked_by) == ("asked", "owner", acme.owner_id)
    assert "An owner has asked to close" in browser.get("/set-up").text
    assert "asked to close" not in acme.ilta.get("/me").text
    assert browser.follow(browser.post("/set-up/closing", {"name": "acme"})).status_code == 200
    assert cast.mails(ILTA) == []


def test_nobody_but_an_owner_reaches_the_page(acme):
    assert acme.ilta.get("/set-up/closing").status_code == 403


def test_it_takes_two_different_people_their_passkeys_and_the_name(road, nitor, cast, acme):
    closing = road.asked(acme)
    tuisku, routa = nitor.enrolled("Tuisku"), nitor.enrolled("Routa")
    assert "Acme Oy" in tuisku.browser.get("/closings").text
    assert road.approve(closing, tuisku, name="beta").status_code == 422
    assert road.approve(closing, tuisku, name="acme", device=routa.devices[0]).status_code == 422
    assert road.approve(closing, tuisku, name="acme").status_code == 303
    again = tuisku.browser.post(f"/closings/{closing.id}/approve", {"name": "acme", "challenge": "", "credential": ""})
    assert again.status_code == 422
    assert road.closing(acme).state == "asked"
    assert road.approve(closing, routa, name="acme").status_code == 303
    decided = road.closing(acme)
    assert (decided.state, decided.due_at) == ("grace", decided.approved_at + GRACE)
    for colleague in (tuisku, routa):
        with control_work(), pytest.raises(ask.NothingToApprove):
            ask.approve(closing_id=closing.id, staff_id=colleague.staff.id, typed="acme", now=road.now())


def test_the_same_person_cannot_approve_twice_and_staff_hear_of_a_wish_by_mail(road, nitor, cast, acme):
    tuisku = nitor.enrolled("Tuisku")
    closing = road.asked(acme)
    mail = cast.mails("tuisku@nitor.example")[0]
    assert (mail.subject, f"/closings/{closing.id}" in mail.text) == ("Acme Oy wants to end Kamu", True)
    with control_work():
        ask.approve(closing_id=closing.id, staff_id=tuisku.staff.id, typed="acme", now=road.now())
    with control_work(), pytest.raises(ask.AlreadyApproved):
        ask.approve(closing_id=closing.id, staff_id=tuisku.staff.id, typed="acme", now=road.now())
    assert "You have said yes" in tuisku.browser.get(f"/closings/{closing.id}").text


def test_everybody_is_told_at_once_and_again_a_week_before_by_mails_that_name_nobody(road, cast, acme):
    cast.person(acme.ref, "never-invited@acme.example")
    road.in_grace(acme)
    road.cast.run_jobs()
    for address in (OWNER, ILTA):
        assert len(subjects(cast, address)) == 1
        assert subjects(cast, address)[0].startswith("Kamu at Acme Oy closes on ")
    assert cast.mails("never-invited@acme.example") == []
    mail = cast.mails(ILTA)[0].text
    assert "/me" in mail
    assert "Meri" not in mail
    assert "Take your own things along" in acme.ilta.get("/me").text
    schedule.remind()
    cast.run_jobs()
    assert [len(cast.mails(each)) for each in (OWNER, ILTA)] == [1, 1]
    road.let_pass(GRACE - timedelta(days=6))
    cast.account(acme.ref, "late@acme.example", name="Tuuli")
    for _ in range(2):
        schedule.remind()
        cast.run_jobs()
    assert subjects(cast, ILTA)[0].startswith("A week left")
    assert [len(cast.mails(each)) for each in (OWNER, ILTA, "late@acme.example")] == [2, 2, 1]
    assert road.closing(acme).told == 3


def test_an_owner_calls_it_off_and_whoever_was_told_hears_it(road, cast, acme):
    road.in_grace(acme)
    browser = cast.signed_in(acme)
    assert "Kamu closes on" in browser.get("/set-up/closing").text
    browser.post("/set-up/closing/call-off")
    assert "closes here" not in acme.ilta.get("/me").text
    cast.run_jobs()
    assert road.closing(acme).state == "cancelled"
    assert subjects(cast, ILTA)[0] == "Kamu at Acme Oy goes on"
    road.let_pass(GRACE)
    road.work()
    assert road.tenant(acme).status == "open"
    assert road.asked(acme).state == "asked"


def test_what_is_called_off_before_anybody_was_told_sends_no_mail(road, nitor, cast, acme):
    closing = road.asked(acme)
    tuisku = nitor.enrolled("Tuisku")
    assert tuisku.browser.post(f"/closings/{closing.id}/call-off").status_code == 303
    cast.run_jobs()
    assert road.closing(acme).state == "cancelled"
    assert cast.mails(OWNER) == cast.mails(ILTA) == []
    assert "Nothing happens at once" in cast.signed_in(acme).get("/set-up/closing").text


def test_what_is_called_off_in_the_last_second_is_brought_back_whole(road, cast, acme):
    place = {"space": own_space(new_id()), "row": new_id(), "column": "line"}
    with tenant_work(acme.ref):
        sealed = seal_text("Rest on Fridays", **place)
    road.in_grace(acme)
    with tenant_work(acme.ref):
        ask.call_off_here(now=road.now())
    road.let_pass(GRACE)
    schedule.begin_due()
    assert road.tenant(acme).status == "suspended"
    road.let_pass(SETTLES)
    road.work()
    assert (road.tenant(acme).status, road.closing(acme).state) == ("open", "cancelled")
    with tenant_work(acme.ref):
        assert open_text(sealed, **place) == "Rest on Fridays"


def test_on_the_day_nothing_is_left_but_the_tombstone_and_everybody_has_one_receipt(road, cast, acme, superuser):
    beta = cast.organisation("beta")
    place = {"space": own_space(new_id()), "row": new_id(), "column": "line"}
    for each in (acme, beta):
        with tenant_work(each.ref):
            seal_text("Rest on Fridays", **place)
    closing = road.erased(acme)
    assert (closing.state, closing.receipts, closing.bounced, closing.told) == ("erased", 2, 0, 2)
    assert closing.keys_destroyed_at
    assert closing.asked_by is None
    for address in (OWNER, ILTA):
        assert subjects(cast, address)[0] == "Kamu at Acme Oy is closed for good"
        assert str(closing.id) in cast.mails(address)[0].text
    tombstone = road.tenant(acme)
    assert (tombstone.status, tombstone.slug, tombstone.name) == ("erased", "acme", "")
    with superuser.connect() as connection:
        gone = "SELECT to_regnamespace(:schema) IS NULL AND to_regrole(:role) IS NULL"
        assert connection.scalar(text(gone), {"schema": acme.ref.schema, "role": acme.ref.role})
        kept = connection.execute(text("SELECT DISTINCT tenant_id FROM keys.tenant_key")).scalars().all()
    assert kept == [beta.ref.id]
    assert acme.ilta.get("/me").status_code == 404
    form = {"organisation": "Acme", "slug": "acme", "email": "new@acme.example", "language": "en"}
    assert cast.browser().post("/sign-ups", form).status_code == 422
    assert cast.signed_in(beta).get("/set-up").status_code == 200
    assert not [name for name in valkey().scan_iter() if str(acme.ref.id).encode() in name]


def test_a_process_that_still_remembers_the_organisation_can_write_nothing_before_the_keys_go(road, acme, superuser):
    place = {"space": own_space(new_id()), "row": new_id(), "column": "line"}
    closing = road.suspended(acme)
    assert "is closed for the time being" not in acme.ilta.get("/me").text
    road.let_pass(SETTLES)
    for _ in range(2):
        erase.go_on(closing_id=closing.id, now=road.now())
        assert road.closing(acme).state == "suspended"
    with control_work():
        erase.shut(closing_id=closing.id)
    with tenant_work(acme.ref) as opened:
        seal_text("Too late", **place)
        with pytest.raises(ProgrammingError, match="permission denied"):
            opened.execute(text("DELETE FROM closing_notice"))
        opened.rollback()
    road.let_pass(SETTLES)
    road.work()
    assert road.closing(acme).state == "erased"
    with superuser.connect() as connection:
        assert connection.scalar(text("SELECT count(*) FROM keys.space_key")) == 0


def test_the_keys_are_gone_while_a_receipt_that_no_server_takes_is_tried_for_seven_days(road, acme, monkeypatch):
    place = {"space": own_space(new_id()), "row": new_id(), "column": "line"}
    with tenant_work(acme.ref):
        sealed = seal_text("Rest on Fridays", **place)
    closing = road.suspended(acme)
    road.let_pass(SETTLES)
    shut(closing)

    def away(*_args, **_more):
        raise ConnectionError

    monkeypatch.setattr("app.closing.emails.deliver", away)
    erase.go_on(closing_id=closing.id, now=road.now())
    assert (road.closing(acme).state, road.closing(acme).receipts) == ("keys_destroyed", 0)
    with tenant_work(acme.ref), pytest.raises(CannotOpen):
        open_text(sealed, **place)
    road.let_pass(RECEIPTS_TRIED)
    erase.go_on(closing_id=closing.id, now=road.now())
    assert (road.closing(acme).state, road.closing(acme).bounced) == ("receipts_sent", 2)
    monkeypatch.undo()


def test_once_begun_it_cannot_be_called_off(road, nitor, acme):
    closing = road.suspended(acme)
    with control_work(), pytest.raises(TooLate):
        ask.call_off(closing_id=closing.id, now=road.now())
    page = nitor.enrolled("Halla").browser.get(f"/closings/{closing.id}").text
    assert "Closed to everybody" in page
    assert "Approve with my passkey" not in page


def test_at_most_three_begin_within_a_day_and_the_pages_say_so(road, nitor, cast):
    several = [cast.organisation(f"org-{number}") for number in range(AT_MOST_A_DAY + 1)]
    road.grace_of(*several, due_at=road.now() - DAY)
    schedule.begin_due()
    schedule.begin_due()
    assert [road.tenant(each).status for each in several].count("suspended") == AT_MOST_A_DAY
    assert "It waits: at most 3 erasures begin within a day." in nitor.enrolled("Tuisku").browser.get("/closings").text
    road.let_pass(DAY)
    schedule.begin_due()
    assert {road.tenant(each).status for each in several} == {"suspended"}


def test_a_suspended_organisation_is_neither_asked_for_nor_erased(road, cast, acme):
    road.grace_of(acme, due_at=road.now() - DAY)
    with control_work():
        lifecycle.suspend(tenant_id=acme.ref.id, now=road.now())
    schedule.begin_due()
    assert road.closing(acme).state == "grace"
    beta = cast.organisation("beta")
    with control_work():
        lifecycle.suspend(tenant_id=beta.ref.id, now=road.now())
    with pytest.raises(NotOpen):
        road.by_operator(beta)


def test_an_operators_closing_is_told_to_owners_and_only_one_is_live(road, cast, acme):
    with control_work(), pytest.raises(WrongName):
        ask.ask_for(slug="acme", typed="beta", now=road.now())
    closing = road.by_operator(acme)
    assert "An owner has asked" in cast.signed_in(acme).get("/set-up").text
    with pytest.raises(AlreadyClosing):
        road.by_operator(acme)
    with tenant_work(acme.ref) as opened:
        opened.execute(text("DELETE FROM closing_notice"))
    road.asked(acme)
    assert road.closing(acme).id == closing.id
    with tenant_work(acme.ref) as opened:
        assert opened.scalar(text("SELECT closing_id FROM closing_notice")) == closing.id


def test_what_valkey_holds_of_an_organisation_goes_and_other_sessions_stay(cast, acme):
    beta = cast.organisation("beta")
    others = cast.signed_in(beta)
    assert forget_in_valkey(acme.ref.id) >= 2
    assert acme.ilta.get("/me").status_code == 303
    assert others.get("/set-up").status_code == 200


def test_an_unknown_closing_is_not_there(road, nitor):
    assert nitor.enrolled("Tuisku").browser.get(f"/closings/{new_id()}").status_code == 404
    with control_work(), pytest.raises(NotHere):
        ask.call_off(closing_id=new_id(), now=road.now())
