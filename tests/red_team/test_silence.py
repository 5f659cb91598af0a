"""What answers tell: the same page, by the same number of steps, for what is not there and for what is not yours."""

import re
from contextlib import contextmanager
from itertools import pairwise
from pathlib import Path
from uuid import UUID, uuid4

import pytest
from sqlalchemy import event, text, update
from sqlalchemy.exc import DBAPIError

from app.access.models import Account
from app.links import seal
from tenants.database import db
from tenants.models import new_id
from tenants.resolution import forget_tenants
from tenants.unit_of_work import tenant_work
from tests.cast import NOON

SECRETS = re.compile(
    r"Traceback|psycopg|sqlalchemy|SELECT |INSERT |\bt_[a-z2-7]{16}\b|\br_[a-z2-7]{16}\b|/site-packages/|werkzeug|"
    rf"{re.escape(str(Path(__file__).resolve().parents[2]))}/|"
    r"gunicorn|app_rt|kamu_control|File \"|line \d+, in|postgresql|redis|valkey",
    re.IGNORECASE,
)


@contextmanager
def counted():
    """Note the statements that are sent to any database, as their words."""
    words: list[str] = []

    def note(_connection, _cursor, statement, *_):
        words.append(re.sub(r"\s+", " ", statement))

    engines = set(db.engines.values())
    for engine in engines:
        event.listen(engine, "before_cursor_execute", note)
    try:
        yield words
    finally:
        for engine in engines:
            event.remove(engine, "before_cursor_execute", note)


def steps(act) -> list[str]:
    forget_tenants()
    with counted() as words:
        act()
    return words


def test_asking_for_a_link_takes_the_same_steps_for_every_address(cast, two):
    cast.employee(two.a, "ilta@alpha.example")
    cast.employee(two.a, "gone@alpha.example")
    with tenant_work(two.a.ref) as opened:
        opened.execute(update(Account).where(Account.email == "gone@alpha.example").values(ended_at=NOON))
    taken, answers = {}, set()
    for email in (
        "owner@alpha.example",
        "ilta@alpha.example",
        "gone@alpha.example",
        "nobody@alpha.example",
        "owner@beta.example",
    ):
        browser = cast.browser(two.a)
        browser.token()

        def ask(browser=browser, email=email):
            answer = browser.post("/sign-in/links", {"email": email})
            answers.add((answer.status_code, answer.headers["Location"], len(answer.data)))

        taken[email] = steps(ask)
    assert len(answers) == 1
    first = taken["owner@alpha.example"]
    assert len(first) >= 5
    for email, words in taken.items():
        assert words == first, email


def test_a_name_of_nobody_takes_no_more_steps_than_one_that_is_closed(cast, two):
    """Whether an organisation is a customer shows in its door, which anybody may open; nothing else tells more."""
    unknown = steps(lambda: cast.browser(host="nobody.kamu.localhost:8000").get("/people"))
    also = steps(lambda: cast.browser(host="someone.kamu.localhost:8000").get("/people"))
    assert unknown == also
    assert len(unknown) <= 3


def test_neighbours_of_an_id_are_not_there_and_alike(cast, two):
    """UUIDv7 tells when a row was made. Guessing the next ones finds nothing, and none is near another."""
    import_path = "/people/imports/{}"
    owner = cast.signed_in(two.a)
    known = new_id()
    guesses = [UUID(int=known.int + step) for step in (-1, 0, 1, 2, 2**32, 2**62)] + [
        uuid4(),
        UUID(int=0),
        UUID(int=2**128 - 1),
    ]
    answers = {
        (answer.status_code, re.sub(r"/people/imports/[\w-]+|csrf_token\W+value=\W[^\"]+", "", answer.text))
        for answer in (owner.get(import_path.format(guess)) for guess in guesses)
    }
    assert [status for status, _ in answers] == [404], "one page for all"
    ids = sorted(new_id().int for _ in range(2000))
    assert min(b - a for a, b in pairwise(ids)) > 2**20


ODD_IDS = ["0", "-1", "' OR 1=1 --", "%27%20OR%201=1", "../..", "00000000-0000-0000-0000", "{}", "x" * 3000,
           "%00", "%ff%fe", "01890000-0000-7000-8000-00000000000g"]  # fmt: skip


def test_ill_formed_ids_and_tokens_are_not_there(cast, two):
    owner, visitor = cast.signed_in(two.a), cast.browser()
    for odd in ODD_IDS:
        for browser, path in (
            (owner, f"/people/imports/{odd}"),
            (owner, f"/sign-in/links/{odd}"),
            (owner, f"/invitations/{odd}"),
            (visitor, f"/confirmations/{odd}"),
        ):
            answer = browser.get(path, check=False)
            assert answer.status_code in {404, 410, 308}, (path, answer.status_code)
            assert not SECRETS.search(answer.text), path


def test_a_seal_of_one_purpose_opens_no_other_door(cast, two):
    owner = two.a.owner_id
    for purpose in ("invitation", "confirmation", "sign-up", "session", "account", ""):
        answer = cast.browser(two.a).get(f"/sign-in/links/{seal(purpose, owner)}")
        assert answer.status_code == 404, purpose


@pytest.mark.parametrize("what", ["a fault of ours", "a fault of the database"])
def test_a_page_about_a_fault_tells_nothing_of_it(app, cast, two, monkeypatch, what, capsys):
    secret = "canary-7c1e"

    def fail():
        if what == "a fault of ours":
            raise RuntimeError(secret)
        from tenants.unit_of_work import session

        session().execute(
            text("INSERT INTO account (id, email, name, created_at) VALUES (:id, :email, NULL, now())"),
            {"id": new_id(), "email": secret},
        )

    monkeypatch.setitem(app.view_functions, "people.index", _public(app, fail))
    answer = cast.signed_in(two.a).get("/people")
    assert answer.status_code == 500
    assert not SECRETS.search(answer.text)
    assert secret not in answer.text
    logged = capsys.readouterr()
    assert '"status": 500' in logged.out
    assert secret not in logged.out + logged.err, "the log tells the kind of a fault, never its words"


def _public(app, act):
    from app.access.guard import public

    return public("a test")(act)


def test_bound_values_stay_out_of_errors(app, two):
    with pytest.raises(DBAPIError) as caught, tenant_work(two.a.ref) as opened:
        opened.execute(text("SELECT 1/0 WHERE 'canary-7c1e' <> :value"), {"value": "canary-9d2f"})
    assert "canary-9d2f" not in str(caught.value)


def test_every_cookie_and_header_of_every_kind_of_host_is_its_own(cast, two):
    for browser in (cast.signed_in(two.a), cast.browser(), cast.browser(host="staff.kamu.localhost:8000")):
        answer = browser.get("/", check=False)
        for cookie in answer.headers.getlist("Set-Cookie"):
            assert cookie.startswith("__Host-"), cookie
            assert "Domain" not in cookie
            assert {"Secure", "HttpOnly", "SameSite=Lax", "Path=/"} <= set(cookie.split("; ")), cookie
        assert "Access-Control-Allow-Origin" not in answer.headers
        assert "Server" not in answer.headers
        assert "X-Powered-By" not in answer.headers
