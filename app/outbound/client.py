"""The client itself: requests, made to leave through the passage only."""

import socket
from collections.abc import Mapping
from typing import Any, TypeVar

import requests
from requests.adapters import HTTPAdapter
from urllib3 import HTTPConnectionPool, HTTPSConnectionPool
from urllib3.connection import HTTPConnection, HTTPSConnection
from urllib3.exceptions import HTTPError

from app.outbound.addresses import Resolve, look_up, read_target
from app.outbound.errors import (
    AnswerTooLarge,
    NoAnswer,
    NotJson,
    RedirectRefused,
    UnexpectedStatus,
)
from app.outbound.passage import Deadline, Passage
from app.settings import settings

SECONDS = 5.0
LARGEST = 256 * 1024
_OK, _REDIRECTS_FROM, _REDIRECTS_TO = 200, 300, 400

S = TypeVar("S", bound=requests.Session)


class _GuardedConnection(HTTPConnection):
    def __init__(self, *args: Any, passage: Passage, **kwargs: Any) -> None:
        self._passage = passage
        super().__init__(*args, **kwargs)

    def _new_conn(self) -> socket.socket:
        return self._passage.open(self.host, self.port)


class _GuardedTlsConnection(HTTPSConnection):
    def __init__(self, *args: Any, passage: Passage, **kwargs: Any) -> None:
        self._passage = passage
        super().__init__(*args, **kwargs)

    def _new_conn(self) -> socket.socket:
        return self._passage.open(self.host, self.port)


class _GuardedPool(HTTPConnectionPool):
    ConnectionCls = _GuardedConnection


class _GuardedTlsPool(HTTPSConnectionPool):
    ConnectionCls = _GuardedTlsConnection


class GuardedAdapter(HTTPAdapter):
    """Carries the requests of a `requests.Session` under the rules of this module."""

    def __init__(
        self,
        *,
        loopback: bool,
        resolve: Resolve = look_up,
        seconds: float = SECONDS,
        largest: int = LARGEST,
    ) -> None:
        self._loopback = loopback
        self._resolve = resolve
        self._seconds = seconds
        self._largest = largest
        super().__init__()

    def send(self, request: requests.PreparedRequest, *_: Any, **__: Any) -> requests.Response:
        """The whole answer, read. What the session says of timeouts, proxies and checks is not heard."""
        request.headers["Accept-Encoding"] = "identity"
        with Deadline(self._seconds) as deadline:
            self._deadline = deadline
            try:
                answer = super().send(request, stream=True, timeout=deadline.left(), verify=True)
                self._read(answer)
                # A cut connection reads like an answer that ends early.
                deadline.left()
            except (requests.RequestException, HTTPError, OSError) as error:
                raise NoAnswer from error
        return answer

    def get_connection_with_tls_context(
        self, request: requests.PreparedRequest, *_: Any, **__: Any
    ) -> HTTPConnectionPool:
        """A pool of one connection for this request alone. Raises AddressRefused."""
        scheme, host, port = read_target(request.url or "", loopback=self._loopback)
        passage = Passage(inside=scheme == "http", resolve=self._resolve, deadline=self._deadline)
        if scheme == "http":
            return _GuardedPool(host, port, passage=passage)
        return _GuardedTlsPool(host, port, passage=passage)

    def _read(self, answer: requests.Response) -> None:
        with answer.raw:
            if _REDIRECTS_FROM <= answer.status_code < _REDIRECTS_TO:
                raise RedirectRefused
            body = bytearray()
            for piece in answer.raw.stream(16_384, decode_content=False):
                body += piece
                if len(body) > self._largest:
                    raise AnswerTooLarge
        # Set as requests itself does after reading, so that .content and .json() serve what was read here.
        answer._content = bytes(body)  # noqa: SLF001
        answer._content_consumed = True  # type: ignore[attr-defined]  # noqa: SLF001


def guard(session: S) -> S:
    """The same session, able to leave only through the guard."""
    session.trust_env = False
    session.max_redirects = 0
    session.adapters.clear()
    session.mount("https://", GuardedAdapter(loopback=False))
    session.mount("http://", GuardedAdapter(loopback=settings().outbound_loopback))
    return session


def fetch_json(url: str, *, headers: Mapping[str, str] | None = None) -> dict[str, object]:
    """The JSON object at an address. Raises an OutboundError that says what was wrong."""
    with guard(requests.Session()) as session:
        answer = session.get(url, headers={"Accept": "application/json", **(headers or {})}, timeout=SECONDS)
    return read_json(answer)


def read_json(answer: requests.Response) -> dict[str, object]:
    """The JSON object of an answer with status 200. Raises UnexpectedStatus, NotJson."""
    if answer.status_code != _OK:
        raise UnexpectedStatus(answer.status_code)
    try:
        found = answer.json()
    except (ValueError, RecursionError) as error:
        raise NotJson from error
    if not isinstance(found, dict):
        raise NotJson
    return found
