"""An OpenID provider of our own that behaves well, or attacks in exactly one named way at a time.

The names follow the OpenID Foundation's relying-party test cases where there is one.
"""

import base64
import hashlib
import hmac
import json
import secrets
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, unquote_plus, urlencode, urlsplit

from joserfc import jws
from joserfc.jwk import ECKey, OKPKey, RSAKey

CLIENT_ID, CLIENT_SECRET = "kamu-client", "s3cret+with/odd%signs"

_RSA = [RSAKey.generate_key(2048) for _ in range(3)]
_EC = [ECKey.generate_key("P-256") for _ in range(2)]
_OKP = OKPKey.generate_key("Ed25519")
_SMALL_RSA = {"kty": "RSA", "e": "AQAB", "n": base64.urlsafe_b64encode(b"\xc1" * 128).rstrip(b"=").decode()}

Claims = dict[str, Any]

# What each attack on the claims does to those of an honest token.
CLAIM_ATTACKS: dict[str, Callable[[Claims], Claims]] = {
    "wrong aud": lambda c: {**c, "aud": "somebody-else"},
    "missing aud": lambda c: _without(c, "aud"),
    "aud empty list": lambda c: {**c, "aud": []},
    "aud is an object": lambda c: {**c, "aud": {CLIENT_ID: True}},
    "aud lists a stranger beside us": lambda c: {**c, "aud": [CLIENT_ID, "somebody-else"]},
    "foreign aud with our azp": lambda c: {**c, "aud": "somebody-else", "azp": CLIENT_ID},
    "foreign aud list with our azp": lambda c: {**c, "aud": ["somebody-else"], "azp": CLIENT_ID},
    "wrong azp": lambda c: {**c, "azp": "somebody-else"},
    "wrong iss": lambda c: {**c, "iss": "https://evil.example"},
    "iss with a slash more": lambda c: {**c, "iss": c["iss"] + "/"},
    "missing iss": lambda c: _without(c, "iss"),
    "missing nonce": lambda c: _without(c, "nonce"),
    "wrong nonce": lambda c: {**c, "nonce": "another"},
    "nonce is a lone surrogate": lambda c: {**c, "nonce": "\ud800"},
    "missing auth_time": lambda c: _without(c, "auth_time"),
    "missing sub": lambda c: _without(c, "sub"),
    "empty sub": lambda c: {**c, "sub": ""},
    "sub is a number": lambda c: {**c, "sub": 7},
    "sub too long": lambda c: {**c, "sub": "x" * 256},
    "missing iat": lambda c: _without(c, "iat"),
    "iat in the future": lambda c: {**c, "iat": time.time() + 300},
    "iat is text": lambda c: {**c, "iat": "now"},
    "missing exp": lambda c: _without(c, "exp"),
    "expired": lambda c: {**c, "exp": time.time() - 60},
    "exp is text": lambda c: {**c, "exp": "never"},
    "exp is true": lambda c: {**c, "exp": True},
    "exp is not a number": lambda c: {**c, "exp": float("nan")},
    "exp is infinity": lambda c: {**c, "exp": float("inf")},
    "exp is beyond all numbers": lambda c: {**c, "exp": 10**400},
    "nbf in the future": lambda c: {**c, "nbf": time.time() + 300},
    "wrong at_hash": lambda c: {**c, "at_hash": "AAAAAAAAAAAAAAAAAAAAAA"},
}

METADATA_ATTACKS: dict[str, Callable[[Claims], Claims]] = {
    "discovery issuer mismatch": lambda m: {**m, "issuer": "https://accounts.example"},
    "discovery issuer with a slash more": lambda m: {**m, "issuer": m["issuer"] + "/"},
    "discovery without issuer": lambda m: _without(m, "issuer"),
    "no token endpoint": lambda m: _without(m, "token_endpoint"),
    "authorization endpoint is a script": lambda m: {**m, "authorization_endpoint": "javascript:alert(1)"},
    "keys point inside": lambda m: {**m, "jwks_uri": "http://10.0.0.1/keys"},
    "token endpoint is plain http": lambda m: {**m, "token_endpoint": "http://login.example.com/token"},
    "only alg none": lambda m: {**m, "id_token_signing_alg_values_supported": ["none"]},
    "only HS256": lambda m: {**m, "id_token_signing_alg_values_supported": ["HS256"]},
    "algorithms are not a list": lambda m: {**m, "id_token_signing_alg_values_supported": "RS256"},
    "only private_key_jwt": lambda m: {**m, "token_endpoint_auth_methods_supported": ["private_key_jwt"]},
    "no way out": lambda m: _without(m, "end_session_endpoint"),
    "way out is a script": lambda m: {**m, "end_session_endpoint": "javascript:alert(1)"},
    "no registration": lambda m: _without(m, "registration_endpoint"),
    "registration inside": lambda m: {**m, "registration_endpoint": "https://127.0.0.1:8443/register"},
    "no userinfo endpoint": lambda m: _without(m, "userinfo_endpoint"),
    "no code flow": lambda m: {**m, "response_types_supported": ["id_token"]},
    "oversized metadata": lambda m: {**m, "padding": "x" * 300_000},
}


def _without(values: Claims, name: str) -> Claims:
    return {key: value for key, value in values.items() if key != name}


def _b64(raw: bytes) -> str:
    return base64.urlsafe_b64encode(raw).rstrip(b"=").decode()


class HostileProvider:
    """`attack` names the one thing that is wrong; empty means that nothing is."""

    def __init__(self) -> None:
        self.reset()
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), self._handler())
        self._server.daemon_threads = True
        self.issuer = f"http://127.0.0.1:{self._server.server_port}"
        self._thread = threading.Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.02})
        self._thread.start()

    def reset(self) -> None:
        """Be honest again, with nothing remembered."""
        self.attack = ""
        self.subject = "subject-1"
        self.extra: Claims = {"email": "aino@example.com", "name": "Aino Virta"}
        self.algorithm = "RS256"
        self.secret_methods = ["client_secret_basic"]
        self.names_itself = False
        self.header: Claims = {}
        self.registered: list[Claims] = []
        self.registration: tuple[int, Claims] = (201, {"client_id": CLIENT_ID, "client_secret": CLIENT_SECRET})
        self.pause = 0.0
        self.calls: Counter[str] = Counter()
        self.keys: list[tuple[str | None, Any]] = [("one", _RSA[0])]
        self._codes: dict[str, dict[str, str]] = {}

    def close(self) -> None:
        self._server.shutdown()
        self._thread.join()
        self._server.server_close()

    # Being asked

    def metadata(self) -> Claims:
        honest = {
            "issuer": self.issuer,
            "authorization_endpoint": f"{self.issuer}/authorize",
            "token_endpoint": f"{self.issuer}/token",
            "jwks_uri": f"{self.issuer}/keys",
            "userinfo_endpoint": f"{self.issuer}/userinfo",
            "end_session_endpoint": f"{self.issuer}/logout?realm=one",
            "registration_endpoint": f"{self.issuer}/register",
            "response_types_supported": ["code"],
            "id_token_signing_alg_values_supported": ["RS256", "ES256", "EdDSA", "PS256", "HS256", "none"],
            "token_endpoint_auth_methods_supported": self.secret_methods,
            "authorization_response_iss_parameter_supported": self.names_itself,
        }
        return METADATA_ATTACKS.get(self.attack, dict)(honest)

    def key_set(self) -> Claims:
        keys: list[Claims] = []
        for kid, key in self.keys:
            public = {**key.as_dict(private=False), "use": "sig"}
            public.pop("kid", None)
            keys.append(public if kid is None else {**public, "kid": kid})
        if self.attack == "key too small":
            keys = [{**_SMALL_RSA, "kid": "one"}]
        if self.attack == "keys are not a list":
            return {"keys": {"one": keys}}
        if self.attack == "key is for encryption":
            keys = [{**key, "use": "enc"} for key in keys]
        return {"keys": keys}

    def rotate(self, kid: str | None = "two") -> None:
        """Signs with a new key from now on, and publishes only that."""
        self.keys = [(kid, _RSA[1])]

    def publish(self, *kids: str | None) -> None:
        """Publishes several RSA keys; signs with the first."""
        self.keys = [(kid, key) for kid, key in zip(kids, _RSA, strict=False)]

    # What the browser does there

    def visit(self, url: str) -> dict[str, str]:
        """Sign in at the authorization endpoint; the parameters that come back to the redirect URI."""
        asked = {name: values[0] for name, values in parse_qs(urlsplit(url).query).items()}
        assert asked["client_id"] == CLIENT_ID
        assert asked["response_type"] == "code"
        assert asked["code_challenge_method"] == "S256"
        assert len(asked["code_challenge"]) == 43
        code = secrets.token_urlsafe(16)
        self._codes[code] = asked
        back = {"state": asked["state"], "code": code}
        if self.names_itself and self.attack != "iss parameter missing":
            back["iss"] = self.issuer
        if self.attack == "iss parameter wrong":
            back["iss"] = "https://evil.example"
        return back

    def redirect_path(self, back: dict[str, str]) -> str:
        """The path and query with which the browser comes back."""
        return urlsplit(self._codes[back["code"]]["redirect_uri"]).path + "?" + urlencode(back)

    def _send_back(self, query: str) -> str:
        """For real browsers: signs in whoever comes, at once."""
        back = self.visit("?" + query)
        return self._codes[back["code"]]["redirect_uri"] + "?" + urlencode(back)

    # Tokens

    def _token(self, form: dict[str, str], authorization: str) -> tuple[int, Claims]:
        if not self._is_client(form, authorization):
            return 401, {"error": "invalid_client", "error_description": "<script>secret words</script>"}
        asked = self._codes.pop(form.get("code", ""), None)
        if asked is None or self.attack == "late code":
            return 400, {"error": "invalid_grant"}
        digest = hashlib.sha256(form["code_verifier"].encode()).digest()
        if _b64(digest) != asked["code_challenge"] or form["redirect_uri"] != asked["redirect_uri"]:
            return 400, {"error": "invalid_grant"}
        access_token = secrets.token_urlsafe(16)
        answer = {"access_token": access_token, "token_type": "Bearer", "expires_in": 60}
        if self.attack == "no id token":
            return 200, answer
        return 200, {**answer, "id_token": self.sign(self._claims(asked, access_token))}

    def _is_client(self, form: dict[str, str], authorization: str) -> bool:
        if self.secret_methods == ["client_secret_basic"]:
            pair = base64.b64decode(authorization.removeprefix("Basic ")).decode()
            return [unquote_plus(each) for each in pair.split(":", 1)] == [CLIENT_ID, CLIENT_SECRET]
        return (form.get("client_id"), form.get("client_secret")) == (CLIENT_ID, CLIENT_SECRET)

    def _claims(self, asked: dict[str, str], access_token: str) -> Claims:
        now = time.time()
        size = hashlib.sha512 if self.algorithm == "EdDSA" else hashlib.sha256
        digest = size(access_token.encode()).digest()
        honest = {
            "iss": self.issuer,
            "sub": self.subject,
            "aud": CLIENT_ID,
            "exp": int(now) + 300,
            "iat": int(now),
            "nonce": asked["nonce"],
            "at_hash": _b64(digest[: len(digest) // 2]),
            **({"auth_time": int(now)} if "max_age" in asked else {}),
            **self.extra,
        }
        told = {name: value for name, value in honest.items() if value is not None}
        return CLAIM_ATTACKS.get(self.attack, dict)(told)

    def sign(self, claims: Claims) -> str:
        payload = json.dumps(claims).encode()
        kid, key = self.keys[0]
        header: Claims = {"alg": self.algorithm, **({"kid": kid} if kid else {}), **self.header}
        if self.attack == "kid absent":
            header.pop("kid", None)
        if self.attack == "kid unknown":
            header["kid"] = secrets.token_hex(8)
        if self.attack in {"alg none", "alg none with a signature"}:
            head = _b64(json.dumps({"alg": "none"}).encode())
            return f"{head}.{_b64(payload)}." + ("AAAA" if "signature" in self.attack else "")
        if self.attack == "HS256 with the public key":
            return self._sign_with_secret(payload, kid, _RSA[0].as_pem(private=False))
        if self.attack == "HS256 with the client secret":
            return self._sign_with_secret(payload, kid, CLIENT_SECRET.encode())
        if self.attack == "alg not offered":
            header["alg"] = "RS512"
        if self.attack == "critical header":
            header |= {"crit": ["exp"], "exp": 1}
        if self.attack == "signed by a stranger":
            key = _RSA[2]
        if self.attack == "ES256 signed by a stranger":
            key, header["alg"] = _EC[1], "ES256"
        registry = jws.JWSRegistry(algorithms=[header["alg"]], strict_check_header=False)
        if self.attack == "critical header":
            registry.check_header = lambda _header: None  # type: ignore[method-assign]
        registry.get_alg = lambda name: jws.JWSRegistry.algorithms[name]  # type: ignore[method-assign]
        token = jws.serialize_compact(header, payload, key, registry=registry)
        if self.attack == "payload changed":
            head, _, signature = token.split(".")
            token = f"{head}.{_b64(json.dumps({**claims, 'sub': 'the-owner'}).encode())}.{signature}"
        if self.attack == "not a token":
            token = "e30.e30"
        if self.attack == "header is a list":
            token = _b64(json.dumps(["alg"]).encode()) + f".{_b64(payload)}.AAAA"
        return token

    def logout_token(self, **changes: Any) -> str:
        """Word that somebody's sign-in here has ended; a change of None leaves the claim out."""
        honest = {
            "iss": self.issuer,
            "aud": CLIENT_ID,
            "iat": int(time.time()),
            "exp": int(time.time()) + 120,
            "jti": secrets.token_hex(8),
            "sub": self.subject,
            "events": {"http://schemas.openid.net/event/backchannel-logout": {}},
            **changes,
        }
        return self.sign({name: value for name, value in honest.items() if value is not None})

    def _sign_with_secret(self, payload: bytes, kid: str | None, secret: bytes) -> str:
        head = _b64(json.dumps({"alg": "HS256", "kid": kid}).encode())
        signature = hmac.new(secret, f"{head}.{_b64(payload)}".encode(), hashlib.sha256).digest()
        return f"{head}.{_b64(payload)}.{_b64(signature)}"

    def use(self, algorithm: str) -> None:
        """Sign with another kind of key."""
        self.algorithm = algorithm
        key = {"ES256": _EC[0], "EdDSA": _OKP}.get(algorithm, _RSA[0])
        self.keys = [("one", key)]

    def _userinfo(self) -> tuple[int, Claims]:
        return 200, {"sub": "somebody-else" if self.attack == "userinfo sub differs" else self.subject, "locale": "fi"}

    def _answer(self, path: str, query: str, form: dict[str, str], authorization: str) -> tuple[int, bytes, str]:
        kind = "application/json"
        if path == "/.well-known/openid-configuration":
            if self.attack == "metadata is a page":
                return 200, b"<html>Sign in to your router</html>", "text/html"
            if self.attack == "metadata redirects":
                return 302, b"", "http://127.0.0.1:1/inside"
            if self.attack == "metadata not found":
                return 404, b"{}", kind
            return 200, json.dumps(self.metadata()).encode(), kind
        if path == "/keys":
            return (
                (500, b"{}", kind) if self.attack == "keys fail" else (200, json.dumps(self.key_set()).encode(), kind)
            )
        if path == "/authorize":
            return 302, b"", self._send_back(query)
        if path == "/userinfo" and self.attack == "userinfo is a page":
            return 200, b"<html>", "text/html"
        if path == "/userinfo" and self.attack == "userinfo fails":
            return 503, b"busy", "text/plain"
        if path == "/userinfo":
            status, found = self._userinfo()
            return status, json.dumps(found).encode(), kind
        if path == "/register":
            return self.registration[0], json.dumps(self.registration[1]).encode(), kind
        if path == "/token" and self.attack == "token endpoint answers a page":
            return 200, b"<html>busy</html>", "text/html"
        if path == "/token" and self.attack == "token endpoint fails":
            return 503, b"busy", "text/plain"
        if path == "/token":
            status, found = self._token(form, authorization)
            return status, json.dumps(found).encode(), kind
        return 404, b"{}", kind

    def _handler(provider) -> type[BaseHTTPRequestHandler]:
        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                self._reply({})

            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers.get("Content-Length", 0))).decode()
                if body.startswith("{"):
                    provider.registered.append(
                        {**json.loads(body), "authorization": self.headers.get("Authorization", "")}
                    )
                self._reply({name: values[0] for name, values in parse_qs(body).items()})

            def _reply(self, form: dict[str, str]) -> None:
                path = urlsplit(self.path).path
                provider.calls[path] += 1
                time.sleep(provider.pause)
                status, body, kind = provider._answer(
                    path, urlsplit(self.path).query, form, self.headers.get("Authorization", "")
                )
                try:
                    self.send_response(status)
                    self.send_header("Location" if status == 302 else "Content-Type", kind)
                    self.send_header("Content-Length", str(len(body)))
                    self.end_headers()
                    self.wfile.write(body)
                except OSError:
                    return

            def log_message(self, *_: object) -> None:
                return

        return Handler


@contextmanager
def provider_running() -> Iterator[HostileProvider]:
    provider = HostileProvider()
    try:
        yield provider
    finally:
        provider.close()
