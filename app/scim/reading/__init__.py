"""What Kamu says and takes in as SCIM: pure models of the protocol, no database."""

from app.scim.reading.provider import PROVIDER
from app.scim.reading.resources import Email, Enterprise, Group, GroupOfUser, Manager, Member, Name, User

__all__ = ["PROVIDER", "Email", "Enterprise", "Group", "GroupOfUser", "Manager", "Member", "Name", "User"]
