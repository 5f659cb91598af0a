"""Roles: the owners' pages, invitations, the offer of an ownership, and Nitor's pages of recoveries."""

from app.roles.views import invitations, offers, own
from app.roles.views.pages import roles

__all__ = ["invitations", "offers", "own", "roles"]
