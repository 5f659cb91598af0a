"""The page about the organisation's own directory, as an owner and an IT contact use it."""

import re

import pytest
from sqlalchemy import select

from app.access.models import RoleGrant
from app.access.roles import Role
from app.scim.models import ScimGroup, ScimToken
from tenants.unit_of_work import session, tenant_work
from tests.scim.directories import DirectoryClient

SECRET = re.compile(r"kamu-scim-[\w-]{40,}")


@pytest.fixture
def alpha(cast):
    return cast.organisation("alpha")


def test_a_token_is_shown_once_two_work_and_a_revoked_one_opens_nothing(app, cast, alpha):
    """The page of calls tells an IT contact how it went; nobody's name is on it."""
    it_contact = cast.account(alpha.ref, "it@alpha.example", Role.IT_CONTACT)
    browser = cast.signed_in(alpha, it_contact.id)
    assert "Make a token" in browser.get("/set-up/provisioning").text
    assert browser.post("/set-up/provisioning/tokens", {"label": "", "lives": "year"}).status_code == 422
    made = browser.post("/set-up/provisioning/tokens", {"label": "Entra ID", "lives": "year"})
    (secret,) = set(SECRET.findall(made.text))
    assert secret not in browser.get("/set-up/provisioning").text
    with tenant_work(alpha.ref):
        token = session().scalars(select(ScimToken)).one()
        assert secret not in token.digest
    directory = DirectoryClient(app, alpha, secret)
    directory.add("Users", userName="aino@alpha.example")
    directory.add("Users", userName="aino@alpha.example", status=409)
    calls = browser.get(f"/set-up/provisioning/tokens/{token.id}")
    assert "Somebody else has the same user name" in calls.text
    assert "aino" not in calls.text
    browser.post("/set-up/provisioning/tokens", {"label": "Second", "lives": "half-a-year"})
    third = browser.post("/set-up/provisioning/tokens", {"label": "Third", "lives": "year"})
    assert third.status_code == 422
    assert browser.post(f"/set-up/provisioning/tokens/{token.id}/revocation").status_code == 303
    assert directory.ask("GET", "/Users").status_code == 401
    assert "revoked on" in browser.get("/set-up/provisioning").text
    assert "opens nothing any more" in browser.get(f"/set-up/provisioning/tokens/{token.id}").text


def test_an_owner_sees_who_would_get_a_role_before_a_group_gives_it(app, cast, alpha):
    """An IT contact may not decide it, and owner or member cannot be had by a group."""
    directory = DirectoryClient(app, alpha)
    people = [directory.add("Users", userName=f"{name}@alpha.example") for name in ("aino", "oona")]
    group = directory.add("Groups", displayName="Helpers", members=[{"value": each["id"]} for each in people])
    person = cast.person(alpha.ref, "x@alpha.example")
    with tenant_work(alpha.ref):
        kept = session().scalars(select(ScimGroup)).one().id
    account = cast.account(alpha.ref, "aino@alpha.example", Role.MEMBER, name="Aino", person=_row(alpha, people[0]))
    assert person.id != account.person_id
    path = f"/set-up/provisioning/groups/{kept}"
    owner = cast.signed_in(alpha)
    preview = owner.get(f"{path}?role=it_contact").text
    assert "2 people would get the role: aino@alpha.example, oona@alpha.example." in preview  # come in or not
    with tenant_work(alpha.ref):
        assert session().scalars(select(RoleGrant).where(RoleGrant.role == "it_contact")).all() == []
    for never in ("owner", "member", "nonsense"):
        owner.post(path, {"role": never})
    with tenant_work(alpha.ref):
        assert session().get(ScimGroup, kept).role is None
    assert owner.post(path, {"role": "it_contact"}).status_code == 303
    with tenant_work(alpha.ref):
        assert session().scalars(select(RoleGrant).where(RoleGrant.role == "it_contact")).one().group_id == kept
    assert "IT contacts" in owner.get("/set-up/provisioning").text
    assert "would lose the role" in owner.get(f"{path}?role=none").text
    assert cast.signed_in(alpha, account.id).get(path).status_code == 403
    assert group["displayName"] == "Helpers"


def _row(organisation, said):
    from uuid import UUID

    from app.people.models import Person

    with tenant_work(organisation.ref):
        return session().get(Person, UUID(said["id"]))
