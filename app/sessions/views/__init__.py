"""Own sign-ins, those of others, the privacy notice, and confirming that it is still the same person."""

from app.sessions.views import again, ending, notice, own
from app.sessions.views.pages import sessions

__all__ = ["again", "ending", "notice", "own", "sessions"]
