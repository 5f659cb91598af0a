"""Closing an organisation: the owners' page, the staff's pages, and the line on every page in between."""

from app.closing.views import cases, own
from app.closing.views.pages import closing, closings

__all__ = ["cases", "closing", "closings", "own"]
