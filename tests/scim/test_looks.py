"""The page of the organisation's directory, as an owner sees it with a token, calls and groups."""

import os

import pytest
from sqlalchemy import select

from app.access.roles import Role
from app.clock import now
from app.scim.actions import map_group
from app.scim.models import ScimGroup, ScimToken
from tenants.unit_of_work import session, tenant_work
from tests.cast import Cast
from tests.journeys.browser import carry, look_over, person
from tests.scim.directories import DirectoryClient

HOST = "alpha.kamu.localhost:8000"

pytestmark = [
    pytest.mark.browser,
    pytest.mark.skipif(
        "KAMU_DEEP" not in os.environ, reason="bin/test --deep looks: the parts are looked at elsewhere"
    ),
]


def test_the_pages_of_the_directory_are_clean(app, screen, cast: Cast):
    alpha = cast.organisation("alpha", name="Saarnikoski")
    owner = cast.signed_in(alpha)
    directory = DirectoryClient(app, alpha)
    aino = directory.add("Users", userName="aino@alpha.example")
    directory.add("Users", userName="aino@alpha.example", status=409)
    for name in ("IT of Saarnikoski", "Everyone"):
        directory.add("Groups", displayName=name, members=[{"value": aino["id"]}])
    with tenant_work(alpha.ref):
        first, second = session().scalars(select(ScimGroup).order_by(ScimGroup.id))
        map_group(first, role=Role.IT_CONTACT, now=now())
        token = session().scalars(select(ScimToken)).one()
    with person(screen) as meri:
        carry(meri, HOST, owner.cookie())
        look_over(meri, f"http://{HOST}/set-up/provisioning", "directory").close()
        look_over(meri, f"http://{HOST}/set-up/provisioning/tokens/{token.id}", "directory-calls").close()
        path = f"/set-up/provisioning/groups/{second.id}?role=it_contact"
        look_over(meri, f"http://{HOST}{path}", "directory-group").close()
