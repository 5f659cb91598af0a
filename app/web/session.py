"""Own sessions, kept in Valkey. The browser holds a random id, Valkey only that id's SHA-256.

Anonymous sessions exist for forms and sign-in in progress; they are made when something is first kept in them.
"""

import hashlib
import secrets
import time
from typing import Any, cast
from uuid import UUID

import redis
from flask import Flask, Request, Response, g, render_template, request, session
from flask.json.tag import TaggedJSONSerializer
from flask.sessions import SessionInterface, SessionMixin
from redis.client import Pipeline
from werkzeug.datastructures import CallbackDict

from app.valkey import valkey
from app.web.devices import device_of

COOKIE = "__Host-kamu"
HOUR = 3600
# Of accounts the most that an organisation may choose; what it chose is looked at with the account (app.access).
IDLE = {"visitor": 2 * HOUR, "account": 24 * HOUR, "staff": HOUR}
ABSOLUTE = {"visitor": 24 * HOUR, "account": 30 * 24 * HOUR, "staff": 12 * HOUR}
TOUCHED_EVERY = 60
FRESH = HOUR / 4
WITHOUT_SESSION = ("/assets/", "/healthz", "/readyz")
_json = TaggedJSONSerializer()


class ServerSession(CallbackDict[str, Any], SessionMixin):
    """A dict of the browser's session. ``sid`` is the cookie's value, empty until the session is first saved.

    ``is_lost`` says that Valkey did not answer: nobody knows whose session it is, and it is not saved.
    ``used``: when a request last came with it, to the minute.
    """

    def __init__(self, initial: dict[str, Any] | None = None, sid: str = "") -> None:
        def changed(_: object) -> None:
            self.modified = True

        super().__init__(initial or {}, changed)
        self.sid = sid
        self.old_sid = ""
        self.begins = False
        self.used = time.time()
        self.modified = False
        self.is_lost = False

    @property
    def kind(self) -> str:
        """Whose session it is: visitor, account or staff."""
        return str(self.get("kind", "visitor"))

    def set_aside(self) -> None:
        """Forget what was read, and keep nothing: the request is a program's."""
        self.clear()
        self.sid, self.is_lost = "", True

    def rotate(self) -> None:
        """Have the session saved under a new id, and the old one deleted."""
        self.old_sid, self.sid = self.old_sid or self.sid, ""
        self.modified = True


class ValkeySessions(SessionInterface):
    """Loads and saves ``ServerSession``; one round trip to load, one to save what has changed."""

    def open_session(self, app: Flask, request: Request) -> ServerSession:
        """Load the browser's session, or start an empty one for an unknown, old or ill-formed cookie."""
        sid = request.cookies.get(COOKIE, "")
        if not sid or request.path.startswith(WITHOUT_SESSION):
            return ServerSession()
        try:
            stored, left = _read(_client(app), _key(sid))
        except redis.RedisError:
            lost = ServerSession()
            lost.is_lost = True
            return lost
        if not isinstance(stored, bytes):
            return ServerSession()
        found = ServerSession(read_stored(stored), sid)
        found.used = used_at(found.kind, left)
        if time.time() - found.get("began", 0) > ABSOLUTE[found.kind]:
            _client(app).delete(_key(sid))
            return ServerSession()
        return found

    def save_session(self, app: Flask, session: SessionMixin, response: Response) -> None:
        """Keep what changed; refresh the idle time; set the cookie when the id is new."""
        mine = cast("ServerSession", session)
        if mine.is_lost:
            return
        try:
            self._save(_client(app), mine, response)
        except redis.RedisError:
            # The page was made, but its forms and its sign-in would not work: say so instead.
            mine.is_lost = True
            g.bare = True
            response.status_code = 503
            response.headers["Retry-After"] = "5"
            response.set_data(render_template("errors/503.html", reason=None))

    def _save(self, client: redis.Redis, mine: ServerSession, response: Response) -> None:
        if mine.old_sid and not client.delete(_key(mine.old_sid)) and not mine.begins:
            return  # It was ended while this request was under way.
        if not mine:
            if mine.modified and (mine.sid or mine.old_sid):
                client.delete(_key(mine.sid))
                response.delete_cookie(COOKIE, secure=True, httponly=True, samesite="Lax")
            return
        if not mine.modified:
            if time.time() - mine.used > TOUCHED_EVERY:
                client.expire(_key(mine.sid), IDLE[mine.kind])
            return
        mine.setdefault("began", time.time())
        kept = _json.dumps(dict(mine))
        if mine.sid:
            # Only over the one that is there: a session that was ended meanwhile stays ended.
            client.set(_key(mine.sid), kept, ex=IDLE[mine.kind], xx=True)
            return
        mine.sid = secrets.token_urlsafe(32)
        response.set_cookie(COOKIE, mine.sid, secure=True, httponly=True, samesite="Lax")
        # All or nothing: a session that no index names could not be ended from elsewhere.
        keeping = client.pipeline()
        keeping.set(_key(mine.sid), kept, ex=IDLE[mine.kind])
        _index(keeping, mine)
        keeping.execute()


def start_account_session(
    account_id: UUID, *, method: str, connection_id: UUID | None = None, sid: str | None = None, asked: bool = False
) -> None:
    """Begin an account's session under a new id; what the browser kept as a visitor is dropped, but its language.

    ``method`` is ``oidc``, ``link``, ``passkey`` or ``rescue``; ``sid`` is the provider's own session id,
    for its logout. ``asked``: the provider asked them just now; else it may have let them in by what it remembers,
    and the sign-in is no proof that it is still the same person at the keyboard.
    Who came by a provider and confirms it in another way still ends with that provider's session.
    """
    kept = _kept_when_confirmed(account_id, by_provider=connection_id is None and method != "rescue")
    _begin(
        kind="account",
        account=str(account_id),
        tenant=str(g.tenant.id),
        generation=g.tenant.generation,
        method=method,
        connection=str(connection_id) if connection_id else None,
        provider_sid=sid,
        device=device_of(request.user_agent.string),
        handle=secrets.token_urlsafe(9),
    )
    session.update(kept)
    if method == "oidc" and not asked:
        session["fresh_at"] = 0


def _kept_when_confirmed(account_id: UUID, *, by_provider: bool) -> dict[str, Any]:
    """What stays of a session whose own account signs in again: forms in other tabs, and the provider it came by."""
    if session.get("account") != str(account_id):
        return {}
    came = ("connection", "provider_sid", "began", "since") if by_provider and session.get("connection") else ()
    return {name: session[name] for name in ("csrf", *came) if name in session}


def start_staff_session(staff_id: UUID) -> None:
    """Begin the session of one of Nitor's staff under a new id."""
    _begin(kind="staff", staff=str(staff_id), method="passkey")


def end_session() -> None:
    """End the browser's session, here and in Valkey; the language chosen stays."""
    _begin()


def is_fresh() -> bool:
    """Whether whoever is here signed in, or confirmed it, in the last quarter hour.

    Who came in by rescue has half an hour in all, and spent a code on it: that is asked once.
    """
    return session.get("method") == "rescue" or time.time() - session.get("fresh_at", 0) <= FRESH


def browser_nonce() -> str:
    """Return a random value that stays with this browser's session, for links that must come back to the same one."""
    if "nonce" not in session:
        session["nonce"] = secrets.token_urlsafe(24)
    return str(session["nonce"])


def csrf_token() -> str:
    """Return the session's form token, making one when there is none."""
    if "csrf" not in session:
        session["csrf"] = secrets.token_urlsafe(24)
    return str(session["csrf"])


def _begin(**values: Any) -> None:
    mine = cast("ServerSession", session)
    language, flashes = mine.get("language"), mine.get("_flashes")
    mine.rotate()
    mine.begins = True
    mine.clear()
    mine.update({name: value for name, value in values.items() if value is not None})
    mine["began"] = mine["fresh_at"] = time.time()
    for name, value in (("language", language), ("_flashes", flashes)):
        if value:
            mine[name] = value


def _index(keeping: Pipeline, mine: ServerSession) -> None:
    """Note which sessions an account has, so that all can be ended at once."""
    if mine.kind != "account":
        return
    names = [index_of_account(mine["tenant"], mine["account"])]
    if mine.get("provider_sid"):
        names.append(index_of_provider(mine["tenant"], mine["connection"], mine["provider_sid"]))
    for name in names:
        keeping.sadd(name, _key(mine.sid))
        keeping.expire(name, ABSOLUTE["account"])


def index_of_account(tenant_id: UUID | str, account_id: UUID | str) -> str:
    """Where the keys of an account's sessions are noted."""
    return f"sessions:{tenant_id}:account:{account_id}"


def index_of_provider(tenant_id: UUID | str, connection_id: UUID | str, provider_sid: str) -> str:
    """Where the keys of the sessions are noted that came from one session at a provider; its id is anybody's text."""
    digest = hashlib.sha256(provider_sid.encode()).hexdigest()
    return f"sessions:{tenant_id}:connection:{connection_id}:{digest}"


def read_stored(stored: bytes) -> dict[str, Any]:
    """What a session holds, from what Valkey keeps of it."""
    return cast("dict[str, Any]", _json.loads(stored.decode()))


def used_at(kind: str, milliseconds_left: int) -> float:
    """When a session was last used, from the time that Valkey would still keep it."""
    return time.time() - IDLE[kind] + milliseconds_left / 1000


def _key(sid: str) -> str:
    return "session:" + hashlib.sha256(sid.encode()).hexdigest()


def _read(client: redis.Redis, key: str) -> tuple[object, int]:
    """What is kept under a key and for how many milliseconds more, in one round trip."""
    asking = client.pipeline(transaction=False)
    asking.get(key)
    asking.pttl(key)
    stored, left = asking.execute()
    return stored, left


def _client(app: Flask) -> redis.Redis:
    with app.app_context():
        return valkey()
