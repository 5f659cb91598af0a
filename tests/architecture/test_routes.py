"""What the URL map says of itself: nothing unguarded, nothing vanished, nothing that crosses."""

import inspect
import re
from pathlib import Path

import pytest
from flask import Flask

from app.access.guard import is_by_token, is_public, permissions_of_view
from app.access.permissions import Permission
from app.access.roles import ROLES, Role
from app.web.areas import Area, area_of_endpoint
from local import reference

ROOT = Path(__file__).resolve().parents[2]


@pytest.mark.parametrize("name", ["routes.md", "permissions.md", "schema.md"])
def test_the_list_that_reviewers_read_is_what_the_code_says(app: Flask, name: str):
    committed = (ROOT / "docs" / name).read_text(encoding="utf-8")
    assert reference.lists(app)[name] == committed, (
        f"run: python -m local.reference, and read what changed in docs/{name}"
    )


def test_every_route_names_its_permission_or_says_why_it_is_public(app: Flask):
    for endpoint, view in app.view_functions.items():
        assert is_public(view) != bool(permissions_of_view(view)), endpoint


def test_a_public_route_gives_a_reason_in_words(app: Flask):
    for endpoint, view in app.view_functions.items():
        if is_public(view):
            assert len(view.kamu_public.split()) >= 3, endpoint


def test_every_route_belongs_to_a_host(app: Flask):
    for rule in app.url_map.iter_rules():
        assert rule.subdomain is not None, rule
        assert "." in rule.endpoint, rule


def test_a_route_that_changes_something_is_never_a_get(app: Flask):
    for rule in app.url_map.iter_rules():
        methods = (rule.methods or set()) - {"HEAD", "OPTIONS"}
        if not is_by_token(app.view_functions[rule.endpoint]):
            assert methods in ({"GET"}, {"POST"}, {"GET", "POST"}), rule


def test_staff_pages_need_a_staff_permission_and_org_pages_never_do(app: Flask):
    staff = ROLES[Role.STAFF]
    for endpoint, view in app.view_functions.items():
        needed = permissions_of_view(view)
        if needed:
            on_staff_host = area_of_endpoint(endpoint) is Area.STAFF
            assert (needed <= staff) if on_staff_host else not (needed & staff), endpoint


EXPECTED = {
    Role.OWNER: "SEE_SET_UP SEE_DIRECTORY IMPORT_PEOPLE MANAGE_SIGN_IN ARRANGE_TRAINING LAUNCH ANSWER_READINESS DECIDE_TIME SET_MATCHING_RULES SEE_FIGURES SEE_BILLING CHANGE_PLAN EXPORT_ORGANISATION CLOSE_ORGANISATION MANAGE_PROVISIONING MANAGE_ROLES LET_IN END_SESSIONS KEEP_OWN_SIGN_INS KEEP_RESCUE",
    Role.PROGRAMME_LEAD: "SEE_SET_UP SEE_DIRECTORY IMPORT_PEOPLE ARRANGE_TRAINING LAUNCH ANSWER_READINESS DECIDE_TIME SET_MATCHING_RULES SEE_FIGURES LET_IN KEEP_OWN_SIGN_INS KEEP_RESCUE",
    Role.IT_CONTACT: "SEE_SET_UP SEE_DIRECTORY IMPORT_PEOPLE MANAGE_SIGN_IN MANAGE_PROVISIONING END_SESSIONS KEEP_OWN_SIGN_INS KEEP_RESCUE",
    Role.BILLING_CONTACT: "SEE_SET_UP SEE_BILLING KEEP_OWN_SIGN_INS KEEP_RESCUE",
    Role.EMPLOYEE_REPRESENTATIVE: "SEE_SET_UP SEE_FIGURES KEEP_OWN_SIGN_INS KEEP_RESCUE",
    Role.MEMBER: "SEE_WELCOME TAKE_PART KEEP_OWN_RECORDS KEEP_OWN_SIGN_INS",
    Role.STAFF: "SEE_CUSTOMERS APPROVE_CLOSINGS MANAGE_OWN_PASSKEYS RECOVER_OWNERS",
    Role.RESCUER: "MANAGE_SIGN_IN",
    Role.DIRECTORY: "PROVISION_PEOPLE",
}


@pytest.mark.parametrize("role", list(Role))
@pytest.mark.parametrize("permission", list(Permission))
def test_a_role_allows_just_this(role: Role, permission: Permission):
    assert (permission in ROLES[role]) == (permission.name in EXPECTED[role].split())


def test_every_permission_is_used_by_a_route_and_given_to_a_role(app: Flask):
    used = frozenset().union(*(permissions_of_view(view) for view in app.view_functions.values()))
    given = frozenset().union(*ROLES.values())
    assert used == given == frozenset(Permission)


def test_views_do_not_read_the_organisation_from_a_form_or_query(app: Flask):
    forbidden = re.compile(r"request\.(args|form|values)(\.get\(|\[)[\"'](organisation|tenant|slug|schema)[\"']")
    for endpoint, view in app.view_functions.items():
        if area_of_endpoint(endpoint) is Area.ORGANISATION:
            assert not forbidden.search(inspect.getsource(inspect.unwrap(view))), endpoint
