"""The end of a sign-in at the provider: the way out there (RP-initiated), and word of it from there (back-channel)."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from urllib.parse import urlencode, urlsplit, urlunsplit

from app.sign_in.errors import ClaimMissing, ClaimWrong, TokenReplayed, TokenUnreadable
from app.sign_in.gateway.client import Client
from app.sign_in.gateway.metadata import Provider, provider_of
from app.sign_in.gateway.tokens import Claims, check_times, is_subject, read_header, verified
from app.valkey import valkey

EVENT = "http://schemas.openid.net/event/backchannel-logout"
KINDS = {"logout+jwt", "application/logout+jwt", "jwt"}
# Word of an end is of use at once or never; it is kept in mind for longer than it is believed.
SECONDS_BELIEVED = 300
SECONDS_REMEMBERED = 3600


@dataclass(frozen=True, slots=True)
class Ended:
    """Whose sign-in ended at the provider: of one session there, or of all of a subject."""

    subject: str | None
    session_id: str | None


def logout_url(client: Client, *, back: str) -> str | None:
    """Where the browser signs out of the provider too; None where the provider names no such place.

    The ID token was not kept, so the provider asks the person first. Raises like `provider_of`.
    """
    endpoint = provider_of(client).end_session_endpoint
    if endpoint is None:
        return None
    parts = urlsplit(endpoint)
    asked = urlencode({"client_id": client.client_id, "post_logout_redirect_uri": back})
    return urlunsplit(parts._replace(query=f"{parts.query}&{asked}" if parts.query else asked, fragment=""))


def read_logout_token(token: str, *, client: Client, now: datetime) -> Ended:
    """Whose sign-in has ended (OpenID Connect Back-Channel Logout 1.0, section 2.6).

    Raises a ProviderError naming what was wrong; a token counts once.
    """
    provider = provider_of(client)
    header = read_header(token, provider)
    # An ID token must never pass for a logout token; some providers still call both JWT.
    if header.kind is not None and str(header.kind).lower() not in KINDS:
        raise TokenUnreadable
    claims = verified(token, header, client, provider)
    _check(claims, client, provider, now)
    if not valkey().set(client.shelf(f"logout:{claims['jti']}"), b"1", ex=SECONDS_REMEMBERED, nx=True):
        raise TokenReplayed
    return Ended(_text(claims, "sub"), _text(claims, "sid"))


def _check(claims: Claims, client: Client, provider: Provider, now: datetime) -> None:
    for claim in ("iss", "aud", "iat", "jti", "events"):
        if claim not in claims:
            raise ClaimMissing(claim)
    if "sub" not in claims and "sid" not in claims:
        raise ClaimMissing("sid")
    check_times({"exp": now.timestamp() + 1, **claims}, now.timestamp())
    events, issued = claims["events"], claims["iat"]
    checks = {
        "iss": claims["iss"] == provider.issuer,
        "aud": claims["aud"] in (client.client_id, [client.client_id]),
        "iat": isinstance(issued, int | float) and issued > now.timestamp() - SECONDS_BELIEVED,
        "jti": is_subject(claims["jti"]),
        "events": isinstance(events, Mapping) and isinstance(events.get(EVENT), Mapping),
        "nonce": "nonce" not in claims,
        "sub": "sub" not in claims or is_subject(claims["sub"]),
        "sid": "sid" not in claims or is_subject(claims["sid"]),
    }
    for claim, holds in checks.items():
        if not holds:
            raise ClaimWrong(claim)


def _text(claims: Claims, claim: str) -> str | None:
    value = claims.get(claim)
    return value if isinstance(value, str) else None
