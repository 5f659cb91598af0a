"""Pages of the directory and of importing people."""

from app.people.views import directory, imports, leavers, uploads
from app.people.views.pages import people

__all__ = ["directory", "imports", "leavers", "people", "uploads"]
