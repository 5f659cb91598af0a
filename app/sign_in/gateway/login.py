"""The authorization code flow with PKCE, state and nonce, always. Only here Authlib is spoken to."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from urllib.parse import quote_plus

from authlib.integrations.base_client import OAuthError
from authlib.integrations.requests_client import OAuth2Session
from requests import RequestException
from requests.auth import HTTPBasicAuth

from app.outbound import NotJson, fetch_json, guard
from app.sign_in.errors import (
    CallFailed,
    CodeMissing,
    IssuerParameterMissing,
    IssuerParameterWrong,
    LoginRefused,
    SubjectDiffers,
    TokenMissing,
    TokenRefused,
)
from app.sign_in.gateway.client import Client, calling
from app.sign_in.gateway.metadata import Provider, provider_of
from app.sign_in.gateway.states import Trip
from app.sign_in.gateway.tokens import Claims, Expected, read_id_token

SCOPE = "openid profile email"
# `prompt` has the person sign in anew; `max_age` has the provider say when they did. 0 sends some of them in circles.
SECONDS_ANEW = "60"
# Google knows no `login`, and refuses the whole way for a word that it does not know.
PROMPTS = {"https://accounts.google.com": "select_account"}

# RFC 6749, sections 4.1.2.1 and 5.2; OpenID Connect Core 1.0, section 3.1.2.6.
_LOGIN_CODES = frozenset(
    {"access_denied", "login_required", "interaction_required", "consent_required", "server_error",
     "account_selection_required", "invalid_request", "unauthorized_client", "unsupported_response_type",
     "invalid_scope", "temporarily_unavailable"}
)  # fmt: skip
_TOKEN_CODES = frozenset(
    {"invalid_client", "invalid_grant", "invalid_request", "unauthorized_client", "unsupported_grant_type",
     "invalid_scope"}
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Login:
    """Somebody the provider vouches for."""

    subject: str
    claims: Claims = field(repr=False)


def login_url(client: Client, trip: Trip) -> str:
    """Where the browser goes. Raises like `provider_of`."""
    provider = provider_of(client)
    with _session(client, provider) as session:
        url, _ = session.create_authorization_url(
            provider.authorization_endpoint,
            state=trip.state,
            nonce=trip.nonce,
            code_verifier=trip.verifier,
            **(asking_anew(client.issuer) if trip.fresh else {}),
        )
    return str(url)


def asking_anew(issuer: str) -> Mapping[str, str]:
    """What asks a provider to have the person sign in now, and to say when they did."""
    return {"prompt": PROMPTS.get(issuer, "login"), "max_age": SECONDS_ANEW}


def finish_login(
    client: Client, trip: Trip, answer: Mapping[str, str], *, now: datetime, with_userinfo: bool = False
) -> Login:
    """Turn what the browser brought back into a login. The state has been taken and checked before.

    Raises a ProviderError naming what was wrong.
    """
    provider = provider_of(client)
    _check_issuer_parameter(provider, answer)
    if "error" in answer:
        raise LoginRefused(_known(answer["error"], _LOGIN_CODES))
    if not answer.get("code"):
        raise CodeMissing
    id_token, access_token = _exchange(client, provider, trip, answer["code"])
    signed_in_since = trip.begun_at if trip.fresh and trip.purpose != "test" else None
    expected = Expected(nonce=trip.nonce, access_token=access_token, now=now, signed_in_since=signed_in_since)
    claims = read_id_token(id_token, client=client, provider=provider, expected=expected)
    if with_userinfo and provider.userinfo_endpoint:
        claims = {**_ask_userinfo(provider.userinfo_endpoint, access_token, claims), **claims}
    return Login(subject=str(claims["sub"]), claims=claims)


def _check_issuer_parameter(provider: Provider, answer: Mapping[str, str]) -> None:
    if "iss" not in answer:
        if provider.names_itself:
            raise IssuerParameterMissing
    elif answer["iss"] != provider.issuer:
        raise IssuerParameterWrong


def _exchange(client: Client, provider: Provider, trip: Trip, code: str) -> tuple[str, str]:
    try:
        with calling("token"), _session(client, provider) as session:
            token = session.fetch_token(
                provider.token_endpoint,
                grant_type="authorization_code",
                code=code,
                code_verifier=trip.verifier,
                auth=_authentication(client, provider),
            )
    except OAuthError as error:
        raise TokenRefused(_known(error.error, _TOKEN_CODES)) from error
    except (RequestException, ValueError, RecursionError) as error:
        raise CallFailed("token") from error
    found = token.get("id_token"), token.get("access_token")
    if not isinstance(found[0], str) or not isinstance(found[1], str):
        raise TokenMissing
    return found[0], found[1]


def _session(client: Client, provider: Provider) -> OAuth2Session:
    return guard(
        OAuth2Session(
            client_id=client.client_id,
            client_secret=client.client_secret,
            token_endpoint_auth_method=provider.secret_method,
            redirect_uri=client.redirect_uri,
            scope=SCOPE,
            code_challenge_method="S256",
        )
    )


def _authentication(client: Client, provider: Provider) -> HTTPBasicAuth | None:
    """Authlib sends the pair as it is; RFC 6749, section 2.3.1 wants both parts encoded first."""
    if provider.secret_method != "client_secret_basic":  # noqa: S105  the name of a method
        return None
    return HTTPBasicAuth(quote_plus(client.client_id), quote_plus(client.client_secret))


def _ask_userinfo(url: str, access_token: str, claims: Claims) -> Claims:
    """What the userinfo endpoint adds, if it answers in plain JSON. Raises SubjectDiffers."""
    try:
        with calling("userinfo"):
            found = fetch_json(url, headers={"Authorization": f"Bearer {access_token}"})
    except CallFailed as failed:
        if isinstance(failed.__cause__, NotJson):
            return {}
        raise
    if found.get("sub") != claims["sub"]:
        raise SubjectDiffers
    return found


def _known(code: object, codes: frozenset[str]) -> str:
    return code if isinstance(code, str) and code in codes else "other"
