"""What Entra ID and Okta send, as their documentation tells it, and what becomes of it."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from app.access.models import Account, RoleGrant
from app.access.queries import list_roles
from app.access.roles import Role
from app.clock import now
from app.people.models import Person
from app.scim.actions import map_group
from app.scim.gateway import list_calls
from app.scim.models import ScimGroup, ScimToken
from tenants.unit_of_work import session, tenant_work
from tests.scim.directories import WORK, DirectoryClient


@pytest.fixture
def alpha(cast):
    return cast.organisation("alpha")


@pytest.fixture
def entra(app, alpha):
    return DirectoryClient(app, alpha)


def people(organisation) -> dict[str, Person]:
    with tenant_work(organisation.ref):
        return {person.email: person for person in session().scalars(select(Person))}


def test_entra_adds_changes_and_takes_away_somebody(entra, alpha):
    """It asks by userName first, sends words in capitals, "False" as a text, and what Kamu has no place for."""
    assert entra.find("Users", 'userName eq "Aino@alpha.example"') == []
    boss = entra.add("Users", userName="boss@alpha.example", externalId="b-1", displayName="Boss", active=True)
    aino = entra.add(
        "Users",
        userName="Aino@alpha.example",
        externalId="a-1",
        active=True,
        displayName="Aino Laine",
        emails=[{"primary": True, "type": "work", "value": "Aino@alpha.example"}],
        name={"formatted": "Aino Laine", "familyName": "Laine", "givenName": "Aino"},
        phoneNumbers=[{"type": "work", "value": "+358 1"}],
        meta={"resourceType": "User"},
    )
    assert "phoneNumbers" not in aino
    assert aino["userName"] == "Aino@alpha.example"
    changed = entra.patch(
        f"/Users/{aino['id']}",
        {"op": "Add", "path": f"{WORK}:manager", "value": boss["id"]},
        {"op": "Add", "path": f"{WORK}:department", "value": "Grid"},
        {"op": "Replace", "path": 'emails[type eq "work"].value', "value": "aino.laine@alpha.example"},
        {"op": "Add", "path": 'phoneNumbers[type eq "mobile"].value', "value": "+358 2"},
        {"op": "Replace", "path": "displayName", "value": "Aino L"},
    )
    assert changed[WORK]["manager"]["value"] == boss["id"]
    assert changed["emails"] == [{"value": "aino.laine@alpha.example", "type": "work", "primary": True}]
    away = entra.patch(f"/Users/{aino['id']}", {"op": "Replace", "path": "active", "value": "False"})
    assert away["active"] is False
    kept = people(alpha)["aino.laine@alpha.example"]
    assert (kept.given_name, kept.unit, kept.external_id) == ("Aino", "Grid", "a-1")
    assert kept.deactivated_at is not None
    assert kept.removed_at is None
    back = entra.patch(f"/Users/{aino['id']}", {"op": "Replace", "value": {"active": "True"}})
    assert back["active"] is True


def test_entra_gives_a_name_to_many_things_at_once(entra):
    """A PATCH without a path holds paths as keys; a path that fits nothing yet makes its entry."""
    one = entra.add("Users", userName="oona@alpha.example")
    said = entra.patch(
        f"/Users/{one['id']}",
        {
            "op": "Replace",
            "value": {
                "name.givenName": "Oona",
                "name.familyName": "Salo",
                f"{WORK}:employeeNumber": "77",
                "nickName": "O",
            },
        },
        {"op": "Add", "path": 'emails[type eq "work"].value', "value": "o.salo@alpha.example"},
    )
    assert said["name"] == {"givenName": "Oona", "familyName": "Salo"}
    assert said[WORK]["employeeNumber"] == "77"
    assert entra.find("Users", f'{WORK}:employeeNumber eq "77"')[0]["id"] == one["id"]
    assert entra.find("Users", 'emails[type eq "work"].value eq "O.Salo@alpha.example"')[0]["id"] == one["id"]


def test_entra_keeps_groups_without_asking_for_their_members(entra):
    """Members come and go one by one; a removal names them in its value."""
    aino = entra.add("Users", userName="aino@alpha.example")
    group = entra.add("Groups", displayName="Kamu leads", externalId="g-1")
    path = f"/Groups/{group['id']}"
    many = entra.patch(path, {"op": "Add", "path": "members", "value": [{"value": aino["id"]}, {"value": "nobody"}]})
    assert [each["value"] for each in many["members"]] == [aino["id"]]
    assert entra.get(f"/Users/{aino['id']}")["groups"][0]["display"] == "Kamu leads"
    assert "members" not in entra.get(f"{path}?excludedAttributes=members")
    assert entra.find("Groups", f'id eq "{group["id"]}" and members eq "{aino["id"]}"')[0]["id"] == group["id"]
    none = entra.patch(path, {"op": "Remove", "path": "members", "value": [{"value": aino["id"]}]})
    assert "members" not in none


def test_okta_puts_whole_people_and_takes_access_away(entra, alpha):
    """It reads, sends all of it back, and deactivates with a PATCH that has no path."""
    one = entra.add(
        "Users",
        userName="oona@alpha.example",
        name={"givenName": "Oona", "familyName": "Salo"},
        emails=[{"primary": True, "value": "oona@alpha.example", "type": "work"}],
        displayName="Oona Salo",
        locale="en-US",
        externalId="00u1",
        groups=[],
        password="never kept",
        active=True,
    )
    one["title"] = "Planner"
    one[WORK] = {"manager": {"value": "somebody-kamu-does-not-know"}, "department": "Grid"}
    answer = entra.ask("PUT", f"/Users/{one['id']}", one)
    assert answer.status_code == 200, answer.text
    assert answer.get_json(force=True)["title"] == "Planner"
    assert "manager" not in answer.get_json(force=True)[WORK]
    del one["title"], one[WORK]
    assert "title" not in entra.ask("PUT", f"/Users/{one['id']}", one).get_json(force=True)
    said = entra.patch(f"/Users/{one['id']}", {"op": "replace", "value": {"active": False}})
    assert said["active"] is False
    assert people(alpha)["oona@alpha.example"].unit is None


def test_whom_a_file_brought_in_is_adopted_and_keeps_what_the_directory_does_not_say(cast, alpha, entra):
    """Adding somebody whose address is known is no second person; only what the directory says becomes its own."""
    row = cast.person(alpha.ref, "aino@alpha.example", given_name="Aino", family_name="L", unit="Grid", site="Espoo")
    assert entra.find("Users", 'userName eq "AINO@alpha.example"')[0]["id"] == str(row.id)
    added = entra.add("Users", userName="aino@alpha.example", title="Planner")
    assert added["id"] == str(row.id)
    kept = people(alpha)["aino@alpha.example"]
    assert (kept.given_name, kept.unit, kept.site, kept.job_title) == ("Aino", "Grid", "Espoo", "Planner")
    assert set(kept.directory_fields) == {"job_title", "active"}
    said = entra.add("Users", userName="aino@alpha.example", status=409)
    assert said["scimType"] == "uniqueness"
    entra.patch(f"/Users/{row.id}", {"op": "replace", "path": "title", "value": "Lead"})
    assert set(people(alpha)["aino@alpha.example"].directory_fields) == {"job_title", "active"}


def test_groups_give_roles_and_take_them_away(cast, alpha, entra):
    """Never owner or member; a role given by hand stays; leaving the group, or its end, takes the role."""
    aino = entra.add("Users", userName="aino@alpha.example")
    group = entra.add("Groups", displayName="Leads", members=[{"value": aino["id"]}])
    person = people(alpha)["aino@alpha.example"]
    account = cast.account(alpha.ref, "aino@alpha.example", Role.MEMBER, Role.IT_CONTACT, person=person)

    def roles() -> set[str]:
        with tenant_work(alpha.ref):
            held = select(RoleGrant.role).join(Account, Account.id == RoleGrant.account_id)
            return set(session().scalars(held.where(Account.id == account.id)))

    with tenant_work(alpha.ref):
        map_group(session().scalars(select(ScimGroup)).one(), role=Role.PROGRAMME_LEAD, now=now())
    assert roles() == {"member", "it_contact", "programme_lead"}
    entra.patch(f"/Groups/{group['id']}", {"op": "remove", "path": f'members[value eq "{aino["id"]}"]'})
    assert roles() == {"member", "it_contact"}
    entra.patch(f"/Groups/{group['id']}", {"op": "add", "path": "members", "value": [{"value": aino["id"]}]})
    assert "programme_lead" in roles()
    oona = entra.add("Users", userName="oona@alpha.example", groups=[])
    entra.patch(f"/Groups/{group['id']}", {"op": "add", "path": "members", "value": [{"value": oona["id"]}]})
    came = cast.account(alpha.ref, "oona@alpha.example", Role.MEMBER, person=people(alpha)["oona@alpha.example"])
    with tenant_work(alpha.ref):
        assert Role.PROGRAMME_LEAD in list_roles(came.id)
    assert entra.ask("DELETE", f"/Groups/{group['id']}").status_code == 204
    assert roles() == {"member", "it_contact"}


def test_a_bulk_request_makes_people_and_their_group_and_one_failure_spoils_nothing(entra):
    """References within the request hold; the operation that fails leaves the others."""
    entra.add("Users", userName="taken@alpha.example")
    answer = entra.ask(
        "POST",
        "/Bulk",
        {
            "schemas": ["urn:ietf:params:scim:api:messages:2.0:BulkRequest"],
            "Operations": [
                {
                    "method": "POST",
                    "path": "/Users",
                    "bulkId": "a",
                    "data": {"schemas": ["urn:ietf:params:scim:schemas:core:2.0:User"], "userName": "a@alpha.example"},
                },
                {
                    "method": "POST",
                    "path": "/Users",
                    "bulkId": "b",
                    "data": {
                        "schemas": ["urn:ietf:params:scim:schemas:core:2.0:User"],
                        "userName": "Taken@alpha.example",
                    },
                },
                {
                    "method": "POST",
                    "path": "/Groups",
                    "bulkId": "g",
                    "data": {
                        "schemas": ["urn:ietf:params:scim:schemas:core:2.0:Group"],
                        "displayName": "G",
                        "members": [{"value": "bulkId:a"}],
                    },
                },
            ],
        },
    )
    statuses = [str(each["status"]) for each in answer.get_json(force=True)["Operations"]]
    assert statuses == ["201", "409", "201"]
    assert len(entra.get("/Groups")["Resources"][0]["members"]) == 1


def test_a_change_to_a_version_that_is_gone_is_refused(entra):
    one = entra.add("Users", userName="aino@alpha.example")
    answer = entra.ask("GET", f"/Users/{one['id']}")
    tag = answer.headers["ETag"]
    assert entra.ask("GET", f"/Users/{one['id']}", **{"If-None-Match": tag}).status_code == 304
    entra.patch(f"/Users/{one['id']}", {"op": "replace", "path": "title", "value": "Lead"})
    stale = {
        "schemas": ["urn:ietf:params:scim:api:messages:2.0:PatchOp"],
        "Operations": [{"op": "replace", "path": "title", "value": "x"}],
    }
    assert entra.ask("PATCH", f"/Users/{one['id']}", stale, **{"If-Match": tag}).status_code == 412


def test_nothing_opens_with_another_organisations_token_or_one_that_is_over(app, cast, alpha, entra):
    """401 without a live token of this very organisation; 404 for whatever another one holds."""
    beta = cast.organisation("beta")
    theirs = DirectoryClient(app, beta)
    mine = entra.add("Users", userName="aino@alpha.example")
    group = entra.add("Groups", displayName="Leads")
    with_theirs = DirectoryClient(app, alpha, theirs.secret)
    for path in ("/Users", f"/Users/{mine['id']}", "/Groups", "/ServiceProviderConfig", "/Nothing"):
        refused = with_theirs.ask("GET", path)
        assert refused.status_code == 401, path
        assert refused.headers["WWW-Authenticate"].startswith("Bearer")
        assert refused.get_json(force=True)["status"] == "401"
    for method in ("GET", "PUT", "PATCH", "DELETE"):
        body = {"schemas": [], "userName": "x", "displayName": "x", "Operations": [{"op": "remove", "path": "title"}]}
        assert theirs.ask(method, f"/Users/{mine['id']}", body).status_code in {400, 404}
        assert theirs.ask(method, f"/Groups/{group['id']}", body).status_code in {400, 404}
    assert theirs.ask("DELETE", f"/Users/{mine['id']}").status_code == 404
    joined = theirs.add("Groups", displayName="Ours", members=[{"value": mine["id"]}])
    assert "members" not in joined
    assert entra.get(f"/Users/{mine['id']}")["userName"] == "aino@alpha.example"
    with tenant_work(alpha.ref):
        session().scalars(select(ScimToken)).one().expires_at = now() - timedelta(seconds=1)
    assert entra.ask("GET", "/Users").status_code == 401
    assert DirectoryClient(app, alpha, "").ask("GET", "/Users").status_code == 401


def test_a_page_of_people_costs_the_same_however_many_there_are(entra, statements):
    """Found, counted, with their groups and supervisors: a few statements for all of them."""
    boss = entra.add("Users", userName="boss@alpha.example")
    with statements() as for_one:
        entra.get("/Users?count=100")
    for number in range(8):
        work = {WORK: {"manager": {"value": boss["id"]}}}
        entra.add("Users", userName=f"p{number}@alpha.example", **work)
    with statements() as for_many:
        page = entra.get("/Users?count=100")
    assert len(page["Resources"]) == 9
    assert len(for_many) <= len(for_one) + 1 <= 10
    first = entra.get("/Users?count=4&cursor")
    second = entra.get(f"/Users?count=4&cursor={first['nextCursor']}")
    ids = [each["id"] for each in page["Resources"]]
    assert [each["id"] for each in first["Resources"] + second["Resources"]] == ids[:8]


def test_the_last_calls_name_nobody(alpha, entra):
    """Kept: when, which method, what kind, how it ended. Nothing of the address and nothing of the body."""
    one = entra.add("Users", userName="aino@alpha.example")
    entra.add("Users", userName="aino@alpha.example", status=409)
    entra.get(f"/Users/{one['id']}")
    with tenant_work(alpha.ref):
        token = session().scalars(select(ScimToken)).one()
        calls = list_calls(alpha.ref.id, token.id)
    assert [(call.method, call.about, call.status, call.error) for call in calls] == [
        ("GET", "Users", 200, ""),
        ("POST", "Users", 409, "uniqueness"),
        ("POST", "Users", 201, ""),
    ]
    assert "aino" not in str(calls)
    assert one["id"] not in str(calls)
