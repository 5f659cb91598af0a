"""A sentence written as goal, note or exercise is found nowhere but in its space, and by nobody but its readers."""

import secrets
from collections.abc import Iterator
from types import SimpleNamespace

import pytest
from flask import Flask
from sqlalchemy import Engine, text

from app.web.areas import Area, area_of_endpoint
from tests.cast import Cast
from tests.factories.browsers import Browser
from tests.factories.pairs import Two, make_two, member
from tests.factories.staff import Nitor
from tests.factories.training import train
from tests.journeys.places import rows_of, valkey_values
from tests.journeys.searching import hides

SENTENCE = "The lighthouse keeper " + secrets.token_hex(6)
CONTROL = "peukaloinen" + secrets.token_hex(6)
CONTROL_FORM = {
    "want": "be_one",
    "places": "3",
    "languages": ["en"],
    "introduction": f"I listen, {CONTROL}.",
    "lists_self": "y",
}


@pytest.fixture
def house(cast: Cast, capfd: pytest.CaptureFixture[str], caplog: pytest.LogCaptureFixture) -> SimpleNamespace:
    """A pair that wrote the sentence everywhere; afterwards everybody else has looked at every page."""
    alpha = cast.organisation("alpha")
    duo = make_two(cast, alpha)
    train(alpha, duo.kamu.id)
    third = member(cast, alpha, "Ilta")
    _write(duo)
    _put_a_control_in_public(duo.kamu.browser)
    cast.run_jobs()
    others = {"owner": cast.signed_in(alpha), "a third": third.browser}
    return SimpleNamespace(duo=duo, others=others, cast=cast, log=lambda: capfd.readouterr().out + caplog.text)


def _write(duo: Two) -> None:
    """The sentence as goal, follow-up, topic, note, place, exercise, and in a form that comes back."""
    kaveri, kamu = duo.kaveri.browser, duo.kamu.browser
    assert kaveri.post("/goals", {"line": SENTENCE, "back": "month", "who": str(duo.id)}).status_code == 303
    goal = kaveri.get("/goals").text.split('href="/goals/')[1:]
    goal_id = next(each[:36] for each in goal if not each.startswith("new"))
    sent = [
        (kaveri, f"/goals/{goal_id}/follow-ups", {"how": "well", "note": SENTENCE, "next_on": "2027-03-01"}),
        (kaveri, f"{duo.path}/topics", {"topic": SENTENCE}),
        (kamu, f"{duo.path}/notes", {"note": SENTENCE}),
        (kamu, f"{duo.path}/meetings", {"day": "2027-03-01", "at": "10:00", "place": SENTENCE}),
        (kamu, "/training/listening-exercise", {"text": SENTENCE}),
    ]
    for browser, path, form in sent:
        assert browser.post(path, form).status_code == 303, path
    assert kamu.post(f"{duo.path}/notes", {"note": SENTENCE + "x" * 20_000}).status_code == 422


def _put_a_control_in_public(kamu: Browser) -> None:
    assert kamu.post("/choices", CONTROL_FORM).status_code == 303


def _pages(app: Flask, house: SimpleNamespace) -> Iterator[tuple[str, bytes]]:
    paths = [
        rule.rule
        for rule in app.url_map.iter_rules()
        if "GET" in rule.methods
        and area_of_endpoint(rule.endpoint) in {Area.ORGANISATION, None}
        and not rule.arguments - {"organisation"}
    ]
    assert len(paths) > 30
    for name, browser in house.others.items():
        for path in [*paths, house.duo.path, f"{house.duo.path}/ending"]:
            yield f"{name} at {path}", browser.get(path, check=False).data
    colleague = Nitor(app).enrolled().browser
    for path in ("/", "/customers/alpha"):
        yield f"staff at {path}", colleague.get(path).data


def _dump(superuser: Engine) -> Iterator[tuple[str, str]]:
    with superuser.connect() as connection:
        schemas = connection.scalars(
            text("SELECT nspname FROM pg_namespace WHERE nspname !~ '^pg_|^information'")
        ).all()
    for schema in schemas:
        for row in rows_of(superuser, schema):
            yield f"{schema} {row[:40]}", row


def test_the_two_read_what_they_may(house: SimpleNamespace):
    duo = house.duo
    for each in (duo.kaveri, duo.kamu):
        assert each.browser.get(duo.path).text.count(SENTENCE) >= 4
    assert SENTENCE in duo.kamu.browser.get("/training/listening-exercise").text


def test_the_sentence_is_kept_nowhere_in_the_open(app: Flask, house: SimpleNamespace, superuser: Engine):
    places = {
        "pages of others": list(_pages(app, house)),
        "dump": list(_dump(superuser)),
        "valkey": [(repr(each[:60]), each) for each in valkey_values()],
        "mails": [(str(mail.to), f"{mail.subject} {mail.text} {mail.html}") for mail in house.cast.mails()],
        "log": [(line[:120], line) for line in house.log().splitlines()],
    }
    for name, kept in places.items():
        assert not [where for where, data in kept if hides(data, SENTENCE)], name
    for name, least in {"pages of others": 70, "dump": 40, "valkey": 8, "log": 60}.items():
        assert len(places[name]) >= least, f"{name}: too little was searched for this to say anything"
    assert any(hides(row, CONTROL) for _, row in places["dump"])
    assert any(hides(page, CONTROL) for where, page in places["pages of others"] if where == "a third at /kamus")
