"""PostgreSQL and Valkey are killed under use: a clear page meanwhile, and afterwards all is as before."""

import json
import os
import shutil

import pytest

from app.queue import DUE_LATER, envelope_for
from tests.faults.conftest import Fragile
from tests.faults.visitor import ask_for_place, found_organisation
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
