"""The organisation's own directory: its way in for programs, and the page about it."""

from app.scim.views.api import scim
from app.scim.views.page import provisioning

__all__ = ["provisioning", "scim"]
