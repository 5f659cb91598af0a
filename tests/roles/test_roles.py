"""Who holds which role: inviting, changing, removing, and the owner that must stay."""

import re
from datetime import UTC, datetime, timedelta

import pytest

from app.access.actor import SYSTEM, Actor
from app.access.models import Account
from app.access.queries import find_account_by_email, find_actor, list_roles
from app.access.roles import Role
from app.people.actions import deactivate_person, remove_provisioned
from app.people.models import Person
from app.roles import actions
from app.roles.errors import HoldsAlready, LastOwner, MayNotGive
from app.roles.policies import GIVEN, INVITATION_LIVES, may_give
from app.roles.queries.holders import check_not_last_owner, count_named_owners, get_holder
from tenants.unit_of_work import session, tenant_work

LINK = re.compile(r"https?://\S+(/role-invitations/\S+)")


def now():
    return datetime.now(UTC)


def invited(cast, organisation, email="aino@alpha.example", roles=("it_contact",)):
    """The owner has invited somebody on the page; the path in their mail."""
    owner = cast.signed_in(organisation)
    sent = owner.post("/set-up/roles/new", {"name": "Aino", "email": email, "roles": list(roles), "language": "en"})
    assert sent.status_code == 303, sent.text
    cast.run_jobs()
    return link_to(cast, email)


def link_to(cast, email):
    return LINK.search(cast.mails(email)[0].text)[1]


def account_of(organisation, email):
    with tenant_work(organisation.ref):
        return find_account_by_email(email)


@pytest.mark.parametrize("role", list(Role))
def test_nobody_gives_a_role_above_their_own(role):
    owner = Actor("account", roles=frozenset({Role.OWNER}))
    assert may_give(owner, role) == (role in GIVEN)
    for other in set(Role) - {Role.OWNER}:
        assert not may_give(Actor("account", roles=frozenset({other})), role)
    assert may_give(SYSTEM, role) == (role in GIVEN and role is not Role.OWNER)


def test_an_invitation_lets_somebody_in_once(cast, two):
    path = invited(cast, two.a)
    assert "IT contact" in cast.mails("aino@alpha.example")[0].text
    visitor = cast.browser(two.a)
    assert "Aino" in visitor.get(path).text  # looking uses nothing up
    assert visitor.post(path).status_code == 303
    assert visitor.get("/set-up").status_code == 200
    assert cast.browser(two.a).get(path).status_code == 410
    assert cast.browser(two.b).get(path).status_code == 404
    assert "Here" in cast.signed_in(two.a).get("/set-up/roles").text


def test_of_two_links_only_the_newest_opens_and_none_after_a_week(cast, two, monkeypatch):
    first = invited(cast, two.a)
    account = account_of(two.a, "aino@alpha.example")
    owner = cast.signed_in(two.a)
    assert "Invited" in owner.get(f"/set-up/roles/{account.id}").text
    assert owner.post(f"/set-up/roles/{account.id}/mail").status_code == 303
    cast.run_jobs()
    newest = link_to(cast, "aino@alpha.example")
    assert cast.browser(two.a).get(first).status_code == 410
    assert cast.browser(two.a).get(newest).status_code == 200
    monkeypatch.setattr("app.roles.views.invitations.now", lambda: now() + INVITATION_LIVES)
    late = cast.browser(two.a).post(newest)
    assert late.status_code == 410
    assert "too old" in late.text


def test_a_withdrawn_invitation_opens_nothing_and_can_be_made_anew(cast, two):
    path = invited(cast, two.a)
    account = account_of(two.a, "aino@alpha.example")
    assert cast.signed_in(two.a).post(f"/set-up/roles/{account.id}/removal").status_code == 303
    assert cast.browser(two.a).get(path).status_code in {404, 410}
    assert cast.browser(two.a).get(invited(cast, two.a)).status_code == 200


def test_nobody_learns_from_the_page_whether_somebody_takes_part(cast, two):
    """A member and somebody unknown look alike after an invitation, and the mail lets nobody into a member's pages."""
    _, ilta = cast.employee(two.a)
    paths = {email: invited(cast, two.a, email) for email in (ilta.email, "aino@alpha.example")}
    with tenant_work(two.a.ref):
        held = [get_holder(find_account_by_email(email).id) for email in paths]
        assert {(each.waits, each.roles, each.link_ends_at is None) for each in held} == {
            (True, (Role.IT_CONTACT,), False)
        }
    visitor = cast.browser(two.a)
    answer = visitor.post(paths[ilta.email])
    assert answer.location.endswith("/sign-in")
    assert visitor.get("/me").status_code == 303


def test_a_role_sleeps_until_a_member_has_shown_that_the_mailbox_is_theirs(cast, two):
    """Whoever writes the directory may put an owner's address onto an account of their own."""
    browser, ilta = cast.employee(two.a)
    path = invited(cast, two.a, ilta.email, ["owner"])
    assert browser.get("/set-up").status_code == 403
    owner = cast.signed_in(two.a)
    owner.post(f"/set-up/roles/{ilta.id}", {"roles": ["owner", "it_contact"]})
    assert owner.post(f"/set-up/roles/{ilta.id}/offer", {"stays": "yes"}).status_code != 303
    with tenant_work(two.a.ref):
        assert find_actor(ilta.id).roles == {Role.MEMBER}
        with pytest.raises(LastOwner):
            check_not_last_owner(account_id=two.a.owner_id)
    stranger, _ = cast.employee(two.a, "petri@alpha.example")
    assert stranger.post(path).status_code == 403
    visitor = cast.browser(two.a)
    assert visitor.post(path).location.endswith("/sign-in")
    assert browser.post(path).status_code == 303
    assert browser.get("/set-up").status_code == 200
    with tenant_work(two.a.ref):
        assert find_actor(ilta.id).roles == {Role.MEMBER, Role.OWNER, Role.IT_CONTACT}
        assert not get_holder(ilta.id).waits


def test_a_change_and_a_removal_sign_out_and_are_told(cast, two):
    account = cast.account(two.a.ref, "aino@alpha.example", Role.IT_CONTACT, Role.PROGRAMME_LEAD, name="Aino")
    owner = cast.signed_in(two.a)
    assert owner.post(f"/set-up/roles/{account.id}", {"roles": ["billing_contact"]}).status_code == 303
    with tenant_work(two.a.ref):
        assert list_roles(account.id) == {Role.BILLING_CONTACT}
        assert session().get(Account, account.id).sessions_end_at
    assert owner.post(f"/set-up/roles/{account.id}/removal").status_code == 303
    with tenant_work(two.a.ref):
        assert find_actor(account.id) is None
    cast.run_jobs()
    told = [mail.text for mail in cast.mails("aino@alpha.example")]
    assert any("no role any more" in text for text in told)


def test_the_last_owner_who_has_come_in_stays(cast, two):
    owner = cast.signed_in(two.a)
    for path in ("", "/removal"):
        answer = owner.post(f"/set-up/roles/{two.a.owner_id}{path}", {"roles": ["programme_lead"]})
        assert answer.status_code == 422
        assert "another owner" in answer.text
    invited(cast, two.a, "aino@alpha.example", ["owner"])  # named, and not come in: does not count yet
    assert owner.post(f"/set-up/roles/{two.a.owner_id}/removal").status_code == 422
    with tenant_work(two.a.ref):
        assert count_named_owners() == 2
        with pytest.raises(LastOwner):
            check_not_last_owner(account_id=two.a.owner_id)


def test_an_owner_of_the_directory_is_asked_about_by_person(cast, two):
    person = cast.person(two.a.ref, "aino@alpha.example")
    cast.account(two.a.ref, "aino@alpha.example", Role.OWNER, person=person)
    other = cast.person(two.a.ref, "petri@alpha.example")
    with tenant_work(two.a.ref):
        check_not_last_owner(person_id=person.id)
        check_not_last_owner(person_id=other.id)
        session().get(Account, two.a.owner_id).ended_at = now()
    with tenant_work(two.a.ref):
        check_not_last_owner(person_id=other.id)
        with pytest.raises(LastOwner):
            check_not_last_owner(person_id=person.id)


def test_the_directory_gives_and_takes_roles_but_never_an_owners(cast, two):
    account = cast.account(two.a.ref, "aino@alpha.example", Role.PROGRAMME_LEAD)
    with tenant_work(two.a.ref):
        actions.give_role(account_id=account.id, role=Role.IT_CONTACT, by=SYSTEM, now=now())
        actions.take_role(account_id=account.id, role=Role.PROGRAMME_LEAD, by=SYSTEM, now=now())
        assert list_roles(account.id) == {Role.IT_CONTACT}
        for change in (actions.give_role, actions.take_role):
            with pytest.raises(MayNotGive):
                change(account_id=two.a.owner_id, role=Role.OWNER, by=SYSTEM, now=now())


def test_what_is_held_already_is_not_invited_to_again(cast, two):
    invited(cast, two.a)
    with tenant_work(two.a.ref), pytest.raises(HoldsAlready):
        actions.invite_to_roles(
            email="AINO@alpha.example",
            name="Aino",
            roles=frozenset({Role.IT_CONTACT}),
            language="en",
            by=find_actor(two.a.owner_id),
            now=now(),
        )


def test_the_ownership_is_handed_over_by_both(cast, two):
    aino = cast.account(two.a.ref, "aino@alpha.example", Role.IT_CONTACT, name="Aino")
    owner, taker = cast.signed_in(two.a), cast.signed_in(two.a, aino.id)
    assert owner.post(f"/set-up/roles/{aino.id}/offer", {"stays": "no"}).status_code == 303
    cast.run_jobs()
    assert "/ownership" in cast.mails("aino@alpha.example")[0].text
    assert "Meri" in taker.get("/ownership").text
    assert taker.post("/ownership/acceptance").status_code == 303
    with tenant_work(two.a.ref):
        assert list_roles(aino.id) == {Role.IT_CONTACT, Role.OWNER}
        assert find_actor(two.a.owner_id) is None
    cast.run_jobs()
    assert any("owners" in mail.subject for mail in cast.mails("owner@alpha.example"))


@pytest.mark.parametrize("end", ["taken back", "declined", "too late", "owner removed"])
def test_an_offer_that_is_over_changes_nothing(cast, two, monkeypatch, end):
    aino = cast.account(two.a.ref, "aino@alpha.example", Role.IT_CONTACT, name="Aino")
    second = cast.account(two.a.ref, "petri@alpha.example", Role.OWNER, name="Petri")
    owner, taker = cast.signed_in(two.a), cast.signed_in(two.a, aino.id)
    owner.post(f"/set-up/roles/{aino.id}/offer", {"stays": "yes"})
    if end == "taken back":
        owner.post(f"/set-up/roles/{aino.id}/offer/removal")
    elif end == "declined":
        taker.post("/ownership/refusal")
    elif end == "too late":
        monkeypatch.setattr("app.roles.views.offers.now", lambda: now() + timedelta(days=7))
    else:
        assert cast.signed_in(two.a, second.id).post(f"/set-up/roles/{two.a.owner_id}/removal").status_code == 303
    assert taker.post("/ownership/acceptance").status_code == 410
    with tenant_work(two.a.ref):
        assert list_roles(aino.id) == {Role.IT_CONTACT}


def test_the_directory_takes_no_access_from_the_last_owner(cast, two):
    person = cast.person(two.a.ref, "aino@alpha.example")
    cast.account(two.a.ref, "aino@alpha.example", Role.OWNER, person=person)
    with tenant_work(two.a.ref):
        session().get(Account, two.a.owner_id).ended_at = now()
    for take_away in (deactivate_person, remove_provisioned):
        with tenant_work(two.a.ref), pytest.raises(LastOwner):
            take_away(session().get(Person, person.id), now=now())
    with tenant_work(two.a.ref):
        session().get(Account, two.a.owner_id).ended_at = None
    with tenant_work(two.a.ref):
        deactivate_person(session().get(Person, person.id), now=now())
