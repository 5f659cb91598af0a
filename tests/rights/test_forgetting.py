"""Who has left is forgotten by policy: never before the link to their own file has ended, never the last owner."""

from datetime import timedelta

import pytest
from sqlalchemy import select, text

from app.access.models import Account, RoleGrant
from app.access.roles import Role
from app.clock import now
from app.goals.actions import add_goal
from app.pairs.actions import add_note
from app.pairs.policies import local
from app.people.actions import keep_leavers
from app.people.models import Person
from app.rights.schedule import see_leavers_off
from app.sign_in.models import Identity, Invitation, LoginLink
from app.vault import own_space
from tenants.unit_of_work import session, tenant_work
from tests.factories.pairs import make_two
from tests.factories.sign_in import invite

SAID = ("Lumi", "Koski", "lumi@alpha.example", "Designer", "Fjord")


@pytest.fixture
def duo(cast):
    """Lumi has left, but for the day; she wrote a goal and a note, and so did Rauha."""
    duo = make_two(cast, cast.organisation("alpha"))
    invite(duo.organisation, duo.kaveri.person)
    with tenant_work(duo.organisation.ref):
        person = session().get(Person, duo.kaveri.id)
        person.job_title, person.unit, person.family_name = "Designer", "Fjord", "Koski"
        session().get(Person, duo.kamu.id).family_name = "Salo"
        session().get(Person, duo.kamu.id).supervisor_id = person.id
        today = local(now()).date()
        add_goal(owner_id=person.id, line="Say no", look_back_on=today, now=now())
        add_note(pair_id=duo.id, person_id=duo.kamu.id, kind="note", text="From Rauha", now=now())
    return duo


def _leave(cast, duo, days_ago, *, written=timedelta(days=20)):
    with tenant_work(duo.organisation.ref):
        person = session().get(Person, duo.kaveri.id)
        person.ends_on, person.updated_at = local(now()).date() - timedelta(days=days_ago), now() - written
    see_leavers_off()
    cast.run_jobs()


def _person(duo):
    with tenant_work(duo.organisation.ref):
        return session().get(Person, duo.kaveri.id)


def _everything(superuser, organisation):
    """All text of an organisation's tables, but what waits to be done."""
    with superuser.connect() as connection:
        schema = organisation.ref.schema
        tables = connection.scalars(text("SELECT tablename FROM pg_tables WHERE schemaname = :s"), {"s": schema}).all()
        rows = [connection.execute(text(f"SELECT t::text FROM {schema}.{each} t")).scalars().all() for each in tables]
    return "\n".join(row for found in rows for row in found)


def test_after_the_policys_days_nothing_names_them_and_others_keep_their_own(cast, duo, superuser):
    for days_ago, written in ((90, 20), (3650, 13)):  # the second is a slip of the pen, perhaps
        _leave(cast, duo, days_ago, written=timedelta(days=written))
        assert _person(duo).given_name == "Lumi"
    _leave(cast, duo, 91)
    kept = _everything(superuser, duo.organisation)
    assert not [word for word in SAID if word in kept]
    with superuser.connect() as connection:
        assert own_space(duo.kaveri.id) not in connection.scalars(text("SELECT space_id FROM keys.space_key")).all()
    with tenant_work(duo.organisation.ref):
        account = session().get(Account, duo.kaveri.account.id)
        assert account.ended_at is not None
        for table in (RoleGrant, Identity, LoginLink):
            assert not session().scalars(select(table).where(table.account_id == account.id)).all()
        assert not session().scalars(select(Invitation)).all()
    page = duo.kamu.browser.get(duo.path).text
    assert "You and a former colleague are no longer a pair." in page
    assert "From Rauha" in page
    for path in ("/pairs", "/me/file"):
        assert duo.kamu.browser.get(path).status_code == 200
    assert "Lumi" not in cast.signed_in(duo.organisation).get("/people").text


def test_it_waits_for_the_link_to_their_own_file_and_the_space_ends_with_it(cast, duo, superuser):
    duo.kaveri.browser.post("/me/after-leaving", {"private_address": "lumi@elsewhere.example"})
    with tenant_work(duo.organisation.ref):
        keep_leavers(days=30, now=now())
    _leave(cast, duo, 31)
    assert len(cast.mails(to="lumi@elsewhere.example")) == 1
    _leave(cast, duo, 31)
    assert _person(duo).given_name == "Lumi"
    with tenant_work(duo.organisation.ref):
        link = session().scalars(select(LoginLink).where(LoginLink.purpose == "own-file")).one()
        link.created_at, link.expires_at = link.created_at - timedelta(days=30), link.created_at
    _leave(cast, duo, 31)
    assert _person(duo).given_name == ""


def test_the_last_owner_is_never_forgotten_silently(cast, duo):
    with tenant_work(duo.organisation.ref):
        session().add(RoleGrant(account_id=duo.kaveri.account.id, role=Role.OWNER, granted_at=now()))
        session().get(Account, duo.organisation.owner_id).ended_at = now()
    _leave(cast, duo, 91)
    assert _person(duo).given_name == "Lumi"


def test_the_days_are_decided_by_owner_and_it_and_nobody_else(cast, duo):
    owner = cast.signed_in(duo.organisation)
    assert "90" in owner.get("/people/leavers").text
    assert owner.post("/people/leavers", {"leaver_days": "29"}).status_code == 422
    assert owner.post("/people/leavers", {"leaver_days": "365"}).status_code == 303
    _leave(cast, duo, 91)
    assert _person(duo).given_name == "Lumi"
    lead = cast.account(duo.organisation.ref, "oiva@alpha.example", Role.PROGRAMME_LEAD)
    assert cast.signed_in(duo.organisation, lead.id).get("/people/leavers").status_code == 403
