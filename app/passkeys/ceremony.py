"""Challenges of passkey ceremonies: kept in the server-side session, good once and for ten minutes."""

from datetime import datetime, timedelta

from flask import session
from flask_babel import gettext as _

from app.passkeys.errors import CopiedPasskey, PasskeyRefusal, PasskeyRefused, PasskeyTaken, UnknownPasskey
from app.passkeys.gateway import RelyingParty, new_challenge
from app.settings import settings

CHALLENGE_LASTS = timedelta(minutes=10)
# Enough for several open tabs; an older page asks for its button to be pressed again.
MOST_CHALLENGES = 6
_KEY = "passkey_challenges"


class StaleChallenge(PasskeyRefused):
    """The page stood open for too long, or its answer came twice."""


class NoAnswer(PasskeyRefused):
    """The form came without an answer of an authenticator: the browser ran no script."""


def party_of(host: str) -> RelyingParty:
    """A host of ours with its port, exactly as the browser names it."""
    return RelyingParty(id=host.partition(":")[0], origin=f"{settings().scheme}://{host}")


def issue_challenge(now: datetime) -> str:
    """Return a challenge that this browser session may answer once."""
    challenge = new_challenge()
    live = [[known, made] for known, made in session.get(_KEY, []) if known != challenge]
    session[_KEY] = [*live, [challenge, now.isoformat()]][-MOST_CHALLENGES:]
    return challenge


def use_challenge(challenge: str | None, credential: str | None, now: datetime) -> str:
    """Take the challenge out of the session and return it; raises StaleChallenge or NoAnswer."""
    live = dict(session.get(_KEY, []))
    made = live.pop(challenge, None)
    session[_KEY] = [[known, when] for known, when in live.items()]
    if not credential:
        raise NoAnswer
    if challenge is None or made is None or now - datetime.fromisoformat(made) > CHALLENGE_LASTS:
        raise StaleChallenge
    return challenge


def explain(refusal: PasskeyRefusal, *, unknown: str) -> str:
    """Say what happened and what to do; `unknown` is said of a passkey that nobody here has."""
    for kind, sentence in _sentences(unknown).items():
        if isinstance(refusal, kind):
            return sentence
    raise refusal


def _sentences(unknown: str) -> dict[type[PasskeyRefusal], str]:
    return {
        NoAnswer: _("Your browser sent no passkey. Passkeys need JavaScript; allow it here and try again."),
        StaleChallenge: _("This page stood open for too long. It is fresh again now; please try once more."),
        UnknownPasskey: unknown,
        CopiedPasskey: _(
            "This passkey counts fewer uses than before, so somebody may hold a copy of it. "
            "Sign in with your other passkey and remove this one."
        ),
        PasskeyTaken: _("This passkey is registered already. Choose another device or security key."),
        PasskeyRefused: _("The passkey’s answer did not fit this page. Nothing has changed; please try again."),
    }
