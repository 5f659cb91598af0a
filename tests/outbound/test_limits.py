"""An answer has five seconds and 256 KiB, in all."""

import time

import pytest
import requests

from app.outbound import (
    AddressRefused,
    AnswerTooLarge,
    GuardedAdapter,
    NoAnswer,
    NotJson,
    UnexpectedStatus,
    client,
    fetch_json,
    guard,
    read_json,
)
from tests.outbound.listener import listening, says


@pytest.fixture
def loopback(monkeypatch):
    class Local:
        outbound_loopback = True

    monkeypatch.setattr(client, "settings", Local)


def get(listener, **limits):
    with requests.Session() as session:
        session.adapters.clear()
        session.mount("http://", GuardedAdapter(loopback=True, **limits))
        return session.get(f"http://127.0.0.1:{listener.port}/", timeout=5)


def test_a_json_object_is_read(loopback):
    with listening(says(b'{"issuer": "x"}')) as listener:
        assert fetch_json(f"http://127.0.0.1:{listener.port}/") == {"issuer": "x"}


def test_loopback_is_refused_where_the_settings_do_not_say_otherwise(monkeypatch):
    class Production:
        outbound_loopback = False

    monkeypatch.setattr(client, "settings", Production)
    with listening(says(b"{}")) as listener:
        with pytest.raises(AddressRefused):
            fetch_json(f"http://127.0.0.1:{listener.port}/")
        assert listener.connections == 0


@pytest.mark.parametrize("body", [b"", b"<html>", b"[]", b'"text"', b"[" * 100_000])
def test_what_is_not_a_json_object_is_named_so(body, loopback):
    with listening(says(body)) as listener, pytest.raises(NotJson):
        fetch_json(f"http://127.0.0.1:{listener.port}/")


def test_a_failing_status_is_named():
    answer = requests.Response()
    answer.status_code = 503
    with pytest.raises(UnexpectedStatus) as caught:
        read_json(answer)
    assert caught.value.status == 503


def test_an_answer_at_the_limit_is_read_and_one_byte_more_is_not():
    with listening(says(b"x" * 1000)) as listener:
        assert len(get(listener, largest=1000).content) == 1000
        with pytest.raises(AnswerTooLarge):
            get(listener, largest=999)


def test_an_endless_answer_is_cut_at_the_limit():
    def endless(sock):
        sock.sendall(b"HTTP/1.1 200 OK\r\nConnection: close\r\n\r\n")
        for _ in range(10_000):
            sock.sendall(b"x" * 65_536)

    with listening(endless) as listener, pytest.raises(AnswerTooLarge):
        get(listener)


@pytest.mark.parametrize("pause", ["before the head", "in the head", "in the body"])
def test_an_answer_that_drips_is_cut_when_the_time_is_up(pause):
    def dripping(sock):
        if pause == "in the head":
            sock.sendall(b"HTTP/1.1 200 OK\r\nX: ")
        if pause == "in the body":
            sock.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\n")
        for _ in range(100):
            if pause != "before the head":
                sock.sendall(b"x")
            time.sleep(0.05)

    begun = time.monotonic()
    with listening(dripping) as listener, pytest.raises(NoAnswer):
        get(listener, seconds=0.4)
    assert time.monotonic() - begun < 2


def test_a_slow_look_up_is_cut_when_the_time_is_up():
    def slow(*_):
        time.sleep(0.6)
        return ["127.0.0.1"]

    begun = time.monotonic()
    with listening(says(b"{}")) as listener, pytest.raises(NoAnswer):
        get(listener, seconds=0.2, resolve=slow)
    assert time.monotonic() - begun < 1.5
    assert listener.connections == 0


@pytest.mark.parametrize("answer", [b"", b"SSH-2.0-OpenSSH_9.2\r\n", b"HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nx"])
def test_what_is_not_a_whole_http_answer_is_no_answer(answer):
    with listening(lambda sock: sock.sendall(answer)) as listener, pytest.raises(NoAnswer):
        get(listener)


def test_a_name_without_addresses_is_no_answer():
    with listening(says(b"{}")) as listener, pytest.raises(NoAnswer):
        get(listener, resolve=lambda *_: [])


def test_a_proxy_in_the_environment_is_not_used(monkeypatch, loopback):
    with listening(says(b'{"from": "proxy"}')) as proxy, listening(says(b"{}")) as listener:
        for name in ("http_proxy", "https_proxy", "all_proxy", "HTTP_PROXY"):
            monkeypatch.setenv(name, f"http://127.0.0.1:{proxy.port}")
        assert fetch_json(f"http://127.0.0.1:{listener.port}/") == {}
        assert proxy.connections == 0


def test_a_guarded_session_has_no_other_way_out(loopback):
    with guard(requests.Session()) as session:
        assert sorted(session.adapters) == ["http://", "https://"]
        with pytest.raises(requests.exceptions.InvalidSchema):
            session.get("ftp://example.com/", timeout=1)
