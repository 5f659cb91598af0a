"""Roles: the owners' pages, invitations, the offer of an ownership, recoveries here and on Nitor's host."""

from app.roles.views import cases, invitations, notice, offers, own
from app.roles.views.pages import recoveries, roles

__all__ = ["cases", "invitations", "notice", "offers", "own", "recoveries", "roles"]
