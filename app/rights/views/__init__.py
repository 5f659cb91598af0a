"""One's own page: see, correct, take along, shred, leave."""

from app.rights.views import leaving, me
from app.rights.views.pages import rights

__all__ = ["leaving", "me", "rights"]
