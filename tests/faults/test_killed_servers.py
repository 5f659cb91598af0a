"""PostgreSQL and Valkey are killed under use: a clear page meanwhile, and afterwards all is as before."""

import json
import os
import shutil
import socket
from concurrent.futures import ThreadPoolExecutor

import pytest

from app.queue import DUE_LATER, envelope_for
from app.web.session import COOKIE
from local.ports import LOOPBACK
from tenants.faults import Fault
from tenants.provisioning import POOL_SIZE
from tests.faults.conftest import Fragile
from tests.faults.visitor import about_to_confirm, ask_for_place, come_in, found_organisation
from tests.journeys.stack import wait_for
from tests.pages.checker import check_page


def _is_away(fragile: Fragile, part: str) -> None:
    """Every page says that Kamu is away, in words; the platform learns which part it is."""
    for visitor_path in ("/set-up", "/people", "/sign-in"):
        answer = wait_for(lambda path=visitor_path: fragile.owner.get(path), "an answer")
        assert answer["status"] == 503, (visitor_path, answer["text"])
        assert answer["headers"]["Retry-After"]
        assert "Kamu is away for a moment" in answer["text"]
        check_page(answer["text"])
    ready = fragile.stack.ask("/readyz")
    assert ready["status"] == 503
    assert [name for name, well in json.loads(ready["text"]).items() if not well] == [part]
    assert fragile.stack.ask("/healthz")["status"] == 200


def _is_back(fragile: Fragile, pids: dict[str, int]) -> None:
    """The same processes serve the same session again."""
    wait_for(lambda: fragile.stack.ask("/readyz")["status"] == 200, "all parts well")
    cookie = fragile.owner.cookie
    answer = fragile.owner.get("/set-up")
    assert answer["status"] == 200, "the session is the one from before"
    assert fragile.owner.cookie == cookie
    assert {name: fragile.stack.is_alive(name) for name in pids} == dict.fromkeys(pids, True)


def _was_done_once(fragile: Fragile, email: str) -> None:
    fragile.stack.mail_to(email)
    wait_for(lambda: fragile.count_waiting() == 0, "an empty outbox")
    assert len(fragile.stack.mails_to(email)) == 1


def _works(fragile: Fragile, slug: str) -> None:
    """Work that is asked for now gets done."""
    _was_done_once(fragile, ask_for_place(fragile.stack, slug))


def test_postgresql_is_killed_and_comes_back(fragile: Fragile):
    assert fragile.owner.get("/set-up")["status"] == 200
    pids = dict(fragile.stack.pids)
    with fragile.stack.paused("worker"):
        email = ask_for_place(fragile.stack, "toinen")
        with fragile.without(fragile.postgres):
            _is_away(fragile, "postgresql")
    _is_back(fragile, pids)
    _was_done_once(fragile, email)
    _works(fragile, "kolmas")


def test_the_workers_outlive_work_that_meets_no_postgresql(fragile: Fragile):
    pids, client = dict(fragile.stack.pids), fragile.client()
    with fragile.without(fragile.postgres):
        client.zadd(DUE_LATER, {json.dumps(envelope_for(None), sort_keys=True): 0})
        assert wait_for(lambda: client.zcard("rq:failed:default"), "a drain that failed")
    _is_back(fragile, pids)
    _works(fragile, "neljas")


def test_valkey_is_killed_and_comes_back(fragile: Fragile):
    assert fragile.owner.get("/set-up")["status"] == 200
    pids = dict(fragile.stack.pids)
    with fragile.stack.paused("worker"):
        email = ask_for_place(fragile.stack, "viides")
        with fragile.without(fragile.valkey):
            _is_away(fragile, "valkey")
    _is_back(fragile, pids)
    _was_done_once(fragile, email)
    _works(fragile, "kuudes")


def _is_there_once(fragile: Fragile, slug: str) -> None:
    """One organisation, open, with one owner; each schema belongs to somebody or waits for somebody."""
    ((schema, status),) = fragile.rows(f"SELECT schema_name, status FROM control.tenant WHERE slug = '{slug}'")
    assert status == "open"
    assert fragile.rows(f"SELECT email FROM {schema}.account") == [(f"owner@{slug}.example",)]
    assert fragile.rows(f"SELECT state FROM control.sign_up WHERE slug = '{slug}'") == [("open",)]
    wait_for(lambda: fragile.rows(OF_NOBODY) == [], "schemas that belong to somebody")


OF_NOBODY = r"""SELECT nspname FROM pg_namespace WHERE nspname LIKE 't\_%' EXCEPT
(SELECT schema_name FROM control.tenant UNION SELECT schema_name FROM control.tenant_slot)"""


def test_postgresql_is_killed_while_an_owner_is_being_seated(fragile: Fragile):
    start, path = about_to_confirm(fragile.stack, "yhdeksas")
    with fragile.standing_at(Fault.SIGN_UP_SEATED) as somebody:
        assert start.post(path)["status"] == 303
        somebody()
        with fragile.without(fragile.postgres):
            pass
    come_in(start, path, "yhdeksas")
    _is_there_once(fragile, "yhdeksas")


def test_postgresql_is_killed_while_a_schema_is_being_built(fragile: Fragile):
    with fragile.standing_at(Fault.SLOT_BUILT) as somebody:
        found_organisation(fragile.stack, "kymmenes")
        somebody()
        with fragile.without(fragile.postgres):
            pass
    wait_for(lambda: len(fragile.rows("SELECT 1 FROM control.tenant_slot")) >= POOL_SIZE, "a full pool")
    _is_there_once(fragile, "kymmenes")


def test_valkey_is_killed_between_a_commit_and_its_answer(fragile: Fragile):
    start, path = about_to_confirm(fragile.stack, "yhdestoista")
    with ThreadPoolExecutor(1) as aside:
        with fragile.standing_at(Fault.REQUEST_COMMITTED) as somebody:
            answer = aside.submit(start.post, path)
            somebody()
            fragile.kill(fragile.valkey)
        status = answer.result(60)["status"]
        fragile.valkey.start()
    assert status == 303, "the answer changes nothing of the session, so nothing had to be kept"
    wait_for(lambda: fragile.stack.ask("/readyz")["status"] == 200, "all parts well")
    start.get(path)
    assert start.post(path)["status"] == 303, "the button is pressed again"
    come_in(start, path, "yhdestoista")
    _is_there_once(fragile, "yhdestoista")


def test_what_is_written_on_the_wire_opens_ones_own_organisation_or_nothing(fragile: Fragile):
    """Requests that no browser sends, to the server as it runs in life, with an owner's cookie."""
    own, other, cookie = fragile.owner.host, fragile.stack.host("kymmenes"), f"Cookie: {COOKIE}={fragile.owner.cookie}"
    line = "GET /set-up HTTP/1.1"
    assert _says(fragile, line, f"Host: {own}", cookie) == 200
    for words in (
        (line, f"Host: {other}", cookie),
        (line, f"Host: {own}", f"Host: {other}", cookie),
        (line, f"Host: {other}", f"Host: {own}", cookie),
        (line, f"Host: {own},{other}", cookie),
        (line, f"Host : {own}", cookie),
        (line, f"Host: {other}\r\n {own}", cookie),
        (line, f"Host: {other}", f"X-Forwarded-Host: {own}", cookie),
        (line, cookie),
        ("GET /set-up HTTP/1.0", cookie),
        (f"GET http://{own}/set-up HTTP/1.1", f"Host: {other}", cookie),
        (f"GET //{own}/set-up HTTP/1.1", f"Host: {other}", cookie),
        (line, f"Host: {other}", f"HTTP_HOST: {own}", cookie),
    ):
        assert _says(fragile, *words) in {400, 404}, words


def _says(fragile: Fragile, *lines: str) -> int:
    """Send the lines as they are; the status of the answer."""
    with socket.create_connection((LOOPBACK, fragile.stack.port), timeout=30) as wire:
        wire.sendall("\r\n".join([*lines, "Connection: close", "", ""]).encode("latin-1"))
        answer = b""
        while data := wire.recv(65536):
            answer += data
    return int(answer.split(b" ", 2)[1])


@pytest.mark.deep
@pytest.mark.skipif(
    not os.environ.get("KAMU_DEEP"), reason="bin/test --deep runs it: it waits up to a minute for the clock"
)
def test_valkey_loses_everything_and_no_work_is_lost(fragile: Fragile):
    pids = dict(fragile.stack.pids)
    with fragile.stack.paused("worker"):
        email = ask_for_place(fragile.stack, "seitsemas")
        with fragile.without(fragile.valkey):
            shutil.rmtree(fragile.valkey.directory / "appendonlydir")
    wait_for(lambda: fragile.stack.ask("/readyz")["status"] == 200, "all parts well")
    assert fragile.owner.get("/set-up")["status"] == 303, "sessions are gone, so the door is shown"
    _was_done_once(fragile, email)
    fragile.owner = found_organisation(fragile.stack, "kahdeksas")
    _is_back(fragile, pids)
