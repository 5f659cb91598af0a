"""The local providers speak the protocol as an organisation's own would."""

import base64
import hashlib
import secrets
from urllib.parse import parse_qs, urlsplit

import pytest
import requests
from joserfc import jwt
from joserfc.jwk import KeySet

from local.provider import is_redirect_uri
from tests.factories.providers import LocalProvider, walk_through

pytestmark = pytest.mark.xdist_group("providers")
CALLBACK = "http://saarnikoski.kamu.localhost:8000/sign-in/callback/0190"


@pytest.fixture
def found(request: pytest.FixtureRequest) -> LocalProvider:
    return request.getfixturevalue(request.param)


both = pytest.mark.parametrize("found", ["canaille_provider", "node_provider"], indirect=True)


@both
def test_discovery_names_the_issuer_exactly(found: LocalProvider) -> None:
    metadata = _metadata(found)
    assert metadata["issuer"] == found.issuer
    assert "S256" in metadata["code_challenge_methods_supported"]
    assert "RS256" in metadata["id_token_signing_alg_values_supported"]


@both
def test_a_person_signs_in_by_code_and_pkce(found: LocalProvider) -> None:
    person = found.people[0]
    found.register(CALLBACK)
    metadata = _metadata(found)
    verifier, nonce = secrets.token_urlsafe(48), secrets.token_urlsafe(16)
    answer = _sign_in(found, metadata["authorization_endpoint"], verifier, nonce)
    assert answer["iss"] == [found.issuer]
    tokens = _redeem(found, metadata["token_endpoint"], answer["code"][0], verifier)
    keys = KeySet.import_key_set(requests.get(metadata["jwks_uri"], timeout=5).json())
    token = jwt.decode(tokens["id_token"], keys, algorithms=["RS256"])
    assert (token.header["alg"], token.claims["nonce"]) == ("RS256", nonce)
    userinfo = _userinfo(metadata["userinfo_endpoint"], tokens["access_token"])
    assert userinfo["sub"] == token.claims["sub"]
    assert userinfo["email"] == person.email


@both
def test_a_redirect_uri_that_nobody_registered_is_refused(found: LocalProvider) -> None:
    query = _query(found, "x" * 43, "n") | {"redirect_uri": "http://elsewhere.example/sign-in/callback/1"}
    page = requests.get(_metadata(found)["authorization_endpoint"], params=query, allow_redirects=False, timeout=5)
    # canaille asks for the password first and refuses then.
    assert not page.headers.get("Location", "").startswith("http://elsewhere.example")
    assert "code=" not in page.headers.get("Location", "")


@pytest.mark.parametrize(
    ("uri", "good"),
    [
        ("http://a.kamu.localhost:8000/sign-in/callback/1", True),
        ("http://a.kamu.localhost:9000/sign-in/callback/1", False),
        ("http://a.b.kamu.localhost:8000/sign-in/callback/1", False),
        ("http://kamu.localhost:8000/sign-in/callback/1", False),
        ("http://a.kamu.localhost:8000/elsewhere", False),
        ("https://a.kamu.localhost:8000/sign-in/callback/1", False),
    ],
)
def test_only_callbacks_of_local_organisations_are_good(uri: str, good: bool) -> None:
    assert is_redirect_uri(uri, "kamu.localhost:8000") is good


def _metadata(found: LocalProvider) -> dict:
    return requests.get(f"{found.issuer}/.well-known/openid-configuration", timeout=5).json()


def _query(found: LocalProvider, verifier: str, nonce: str) -> dict[str, str]:
    digest = hashlib.sha256(verifier.encode()).digest()
    return {
        "client_id": found.client_id,
        "redirect_uri": CALLBACK,
        "response_type": "code",
        "scope": "openid email profile",
        "state": "s",
        "nonce": nonce,
        "code_challenge": base64.urlsafe_b64encode(digest).rstrip(b"=").decode(),
        "code_challenge_method": "S256",
    }


def _sign_in(found: LocalProvider, endpoint: str, verifier: str, nonce: str) -> dict[str, list[str]]:
    url = requests.Request("GET", endpoint, params=_query(found, verifier, nonce)).prepare().url
    return parse_qs(urlsplit(walk_through(found.people[0], url or "", CALLBACK)).query)


def _redeem(found: LocalProvider, endpoint: str, code: str, verifier: str) -> dict:
    form = {"grant_type": "authorization_code", "code": code, "redirect_uri": CALLBACK, "code_verifier": verifier}
    answer = requests.post(endpoint, data=form, auth=(found.client_id, found.client_secret), timeout=5)
    assert answer.ok, answer.text
    return answer.json()


def _userinfo(endpoint: str, access_token: str) -> dict:
    return requests.get(endpoint, headers={"Authorization": f"Bearer {access_token}"}, timeout=5).json()
