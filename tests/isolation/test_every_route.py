"""Every route of an organisation: it answers its rightful person, and to the other organisation it is not there."""

import re
from types import SimpleNamespace

import pytest
from flask import Flask
from werkzeug.routing import AnyConverter, Rule
from werkzeug.test import TestResponse

from app.links import seal
from app.web.areas import Area, area_of_endpoint
from tenants.models import new_id
from tests.cast import Cast
from tests.factories.browsers import Browser
from tests.isolation.rooms import Rooms
from tests.isolation.routes import ROUTES, Ask
from tests.sign_in.hostile_provider import HostileProvider

WITHOUT_DATA = {"assets", "health"}
ID = re.compile(r"[0-9a-f]{8}-[0-9a-f-]{27}")
each_route = pytest.mark.parametrize("endpoint", list(ROUTES))


@pytest.fixture
def houses(cast: Cast, two: SimpleNamespace, provider: HostileProvider) -> SimpleNamespace:
    return SimpleNamespace(a=Rooms(cast, two.a, provider), b=Rooms(cast, two.b, provider), cast=cast)


def test_the_table_holds_every_route_of_an_organisation(app: Flask):
    found = {
        rule.endpoint
        for rule in app.url_map.iter_rules()
        if area_of_endpoint(rule.endpoint) in {Area.ORGANISATION, None}
        and rule.endpoint.partition(".")[0] not in WITHOUT_DATA
    }
    assert found == set(ROUTES)


def test_the_table_says_which_routes_name_something(app: Flask):
    named = {rule.endpoint for rule in app.url_map.iter_rules() if _names_something(rule)}
    assert named & set(ROUTES) == {endpoint for endpoint, ask in ROUTES.items() if ask.names_something}


def _names_something(rule: Rule) -> bool:
    # One of a few words that every organisation has is no name.
    return any(
        name != "organisation" and not isinstance(converter, AnyConverter)
        for name, converter in rule._converters.items()
    )


def _send(browser: Browser, ask: Ask, path: str, rooms: Rooms) -> TestResponse:
    if ask.form is None:
        return browser.get(path)
    return browser.post(path, ask.form(rooms), content_type="multipart/form-data")


@each_route
def test_to_the_other_organisation_it_is_not_there(houses: SimpleNamespace, endpoint: str):
    ask = ROUTES[endpoint]
    path = ask.path(houses.a)
    rightful = getattr(houses.a, ask.by)
    for when in ("before it was used", "afterwards"):
        with_foreign_cookie = houses.cast.browser(houses.b.organisation)
        with_foreign_cookie.use_cookie(houses.cast.signed_in(houses.a.organisation).cookie())
        assert _send(with_foreign_cookie, ask, path, houses.a).status_code == ask.foreign, f"foreign cookie, {when}"
        if ask.names_something:
            alike = getattr(houses.b, ask.by) if ask.by in {"member", "kaveri", "directory"} else houses.b.owner
            assert _send(alike, ask, path, houses.a).status_code == ask.stranger, f"foreign ids, {when}"
        if when == "before it was used":
            answer = _send(rightful, ask, path, houses.a)
            assert answer.status_code == ask.answer, answer.text


@pytest.mark.parametrize("endpoint", [name for name, ask in ROUTES.items() if ask.names_something])
def test_what_never_was_is_not_there_either(houses: SimpleNamespace, endpoint: str):
    ask = ROUTES[endpoint]
    path = ask.path(houses.a)
    if ask.purpose == "id":
        unknown = [ID.sub(str(new_id()), path)]
    else:
        start = path.rsplit("/", 1)[0]
        unknown = [f"{start}/{seal(ask.purpose, new_id())}", f"{path}x", f"{start}/{seal('other', new_id())}"]
    for each in unknown:
        assert _send(getattr(houses.a, ask.by), ask, each, houses.a).status_code == ask.stranger, each
