"""What one organisation keeps appears nowhere else: not on a page, in a mail, in Valkey, in a log, in another schema."""

import secrets
from collections.abc import Iterator
from dataclasses import dataclass

import pytest
from flask import Flask
from sqlalchemy import Engine
from werkzeug.test import TestResponse

from app.clock import now
from tests.cast import Cast
from tests.factories.browsers import Browser
from tests.factories.policies import time_decided
from tests.factories.rosters import HEADER, id_of, roster, send
from tests.factories.sign_in import provider, running_provider
from tests.factories.staff import Nitor
from tests.isolation.rooms import Rooms
from tests.isolation.routes import ROUTES
from tests.journeys.filling import fill_every_table, tables_with_free_text
from tests.journeys.places import rows_of, valkey_values
from tests.journeys.searching import disguises, hides
from tests.sign_in.hostile_provider import HostileProvider

__all__ = ["provider", "running_provider"]
CANARY = "kanarialintu" + secrets.token_hex(6)
CONTROL = "peukaloinen" + secrets.token_hex(6)
# A launch is one row, which the product has written, canary and all.
WRITTEN_BEFORE = {"launch"}
AT_LEAST = {"pages of the other": 60, "start": 5, "staff": 5, "mails": 2, "valkey": 10, "log": 80, "databases": 30}
WORDS = ("given name", "family name", "unit")


@dataclass
class House:
    """The organisation with the canaries, the other one, and what was captured meanwhile."""

    full: Rooms
    other: Rooms
    marked: list[str]
    log: str


@pytest.fixture
def house(
    cast: Cast, provider: HostileProvider, capfd: pytest.CaptureFixture[str], caplog: pytest.LogCaptureFixture
) -> House:
    """One organisation full of canaries that its own people look at, and another one in full use."""
    full = Rooms(cast, cast.organisation("alpha", name=f"Alpha {CONTROL}"), provider)
    other = Rooms(cast, cast.organisation("beta"), provider)
    for rooms, mark in ((full, CANARY), (other, "plain")):
        _use(rooms, mark)
    marked = fill_every_table(full.organisation.ref, CANARY)
    for rooms in (full, other):
        _look_at_everything(rooms)
    full.owner.get(f"/people?search={CANARY}")
    cast.run_jobs()
    return House(full, other, marked, capfd.readouterr().out + caplog.text)


def _use(rooms: Rooms, mark: str) -> None:
    """Import people, launch, have an invitation and a login link sent: all with the mark in every text."""
    row = [f"{mark}{word}".replace(" ", "") for word in WORDS]
    line = (row[0], row[1], f"{mark}@{rooms.slug}.example", f"{mark}-1", row[2], "", "en")
    import_id = id_of(send(rooms.owner, roster([line], header=HEADER), name=f"{mark}.csv"))
    assert rooms.owner.post(f"/people/imports/{import_id}/intake").status_code == 303
    rooms.cast.run_jobs()
    today, greeting = now().date().isoformat(), f"Welcome, {mark}."
    assert rooms.connection
    time_decided(rooms.organisation)
    second = {"name": f"{mark} second", "email": f"{mark}2@{rooms.slug}.example", "roles": "owner", "language": "en"}
    assert rooms.owner.post("/set-up/roles/new", second).status_code == 303
    for path in ("/set-up/launch/draft", "/set-up/launch/plan"):
        assert rooms.owner.post(path, {"on": today, "greeting": greeting}).status_code == 303
    assert rooms.visitor.post("/sign-in/links", {"email": f"owner@{rooms.slug}.example"}).status_code == 303
    rooms.cast.run_jobs()
    assert rooms.cast.mails(f"{mark}@{rooms.slug}.example")


def _look_at_everything(rooms: Rooms) -> list[TestResponse]:
    """Every page, whole and as the part that htmx asks for, by the owner, a member and a stranger."""
    paths = [ask.path(rooms) for ask in ROUTES.values() if ask.form is None]
    people = (rooms.owner, rooms.member, rooms.visitor)
    whole = [person.get(path, check=False) for person in people for path in paths]
    return whole + [rooms.owner.get(path, check=False, headers={"HX-Request": "true"}) for path in paths]


def _pages(house: House) -> Iterator[tuple[str, bytes]]:
    for answer in _look_at_everything(house.other):
        yield f"page {answer.request.path}", answer.data + repr(answer.headers.to_wsgi_list()).encode()


def _start_pages(cast: Cast) -> Iterator[tuple[str, bytes]]:
    start = cast.browser()
    for path in ("/", "/help", "/who-can-see-what", "/what-still-tells", "/accessibility", "/components", "/readyz"):
        yield f"start {path}", start.get(path).data
    yield "start, a name that is taken", start.post("/address-names", {"organisation": "Alpha", "slug": "alpha"}).data


def _staff_pages(app: Flask) -> Iterator[tuple[str, bytes]]:
    colleague: Browser = Nitor(app).enrolled().browser
    for path in ("/", "/?search=alpha", "/customers/alpha", "/customers/beta", "/passkeys"):
        answer = colleague.get(path)
        assert answer.status_code == 200, path
        yield f"staff {path}", answer.data


def _mails(house: House) -> Iterator[tuple[str, str]]:
    for mail in house.full.cast.mails():
        if "alpha.example" not in "".join(mail.to):
            yield f"mail to {mail.to}", f"{mail.subject} {mail.text} {mail.html} {mail.sender}"


def _rows(house: House, superuser: Engine) -> Iterator[tuple[str, str]]:
    for schema in ("control", "keys", house.other.organisation.ref.schema):
        for row in rows_of(superuser, schema):
            yield f"{schema}, {row[:60]}", row


@pytest.mark.parametrize("how", list(disguises("x")))
def test_the_search_finds_a_word_however_it_is_hidden(how: str):
    assert hides(disguises(CANARY)[how], CANARY)
    assert not hides(disguises(CONTROL)[how], CANARY)


def test_what_one_organisation_keeps_appears_nowhere_else(app: Flask, cast: Cast, house: House, superuser: Engine):
    _has_canaries_everywhere(house, superuser)
    places = {
        "pages of the other": list(_pages(house)),
        "start": list(_start_pages(cast)),
        "staff": list(_staff_pages(app)),
        "mails": list(_mails(house)),
        "valkey": [(repr(each[:60]), each) for each in valkey_values()],
        "log": [(line[:200], line) for line in house.log.splitlines()],
        "databases": list(_rows(house, superuser)),
    }
    few = {name: len(kept) for name, kept in places.items() if len(kept) < AT_LEAST[name]}
    assert not few, "too little was searched for this to say anything"
    for name, kept in places.items():
        found = [where for where, data in kept if hides(data, CANARY)]
        assert not found, f"{name}: {found}"
    assert not [where for where, data in places["pages of the other"] if hides(data, CONTROL)]


def _has_canaries_everywhere(house: House, superuser: Engine) -> None:
    """The controls: the organisation itself is full of canaries, and the search finds them."""
    tables = {name.partition(".")[0] for name in house.marked}
    assert tables_with_free_text() - tables == WRITTEN_BEFORE
    assert any(hides(row, CANARY) for row in rows_of(superuser, house.full.organisation.ref.schema))
    assert hides(house.full.owner.get("/people", check=False).data, CANARY)
    assert any(hides(mail.text, CANARY) for mail in house.full.cast.mails() if CANARY in "".join(mail.to))
    assert hides(house.full.cast.browser(house.full.organisation).get("/sign-in").data, CONTROL)
