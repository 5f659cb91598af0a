"""The transport under the product's real Stripe client: requests end here instead of in the network."""

import json
from collections.abc import Mapping
from contextlib import AbstractContextManager
from urllib.parse import parse_qsl, urlsplit

import stripe

from local.stripe import ledger
from local.stripe.checker import Unfit, check_answer, check_request
from local.stripe.questions import PREVIEW, QUESTIONS, Question
from local.stripe.store import Body, Refused, Store, Turn, connected, opened

Answer = tuple[str, int, Mapping[str, str]]
Asked = tuple[str, str, Body, str | None]


class Crashed(BaseException):
    """A worker died at this very moment: after the service acted, before anybody noted it."""


class _Unmade(Exception):
    """Carries a preview out of a transaction that must leave nothing behind."""

    def __init__(self, body: Body) -> None:
        super().__init__()
        self.body = body


class FakeStripe(stripe.HTTPClient):
    """Stripe in a schema of the local database. ``page_url`` is where its payment pages are."""

    name = "fake"

    def __init__(self, address: str, page_url: str) -> None:
        super().__init__()
        self._address, self._page_url = address, page_url
        self.last_headers: Mapping[str, str] = {}

    def memory(self) -> AbstractContextManager[Store]:
        """Open what it remembers, for a look or for letting time pass."""
        return opened(self._address)

    def request(
        self, method: str, url: str, headers: Mapping[str, str] | None, post_data: object = None, **_: object
    ) -> Answer:
        """Answer one request as the service would, faults included."""
        self.last_headers = headers or {}
        parts = urlsplit(url)
        form = decode(str(post_data or "") if method == "post" else parts.query)
        key = self.last_headers.get("Idempotency-Key") if method == "post" else None
        with connected(self._address) as turn:
            with turn() as store:
                fault = store.next_fault()
            return self._with_fault(turn, fault, (method, parts.path, form, key))

    def close(self) -> None:
        """Nothing is kept open between requests."""

    def _sleep_time_seconds(self, num_retries: int) -> float:
        return 0.0 * num_retries

    def _with_fault(self, turn: Turn, fault: str | None, asked: Asked) -> Answer:
        if fault == "away":
            raise _gone("could not connect")
        if fault == "429":
            return _answer(429, {"error": {"type": "invalid_request_error", "code": "rate_limit"}})
        answer = self._once(turn, asked, broken=fault == "500")
        if fault == "lost":
            raise _gone("the answer was lost")
        if fault == "crash":
            raise Crashed
        return answer

    def _once(self, turn: Turn, asked: Asked, *, broken: bool) -> Answer:
        """Do what is asked unless it was done for the same key; what was answered then is answered again."""
        method, path, form, key = asked
        question = json.dumps([method, path, form], sort_keys=True)
        with turn() as store:
            known = store.find_answer(key) if key else None
            if known and known[0] != question:
                return _answer(400, {"error": {"type": "idempotency_error", "code": "idempotency_key_in_use"}})
            if known:
                return known[2], known[1], {"Request-Id": "req_fake", "Idempotent-Replayed": "true"}
            ledger.let_time_pass(store, store.now)
            status, body = (500, _failed()) if broken else self._do(turn, method, path, form)
            answer = _answer(status, body)
            if key:
                store.keep_answer(key, question, status, answer[0])
        return answer

    def _do(self, turn: Turn, method: str, path: str, form: Body) -> tuple[int, Body]:
        """Do it in a transaction of its own within the request's: what is refused or only looked at is unmade."""
        try:
            with turn() as store:
                body = self._ask(store, method, path, form)
                _unmake(path, body)
        except _Unmade as unmade:
            return 200, unmade.body
        except Refused as no:
            return no.status, {"error": {"type": "invalid_request_error", "code": no.code, "message": no.message}}
        except Unfit as unfit:
            return 400, {"error": {"type": "invalid_request_error", "code": "parameter_unknown", "message": str(unfit)}}
        return 200, body

    def _ask(self, store: Store, method: str, path: str, form: Body) -> Body:
        question, ids = _find(method, path)
        body = question.handler(store, check_request(question.params, form), self._page_url, *ids)
        for each in body["data"] if body.get("object") == "list" else [body]:
            check_answer(question.answer, each)
        return body


def decode(text: str) -> Body:
    """Read a form as Stripe does: ``items[0][id]=x`` is a list of objects."""
    whole: Body = {}
    for name, value in parse_qsl(text, keep_blank_values=True):
        *way, last = name.replace("]", "").split("[")
        place = whole
        for step in way:
            place = place.setdefault(step, {})
        place[last] = value
    return {key: _lists(value) for key, value in whole.items()}


def _lists(value: object) -> object:
    if not isinstance(value, dict):
        return value
    inner = {key: _lists(each) for key, each in value.items()}
    return [inner[key] for key in sorted(inner, key=int)] if inner and all(key.isdigit() for key in inner) else inner


def _unmake(path: str, body: Body) -> None:
    if path == PREVIEW:
        raise _Unmade(body)


def _find(method: str, path: str) -> tuple[Question, tuple[str, ...]]:
    for question in QUESTIONS:
        found = question.match(method, path)
        if found:
            return question, found.groups()
    raise Refused(404, "unknown_url", f"{method} {path} is not known here")


def _answer(status: int, body: Body) -> Answer:
    return json.dumps(body), status, {"Request-Id": "req_fake"}


def _gone(how: str) -> stripe.APIConnectionError:
    return stripe.APIConnectionError(how, should_retry=True)  # type: ignore[no-untyped-call]


def _failed() -> Body:
    return {"error": {"type": "api_error", "message": "An unknown error occurred"}}
