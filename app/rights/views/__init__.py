"""One's own page: see, correct, take along, shred, leave; and one's own file after leaving."""

from app.rights.views import address, leaving, me, own_file
from app.rights.views.pages import rights

__all__ = ["address", "leaving", "me", "own_file", "rights"]
